/**
 * How a lane goes through a table: how much a batch takes, and whether in strides. A batch that takes one row in 16 of its
 * pages counts as a sixteenth of them, so that one pace serves both ways.
 */
import type { Lease, PageRange } from "../../journal/slices.js";
import { nextPace, shrink, startPace } from "./pace.js";
import { afterPoor, courseOf, isPoor, type Step, type Strides, startStrides, type Yield } from "./stride.js";

export class Gait {
  strides: Strides;
  #pace = startPace();

  /** `rowsPerPage`: null where rows are only looked at, which takes one pass. */
  constructor(rowsPerPage: number | null) {
    this.strides = startStrides(rowsPerPage ?? 0);
  }

  /** Batches to take next of the pages [next, hi); `plain`: all rows of their windows at once. */
  steps(pages: PageRange, plain: boolean): Step[] {
    const now = performance.now();
    const strides = plain ? { ...this.strides, passes: 1 } : this.strides;
    return courseOf(pages, this.#pace.pages, strides, now);
  }

  /** Pages of one window that is taken at once. */
  pages(): number {
    return this.#pace.pages;
  }

  /** A batch took this long to execute. */
  took(step: Step, ms: number, targetMs: number): void {
    const pages = pagesOf(step);
    if (pages > 0) this.#pace = nextPace(this.#pace, { pages, ms }, targetMs);
  }

  /** A batch was too much, or failed. */
  shrink(step: Step): void {
    this.#pace = shrink(this.#pace, pagesOf(step));
  }

  isPoor(seen: Yield): boolean {
    return isPoor(this.strides, seen);
  }

  /** After a poor course; true: it goes on without strides for a while. */
  gaveLittle(held: boolean): boolean {
    this.strides = afterPoor(this.strides, held, performance.now());
    return this.strides.plainUntil !== null && this.strides.plainUntil > performance.now();
  }
}

/** As many as hold the rows that the batch took. */
const pagesOf = ({ window, of }: Step) => (window[1] - window[0]) / of;

/** The gait that the lane has for this fill, or a new one. */
export function gaitOf(gaits: Map<string, Gait>, { revision, rowsPerPage }: Lease, looksOnly: boolean): Gait {
  const known = gaits.get(revision);
  if (known !== undefined) return known;
  const made = new Gait(looksOnly ? null : rowsPerPage);
  gaits.set(revision, made);
  return made;
}
