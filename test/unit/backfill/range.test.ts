import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  behind,
  MAX_ASIDE,
  pageOf,
  pagesIn,
  rangesOf,
  replaceIn,
  slicesOf,
  tid,
  windowFrom,
} from "../../../src/backfill/range.js";
import type { PageRange } from "../../../src/journal/slices.js";

describe("slicesOf", () => {
  test.each([
    [100, 1],
    [1_536, 6],
    [17_000, 17],
    [10_000_000, 64],
  ])("of %i pages are %i", (pages, slices) => {
    expect(slicesOf(pages)).toHaveLength(slices);
  });

  test("has none for an empty relation", () => {
    expect(slicesOf(0)).toEqual([]);
  });

  test("covers every page once, in at most 64 slices of at least 256 pages", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000_000 }), (pages) => {
        const slices = slicesOf(pages);
        expect(slices[0]?.[0]).toBe(0);
        expect(slices.at(-1)?.[1]).toBe(pages);
        expect(slices.length).toBeLessThanOrEqual(64);
        slices.slice(1).forEach(([lo], n) => {
          expect(lo).toBe(slices[n]?.[1]);
          expect(lo - (slices[n]?.[0] ?? 0)).toBeGreaterThanOrEqual(256);
        });
      }),
    );
  });
});

test("a page's first tid", () => {
  expect(tid(7)).toBe("(7,0)");
});

test("neighbouring pages are one range", () => {
  expect(rangesOf([1, 2, 3, 7, 9, 10])).toEqual([
    [1, 4],
    [7, 8],
    [9, 11],
  ]);
});

describe("replaceIn", () => {
  test("cuts the window out and puts what is left back", () => {
    expect(replaceIn([[0, 10]], [2, 6], [[3, 4]])).toEqual([
      [0, 2],
      [3, 4],
      [6, 10],
    ]);
  });

  const range = fc
    .tuple(fc.nat(5_000), fc.integer({ min: 1, max: 20 }))
    .map(([lo, size]): PageRange => [lo, lo + size]);
  const pagesOf = (ranges: readonly PageRange[]) =>
    new Set(ranges.flatMap(([lo, hi]) => Array.from({ length: hi - lo }, (_, n) => lo + n)));

  test("never loses a page that is still to do, and stays small", () => {
    fc.assert(
      fc.property(fc.array(range, { maxLength: 400 }), range, (aside, window) => {
        const left: PageRange[] = [[window[0], window[0] + 1]];
        const rest = replaceIn(aside, window, left);
        const has = pagesOf(rest);
        for (const page of pagesOf(aside)) {
          if (page < window[0] || page >= window[1]) expect(has.has(page)).toBe(true);
        }
        expect(has.has(window[0])).toBe(true);
        expect(rest.length).toBeLessThanOrEqual(MAX_ASIDE);
        expect(pagesIn(rest)).toBe(has.size);
      }),
    );
  });
});

describe("a window that is read", () => {
  test.each<[lo: number, hi: number, apart: number[], window: [number, number]]>([
    [0, 16, [], [0, 16]],
    [0, 16, [16, 20], [0, 16]],
    [0, 16, [5, 9], [0, 5]],
    [5, 16, [5, 9], [5, 6]],
    [15, 16, [15], [15, 16]],
  ])("of pages %i to %i ends where %j are looked at alone", (lo, hi, apart, window) => {
    expect(windowFrom(lo, hi, apart)).toEqual(window);
  });
});

test("what lies behind a window", () => {
  expect(
    behind(
      [
        [0, 3],
        [5, 9],
        [12, 14],
      ],
      [5, 7],
    ),
  ).toEqual([
    [7, 9],
    [12, 14],
  ]);
  expect([pageOf("(12,3)"), pageOf("(0,291)")]).toEqual([12, 0]);
});
