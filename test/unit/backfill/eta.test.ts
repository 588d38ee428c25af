/** When a fill will be done: a range that does not bounce, of the time in which it works. */
import { expect, test } from "vitest";
import { etaOf, paceOf, workingRate } from "../../../src/backfill/eta.js";
import type { Sample } from "../../../src/journal/state.js";
import { fillOf } from "../status/fixture.js";

/** Samples every five seconds, each so many pages further; `null`: held back. */
function samplesOf(steps: readonly (number | null)[], rowsPerPage = 100): Sample[] {
  let pages = 0;
  const rest = steps.map((step, n) => {
    pages += step ?? 0;
    return { at: 5 * (n + 1), pages, rows: pages * rowsPerPage, held: step === null };
  });
  return [{ at: 0, pages: 0, rows: 0, held: false }, ...rest];
}
const eta = (samples: readonly Sample[], left = 1000) =>
  etaOf(fillOf({ pages: 10_000, pagesDone: 10_000 - left, samples }));
const times = (n: number, step: number | null) => Array.from({ length: n }, () => step);

test("at an even pace, both ends meet", () => {
  expect(eta(samplesOf(times(24, 50)))).toEqual({
    lowSeconds: 100,
    highSeconds: 100,
    heldSeconds: 0,
    overSeconds: 120,
  });
});

test("nothing is told before ten seconds of work, at the end, without anyone at work, and while nothing moves", () => {
  expect(eta(samplesOf([50]))).toBeNull();
  expect(eta(samplesOf([50, 50]))).not.toBeNull();
  expect(eta(samplesOf([50, 50]), 0)).toBeNull();
  expect(eta([])).toBeNull();
  expect(eta(samplesOf(times(24, 0)))).toBeNull();
  expect(etaOf(fillOf({ samples: samplesOf(times(9, 50)), rowsPerSecond: null }))).toBeNull();
});

test("an uneven pace makes a range, which one fast or slow sample does not move", () => {
  const uneven = Array.from({ length: 120 }, (_, n) => (n % 24 < 12 ? 20 : 80));
  const told = eta(samplesOf(uneven));
  expect(told?.lowSeconds).toBeLessThan(told?.highSeconds ?? 0);
  expect(told?.lowSeconds).toBeGreaterThanOrEqual(62);
  expect(told?.highSeconds).toBeLessThanOrEqual(250);
  const even = times(120, 50);
  const spiked = eta(samplesOf([...even.slice(0, 119), 2_000]));
  expect(spiked?.highSeconds).toBeLessThanOrEqual(100);
  expect(spiked?.lowSeconds).toBeGreaterThan(20);
});

test("what stood still does not count, and is said", () => {
  const held = samplesOf([...times(12, 50), ...times(60, null), ...times(12, 50)]);
  expect(eta(held)).toMatchObject({ lowSeconds: 100, highSeconds: 100, heldSeconds: 305, overSeconds: 420 });
  expect(workingRate(held)).toBe(1000);
});

test("a time without samples is one without workers", () => {
  const before = samplesOf(times(6, 50));
  const after = samplesOf(times(6, 50)).map(({ at, pages, ...one }) => ({ ...one, at: at + 230, pages: pages + 300 }));
  expect(paceOf([...before, ...after])).toMatchObject({ workSeconds: 60, heldSeconds: 200 });
  expect(eta([...before, ...after])).toMatchObject({ lowSeconds: 100, highSeconds: 100 });
});

test("a pass that is begun anew is no pace backwards", () => {
  const samples = samplesOf([50, 50, -40, 50, 50]);
  expect(eta(samples)?.highSeconds).toBeGreaterThan(100);
  expect(eta(samples)?.highSeconds).toBeLessThan(1000);
});

test("where few rows are due, it is by pages", () => {
  expect(eta(samplesOf(times(12, 50), 0))).toMatchObject({ lowSeconds: 100, highSeconds: 100 });
});
