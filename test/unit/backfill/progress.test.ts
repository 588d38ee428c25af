import { expect, test } from "vitest";
import { etaSeconds, fraction, rowsLeft } from "../../../src/backfill/progress.js";

test("an empty table is done", () => {
  const fill = { pages: 0, pagesDone: 0, rowsEstimated: 0, rowsPerSecond: null };
  expect([fraction(fill), rowsLeft(fill), etaSeconds(fill)]).toEqual([1, 0, 0]);
});

test("what is left goes by pages, and the time by the rate", () => {
  const fill = { pages: 100, pagesDone: 75, rowsEstimated: 4000, rowsPerSecond: 300 };
  expect([fraction(fill), rowsLeft(fill), etaSeconds(fill)]).toEqual([0.75, 1000, 4]);
});

test("no end is told while nothing moves", () => {
  const fill = { pages: 100, pagesDone: 75, rowsEstimated: 4000 };
  expect(etaSeconds({ ...fill, rowsPerSecond: null })).toBeNull();
  expect(etaSeconds({ ...fill, rowsPerSecond: 0 })).toBeNull();
});
