import { describe, expect, test } from "vitest";
import {
  answerOf,
  GO,
  type Reading,
  type Standing,
  stand,
  type Thresholds,
} from "../../../src/backfill/throttle/judge.js";
import type { SignalName } from "../../../src/backfill/throttle/names.js";

const LAG = "replica-lag" satisfies SignalName;
const lag = (value: number | null): Reading => ({ value, whose: "r1" });

/** The grades after each of the readings, a second apart. */
function grades(readings: readonly (number | null)[], thresholds: Thresholds = {}) {
  let standing: Standing | null = null;
  return readings.map((value, n) => {
    standing = stand(LAG, standing, lag(value), thresholds, n * 1000);
    return standing.grade;
  });
}

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

  test("does not tremble about a threshold", () => {
    expect(new Set(grades([5, 4.9, 5, 4.9, 4.1, 5.1]))).toEqual(new Set(["wait"]));
  });

  test("that cannot be read stops, until it is switched off", () => {
    expect(grades([null])).toEqual(["wait"]);
    expect(grades([null], { [LAG]: null })).toEqual(["go"]);
  });

  test("goes by what people set", () => {
    expect(grades([6, 20], { [LAG]: { slow: 10, stop: 20 } })).toEqual(["go", "wait"]);
  });
});

describe("the answer", () => {
  const at = (name: SignalName, value: number | null) =>
    [name, stand(name, null, { value, whose: "r1" }, {}, 1000)] as const;

  test("is go while nothing is in the way", () => {
    expect(answerOf(new Map([at(LAG, 0), at("connections", 0.1)]), {}, 0)).toEqual(GO);
  });

  test("is the worst signal's, with what it showed, where it stops, what clears it and since when", () => {
    expect(answerOf(new Map([at("connections", 0.9), at(LAG, 12)]), {}, 4000)).toEqual({
      grade: "wait",
      reason: "replica-lag: standby r1 replays 12.0 s late, which stops it from 5 on, until below 4; for 3 s",
    });
  });

  test("says why a signal cannot be read", () => {
    const hidden = stand("archiver", null, { value: null, whose: "permission denied" }, {}, 0);
    expect(answerOf(new Map([["archiver", hidden]]), {}, 0)).toEqual({
      grade: "wait",
      reason: "archiver: cannot be read (permission denied); for 0 s",
    });
  });
});
