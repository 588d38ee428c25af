/** What a fill does, as events: for the bar, the log and the metrics. */
import type { Emit, Event } from "../events.js";
import type { Limits } from "../journal/limits.js";
import type { Lease } from "../journal/slices.js";
import type { FillProgress, RowFailure } from "../journal/state.js";
import { endlessOf } from "./endless.js";
import { etaOf } from "./eta.js";
import { fraction, rowsExpected } from "./progress.js";
import type { FillRevision } from "./statements.js";

export function progressEvent(fill: FillProgress, plan: string | null, limits: Limits): Event {
  const part = fraction(fill);
  const { revision, rowsDone, rowsPerSecond, hotShare, walBytes, workers, quarantined, slow, throttle } = fill;
  const endless = endlessOf(fill, limits, plan ?? revision);
  return {
    kind: "fill-progress",
    revision,
    plan,
    rowsDone,
    rowsEstimated: rowsExpected(part, rowsDone, fill.rowsEstimated),
    fraction: part,
    rowsPerSecond,
    eta: etaOf(fill),
    hotShare,
    walBytesPerRow: walPerRow(walBytes, rowsDone),
    workers: workers.length,
    quarantined,
    slow: slow ?? null,
    throttle: throttle ?? null,
    endless: endless === null ? null : { why: endless.why, remedy: endless.remedy },
  };
}

/** null: no row yet. */
export function walPerRow(bytes: number, rows: number): number | null {
  return rows === 0 ? null : Math.round(bytes / rows);
}

type Written = { readonly rows: number; readonly hot: number; readonly walBytes: number; readonly ms: number };

/** A transaction that was committed, and rows that it found to fail, each alone. */
export function tellBatch(
  emit: Emit,
  { id, plan }: FillRevision,
  { rows, hot, walBytes, ms, noted = [] }: Written & { readonly noted?: readonly RowFailure[] },
): void {
  emit({ kind: "batch-done", revision: id, plan, rows, hot, walBytes, ms });
  for (const { key, sqlstate, message } of noted)
    emit({ kind: "row-quarantined", revision: id, plan, key, sqlstate, message });
}

/** Passes on how the work on a slice has ended; said is that somebody else has it. */
export function tellEnd<O extends string>(emit: Emit, { id, plan }: FillRevision, { slice }: Lease, outcome: O): O {
  if (outcome === "lost") emit({ kind: "lease-lost", revision: id, plan, slice });
  return outcome;
}

export function tellBlocked(emit: Emit, { id }: FillRevision, { slice }: Lease, failure: RowFailure): void {
  emit({ kind: "slice-blocked", revision: id, slice, ...failure });
}
