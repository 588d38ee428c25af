import { expect, test } from "vitest";
import { fraction, progressEvent, rowsExpected, secondsLeft } from "../../../src/backfill/progress.js";
import { fillOf } from "../status/fixture.js";

test("an empty table is done", () => {
  expect([fraction({ pages: 0, pagesDone: 0 }), rowsExpected(1, 0, 0), secondsLeft(0, 0, 1)]).toEqual([1, 0, 0]);
});

test.each([
  [0, 0, 4000, 4000],
  // Nothing was due so far: what is left may be.
  [0.75, 0, 4000, 1000],
  [0.75, 300, 4000, 400],
  [0.75, 3000, 4000, 4000],
  // The estimate of the table is older than its rows, or most of them were not due.
  [0.5, 5000, 4000, 10_000],
  [1, 35_250, 101_656, 35_250],
])("%f of the pages, %i rows written, %i in the table: %i in all", (part, done, table, inAll) => {
  expect(rowsExpected(part, done, table)).toBe(inAll);
});

test("no end is told while nothing moves", () => {
  expect(secondsLeft(3000, 4000, 300)).toBe(4);
  expect(secondsLeft(3000, 4000, null)).toBeNull();
  expect(secondsLeft(3000, 4000, 0)).toBeNull();
});

test("the figures of an event agree with each other", () => {
  const sparse = fillOf({ rowsDone: 35_250, pages: 1000, pagesDone: 500, rowsPerSecond: 1000 });
  expect(progressEvent(sparse, "p")).toMatchObject({
    rowsDone: 35_250,
    rowsEstimated: 70_500,
    fraction: 0.5,
    etaSeconds: 36,
  });
});
