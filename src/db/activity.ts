/** What our own sessions are doing at this moment, by the server's live views: a process that is gone leaves no word. */
import { sql } from "../sql/text.js";
import { type Blocker, blockersOf, describeBlocker, seconds, shortQuery } from "./blockers.js";
import type { Queryable } from "./session.js";

export type Activity = {
  readonly pid: number;
  /** whose statement it runs, by its application_name; null: a session that was asked for by its pid */
  readonly revision: string | null;
  readonly app: string;
  /** cut to 120 characters; "": not shown to this role */
  readonly query: string;
  /** how long this statement has been running; null: not shown to this role */
  readonly ageMs: number | null;
  readonly progress: Progress | null;
  readonly wait: Wait | null;
};

/** Of an index build. */
export type Progress = {
  /** as the server names it: `building index: scanning table` */
  readonly phase: string;
  readonly of: "blocks" | "tuples" | "lockers";
  /** blocks, tuples or transactions waited for, of this phase; 0 of 0: nothing to count */
  readonly done: number;
  readonly total: number;
};

export type Wait = {
  /** null in the first moment */
  readonly since: Date | null;
  readonly ageMs: number;
  readonly blockers: readonly Blocker[];
};

type ActivityRow = Omit<Activity, "wait" | "progress"> &
  Progress & { readonly waits: boolean; readonly since: Date | null; readonly waitMs: number };

/** Sessions that run a revision's statement (see `Database.open`), or those with these pids; oldest statement first. */
export async function readActivity(db: Queryable, pids: readonly number[] | null = null): Promise<Activity[]> {
  const rows = await db.query<ActivityRow>(ACTIVITY, [pids]);
  const blockers = await blockersOf(
    db,
    rows.filter((row) => row.waits).map((row) => row.pid),
  );
  return rows.map(({ waits, since, waitMs, phase, of, done, total, ...row }) => {
    const inTheWay = blockers.get(row.pid) ?? [];
    return {
      ...row,
      progress: phase === null ? null : { phase, of, done, total },
      // Who has nobody in the way has got what it waited for meanwhile.
      wait: waits && inTheWay.length > 0 ? { since, ageMs: waitMs, blockers: inTheWay } : null,
    };
  });
}

// What another phase has counted stays in its columns. An idle session has come to the end of its statement.
const ACTIVITY = sql`
  select a.pid, substring(a.application_name from ' ddl ([0-9a-f]{12})$') as revision, a.application_name as app,
         ${shortQuery(sql`a.query`)} as query,
         (extract(epoch from clock_timestamp() - a.query_start) * 1000)::float8 as "ageMs",
         l.pid is not null as waits, l.waitstart as since,
         (extract(epoch from clock_timestamp() - coalesce(l.waitstart, clock_timestamp())) * 1000)::float8 as "waitMs",
         g.phase, c."of", c.done, c.total
    from pg_stat_activity a
    left join pg_stat_progress_create_index g on g.pid = a.pid
    left join lateral (
           select 'lockers' as "of", g.lockers_done as done, g.lockers_total as total where g.phase like 'waiting%'
           union all select 'tuples', g.tuples_done, g.tuples_total where g.phase like '%tuples%'
           union all select 'blocks', g.blocks_done, g.blocks_total where g.phase !~ '^waiting|tuples') c on true
    left join lateral (select l.pid, l.waitstart from pg_locks l where l.pid = a.pid and not l.granted limit 1) l on true
   where a.datname = current_database() and a.state is distinct from 'idle'
     and case when $1::int[] is null then a.application_name ~ ' ddl [0-9a-f]{12}$' else a.pid = any ($1::int[]) end
   order by a.query_start nulls last, a.pid`;

/** How far this phase is, in [0, 1]; null: not to be told. */
export function fractionOf({ done, total }: Progress): number | null {
  return total > 0 ? Math.min(1, done / total) : null;
}

/** One line for people: the statement, for how long, how far, and for whom it waits. */
export function describeActivity({ query, ageMs, progress, wait }: Activity): string {
  const fraction = progress === null ? null : fractionOf(progress);
  const far = fraction === null || wait !== null ? "" : `, ${Math.floor(fraction * 100)} %`;
  return [
    `runs ${query === "" ? "a statement that this role may not see" : query}`,
    ...(ageMs === null ? [] : [`for ${seconds(ageMs)}`]),
    ...(progress === null ? [] : [`${progress.phase}${far}`]),
    ...(wait === null ? [] : [`waits ${seconds(wait.ageMs)} for ${wait.blockers.map(describeBlocker).join("; ")}`]),
  ].join(", ");
}
