/** When it is said that a fill will never end, with which figures, and when not. */
import { describe, expect, test } from "vitest";
import { endlessOf, rate } from "../../../src/backfill/endless.js";
import { type Limits, NO_LIMITS } from "../../../src/journal/limits.js";
import type { FillProgress, FoundAgain } from "../../../src/journal/state.js";
import { fillOf } from "../status/fixture.js";

const told = (fill: Partial<FillProgress>, limits: Partial<Limits> = {}) =>
  endlessOf(fillOf(fill), { ...NO_LIMITS, ...limits }, "orders-total");
const at = (rowsPerSecond: number, held = false) =>
  [0, 5, 10, 15, 20].map((at) => ({ at, rows: rowsPerSecond * at, pages: at, held }));
const AGAIN: FoundAgain = {
  times: 1,
  rows: 72_000,
  seconds: 60,
  filled: 9_000,
  fillingSeconds: 10,
  noted: 0,
  notedSeconds: 10,
};
const whole = { pages: 1000, pagesDone: 990 };

test("a fill that goes on well ends", () => {
  expect(told({ samples: at(5000) })).toBeNull();
  expect(told({})).toBeNull();
});

describe("rows that come anew", () => {
  test("faster than they are filled, with the arithmetic and what to do", () => {
    expect(told({ ...whole, again: AGAIN })).toEqual({
      kind: "arrivals",
      why: "Rows come anew faster than they are filled: arrivals 1,200/s, drained 900/s: it will not finish at this pace (72,000 rows were due again after the whole table had been filled).",
      arrivalsPerSecond: 1200,
      drainedPerSecond: 900,
      remedy: expect.stringMatching(
        /^Find who writes rows past the sync triggers .*, or fill faster: changeover backfill set orders-total --workers 4$/,
      ),
    });
  });

  test("against the better of what was measured since and while it worked, and never more than what is allowed", () => {
    expect(told({ ...whole, again: AGAIN, samples: at(1300) })).toBeNull();
    expect(told({ ...whole, again: AGAIN, samples: at(1100) })?.drainedPerSecond).toBe(1100);
    expect(told({ ...whole, again: AGAIN, samples: at(1300) }, { rowsPerSecond: 500, duty: 0.5 })).toMatchObject({
      drainedPerSecond: 500,
      remedy: expect.stringContaining("set orders-total --rows-per-second none --duty none --workers 4"),
    });
  });

  test.each<[string, Partial<FillProgress>]>([
    ["more slowly than they are filled", { again: { ...AGAIN, filled: 20_000 } }],
    ["whose drain is not known yet", { again: { ...AGAIN, fillingSeconds: 2 } }],
    ["few of them, once", { again: { ...AGAIN, rows: 99, filled: 0 } }],
    ["and wait for a lock", { again: { ...AGAIN, filled: 0 }, waiting: ["pid 7"] }],
  ])("%s: not said", (_, fill) => {
    expect(told({ ...whole, ...fill })).toBeNull();
  });

  test("few of them, again and again: said", () => {
    expect(told({ ...whole, again: { ...AGAIN, rows: 99, filled: 0, times: 2 } })?.arrivalsPerSecond).toBe(1.65);
  });

  test("to go to quarantine: nobody but a person drains that", () => {
    const again = { ...AGAIN, rows: 30, times: 2, filled: 600, noted: 90, notedSeconds: 60 };
    expect(told({ ...whole, again })).toMatchObject({
      kind: "quarantine",
      why: expect.stringContaining("1.5/s go to quarantine, 0/s leave it"),
      drainedPerSecond: 0,
    });
    expect(told({ ...whole, again: { ...again, noted: 19 } })).toBeNull();
  });
});

describe("years", () => {
  test("by what is allowed, before anything was measured", () => {
    const huge = { rowsDone: 0, pagesDone: 0, rowsEstimated: 4_000_000_000 };
    expect(told(huge, { rowsPerSecond: 10 })).toMatchObject({
      kind: "limits",
      why: "About 4,000,000,000 rows are left, and 10/s are allowed: that takes 13 years.",
      remedy: "changeover backfill set orders-total --rows-per-second none",
    });
    expect(told(huge, { rowsPerSecond: 200 })).toBeNull();
  });

  test("by what it does", () => {
    const crawling = at(1).map((one) => ({ ...one, pages: one.at / 20 }));
    const huge = { rowsDone: 100, pagesDone: 1, pages: 40_000_000, samples: crawling };
    expect(told(huge, { duty: 0.001 })).toMatchObject({
      kind: "pace",
      why: expect.stringMatching(/^At this pace \(1\/s, about 3,999,999,900 left\) it takes \d+ years or more\.$/),
      remedy: expect.stringContaining("--duty none"),
    });
  });
});

test("a throttle that never lets go", () => {
  const held = Array.from({ length: 120 }, (_, n) => ({ at: 5 * n, rows: 7, pages: 7, held: true }));
  const throttle = "replica-lag: standby b replays 9.0 s late";
  expect(told({ samples: held, throttle })).toMatchObject({
    kind: "held-back",
    why: expect.stringContaining("held back for all of the last 9 min, and fills nothing: replica-lag: standby b"),
    remedy: expect.stringContaining("--signal replica-lag=<slow>:<stop>"),
  });
  expect(told({ samples: held.slice(60), throttle })).toBeNull();
  expect(told({ samples: held })).toBeNull();
});

test("rates are short", () => {
  expect([0, 0.0123, 1.5, 12.4, 1200].map(rate)).toEqual(["0/s", "0.012/s", "1.5/s", "12/s", "1,200/s"]);
});
