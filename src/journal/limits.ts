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
  /** of the server's signals, by name: where they slow it down and stop it in place of the defaults; null: switched off */
  readonly signals: Readonly<Record<string, Bounds | null>>;
};

export type Bounds = { readonly slow: number; readonly stop: number };

/** What is kept of a signal; jsonb drops what is null. */
type Kept = Partial<Bounds> & { readonly off?: true; readonly until?: string };

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

/** Changes those that are given (null lifts one); the plan must be there. */
export async function changeLimits(session: Session, plan: string, changes: Changes): Promise<Limits> {
  const { signals = [], forMs = null, ...own } = changes;
  const kept = Object.fromEntries(
    signals.map(({ name, to }) => [name, to === "default" ? null : to === "off" ? { off: true } : to]),
  );
  const { limits, now } = await session.one<{ limits: Stored; now: Date }>(
    sql`update changeover.plan
           set limits = jsonb_strip_nulls(limits || $2::jsonb || jsonb_build_object('signals', coalesce(limits -> 'signals', '{}') || (
                 select coalesce(jsonb_object_agg(key, case when $4::float8 is null or jsonb_typeof(value) <> 'object' then value
                          else value || jsonb_build_object('until', clock_timestamp() + $4 * interval '1 ms') end), '{}')
                   from jsonb_each($3::jsonb))))
         where slug = $1 returning limits, clock_timestamp() as now`,
    [plan, JSON.stringify(own), JSON.stringify(kept), forMs],
  );
  return limitsFrom(limits, now);
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
  const counting = Object.entries(signals).filter(([, { until }]) => until === undefined || new Date(until) > now);
  return {
    ...NO_LIMITS,
    ...own,
    signals: Object.fromEntries(
      counting.map(([name, { off, slow = 0, stop = 0 }]) => [name, off === true ? null : { slow, stop }]),
    ),
  };
}
