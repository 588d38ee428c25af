/**
 * Strides: a window is gone over in several committed passes, each over every n-th of its rows. What one pass leaves dead
 * is pruned when the next one reads the page, and makes room on that same page: HOT updates, without a new entry in any
 * index. Measured (400 k rows of 120 B, primary key and two indexes, sync trigger, 2 workers, PostgreSQL 18; WAL bytes a row,
 * growth of table and indexes together):
 *     one UPDATE of the whole table               692   2.04
 *     16 passes over 1024 pages, one by one       436   1.34
 *     16 passes over 3 × 512 pages, by turns      401   1.19
 *     32 passes over 3 × 512 pages, by turns      395   1.13   (and a third slower: every pass reads every row)
 * A dead version can go when every transaction that runs is younger than it. Two workers' own batches overlap, so a window
 * whose passes follow at once finds half of it still there: hence the turns.
 */
import type { PageRange } from "../journal/slices.js";

export type Strides = {
  /** each over every n-th row; a power of two */
  readonly passes: number;
  /** windows gone over in turn, so that the others lie between two passes over one of them */
  readonly turns: number;
  /** in one pass until then, by `performance.now()`; null: in strides */
  readonly plainUntil: number | null;
};

/** One batch: the rows of the window whose address has the remainder `at` of `of`. */
export type Step = {
  readonly window: PageRange;
  readonly of: number;
  readonly at: number;
  /** the pages that have been gone over whole with this step; null: others follow */
  readonly closes: PageRange | null;
};

const MOST_PASSES = 16;
const TURNS = 3;
const MOST_TURNS = 12;
/** 32 MB: they are read once a pass, and have to stay in memory meanwhile. */
const MOST_PAGES = 4096;
/** Then strides are tried again. */
export const PLAIN_MS = 60_000;
/** Fewer updates than this tell nothing. */
const TELLING = 500;

/** As many passes as leave two rows of a page to each, up to 16. */
export function startStrides(rowsPerPage: number): Strides {
  const most = Math.max(1, Math.min(MOST_PASSES, rowsPerPage / 2));
  return { passes: 2 ** Math.floor(Math.log2(most)), turns: TURNS, plainUntil: null };
}

/** The batches that come next of the pages [next, hi), with windows of `pages`. */
export function courseOf(
  [next, hi]: PageRange,
  pages: number,
  { passes, turns, plainUntil }: Strides,
  now: number,
): Step[] {
  if (passes === 1 || (plainUntil !== null && plainUntil > now)) return [oneStep([next, Math.min(next + pages, hi)])];
  const whole = [next, Math.min(next + Math.min(pages * turns, Math.max(pages, MOST_PAGES)), hi)] as const;
  const size = Math.max(1, Math.ceil((whole[1] - whole[0]) / turns));
  const windows: PageRange[] = [];
  for (let lo = whole[0]; lo < whole[1]; lo += size) windows.push([lo, Math.min(lo + size, whole[1])]);
  const steps = Array.from({ length: passes }, (_, at) =>
    windows.map((window): Step => ({ window, of: passes, at, closes: null })),
  ).flat();
  const last = steps.pop();
  return last === undefined ? [oneStep(whole)] : [...steps, { ...last, closes: whole }];
}

/** All rows of the window at once. */
export function oneStep(window: PageRange): Step {
  return { window, of: 1, at: 0, closes: window };
}

/** What a course came to. */
export type Yield = { readonly updated: number; readonly hot: number };

/** True where the passes brought less than half of what they can: worth asking who holds dead versions back. */
export function isPoor(strides: Strides, { updated, hot }: Yield): boolean {
  return strides.passes > 1 && updated >= TELLING && hot / updated < (1 - 1 / strides.passes) / 2;
}

/** After a poor course. `held`: somebody's snapshot is older than it, against which no window helps. */
export function afterPoor(strides: Strides, held: boolean, now: number): Strides {
  if (!held && strides.turns < MOST_TURNS) return { ...strides, turns: strides.turns * 2 };
  return { ...strides, turns: TURNS, plainUntil: now + PLAIN_MS };
}
