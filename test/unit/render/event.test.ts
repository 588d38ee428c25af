/** The lines of those who wait, to the character. */
import { expect, test } from "vitest";
import { describeEvent } from "../../../src/app/event-line.js";
import type { Event } from "../../../src/events.js";

const waiting: Event = {
  kind: "step-waiting",
  revision: "aaaaaaaaaaaa",
  step: "build",
  waitedMs: 3_040,
  phase: "waiting for old snapshots",
  pids: [42],
  blockers: ["pid 42 (role app, web\u001b[31m), idle in transaction: select\n1"],
  remedy: "It goes on when this one has ended.",
};

test("for whom a statement waits; and nothing of what others wrote steers the terminal", () => {
  expect(describeEvent(waiting)).toEqual({
    level: "warn",
    text: "aaaaaaaaaaaa build has waited 3.0 s (waiting for old snapshots) for pid 42 (role app, web?[31m), idle in transaction: select 1. It goes on when this one has ended.",
  });
  expect(describeEvent({ ...waiting, phase: null, blockers: ["pid 7 (autovacuum)"], remedy: null }).text).toBe(
    "aaaaaaaaaaaa build has waited 3.0 s for pid 7 (autovacuum)",
  );
});

test("who holds a runners' lock, and what that runner does", () => {
  const lock: Event = { kind: "lock-waiting", lock: "trunk", holder: "ann pid 7", doing: null, waitedMs: 0 };
  expect(describeEvent(lock).text).toBe("waiting for another runner on trunk: ann pid 7");
  expect(describeEvent({ ...lock, doing: "runs create index, for 9 s", waitedMs: 10_000 }).text).toBe(
    "waiting for another runner on trunk (for 10.0 s): ann pid 7, which runs create index, for 9 s",
  );
});

test("that it goes on, and how far it is", () => {
  expect(
    [
      { kind: "step-resumed", revision: "aaaaaaaaaaaa", step: "build", waitedMs: 20_600 } as const,
      { kind: "lock-obtained", lock: "trunk", waitedMs: 900 } as const,
      {
        kind: "step-progress",
        revision: "aaaaaaaaaaaa",
        step: "build",
        phase: "building index: scanning table",
        fraction: 0.456,
        counts: { of: "blocks", done: 456, total: 1000 },
        runningMs: 9_000,
        tableBytes: null,
      } as const,
      {
        kind: "step-progress",
        revision: "aaaaaaaaaaaa",
        step: "validate",
        phase: "running",
        fraction: null,
        counts: null,
        runningMs: 72_400,
        tableBytes: 3_210_000_000,
      } as const,
    ].map((event) => describeEvent(event).text),
  ).toEqual([
    "aaaaaaaaaaaa build goes on after waiting 20.6 s",
    "goes on after waiting 900 ms for another runner on trunk",
    "aaaaaaaaaaaa build: building index: scanning table, 456 of 1,000 blocks, 45.6 %",
    "aaaaaaaaaaaa validate: running for 1 min 12 s over 3.2 GB",
  ]);
});

test("a row that failed, by its name", () => {
  const row = { revision: "aaaaaaaaaaaa", plan: "p", key: "id=7", sqlstate: "22012", message: "division by zero" };
  expect(describeEvent({ kind: "row-quarantined", ...row })).toEqual({
    level: "warn",
    text: "p (aaaaaaaaaaaa) row id=7 is in quarantine: division by zero (22012)",
  });
});
