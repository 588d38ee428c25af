/** Pages, windows of pages, and their tids. A range [lo, hi) is walked as `ctid >= (lo,0) and ctid < (hi,0)`. */
import type { PageRange } from "../journal/slices.js";

/** Few enough to be read. */
const MOST_SLICES = 64;
/** Enough for several workers, where the table has as much as that to share. */
const FEW_SLICES = 6;
const MIN_SLICE_PAGES = 256;
/** Long enough for strides, whose passes over a page must lie apart. */
const GOOD_SLICE_PAGES = 1024;
/** More put-aside ranges than this are drawn together: a slice's row must stay small. */
export const MAX_ASIDE = 128;

export function tid(page: number): string {
  return `(${page},0)`;
}

/** Of a row address, `(12,3)`. */
export function pageOf(place: string): number {
  return Number(place.slice(1, place.indexOf(",")));
}

/** The window [lo, hi) as far as the first of the pages that are looked at alone; `apart` ascending, none before `lo`. */
export function windowFrom(lo: number, hi: number, [first]: readonly number[]): PageRange {
  if (first === undefined || first >= hi) return [lo, hi];
  return first === lo ? [lo, lo + 1] : [lo, first];
}

/** `ranges` from the end of `window` on. */
export function behind(ranges: readonly PageRange[], window: PageRange): PageRange[] {
  return ranges.flatMap(([lo, hi]): PageRange[] => (hi <= window[1] ? [] : [[Math.max(lo, window[1]), hi]]));
}

/** Cuts pages [0, pages) into slices; none for an empty relation. `of`: the pages of all that the fill walks. */
export function slicesOf(pages: number, minPages: number = MIN_SLICE_PAGES, of: number = pages): PageRange[] {
  const shared = Math.min(GOOD_SLICE_PAGES, Math.ceil(of / FEW_SLICES));
  const size = Math.max(minPages, shared, Math.ceil(of / MOST_SLICES));
  const slices: PageRange[] = [];
  for (let lo = 0; lo < pages; lo += size) slices.push([lo, Math.min(lo + size, pages)]);
  return slices;
}

/** Neighbouring pages as ranges; `pages` ascending. */
export function rangesOf(pages: readonly number[]): PageRange[] {
  return compact(
    pages.map((page) => [page, page + 1] as const),
    Number.POSITIVE_INFINITY,
  );
}

/** `aside` after `window` was worked on and `left` of it are still to do. */
export function replaceIn(aside: readonly PageRange[], window: PageRange, left: readonly PageRange[]): PageRange[] {
  const rest: PageRange[] = [];
  for (const [lo, hi] of aside) {
    if (lo < window[0]) rest.push([lo, Math.min(hi, window[0])]);
    if (hi > window[1]) rest.push([Math.max(lo, window[1]), hi]);
  }
  return compact([...rest, ...left], MAX_ASIDE);
}

/** Sorts, joins what touches, and closes the smallest gaps until there are at most `max`. */
function compact(ranges: readonly PageRange[], max: number): PageRange[] {
  let joined = join(ranges, 0);
  while (joined.length > max) {
    const gaps = joined.slice(1).map(([lo], n) => lo - (joined[n]?.[1] ?? 0));
    gaps.sort((a, b) => a - b);
    joined = join(joined, gaps[joined.length - max - 1] ?? 0);
  }
  return joined;
}

function join(ranges: readonly PageRange[], gap: number): PageRange[] {
  const joined: [number, number][] = [];
  for (const [lo, hi] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = joined.at(-1);
    if (last !== undefined && lo - last[1] <= gap) last[1] = Math.max(last[1], hi);
    else joined.push([lo, hi]);
  }
  return joined;
}

export function pagesIn(ranges: readonly PageRange[]): number {
  return ranges.reduce((sum, [lo, hi]) => sum + hi - lo, 0);
}
