import { type Endless, endlessOf } from "../backfill/endless.js";
import { type Eta, etaOf } from "../backfill/eta.js";
import { rowsExpected } from "../backfill/progress.js";
import { walPerRow } from "../backfill/tell.js";
import type { Limits } from "../journal/limits.js";
import type { FillProgress } from "../journal/state.js";
import { describeStrategy } from "../revisions/fills.js";
import type { Tracked } from "./input.js";
import type { PlanReport } from "./schema.js";

type Backfill = NonNullable<PlanReport["backfill"]>;

/** Rows, rate and what is left of a plan's fills; null where the plan fills no rows. */
export function reportBackfill(
  revisions: readonly Tracked[],
  fills: readonly FillProgress[],
  limits: Limits,
  plan: string,
): Backfill | null {
  const own = revisions.filter(({ revision }) => revision.runner === "backfill");
  if (own.length === 0) return null;
  const begun = fills.filter((fill) => own.some(({ revision }) => revision.id === fill.revision));
  const sum = (of: (fill: FillProgress) => number) => begun.reduce((total, fill) => total + of(fill), 0);
  const failures = begun.flatMap((fill) => fill.failures);
  const rates = begun.flatMap((fill) => fill.rowsPerSecond ?? []);
  const done = own.every(({ state }) => state === "done");
  const rowsDone = sum((fill) => fill.rowsDone);
  const fraction = fractionOf(own, begun);
  const inAll = rowsExpected(
    fraction,
    rowsDone,
    sum((fill) => fill.rowsEstimated),
  );
  const shares = begun.filter(({ hotShare }) => hotShare !== null);
  const updates = shares.reduce((total, fill) => total + fill.rowsDone, 0);
  const hot = shares.reduce((total, fill) => total + fill.rowsDone * (fill.hotShare ?? 0), 0);
  const rowsPerSecond = done || rates.length === 0 ? null : rates.reduce((a, b) => a + b, 0);
  const fill = own.find(({ revision }) => revision.fill !== null)?.revision.fill ?? null;
  return {
    strategy: fill === null ? null : describeStrategy(fill),
    rowsDone,
    rowsEstimated: begun.length === 0 ? null : inAll,
    fraction,
    rowsPerSecond,
    eta: done || begun.length < own.length ? null : together(begun.filter(isUnderWay).map(etaOf)),
    endless: done ? null : firstOf(begun.filter(isUnderWay).map((fill) => endlessOf(fill, limits, plan))),
    sweeping: done ? null : (begun.find((fill) => fill.sweeping !== undefined)?.sweeping ?? null),
    hotShare: updates === 0 ? null : hot / updates,
    walBytes: sum((fill) => fill.walBytes),
    walBytesPerRow: walPerRow(
      sum((fill) => fill.walBytes),
      rowsDone,
    ),
    slices: {
      due: sum((fill) => fill.slices.due),
      leased: sum((fill) => fill.slices.leased),
      blocked: sum((fill) => fill.slices.blocked),
      done: sum((fill) => fill.slices.done),
    },
    slow: done ? null : (begun.find((fill) => fill.slow !== undefined)?.slow ?? null),
    limits: {
      ...limits,
      windows: limits.windows?.map((one) => ({ ...one, days: [...one.days] })) ?? null,
      signals: told(limits.signals),
    },
    // A verify waits, too, when its fill is done.
    throttle: begun.find((fill) => fill.throttle !== undefined)?.throttle ?? null,
    quarantined: sum((fill) => fill.quarantined),
    skipped: sum((fill) => fill.skipped),
    workers: [...new Set(begun.flatMap((fill) => fill.workers))],
    failures: failures.map(({ key, sqlstate, message }) => ({ key, sqlstate, message })),
  };
}

const isUnderWay = ({ pages, pagesDone, slices, sweeping }: FillProgress) =>
  pagesDone < pages || slices.due + slices.leased + slices.blocked > 0 || sweeping !== undefined;

/** One fill after the other; null: of one of them it is not known. */
function together(etas: readonly (Eta | null)[]): Eta | null {
  const known = etas.flatMap((one) => one ?? []);
  if (known.length === 0 || known.length < etas.length) return null;
  const sum = (of: (eta: Eta) => number) => known.reduce((all, one) => all + of(one), 0);
  const most = (of: (eta: Eta) => number) => Math.max(...known.map(of));
  return {
    lowSeconds: sum((one) => one.lowSeconds),
    highSeconds: sum((one) => one.highSeconds),
    heldSeconds: most((one) => one.heldSeconds),
    overSeconds: most((one) => one.overSeconds),
  };
}

const firstOf = (found: readonly (Endless | null)[]): Endless | null => found.find((one) => one !== null) ?? null;

const told = (signals: Limits["signals"]) =>
  Object.fromEntries(
    Object.entries(signals).map(([name, { bounds, until, by }]) => [
      name,
      { bounds, until: until?.toISOString() ?? null, by },
    ]),
  );

/** By pages: rows are an estimate, and many of them need no filling. Several fills count by their tables' sizes. */
function fractionOf(own: readonly Tracked[], begun: readonly FillProgress[]): number {
  const done = new Set(own.filter(({ state }) => state === "done").map(({ revision }) => revision.id));
  if (own.length === done.size) return 1;
  const pages = begun.reduce((total, fill) => total + fill.pages, 0);
  const walked = begun.reduce((total, fill) => total + (done.has(fill.revision) ? fill.pages : fill.pagesDone), 0);
  const part = pages === 0 ? 0 : Math.min(1, walked / pages);
  return part * (begun.length / own.length);
}
