/** What people allow a plan's backfill: kept with the plan, read by every batch, obeyed by every worker on every host. */
import type { Queryable, Session } from "../db/session.js";
import { integer } from "../sql/literal.js";
import { type SqlText, sql } from "../sql/text.js";
import { opensText, type Window } from "./windows.js";

export type Limits = {
  /** slices of the plan that are worked on at once, over all processes; null: `DEFAULT_WORKERS` */
  readonly workers: number | null;
  /** of all workers together; null: no limit */
  readonly rowsPerSecond: number | null;
  /** of the whole server while a batch runs, which counts what others write, too; null: no limit */
  readonly walMbPerSecond: number | null;
  /** part of its time that each worker works, in (0, 1]; null: all of it */
  readonly duty: number | null;
  /** outside of which it rests; null: it may work at any time */
  readonly windows: readonly Window[] | null;
  /** of the signals, by name: those that count otherwise than by default */
  readonly signals: Readonly<Record<string, Override>>;
};

export type Bounds = { readonly slow: number; readonly stop: number };

export type Override = {
  /** where it slows down and stops; null: switched off */
  readonly bounds: Bounds | null;
  /** when it ends by itself, and what was set before counts again; null: it stays */
  readonly until: Date | null;
  /** who set it; null: not on record */
  readonly by: string | null;
};

/** What is kept of a signal. `until` is ISO 8601; `then`: what counts again after it. */
export type Kept = Partial<Bounds> & {
  readonly off?: true;
  readonly by?: string;
  readonly until?: string;
  readonly then?: Kept;
};

export type SignalChange = {
  readonly name: string;
  /** off: not looked at; default: as if nothing had been set */
  readonly to: Bounds | "off" | "default";
};

/** As the plan's row has them. */
export type Stored = Partial<Omit<Limits, "signals">> & { readonly signals?: Readonly<Record<string, Kept>> };

export const DEFAULT_WORKERS = 2;
export const NO_LIMITS: Limits = {
  workers: null,
  rowsPerSecond: null,
  walMbPerSecond: null,
  duty: null,
  windows: null,
  signals: {},
};

/** A plan's own limits, of its row `p`; JSON. */
export const limitsOf = (p: SqlText): SqlText => sql`coalesce(${p}.limits, '{}')`;

/** `p`: the plan's row; how many slices may be worked on at once. */
export const workersOf = (p: SqlText): SqlText =>
  sql`coalesce((${p}.limits ->> 'workers')::int, ${integer(DEFAULT_WORKERS)})`;

export type Changes = Partial<Omit<Limits, "signals">> & {
  readonly signals?: readonly SignalChange[];
  /** the signals' changes end by themselves after so long; null: they stay */
  readonly forMs?: number | null;
};

/** Changes those that are given (null lifts one), in the caller's transaction; the plan must be there. */
export async function changeLimits(
  session: Session,
  plan: string,
  changes: Changes,
  by: string | null = null,
): Promise<Limits> {
  const { signals = [], forMs = null, ...own } = changes;
  const { limits, now } = await session.one<{ limits: Stored; now: Date }>(
    sql`select limits, clock_timestamp() as now from changeover.plan where slug = $1 for update`,
    [plan],
  );
  const changed = {
    ...withoutNulls({ ...limits, ...own }),
    signals: overriding(limits.signals ?? {}, signals, { now, by, forMs }),
  };
  await session.run(sql`update changeover.plan set limits = $2::jsonb where slug = $1`, [
    plan,
    JSON.stringify(changed),
  ]);
  return limitsFrom(changed, now);
}

function withoutNulls(limits: Stored): Stored {
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== null));
}

/** The signals as they are kept after a change. Those that have ended go; one that ends keeps what it is put over. */
export function overriding(
  kept: Readonly<Record<string, Kept>>,
  changes: readonly SignalChange[],
  { now, by, forMs }: { readonly now: Date; readonly by: string | null; readonly forMs: number | null },
): Record<string, Kept> {
  const signals = new Map(
    Object.entries(kept).flatMap(([name, one]): [string, Kept][] => {
      const counts = countingAt(one, now);
      return counts === null ? [] : [[name, counts]];
    }),
  );
  for (const { name, to } of changes) {
    const before = signals.get(name);
    const then = before?.until === undefined ? before : before.then;
    if (to === "default") signals.delete(name);
    else
      signals.set(name, {
        ...(to === "off" ? { off: true } : to),
        ...(by === null ? {} : { by }),
        ...(forMs === null ? {} : { until: new Date(now.getTime() + forMs).toISOString() }),
        ...(forMs === null || then === undefined ? {} : { then }),
      });
  }
  return Object.fromEntries(signals);
}

/** null: it has ended, and nothing was set before. */
function countingAt(kept: Kept, now: Date): Kept | null {
  return kept.until === undefined || new Date(kept.until) > now ? kept : (kept.then ?? null);
}

export type LimitsNow = Limits & {
  readonly paused: boolean;
  /** when its next window opens; null: it may work now */
  readonly opens: string | null;
};

/** As they are now, and whether the plan is to rest; a fill without a plan has none. */
export async function readLimits(db: Queryable, plan: string | null): Promise<LimitsNow> {
  const row = await db.maybeOne<{ limits: Stored; now: Date; paused: boolean; opens: string | null }>(
    sql`select limits, clock_timestamp() as now, paused_at is not null as paused, ${opensText(sql`limits`)} as opens
          from changeover.plan where slug = $1`,
    [plan],
  );
  if (row === null) return { ...NO_LIMITS, paused: false, opens: null };
  return { ...limitsFrom(row.limits, row.now), paused: row.paused, opens: row.opens };
}

/** What of the plan's row counts at this moment. */
export function limitsFrom({ signals = {}, ...own }: Stored, now: Date): Limits {
  const counting = Object.entries(signals).flatMap(([name, kept]): [string, Override][] => {
    const counts = countingAt(kept, now);
    if (counts === null) return [];
    const { off, slow = 0, stop = 0, until, by = null } = counts;
    const bounds = off === true ? null : { slow, stop };
    return [[name, { bounds, until: until === undefined ? null : new Date(until), by }]];
  });
  return { ...NO_LIMITS, ...own, signals: Object.fromEntries(counting) };
}
