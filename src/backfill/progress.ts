/** How far a fill is, in one place for progress bars, status and events. */
import type { Event } from "../events.js";
import type { FillProgress } from "../journal/state.js";

/** Share of the pages that hold no due row any more, 0 to 1; an empty table is done. */
export function fraction(fill: Pick<FillProgress, "pages" | "pagesDone">): number {
  return fill.pages === 0 ? 1 : Math.min(1, fill.pagesDone / fill.pages);
}

/** Rows still to fill, as estimated: pages left, at the table's rows a page. */
export function rowsLeft(fill: Pick<FillProgress, "pages" | "pagesDone" | "rowsEstimated">): number {
  return Math.round((1 - fraction(fill)) * fill.rowsEstimated);
}

/** Seconds to the end at the present rate; null: standing still, or too early to tell. */
export function etaSeconds(fill: Pick<FillProgress, "pages" | "pagesDone" | "rowsEstimated" | "rowsPerSecond">) {
  if (fraction(fill) === 1) return 0;
  if (fill.rowsPerSecond === null || fill.rowsPerSecond <= 0) return null;
  return Math.ceil(rowsLeft(fill) / fill.rowsPerSecond);
}

export function progressEvent(fill: FillProgress, plan: string | null): Event {
  return {
    kind: "fill-progress",
    revision: fill.revision,
    plan,
    rowsDone: fill.rowsDone,
    rowsEstimated: fill.rowsEstimated,
    fraction: fraction(fill),
    rowsPerSecond: fill.rowsPerSecond,
    etaSeconds: etaSeconds(fill),
  };
}
