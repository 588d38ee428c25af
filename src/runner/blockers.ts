/** Who holds locks that a statement would wait for, seen without joining the queue. */
import type { Queryable } from "../db/session.js";
import type { StepLock } from "../revisions/revision.js";
import { sql } from "../sql/text.js";
import { CONFLICTS, pgLocksMode } from "./modes.js";

export type Blocker = {
  /** 0: a prepared transaction has no process */
  readonly pid: number;
  /** the prepared transaction's name */
  readonly gid: string | null;
  readonly role: string | null;
  readonly app: string;
  readonly state: string | null;
  /** cut to 120 characters */
  readonly query: string;
  readonly kind: "session" | "prepared" | "autovacuum" | "wraparound";
  /** how long its transaction has been open; null: not shown to this role */
  readonly ageMs: number | null;
  readonly startedAt: Date | null;
  readonly modes: readonly string[];
  readonly tables: readonly string[];
};

/** Holders of locks that conflict with `locks` (partitions and children included), the oldest transaction first. */
export function findBlockers(
  db: Queryable,
  locks: readonly StepLock[],
  ourPids: readonly number[],
): Promise<Blocker[]> {
  const wanted = locks.flatMap(({ table, mode }) =>
    CONFLICTS[mode].map((other) => ({ schema: table.schema, name: table.name, mode: pgLocksMode(other) })),
  );
  if (wanted.length === 0) return Promise.resolve([]);
  return db.query<Blocker>(BLOCKERS, [
    wanted.map((row) => row.schema),
    wanted.map((row) => row.name),
    wanted.map((row) => row.mode),
    ourPids,
  ]);
}

// A prepared transaction's locks lead to its name by the one that it holds on its own transaction number.
// A role without pg_read_all_stats sees other roles' processes without their kind, age and query. A process of no role in
// this database is then an autovacuum worker (or one of an extension); whether against wraparound cannot be told.
const BLOCKERS = sql`
  with recursive target (relation, mode) as (
    select c.oid, w.mode
      from unnest($1::text[], $2::text[], $3::text[]) w (schema, name, mode)
      join pg_namespace n on n.nspname = w.schema
      join pg_class c on c.relnamespace = n.oid and c.relname = w.name
    union
    select i.inhrelid, t.mode from target t join pg_inherits i on i.inhparent = t.relation
  )
  select coalesce(l.pid, 0) as pid, p.gid,
         coalesce(a.usename, p.owner)::text as role, coalesce(a.application_name, '') as app, a.state,
         left(regexp_replace(coalesce(a.query, ''), '\\s+', ' ', 'g'), 120) as query,
         case when l.pid is null then 'prepared'
              when a.query like 'autovacuum:%(to prevent wraparound)' then 'wraparound'
              when a.backend_type = 'autovacuum worker' or (a.backend_type is null and a.usesysid is null) then 'autovacuum'
              else 'session' end as kind,
         (extract(epoch from clock_timestamp() - coalesce(a.xact_start, p.prepared)) * 1000)::float8 as "ageMs",
         coalesce(a.xact_start, p.prepared) as "startedAt",
         array_agg(distinct l.mode) as modes,
         array_agg(distinct l.relation::regclass::text) as tables
    from pg_locks l
    join target t on t.relation = l.relation and t.mode = l.mode
    left join pg_stat_activity a on a.pid = l.pid
    left join pg_locks x on l.pid is null and x.pid is null and x.locktype = 'transactionid' and x.virtualtransaction = l.virtualtransaction
    left join pg_prepared_xacts p on p.transaction = x.transactionid
   where l.locktype = 'relation' and l.granted
     and l.database = (select oid from pg_database where datname = current_database())
     and (l.pid is null or l.pid <> all ($4::int[]))
   group by l.pid, p.gid, p.owner, p.prepared, a.usename, a.usesysid, a.application_name, a.state, a.query, a.backend_type,
            a.xact_start
   order by "startedAt" nulls last`;

/** One line for people: who, since when, with which lock on what, doing what. */
export function describeBlocker(blocker: Blocker): string {
  const who =
    blocker.kind === "prepared"
      ? `prepared transaction ${JSON.stringify(blocker.gid)} of ${blocker.role}`
      : blocker.kind === "wraparound"
        ? `pid ${blocker.pid} (autovacuum to prevent wraparound, which the server does not cancel)`
        : blocker.kind === "autovacuum"
          ? `pid ${blocker.pid} (autovacuum)`
          : `pid ${blocker.pid} (role ${blocker.role}${blocker.app === "" ? "" : `, ${blocker.app}`})`;
  const since = blocker.ageMs === null ? "" : `, its transaction ${seconds(blocker.ageMs)} old`;
  const doing = blocker.state === null ? "" : `, ${blocker.state}`;
  const query = blocker.query === "" ? "" : `: ${blocker.query}`;
  return `${who} holds ${blocker.modes.join(", ")} on ${blocker.tables.join(", ")}${since}${doing}${query}`;
}

function seconds(ms: number): string {
  const whole = Math.max(0, Math.round(ms / 1000));
  return whole < 120 ? `${whole} s` : `${Math.floor(whole / 60)} min`;
}
