/** Who holds the runners' locks now, seen without trying for them (which takes a connection). */
import { type SqlText, sql } from "../sql/text.js";
import { moment } from "./blockers.js";
import type { Queryable } from "./session.js";

export type LockHolder = {
  /** `trunk` or `plan:<slug>` */
  readonly name: string;
  /** the server process of the session that holds it */
  readonly pid: number;
  readonly app: string;
  /** who that is, as it wrote when it took the lock: the actor, and its process; null: it has not come to that yet */
  readonly holder: string | null;
  readonly since: Date | null;
};

/** The lock that a revision runs under: the trunk's, or its plan's, so that a long tail keeps no deploy waiting. */
export function lockName({ lane, plan }: { readonly lane: "trunk" | "tail"; readonly plan: string | null }): string {
  return lane === "trunk" ? "trunk" : `plan:${plan}`;
}

export const lockKey = (name: SqlText): SqlText => sql`hashtextextended('changeover ' || ${name}, 0)`;

/** Every lock that a living session holds. Needs the journal. */
export function lockHolders(db: Queryable): Promise<LockHolder[]> {
  return db.query<LockHolder>(HOLDERS, [null]);
}

/** Who holds this one; null: nobody. Needs the journal. */
export function lockHolder(db: Queryable, name: string): Promise<LockHolder | null> {
  return db.maybeOne<LockHolder>(HOLDERS, [name]);
}

// By the two halves of the key, as pg_locks shows them. The journal has a lock's row once it was taken for the first time,
// and what it says is older than the session until the session has written its own.
const HOLDERS = sql`
  select n.name, l.pid, coalesce(a.application_name, '') as app,
         case when own.it then k.holder end as holder, case when own.it then k.since end as since
    from (select name from changeover.lock where $1::text is null union select $1::text where $1::text is not null) n
    left join changeover.lock k on k.name = n.name
   cross join lateral (select ${lockKey(sql`n.name`)} as key) h
    join pg_locks l on l.locktype = 'advisory' and l.objsubid = 1 and l.granted
     and l.classid::bigint = (h.key >> 32) & 4294967295 and l.objid::bigint = h.key & 4294967295
     and l.database = (select oid from pg_database where datname = current_database())
    left join pg_stat_activity a on a.pid = l.pid
   cross join lateral (select coalesce(k.since >= a.backend_start, true) as it) own
   order by n.name`;

export function describeHolder({ holder, since, pid, app }: LockHolder): string {
  const who = holder === null ? "a runner" : holder;
  return `${who}${since === null ? "" : ` since ${moment(since)}`} (server process ${pid}${app === "" ? "" : `, ${app}`})`;
}
