/** How far a fill is, in one place for progress bars, status and events. */
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
