/** What is made of rows: people's queries, times of a canary, counters, and the positions of standbys. */
import { describe, expect, test } from "vitest";
import { percentile } from "../../../../src/backfill/throttle/canary.js";
import { readingOf } from "../../../../src/backfill/throttle/query.js";
import { PerMinute } from "../../../../src/backfill/throttle/rates.js";
import { type Position, Silence } from "../../../../src/backfill/throttle/standbys.js";

describe("a query's row", () => {
  test.each<[string, Record<string, unknown>[], unknown]>([
    ["one number", [{ count: 4 }], { value: 4, whose: "" }],
    ["a numeric, which comes as text", [{ n: "4.5" }], { value: 4.5, whose: "" }],
    ["true and false", [{ open: true }], { value: 1, whose: "" }],
    ["a value with its reason", [{ value: 2, reason: "shop 7" }], { value: 2, whose: "shop 7" }],
    [
      "a value with its threshold",
      [{ value: 2, threshold: 8, reason: null }],
      { value: 2, whose: "", bounds: { slow: 4, stop: 8 } },
    ],
  ])("may be %s", (_, rows, reading) => {
    expect(readingOf(rows)).toEqual(reading);
  });

  test.each<[string, Record<string, unknown>[], string]>([
    ["no row", [], "it gave 0 rows and not one"],
    ["two rows", [{ n: 1 }, { n: 2 }], "it gave 2 rows and not one"],
    ["NULL", [{ n: null }], "what it gave is no number"],
    ["a word", [{ n: "many" }], "what it gave is no number"],
    ["an empty text", [{ n: "" }], "what it gave is no number"],
    ["two columns of other names", [{ a: 1, b: 2 }], "value, threshold and reason"],
    ["a threshold of 0", [{ value: 1, threshold: 0 }], "no number above 0"],
  ])("that is %s counts as not read", (_, rows, says) => {
    const { value, whose } = readingOf(rows);
    expect(value).toBeNull();
    expect(whose).toContain(says);
  });
});

test("a percentile leaves out what is above it", () => {
  const times = Array.from({ length: 20 }, (_, n) => 20 - n);
  expect(percentile(times, 0.95)).toBe(19);
  expect(percentile([7], 0.95)).toBe(7);
  expect(percentile([...times.slice(1), 900], 0.95)).toBe(19);
  expect(percentile([...times.slice(2), 900, 900], 0.95)).toBe(900);
});

test("a counter counts within a minute, and anew when it is reset", () => {
  const rate = new PerMinute();
  const at = (seconds: number, value: number) => rate.see([{ value, whose: "" }], seconds * 1000)[0]?.value;
  expect([at(0, 100), at(10, 101), at(30, 103), at(60, 103)]).toEqual([0, 1, 3, 3]);
  expect([at(69, 103), at(91, 103)]).toEqual([2, 0]);
  expect([at(92, 1), at(160, 1)]).toEqual([0, 0]);
});

describe("a standby", () => {
  const look = (silence: Silence, seconds: number, position: Position, value: number | null = 0) =>
    silence.see([{ value, whose: "s1", ...{ position } }], seconds * 1000)[0]?.value;

  test("that acknowledges what was sent is as late as the server says", () => {
    const silence = new Silence();
    const seen = [1, 2, 3].map((second) => look(silence, second, { flushed: second, written: second }, 0.5));
    expect(seen).toEqual([0.5, 0.5, 0.5]);
  });

  test("that does not is as late as what was sent first of it, also when nothing more is", () => {
    const silence = new Silence();
    look(silence, 0, { flushed: 1, written: 1 });
    const seen = [1, 2, 3].map((second) => look(silence, second, { flushed: 1 + second, written: 1 }));
    expect(seen).toEqual([0, 1, 2]);
    expect(look(silence, 9, { flushed: 4, written: 1 })).toBe(8);
    expect(look(silence, 10, { flushed: 4, written: 3 })).toBe(7);
    expect(look(silence, 11, { flushed: 4, written: 4 })).toBe(0);
  });

  test("that is hidden stays so, and one that has acknowledged nothing yet is believed", () => {
    const silence = new Silence();
    expect(look(silence, 0, { flushed: 1, written: 0 }, null)).toBeNull();
    expect(look(silence, 5, { flushed: 2, written: null }, 0.5)).toBe(0.5);
  });
});
