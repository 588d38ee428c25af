import type { FillProgress } from "../journal/state.js";
import type { Tracked } from "./input.js";
import type { PlanReport } from "./schema.js";

type Backfill = NonNullable<PlanReport["backfill"]>;

/** Rows, rate and what is left of a plan's fills; null where the plan fills no rows. */
export function reportBackfill(
  revisions: readonly Tracked[],
  fills: readonly FillProgress[],
  throttle: string | null,
): Backfill | null {
  const own = revisions.filter(({ revision }) => revision.runner === "backfill");
  if (own.length === 0) return null;
  const begun = fills.filter((fill) => own.some(({ revision }) => revision.id === fill.revision));
  const sum = (of: (fill: FillProgress) => number) => begun.reduce((total, fill) => total + of(fill), 0);
  const failures = begun.flatMap((fill) => fill.failures);
  const rates = begun.flatMap((fill) => fill.rowsPerSecond ?? []);
  const done = own.every(({ state }) => state === "done");
  const progress = {
    rowsDone: sum((fill) => fill.rowsDone),
    rowsEstimated: begun.length === 0 ? null : sum((fill) => fill.rowsEstimated),
    fraction: fractionOf(own, begun),
    rowsPerSecond: done || rates.length === 0 ? null : rates.reduce((a, b) => a + b, 0),
  };
  return {
    ...progress,
    etaSeconds: etaSeconds(progress),
    throttle: done ? null : throttle,
    quarantined: failures.length,
    workers: [...new Set(begun.flatMap((fill) => fill.workers))],
    failures: failures.map(({ key, sqlstate, message }) => ({ key, sqlstate, message })),
  };
}

/** By pages: rows are an estimate, and many of them need no filling. Several fills count by their tables' sizes. */
function fractionOf(own: readonly Tracked[], begun: readonly FillProgress[]): number {
  const done = new Set(own.filter(({ state }) => state === "done").map(({ revision }) => revision.id));
  if (own.length === done.size) return 1;
  const pages = begun.reduce((total, fill) => total + fill.pages, 0);
  const walked = begun.reduce((total, fill) => total + (done.has(fill.revision) ? fill.pages : fill.pagesDone), 0);
  const part = pages === 0 ? 0 : Math.min(1, walked / pages);
  return part * (begun.length / own.length);
}

/** What the rest will need if it holds as many rows to fill a page as what is done did. */
function etaSeconds(progress: Pick<Backfill, "rowsDone" | "rowsEstimated" | "fraction" | "rowsPerSecond">) {
  const { rowsDone, rowsEstimated, fraction, rowsPerSecond } = progress;
  if (fraction === 1 || rowsPerSecond === null || rowsPerSecond === 0) return null;
  const left =
    fraction > 0 && rowsDone > 0 ? (rowsDone * (1 - fraction)) / fraction : (rowsEstimated ?? 0) * (1 - fraction);
  return Math.round(left / rowsPerSecond);
}
