/** Whoever is in the way of one of our sessions: one shape, its columns, and its words, for all who wait. */
import { type SqlText, sql } from "../sql/text.js";
import type { Queryable } from "./session.js";

export type Blocker = {
  /** 0: a prepared transaction has no process */
  readonly pid: number;
  /** the prepared transaction's name */
  readonly gid: string | null;
  readonly role: string | null;
  readonly app: string;
  readonly state: string | null;
  /** cut to 120 characters; "": none, or not shown to this role */
  readonly query: string;
  readonly kind: "session" | "prepared" | "autovacuum" | "wraparound";
  /** how long its transaction has been open; null: not shown to this role */
  readonly ageMs: number | null;
  readonly startedAt: Date | null;
  /** of its locks on what is waited for; none: its transaction itself is waited for, or a row of it */
  readonly modes: readonly string[];
  readonly tables: readonly string[];
};

/** The first of a query, in one line. `query` is a column. */
export const shortQuery = (query: SqlText): SqlText =>
  sql`left(rtrim(regexp_replace(coalesce(nullif(${query}, '<insufficient privilege>'), ''), '\\s+', ' ', 'g'), ' ;'), 120)`;

/**
 * Columns of a Blocker but for its locks, from `a` (pg_stat_activity) and `p` (pg_prepared_xacts); `pid` is null for a
 * prepared transaction. A role without pg_read_all_stats sees other roles' processes without their kind, age and query. A
 * process of no role in this database is then an autovacuum worker (or one of an extension); whether against wraparound
 * cannot be told.
 */
export const blockerColumns = (pid: SqlText): SqlText => sql`
  coalesce(${pid}, 0) as pid, p.gid,
  coalesce(a.usename, p.owner)::text as role, coalesce(a.application_name, '') as app, a.state,
  ${shortQuery(sql`a.query`)} as query,
  case when ${pid} is null then 'prepared'
       when a.query like 'autovacuum:%(to prevent wraparound)' then 'wraparound'
       when a.backend_type = 'autovacuum worker' or (a.backend_type is null and a.usesysid is null) then 'autovacuum'
       else 'session' end as kind,
  (extract(epoch from clock_timestamp() - coalesce(a.xact_start, p.prepared)) * 1000)::float8 as "ageMs",
  coalesce(a.xact_start, p.prepared) as "startedAt"`;

/** Who is in the way of each of these sessions (that waits), the oldest transaction first. */
export async function blockersOf(db: Queryable, pids: readonly number[]): Promise<Map<number, Blocker[]>> {
  const found = new Map<number, Blocker[]>();
  if (pids.length === 0) return found;
  for (const { waiter, ...blocker } of await db.query<Blocker & { readonly waiter: number }>(IN_THE_WAY, [pids])) {
    found.set(waiter, [...(found.get(waiter) ?? []), blocker]);
  }
  return found;
}

