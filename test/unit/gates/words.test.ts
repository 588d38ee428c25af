import { expect, test } from "vitest";
import { backfillDoneAt, gateProgress } from "../../../src/gates/progress.js";
import { count, counted, listed, moment, span, writer } from "../../../src/gates/words.js";
import type { JournalRevision } from "../../../src/journal/state.js";

test("moments are UTC, to the second", () => {
  expect(moment(new Date("2026-03-04T05:06:07.999Z"))).toBe("2026-03-04 05:06:07 UTC");
});

test.each([
  [-3, "0 s"],
  [0.9, "0 s"],
  [59.9, "59 s"],
  [60, "1 min"],
  [61, "1 min 1 s"],
  [3_599, "59 min 59 s"],
  [3_605, "1 h"],
  [86_399, "23 h 59 min"],
  [90_061, "1 d 1 h"],
])("a span of %d seconds is %s", (seconds, text) => expect(span(seconds)).toBe(text));

test("counts are grouped, nouns agree, lists end with and", () => {
  expect([count(999), count(1_234_567), counted(1, "row"), counted(0, "row"), counted(2, "index", "indexes")]).toEqual([
    "999",
    "1,234,567",
    "1 row",
    "0 rows",
    "2 indexes",
  ]);
  expect([listed([]), listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])]).toEqual([
    "",
    "a",
    "a and b",
    "a, b and c",
  ]);
  expect(writer({ role: "app", app: "" })).toBe("role app (no application_name)");
});

test("progress counts the plan's own backfill revisions, and only those that are done", () => {
  const revision = (id: string, plan: string, phase: "dual-write" | "backfill") => ({ id, plan, name: id, phase });
  const row = (id: string, state: JournalRevision["state"], minute: number | null, phase: "dual-write" | "backfill") =>
    ({
      id,
      plan: "p",
      phase,
      state,
      finishedAt: minute === null ? null : new Date(minute * 60_000),
    }) as JournalRevision;
  const revisions = [
    revision("d", "p", "dual-write"),
    revision("f", "p", "backfill"),
    revision("i", "p", "backfill"),
    revision("x", "q", "backfill"),
  ];
  const rows = [row("d", "done", 1, "dual-write"), row("f", "done", 5, "backfill"), row("i", "undoing", 9, "backfill")];
  const progress = gateProgress("p", revisions, rows);
  expect(progress.backfill).toEqual([
    { name: "f", finishedAt: new Date(5 * 60_000) },
    { name: "i", finishedAt: null },
  ]);
  expect(progress.mirrored).toBe(true);
  expect(backfillDoneAt(progress)).toBeNull();
  const done = gateProgress("p", revisions, [...rows.slice(0, 2), row("i", "done", 3, "backfill")]);
  expect(backfillDoneAt(done)).toEqual(new Date(5 * 60_000));
  expect(gateProgress("p", revisions, []).mirrored).toBe(false);
});
