/** What people allow a plan's backfill: kept with the plan, read by every batch, obeyed by every worker on every host. */
import type { Queryable, Session } from "../db/session.js";
import { integer } from "../sql/literal.js";
import { type SqlText, sql } from "../sql/text.js";

export type Limits = {
  /** slices of the plan that are worked on at once, over all processes; null: `DEFAULT_WORKERS` */
  readonly workers: number | null;
  /** of all workers together; null: no limit */
  readonly rowsPerSecond: number | null;
  /** of the whole server while a batch runs, which counts what others write, too; null: no limit */
  readonly walMbPerSecond: number | null;
  /** part of its time that each worker works, in (0, 1]; null: all of it */
  readonly duty: number | null;
};

export const DEFAULT_WORKERS = 2;
export const NO_LIMITS: Limits = { workers: null, rowsPerSecond: null, walMbPerSecond: null, duty: null };

/** A plan's own limits, of its row `p`; JSON. */
export const limitsOf = (p: SqlText): SqlText => sql`coalesce(${p}.limits, '{}')`;

/** `p`: the plan's row; how many slices may be worked on at once. */
export const workersOf = (p: SqlText): SqlText =>
  sql`coalesce((${p}.limits ->> 'workers')::int, ${integer(DEFAULT_WORKERS)})`;

/** Changes those that are given (null lifts one); the plan must be there. */
export async function changeLimits(session: Session, plan: string, changes: Partial<Limits>): Promise<Limits> {
  const { limits } = await session.one<{ limits: Partial<Limits> }>(
    sql`update changeover.plan set limits = jsonb_strip_nulls(limits || $2::jsonb) where slug = $1 returning limits`,
    [plan, JSON.stringify(changes)],
  );
  return { ...NO_LIMITS, ...limits };
}

/** As they are now; a fill without a plan has none. */
export async function readLimits(db: Queryable, plan: string | null): Promise<Limits> {
  const row = await db.maybeOne<{ limits: Partial<Limits> }>(sql`select limits from changeover.plan where slug = $1`, [
    plan,
  ]);
  return { ...NO_LIMITS, ...row?.limits };
}
