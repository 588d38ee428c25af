/**
 * How many pages the next window takes, from what the last ones cost. Only pure execution time counts: time spent waiting
 * for locks grows under load whatever the window's size, and a pace that follows it ends at the floor.
 */
export type Pace = {
  readonly pages: number;
  /** milliseconds a page of the last windows, newest last */
  readonly costs: readonly number[];
};

export const DEFAULT_TARGET_MS = 250;
export const MIN_PAGES = 1;
export const MAX_PAGES = 4096;
/** Small enough that the first window is quick even where every row fires slow triggers; it grows within seconds. */
const START_PAGES = 16;
const MAX_STEP = 1.5;
const PANIC = 5;
const REMEMBERED = 8;

export function startPace(pages: number = START_PAGES): Pace {
  return { pages: clamp(pages), costs: [] };
}

/** The pace after a window of `window.pages` took `window.ms` to execute. */
export function nextPace(pace: Pace, window: { readonly pages: number; readonly ms: number }, targetMs: number): Pace {
  if (window.ms > PANIC * targetMs) return shrink(pace, window.pages);
  const costs = [...pace.costs, window.ms / window.pages].slice(-REMEMBERED);
  const ideal = targetMs / Math.max(percentile90(costs), 1e-6);
  // A window cut short by its slice's end says what a page costs, and nothing about how far the pace may go.
  const highest = Math.max(Math.floor(pace.pages * MAX_STEP), pace.pages + 1);
  return { pages: clamp(Math.min(ideal, highest)), costs };
}

/** After a window that ran far over, timed out or met contention: a tenth, and forget what was measured. */
export function shrink(pace: Pace, windowPages: number = pace.pages): Pace {
  return { pages: clamp(Math.min(pace.pages, windowPages) / 10), costs: [] };
}

function percentile90(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.9) - 1] ?? 0;
}

function clamp(pages: number): number {
  return Math.min(MAX_PAGES, Math.max(MIN_PAGES, Math.floor(pages)));
}
