import { expect, test } from "vitest";
import { type Kept, limitsFrom, overriding, type SignalChange } from "../../../src/journal/limits.js";

const at = (minute: number) => new Date(Date.UTC(2026, 2, 4, 5, minute));
const OFF: SignalChange = { name: "archiver", to: "off" };
const SET: SignalChange = { name: "archiver", to: { slow: 4, stop: 8 } };
const DEFAULT: SignalChange = { name: "archiver", to: "default" };
const set = (kept: Record<string, Kept>, change: SignalChange, minute: number, minutes: number | null = null) =>
  overriding(kept, [change], { now: at(minute), by: "ann", forMs: minutes === null ? null : minutes * 60_000 });
const shown = (kept: Record<string, Kept>, minute: number) => limitsFrom({ signals: kept }, at(minute)).signals;

test("an override says who set it, and when it ends", () => {
  const kept = set({}, OFF, 0, 30);
  expect(shown(kept, 29)).toEqual({ archiver: { bounds: null, until: at(30), by: "ann" } });
  expect(shown(kept, 30)).toEqual({});
});

test("what was set before counts again after it, however often it is renewed", () => {
  let kept = set({}, SET, 0);
  kept = set(kept, OFF, 1, 10);
  kept = set(kept, OFF, 5, 10);
  expect(shown(kept, 14)).toEqual({ archiver: { bounds: null, until: at(15), by: "ann" } });
  expect(shown(kept, 15)).toEqual({ archiver: { bounds: { slow: 4, stop: 8 }, until: null, by: "ann" } });
});

test("one without an end, and a default, leave nothing below", () => {
  const over = set(set({}, OFF, 0, 10), SET, 1);
  expect(over).toEqual({ archiver: { slow: 4, stop: 8, by: "ann" } });
  expect(set(set(over, OFF, 2, 10), DEFAULT, 3)).toEqual({});
});

test("those that have ended are gone from what is kept with the next change", () => {
  const kept = set(set({}, SET, 0), OFF, 1, 10);
  const later = set(kept, { name: "connections", to: "off" }, 20);
  expect(later).toEqual({ archiver: { slow: 4, stop: 8, by: "ann" }, connections: { off: true, by: "ann" } });
  expect(set(set({}, OFF, 0, 10), { name: "connections", to: "off" }, 20)).toEqual({
    connections: { off: true, by: "ann" },
  });
});
