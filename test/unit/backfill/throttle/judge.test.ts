import { describe, expect, test } from "vitest";
import { worstOf } from "../../../../src/backfill/throttle/gauges.js";
import {
  answerOf,
  type Bounds,
  GO,
  type Reading,
  type Standing,
  stand,
} from "../../../../src/backfill/throttle/judge.js";
import { SIGNALS } from "../../../../src/backfill/throttle/signals.js";

const LAG: Bounds = SIGNALS["replica-lag"];
const lag = (value: number | null): Reading => ({ value, whose: "r1" });

/** The grades after each of the readings, a second apart. */
function grades(readings: readonly (number | null)[], bounds: Bounds | null = LAG) {
  let standing: Standing | null = null;
  return readings.map((value, n) => {
    standing = stand(bounds, standing, lag(value), n * 1000);
    return standing.grade;
  });
}
const changes = (given: readonly string[]) => given.filter((grade, n) => n > 0 && grade !== given[n - 1]).length;

describe("a signal", () => {
  test("slows down and stops at its thresholds, at once", () => {
    expect(grades([0, 1.9, 2, 4.9, 5])).toEqual(["go", "go", "slower", "slower", "wait"]);
  });

  test("goes back after two readings well below the threshold", () => {
    expect(grades([6, 4.5, 3.9, 3.9, 1.7, 1.5, 1.5])).toEqual([
      "wait",
      "wait",
      "wait",
      "slower",
      "slower",
      "slower",
      "go",
    ]);
  });

  test.each([
    ["about where it stops", 5, [0.98, 1.02], 1],
    ["about where it slows down", 2, [0.98, 1.02], 1],
    ["between where it stops and where it would go on", 5, [1.1, 0.81], 0],
    ["with single readings far below", 5, [1.1, 1.1, 0.1], 0],
    ["with single readings that cannot be made", 5, [null, 0], 0],
  ])("does not flap %s", (_, threshold, pattern, most) => {
    const readings = Array.from({ length: 100 }, (_value, n) => pattern[n % pattern.length] ?? null);
    const seen = grades(readings.map((part) => (part === null ? null : part * threshold)));
    expect(changes(seen)).toBe(most);
    expect(seen.at(-1)).not.toBe("go");
  });

  test("that rises and falls slowly changes its grade twice up and twice down", () => {
    const up = Array.from({ length: 200 }, (_, n) => (n / 200) * 8 + (n % 2) * 0.3);
    const seen = grades([...up, ...up.reverse()]);
    expect(seen.filter((grade, n) => grade !== seen[n - 1])).toEqual(["go", "slower", "wait", "slower", "go"]);
  });

  test("that cannot be read stops, until it is switched off", () => {
    expect(grades([null])).toEqual(["wait"]);
    expect(grades([null], null)).toEqual(["go"]);
  });

  test("goes by what people set", () => {
    expect(grades([6, 20], { slow: 10, stop: 20 })).toEqual(["go", "wait"]);
  });
});

describe("the answer", () => {
  const at = (name: "replica-lag" | "connections" | "archiver", reading: Partial<Reading>) => {
    const { slow, stop, says } = SIGNALS[name];
    return { name, says, standing: stand({ slow, stop }, null, { value: 0, whose: "r1", ...reading }, 1000) };
  };

  test("is go while nothing is in the way", () => {
    expect(answerOf([at("replica-lag", {}), at("connections", { value: 0.1 })], "p", 0)).toEqual(GO);
  });

  test("is the worst signal's, with what it showed, where it stops, what clears it and since when", () => {
    const lagging = at("replica-lag", { value: 12, clears: "look there" });
    expect(answerOf([at("connections", { value: 0.9 }), lagging], "p", 4000)).toEqual({
      grade: "wait",
      signal: "replica-lag",
      reason:
        "replica-lag: standby r1 replays 12.0 s late, which stops it from 5 on, until below 4; for 3 s; look there",
    });
  });

  test("names the others that are as bad", () => {
    const { reason } = answerOf([at("replica-lag", { value: 12 }), at("archiver", { value: 99 })], "p", 1000);
    expect(reason).toMatch(/^replica-lag: .*; so does archiver$/);
  });

  test("says why a signal cannot be read, and how to go on without it", () => {
    expect(answerOf([at("archiver", { value: null, whose: "permission denied" })], "orders", 1000).reason).toBe(
      "archiver: cannot be read (permission denied), which stops it until it can; for 0 s; to go on without it: changeover backfill set orders --signal archiver=off",
    );
  });
});

describe("of several rows", () => {
  test("the highest counts", () => {
    const rows = [3, 7, 5].map((value) => ({ value, whose: `r${value}` }));
    expect(worstOf(rows, "me")).toEqual({ value: 7, whose: "r7" });
    expect(worstOf([], "me").value).toBe(0);
  });

  test("one that is hidden counts more, and says what to grant to whom", () => {
    const rows = [lag(99), { value: null, whose: "r2" }];
    expect(worstOf(rows, '"Me"')).toEqual({
      value: null,
      whose: 'r2 is hidden from role "Me"; to see it: grant pg_monitor to "Me"',
    });
  });
});
