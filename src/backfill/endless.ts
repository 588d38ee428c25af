/**
 * Whether a fill will ever end, with the arithmetic: rows that come anew against rows that are filled, what the limits allow
 * against what is left, and a throttle that never lets go. Pure.
 */
import type { Limits } from "../journal/limits.js";
import { DEFAULT_WORKERS } from "../journal/limits.js";
import type { FillProgress } from "../journal/state.js";
import { etaOf, paceOf, workingRate } from "./eta.js";
import { fraction, rowsExpected } from "./progress.js";

export type Endless = {
  readonly kind: "arrivals" | "quarantine" | "limits" | "pace" | "held-back";
  /** one sentence, with the figures */
  readonly why: string;
  readonly arrivalsPerSecond: number | null;
  readonly drainedPerSecond: number | null;
  /** one sentence */
  readonly remedy: string;
};

const YEAR_S = 365.25 * 86_400;
/** Fewer rows than this, found once, may be those of one writer at one moment. */
const MANY = 100;
const FEW = 20;
/** Filling for less than that says nothing about its speed. */
const TELLING_S = 5;
/** Of the ten minutes that samples are kept. */
const STILL_S = 540;

/** null: nothing says that it will not. `plan`: for the commands in what is to be done. */
export function endlessOf(fill: FillProgress, limits: Limits, plan: string): Endless | null {
  return arrivals(fill, limits, plan) ?? quarantine(fill, plan) ?? tooSlow(fill, limits, plan) ?? heldBack(fill, plan);
}

const BYPASS =
  "Find who writes rows past the sync triggers (session_replication_role = replica, a trigger of the application's that empties the column, NULLs that old code still sends)";

function arrivals(fill: FillProgress, limits: Limits, plan: string): Endless | null {
  const { again } = fill;
  if (again === undefined || again.seconds <= 0) return null;
  // A lock that somebody holds passes.
  if (fill.waiting !== undefined || (again.times < 2 && again.rows < MANY)) return null;
  const arriving = again.rows / again.seconds;
  const drained = drainedRate(fill, limits);
  if (drained === null || arriving < drained) return null;
  const faster = [
    ...(limits.rowsPerSecond === null ? [] : ["--rows-per-second none"]),
    ...(limits.walMbPerSecond === null ? [] : ["--wal-mb-per-second none"]),
    ...(limits.duty === null ? [] : ["--duty none"]),
    `--workers ${(limits.workers ?? DEFAULT_WORKERS) + 2}`,
  ];
  return {
    kind: "arrivals",
    why: `Rows come anew faster than they are filled: arrivals ${rate(arriving)}, drained ${rate(drained)}: it will not finish at this pace (${amount(again.rows)} rows were due again after the whole table had been filled).`,
    arrivalsPerSecond: arriving,
    drainedPerSecond: drained,
    remedy: `${BYPASS}, or fill faster: changeover backfill set ${plan} ${faster.join(" ")}`,
  };
}

/** What it can do at best, as far as is known: never more than it is allowed. */
function drainedRate({ again, samples, throttle }: FillProgress, limits: Limits): number | null {
  const since =
    again === undefined || again.fillingSeconds < TELLING_S || throttle !== undefined
      ? null
      : again.filled / again.fillingSeconds;
  const known = [since, workingRate(samples)].flatMap((one) => one ?? []);
  const measured = known.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...known);
  const most = Math.min(measured, limits.rowsPerSecond ?? Number.POSITIVE_INFINITY);
  return Number.isFinite(most) ? most : null;
}

/** Rows that fail are drained by people alone. */
function quarantine({ again }: FillProgress, plan: string): Endless | null {
  if (again === undefined || again.times < 2 || again.noted < FEW || again.notedSeconds <= 0) return null;
  const arriving = again.noted / again.notedSeconds;
  return {
    kind: "quarantine",
    why: `Rows that cannot be filled keep coming: ${rate(arriving)} go to quarantine, 0/s leave it: it will not finish at this pace (${amount(again.noted)} since the whole table was filled for the first time).`,
    arrivalsPerSecond: arriving,
    drainedPerSecond: 0,
    remedy: `See what they have in common (changeover backfill quarantine list ${plan}), and stop who writes them.`,
  };
}

function tooSlow(fill: FillProgress, limits: Limits, plan: string): Endless | null {
  const part = fraction(fill);
  if (part >= 1) return null;
  const left = rowsExpected(part, fill.rowsDone, fill.rowsEstimated) - fill.rowsDone;
  const { rowsPerSecond } = limits;
  if (rowsPerSecond !== null && left / rowsPerSecond > YEAR_S) {
    return {
      kind: "limits",
      why: `About ${amount(left)} rows are left, and ${rate(rowsPerSecond)} are allowed: that takes ${years(left / rowsPerSecond)}.`,
      arrivalsPerSecond: null,
      drainedPerSecond: rowsPerSecond,
      remedy: `changeover backfill set ${plan} --rows-per-second none`,
    };
  }
  const eta = etaOf(fill);
  if (eta === null || eta.lowSeconds <= YEAR_S) return null;
  const drained = workingRate(fill.samples);
  return {
    kind: "pace",
    why: `At this pace${drained === null ? "" : ` (${rate(drained)}, about ${amount(left)} left)`} it takes ${years(eta.lowSeconds)} or more.`,
    arrivalsPerSecond: null,
    drainedPerSecond: drained,
    remedy: `Look at its limits and at what slows it down, then: changeover backfill set ${plan} --workers ${(limits.workers ?? DEFAULT_WORKERS) + 2}${limits.duty === null ? "" : " --duty none"}${limits.walMbPerSecond === null ? "" : " --wal-mb-per-second none"}`,
  };
}

function heldBack(fill: FillProgress, plan: string): Endless | null {
  if (fill.throttle === undefined) return null;
  const { workSeconds, heldSeconds } = paceOf(fill.samples);
  if (heldSeconds < STILL_S || workSeconds > heldSeconds / 100) return null;
  return {
    kind: "held-back",
    why: `It has been held back for all of the last ${Math.floor(heldSeconds / 60)} min, and fills nothing: ${fill.throttle}.`,
    arrivalsPerSecond: null,
    drainedPerSecond: 0,
    remedy: `Settle what the signal tells of, or say from where on it counts: changeover backfill set ${plan} --signal ${fill.throttle.split(":")[0] ?? "name"}=<slow>:<stop>`,
  };
}

const amount = (n: number) => String(Math.round(n)).replace(/\B(?=(\d{3})+(?!\d))/g, ",");

/** `1,200/s`, `0.4/s` */
export function rate(perSecond: number): string {
  return `${perSecond >= 10 || perSecond === 0 ? amount(perSecond) : Number(perSecond.toPrecision(2))}/s`;
}

const years = (seconds: number) => `${Number((seconds / YEAR_S).toPrecision(2)).toLocaleString("en-US")} years`;
