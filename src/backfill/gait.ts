/**
 * How a lane goes through a table: how many pages a batch takes, in strides or not. A batch that takes one row in 16 of its
 * pages and one that takes them all cost differently: each has a pace of its own.
 */
import type { Lease, PageRange } from "../journal/slices.js";
import { nextPace, type Pace, shrink, startPace } from "./pace.js";
import { afterPoor, courseOf, isPoor, type Step, type Strides, startStrides, type Yield } from "./stride.js";

export class Gait {
  strides: Strides;
  readonly #paces = new Map<number, Pace>();

  /** `rowsPerPage`: null where rows are only looked at, which takes one pass. */
  constructor(rowsPerPage: number | null) {
    this.strides = startStrides(rowsPerPage ?? 0);
  }

  /** Batches to take next of the pages [next, hi); `plain`: all rows of their windows at once. */
  steps(pages: PageRange, plain: boolean): Step[] {
    const now = performance.now();
    const strides = plain ? { ...this.strides, passes: 1 } : this.strides;
    const [first] = courseOf(pages, 1, strides, now);
    return courseOf(pages, this.#pace(first?.of ?? 1).pages, strides, now);
  }

  /** Pages of one window that is taken at once. */
  pages(): number {
    return this.#pace(1).pages;
  }

  /** A batch took this long to execute. */
  took({ window, of }: Step, ms: number, targetMs: number): void {
    if (window[1] === window[0]) return;
    this.#paces.set(of, nextPace(this.#pace(of), { pages: window[1] - window[0], ms }, targetMs));
  }

  /** A batch was too much, or failed; `plainly`: what comes instead takes all rows of its windows at once. */
  shrink({ window, of }: Step, plainly: boolean): void {
    const to = plainly ? 1 : of;
    this.#paces.set(to, shrink(this.#pace(to), window[1] - window[0]));
  }

  isPoor(seen: Yield): boolean {
    return isPoor(this.strides, seen);
  }

  /** After a poor course; true: it goes on without strides for a while. */
  gaveLittle(held: boolean): boolean {
    this.strides = afterPoor(this.strides, held, performance.now());
    return this.strides.plainUntil !== null && this.strides.plainUntil > performance.now();
  }

  #pace(of: number): Pace {
    return this.#paces.get(of) ?? startPace();
  }
}

/** The gait that the lane has for this fill, or a new one. */
export function gaitOf(gaits: Map<string, Gait>, { revision, rowsPerPage }: Lease, looksOnly: boolean): Gait {
  const known = gaits.get(revision);
  if (known !== undefined) return known;
  const made = new Gait(looksOnly ? null : rowsPerPage);
  gaits.set(revision, made);
  return made;
}