// CONCURRENTLY waits for transactions (virtualxid) that use a table on which it holds SHARE UPDATE EXCLUSIVE: their locks
// on that table are the ones worth naming. A prepared transaction is known by its number alone: the one that is waited for,
// or the one whose locks are in the way.
const IN_THE_WAY = sql`
  with locked as materialized (select * from pg_locks),
       wanted as (
         select l.pid, l.transactionid, array(
                  select m.relation from locked m
                   where m.pid = l.pid and m.locktype = 'relation' and m.database = d.oid and case l.locktype
                           when 'relation' then m.relation = l.relation
                           when 'tuple' then false
                           else m.granted and m.mode = 'ShareUpdateExclusiveLock' end) as relations
           from locked l cross join (select oid from pg_database where datname = current_database()) d
          where l.pid = any ($1::int[]) and not l.granted)
  select w.pid as waiter, ${blockerColumns(sql`nullif(b.pid, 0)`)},
         coalesce(h.modes, '{}') as modes, coalesce(h.tables, '{}') as tables
    from wanted w
   cross join lateral (select distinct pid from unnest(pg_blocking_pids(w.pid)) u (pid)) b
    left join pg_stat_activity a on a.pid = b.pid
    left join lateral (
           select p.* from pg_prepared_xacts p
            where b.pid = 0 and (p.transaction = w.transactionid or exists (
                    select from locked x join locked r on r.virtualtransaction = x.virtualtransaction
                     where x.pid is null and r.pid is null and x.transactionid = p.transaction
                       and r.locktype = 'relation' and r.relation = any (w.relations)))
            order by p.prepared limit 1) p on true
    left join lateral (
           select array_agg(distinct l.mode) as modes, array_agg(distinct l.relation::regclass::text) as tables
             from locked l
            where l.locktype = 'relation' and l.relation = any (w.relations) and (l.pid = b.pid or l.pid is null and exists (
                    select from locked x where x.pid is null and x.virtualtransaction = l.virtualtransaction
                       and x.transactionid = p.transaction))) h on true
   order by waiter, "startedAt" nulls last`;

/** A transaction, not a process: the same session may have ended one and begun the next. */
export function identityOf(blocker: Blocker): string {
  return `${blocker.pid} ${blocker.gid} ${blocker.startedAt?.getTime()}`;
}

/** Who it is. */
export function whoIs(blocker: Blocker): string {
  switch (blocker.kind) {
    case "prepared":
      return blocker.gid === null
        ? "a prepared transaction"
        : `prepared transaction ${JSON.stringify(blocker.gid)} of ${blocker.role}`;
    case "wraparound":
      return `pid ${blocker.pid} (autovacuum to prevent wraparound, which the server does not cancel)`;
    case "autovacuum":
      return `pid ${blocker.pid} (autovacuum)`;
    case "session":
      return `pid ${blocker.pid} (role ${blocker.role}${blocker.app === "" ? "" : `, ${blocker.app}`})`;
  }
}

/** One line for people: who, with which lock on what, since when, doing what. */
export function describeBlocker(blocker: Blocker): string {
  const holds = blocker.modes.length === 0 ? "" : ` with ${blocker.modes.join(", ")} on ${blocker.tables.join(", ")}`;
  const since = blocker.ageMs === null ? "" : `, its transaction ${seconds(blocker.ageMs)} old`;
  const doing = blocker.state === null ? "" : `, ${blocker.state}`;
  const query = blocker.query === "" ? "" : `: ${blocker.query}`;
  return `${whoIs(blocker)}${holds}${since}${doing}${query}`;
}

/** The same without what changes from look to look, for what is kept. */
export function nameBlocker(blocker: Blocker): string {
  const doing = blocker.state === null ? "" : `, ${blocker.state}`;
  const since = blocker.startedAt === null ? "" : `, transaction since ${moment(blocker.startedAt)}`;
  return `${whoIs(blocker)}${doing}${since}`;
}

/** What a person can do about it, if they so decide; null: nothing but wait. */
export function remedyFor(blockers: readonly Blocker[]): string | null {
  const ways = blockers.flatMap(({ kind, pid, gid }) => {
    if (kind === "session") return [`select pg_terminate_backend(${pid})`];
    const name = gid?.replaceAll("'", "''");
    return name === undefined ? [] : [`commit prepared '${name}' or rollback prepared '${name}'`];
  });
  if (ways.length === 0) return null;
  const ended = blockers.length > 1 ? "these have ended" : "this one has ended";
  return `It goes on when ${ended}; to end it by force is for a person to decide: ${ways.join("; ")}`;
}

/** `2026-03-04 05:06:07 UTC` */
export function moment(at: Date): string {
  return `${at.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** `45 s`, `12 min` */
export function seconds(ms: number): string {
  const whole = Math.max(0, Math.round(ms / 1000));
  return whole < 120 ? `${whole} s` : `${Math.floor(whole / 60)} min`;
}
