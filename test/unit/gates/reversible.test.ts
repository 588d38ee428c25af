/** The gate of an undo of the switch: whether the old side has every row's value, from what was noted and what was counted. */
import { expect, test } from "vitest";
import { evaluateGate } from "../../../src/gates/evaluate.js";
import type { GateProgress } from "../../../src/gates/progress.js";
import type { Evidence, Unmirrored, Verification } from "../../../src/journal/state.js";

const at = (time: string) => new Date(`2026-03-04T${time}Z`);
const STANDING = { sync: "1.2 3.4", note: "1.3 5.6" };
const SWITCHED = at("10:00:00");
const progress: GateProgress = {
  plan: "orders-total",
  mirrored: true,
  contractedAt: SWITCHED,
  backfill: [{ name: "fill", finishedAt: at("08:00:00") }],
};
const verification = (over: Partial<Verification> = {}): Verification => ({
  startedAt: at("09:00:00"),
  finishedAt: at("09:05:00"),
  rows: 1000,
  mismatches: 0,
  keys: [],
  skipped: 0,
  lost: 0,
  lostKeys: [],
  mirror: STANDING,
  fraction: 1,
  ...over,
});
const evidence = (over: Partial<Evidence> = {}): Evidence => ({
  now: at("12:00:00"),
  verification: verification(),
  confirmation: null,
  failures: [],
  skipped: 0,
  sightedSince: at("09:59:59"),
  sightings: {
    old: { side: "old", lastAt: null, writers: [], lastConnected: null },
    new: { side: "new", lastAt: null, writers: [], lastConnected: null },
  },
  unmirrored: { forth: null, back: null },
  mirror: { table: "there", faults: [], stamps: STANDING, trusted: STANDING },
  functionsNaming: new Map(),
  ...over,
});
const note = (time: string, over: Partial<Unmirrored> = {}): Unmirrored => ({
  at: at(time),
  key: "id=7",
  sqlstate: "22003",
  ...over,
});

const reversible = (given: Evidence) => evaluateGate([{ kind: "reversible" }], given, progress).conditions[0];
const shut = (text: string) => ({ met: false, evidence: expect.stringContaining(text) });

test("is open while nothing was noted since the switch", () => {
  expect(reversible(evidence())).toMatchObject({ met: true });
  // Also where nobody has verified anything since.
  expect(reversible(evidence({ verification: null }))).toMatchObject({ met: true });
});

test("is shut by a value that the old type cannot hold, by its row", () => {
  const back = note("11:00:03");
  expect(reversible(evidence({ unmirrored: { forth: null, back } }))).toMatchObject(
    shut("Row id=7 was given a value at 2026-03-04 11:00:03 UTC that the old type cannot hold (22003)"),
  );
  const keyless = note("11:00:03", { key: "" });
  expect(reversible(evidence({ unmirrored: { forth: null, back: keyless } }))).toMatchObject(shut("A row was given"));
});

test("is opened by a verify that began when the note's tick had ended, and counted none", () => {
  const back = note("11:00:03");
  const given = (startedAt: Date, lost = 0) =>
    evidence({
      unmirrored: { forth: null, back },
      verification: verification({ startedAt, finishedAt: at("11:30:00"), lost }),
    });
  // Until the tick's end the session may have written another one without being noted.
  expect(reversible(given(at("11:00:09")))).toMatchObject(shut("Row id=7"));
  expect(reversible(given(at("11:00:10")))).toMatchObject({ met: true });
  expect(reversible(given(at("11:00:10"), 3))).toMatchObject(
    shut("found 3 rows with a value that the old type cannot hold, one of them id=7"),
  );
});

test("is shut after a crash, until a verify has looked since", () => {
  const after = (verified: Verification | null) =>
    reversible(evidence({ sightedSince: at("11:00:00"), verification: verified }));
  expect(after(verification())).toMatchObject(shut("no whole record"));
  expect(after(null)).toMatchObject(shut("no whole record"));
  expect(after(verification({ startedAt: at("11:10:00"), finishedAt: at("11:11:00") }))).toMatchObject({ met: true });
  expect(reversible(evidence({ sightedSince: null }))).toMatchObject(shut("no whole record"));
});

test("is shut by rows apart, by altered triggers, and by those that do not stand", () => {
  expect(reversible(evidence({ verification: verification({ mismatches: 1 }) }))).toMatchObject(
    shut("1 row not in step"),
  );
  const altered = { table: "there", faults: [], stamps: { ...STANDING, note: "other" }, trusted: STANDING } as const;
  expect(reversible(evidence({ mirror: altered }))).toMatchObject(shut("altered"));
  const broken = { ...altered, faults: [{ what: "Trigger x is gone.", restore: [] }] };
  expect(reversible(evidence({ mirror: broken }))).toMatchObject(shut("Trigger x is gone."));
});

test("nothing can be lost of a table that is gone", () => {
  expect(reversible(evidence({ mirror: { table: "gone", faults: [], stamps: {}, trusted: {} } }))).toMatchObject({
    met: true,
  });
});

test("a value that the new type cannot hold shuts the gate before contract, until a verify has looked since", () => {
  const verified = (forth: Unmirrored | null, startedAt = at("09:00:00")) =>
    evaluateGate(
      [{ kind: "verified" }],
      evidence({ unmirrored: { forth, back: null }, verification: verification({ startedAt }) }),
      progress,
    ).conditions[0];
  expect(verified(null)).toMatchObject({ met: true });
  expect(verified(note("09:00:01"))).toMatchObject(shut("that the new type cannot hold (22003), after the verify"));
  // In the tick in which the verify began: it may have been written after its page was read.
  expect(verified(note("09:00:01"), at("09:00:05"))).toMatchObject(shut("that the new type cannot hold"));
  expect(verified(note("08:59:59"), at("09:00:05"))).toMatchObject({ met: true });
});
