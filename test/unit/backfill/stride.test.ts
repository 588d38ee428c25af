import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { afterPoor, courseOf, isPoor, type Strides, startStrides } from "../../../src/backfill/pace/stride.js";

const strides = (over: Partial<Strides> = {}): Strides => ({
  rowsPerPage: 64,
  passes: 16,
  turns: 3,
  plainUntil: null,
  ...over,
});

describe("the passes", () => {
  test.each([
    [0, 1],
    [3, 1],
    [4, 2],
    [20, 8],
    [60, 8],
    [200, 8],
  ])("of a table with %d rows a page are %i", (rows, passes) => {
    expect(startStrides(rows)).toEqual(strides({ rowsPerPage: rows, passes }));
  });
});

describe("a course", () => {
  test("takes each window in turn, pass after pass, and closes all of it with the last", () => {
    expect(courseOf([10, 100], 4, strides({ passes: 2, turns: 2 }), 0)).toEqual([
      { window: [10, 18], of: 2, at: 0, closes: null },
      { window: [18, 26], of: 2, at: 0, closes: null },
      { window: [10, 18], of: 2, at: 1, closes: null },
      { window: [18, 26], of: 2, at: 1, closes: [10, 26] },
    ]);
  });

  test("takes a window at once where there are no passes, or not now", () => {
    const plain = [{ window: [10, 12], of: 1, at: 0, closes: [10, 12] }];
    expect(courseOf([10, 100], 2, strides({ passes: 1 }), 0)).toEqual(plain);
    expect(courseOf([10, 1000], 2, strides({ plainUntil: 5 }), 4)).toEqual(plain);
    expect(courseOf([10, 1000], 2, strides({ plainUntil: 5 }), 5)).toHaveLength(48);
  });

  test("makes fewer passes where one of them would have few rows, and none over a handful", () => {
    expect(courseOf([0, 24], 100, strides(), 0).at(-1)).toMatchObject({ of: 4, closes: [0, 24] });
    expect(courseOf([0, 3], 100, strides(), 0)).toEqual([{ window: [0, 3], of: 1, at: 0, closes: [0, 3] }]);
  });

  test("goes over every page once in each pass, stays within its bounds, and closes what it went over", () => {
    const pages = fc.integer({ min: 1, max: 9000 });
    const kinds = fc.record({ passes: fc.constantFrom(1, 2, 4, 8, 16), turns: fc.constantFrom(1, 3, 6, 12) });
    fc.assert(
      fc.property(fc.nat(1_000_000), pages, fc.integer({ min: 1, max: 4096 }), kinds, (next, more, size, kind) => {
        const steps = courseOf([next, next + more], size, strides(kind), 0);
        const passes = steps[0]?.of ?? 0;
        const closes = steps.at(-1)?.closes ?? [0, 0];
        expect(passes).toBeLessThanOrEqual(kind.passes);
        expect(closes[0]).toBe(next);
        expect(closes[1]).toBeGreaterThan(next);
        expect(closes[1]).toBeLessThanOrEqual(next + more);
        for (let at = 0; at < passes; at += 1) {
          const windows = steps.filter((step) => step.at === at && step.of === passes).map(({ window }) => window);
          expect(windows[0]?.[0]).toBe(closes[0]);
          expect(windows.at(-1)?.[1]).toBe(closes[1]);
          windows.slice(1).forEach(([lo], n) => {
            expect(lo).toBe(windows[n]?.[1]);
          });
          for (const [lo, hi] of windows) expect((hi - lo) / passes).toBeLessThanOrEqual(size);
        }
        expect(steps.slice(0, -1).filter((step) => step.closes !== null)).toEqual([]);
      }),
    );
  });
});

describe("a course that brought little", () => {
  test("is one whose updates mostly left their page", () => {
    expect(isPoor(strides(), { updated: 1000, hot: 860 })).toBe(false);
    expect(isPoor(strides(), { updated: 1000, hot: 400 })).toBe(true);
    expect(isPoor(strides(), { updated: 100, hot: 0 })).toBe(false);
    expect(isPoor(strides({ passes: 1 }), { updated: 1000, hot: 0 })).toBe(false);
  });

  test("is followed by ones with more windows between two passes, as far as memory goes", () => {
    expect(afterPoor(strides(), false, 0)).toEqual(strides({ turns: 6 }));
    expect(afterPoor(strides({ turns: 12 }), false, 0)).toEqual(strides({ plainUntil: 60_000 }));
  });

  test("is followed by plain windows where somebody holds a snapshot", () => {
    expect(afterPoor(strides(), true, 7)).toEqual(strides({ plainUntil: 60_007 }));
  });
});
