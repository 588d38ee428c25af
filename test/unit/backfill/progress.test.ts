import { expect, test } from "vitest";
import { fraction, rowsExpected } from "../../../src/backfill/progress.js";
import { progressEvent } from "../../../src/backfill/tell.js";
import { NO_LIMITS } from "../../../src/journal/limits.js";
import { fillOf } from "../status/fixture.js";

test("an empty table is done", () => {
  expect([fraction({ pages: 0, pagesDone: 0 }), rowsExpected(1, 0, 0)]).toEqual([1, 0]);
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

test("the figures of an event agree with each other", () => {
  const sparse = fillOf({ rowsDone: 35_250, pages: 1000, pagesDone: 500, walBytes: 7_050_000 });
  const samples = [0, 5, 10, 15].map((at) => ({ at, rows: 235 * at, pages: 10 * at, held: false }));
  expect(progressEvent({ ...sparse, samples }, "p", NO_LIMITS)).toMatchObject({
    rowsDone: 35_250,
    rowsEstimated: 70_500,
    fraction: 0.5,
    eta: { lowSeconds: 50, highSeconds: 50, heldSeconds: 0 },
    walBytesPerRow: 200,
    hotShare: 0.86,
    workers: 2,
    endless: null,
  });
});
