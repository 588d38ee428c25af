import { describe, expect, test } from "vitest";
import { MAX_PAGES, nextPace, type Pace, shrink, startPace } from "../../../src/backfill/pace/pace.js";

const paced = (pace: Pace, ms: number) => nextPace(pace, { pages: pace.pages, ms }, 250);

describe("the pace", () => {
  test("grows by at most half a step, up to its bound", () => {
    let pace = startPace(16);
    const seen = [pace.pages];
    for (let n = 0; n < 40; n += 1) {
      pace = paced(pace, 1);
      seen.push(pace.pages);
    }
    for (const [n, pages] of seen.slice(1).entries()) expect(pages).toBeLessThanOrEqual((seen[n] ?? 0) * 1.5);
    expect(pace.pages).toBe(MAX_PAGES);
  });

  test("grows from one page", () => {
    expect(paced(startPace(1), 1).pages).toBe(2);
  });

  test("settles where a window takes the target", () => {
    let pace = startPace();
    for (let n = 0; n < 40; n += 1) pace = paced(pace, pace.pages * 2);
    expect(pace.pages).toBe(125);
  });

  test("follows the dearest of the last windows, and forgets it", () => {
    let pace = startPace(100);
    pace = paced(pace, 1000);
    expect(pace.pages).toBe(25);
    for (let n = 0; n < 8; n += 1) pace = paced(pace, pace.pages);
    expect(pace.pages).toBeGreaterThan(25);
  });

  test("falls to a tenth when a window takes five targets", () => {
    expect(paced(startPace(1000), 1251)).toEqual({ pages: 100, costs: [] });
  });

  test("falls from the window that ran, and never below one page", () => {
    expect(shrink(startPace(1000), 50).pages).toBe(5);
    expect(shrink(startPace(3)).pages).toBe(1);
  });
});
