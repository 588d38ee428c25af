/** How far a fill is, in one place for progress bars, status and events. */
import type { Event } from "../events.js";
import type { FillProgress } from "../journal/state.js";

/** Share of the pages that hold no due row any more, 0 to 1; an empty table is done. */
export function fraction(fill: Pick<FillProgress, "pages" | "pagesDone">): number {
  return fill.pages === 0 ? 1 : Math.min(1, fill.pagesDone / fill.pages);
}

/**
 * How many rows will have been written in the end: as many a page as so far. Not the table's rows, of which often only a
 * few are due; those are all that is known until the first one is written.
 */
export function rowsExpected(part: number, rowsDone: number, tableRows: number): number {
  if (part >= 1) return rowsDone;
  return part > 0 && rowsDone > 0 ? Math.round(rowsDone / part) : Math.round(tableRows * (1 - part));
}

/** Seconds to the end at the present rate; null: standing still, or too early to tell. */
export function secondsLeft(rowsDone: number, rowsInAll: number, rowsPerSecond: number | null): number | null {
  if (rowsPerSecond === null || rowsPerSecond <= 0) return null;
  return Math.ceil((rowsInAll - rowsDone) / rowsPerSecond);
}

export function progressEvent(fill: FillProgress, plan: string | null): Event {
  const part = fraction(fill);
  const rowsEstimated = rowsExpected(part, fill.rowsDone, fill.rowsEstimated);
  return {
    kind: "fill-progress",
    revision: fill.revision,
    plan,
    rowsDone: fill.rowsDone,
    rowsEstimated,
    fraction: part,
    rowsPerSecond: fill.rowsPerSecond,
    etaSeconds: part === 1 ? 0 : secondsLeft(fill.rowsDone, rowsEstimated, fill.rowsPerSecond),
  };
}
