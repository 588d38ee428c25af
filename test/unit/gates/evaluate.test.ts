import { describe, expect, test } from "vitest";
import { evaluateGate } from "../../../src/gates/evaluate.js";
import type { GateProgress } from "../../../src/gates/progress.js";
import type { Confirmation, Evidence, Sightings, Verification } from "../../../src/journal/state.js";
import type { GateCondition } from "../../../src/revisions/revision.js";

const HOUR = 3600;
/** Every row speaks of one day: the backfill was done at 08:00, someone confirmed at 10:00, and now it is noon. */
const at = (time: string) => new Date(`2026-03-04T${time.length === 5 ? `${time}:00` : time}Z`);
const silent = (side: "old" | "new"): Sightings => ({ side, lastAt: null, writers: [], lastConnected: null });
const STANDING = { sync: "1.1", sight: "2.1" };
const DISABLED = {
  table: "there" as const,
  faults: [
    { what: "Trigger sync on app.orders is disabled.", restore: ["alter table app.orders enable always trigger sync"] },
  ],
  stamps: { ...STANDING, sync: "1.2" },
  trusted: STANDING,
};
/** Someone has disabled it and enabled it again. */
const ALTERED = { table: "there" as const, faults: [], stamps: { ...STANDING, sync: "1.3" }, trusted: STANDING };
const web = { role: "app", app: "web-7" };

function seen(side: "old" | "new", time: string, connected: "connected" | "gone"): Sightings {
  const lastAt = at(time);
  const there = connected === "connected";
  return {
    side,
    lastAt,
    writers: [{ ...web, lastAt, connected: there }],
    lastConnected: there ? { ...web, pid: 42, lastAt } : null,
  };
}

const confirmation = (over: Partial<Confirmation> = {}): Confirmation => ({
  release: "v2",
  despite: [],
  reason: null,
  actor: "ann",
  at: at("10:00"),
  mirror: STANDING,
  ...over,
});

const verification = (over: Partial<Verification> = {}): Verification => ({
  startedAt: at("08:10"),
  finishedAt: at("08:20"),
  rows: 1_000_000,
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
  now: at("12:00"),
  verification: null,
  confirmation: null,
  failures: [],
  skipped: 0,
  sightedSince: at("06:00"),
  sightings: { old: silent("old"), new: silent("new") },
  unmirrored: { forth: null, back: null },
  mirror: { table: "there", faults: [], stamps: STANDING, trusted: STANDING },
  functionsNaming: new Map([["total", []]]),
  ...over,
});
const old = (sightings: Sightings) => ({ old: sightings, new: silent("new") });
const fresh = (sightings: Sightings) => ({ old: silent("old"), new: sightings });

const done: GateProgress = {
  plan: "orders-total",
  mirrored: true,
  contractedAt: null,
  backfill: [
    { name: "fill", finishedAt: at("07:30") },
    { name: "index", finishedAt: at("08:00") },
  ],
};
const filling: GateProgress = {
  ...done,
  backfill: [...done.backfill, { name: "validate", finishedAt: null }],
};
const without: GateProgress = { ...done, backfill: [] };

type Row = [what: string, evidence: Evidence, progress: GateProgress, met: boolean, sentence: string];
const T = "2026-03-04";

function specify(condition: GateCondition, rows: Row[]) {
  test.each(rows)("%s", (_what, given, progress, met, sentence) => {
    const gate = evaluateGate([condition], given, progress);
    const [report] = gate.conditions;
    expect(report?.evidence).toBe(sentence);
    expect(report?.met).toBe(met);
    expect(gate.open).toBe(met);
    expect(report?.overridden).toBeNull();
    // Whoever is told no is told what to do.
    expect(report?.hint === undefined).toBe(met);
  });
}

describe("backfill: every revision of the backfill phase is done", () => {
  specify({ kind: "backfill" }, [
    ["all done", evidence(), done, true, `The backfill phase (fill and index) was done at ${T} 08:00:00 UTC.`],
    ["one is left", evidence(), filling, false, "validate of the backfill phase's 3 revisions is not done."],
    ["the plan has none", evidence(), without, true, "The plan has no backfill phase."],
  ]);
});

describe("verified since the confirm: where NULLs were written, a verify that began after it found none", () => {
  const before = { verification: verification(), confirmation: confirmation() };
  const after = { ...before, verification: verification({ startedAt: at("10:01"), finishedAt: at("10:05") }) };
  const clean = (time: string) => `The verify of ${T} ${time}:00 UTC compared 1,000,000 rows and found all in step.`;
  specify({ kind: "verified", since: "confirm" }, [
    ["nobody has written one", evidence(before), done, true, clean("08:20")],
    [
      "somebody has, before the verify",
      evidence({ ...before, sightings: old(seen("old", "07:00", "gone")) }),
      done,
      false,
      `NULLs were written, the last at ${T} 07:00:00 UTC, and the verify of ${T} 08:10:00 UTC began before the confirm of ${T} 10:00:00 UTC.`,
    ],
    [
      "and nobody has confirmed",
      evidence({ ...before, confirmation: null, sightings: old(seen("old", "09:00", "gone")) }),
      done,
      false,
      `NULLs were written, the last at ${T} 09:00:00 UTC, and the verify of ${T} 08:10:00 UTC began before there was a confirm.`,
    ],
    [
      "the verify began after the confirm",
      evidence({ ...after, sightings: old(seen("old", "09:00", "gone")) }),
      done,
      true,
      clean("10:05"),
    ],
    [
      "the record was lost",
      evidence({ ...before, sightedSince: at("09:00") }),
      done,
      false,
      `What was written meanwhile is not on record, and the verify of ${T} 08:10:00 UTC began before the confirm of ${T} 10:00:00 UTC.`,
    ],
    [
      "it found some",
      evidence({ ...after, verification: verification({ mismatches: 2, keys: ["id=1", "id=2"] }) }),
      done,
      false,
      `The verify of ${T} 08:20:00 UTC found 2 rows of 1,000,000 rows not in step, the first: id=1 and id=2.`,
    ],
  ]);
});

describe("verified: a verify that began after the backfill phase was done saw every row in step", () => {
  specify({ kind: "verified" }, [
    [
      "clean",
      evidence({ verification: verification() }),
      done,
      true,
      `The verify of ${T} 08:20:00 UTC compared 1,000,000 rows and found all in step.`,
    ],
    [
      "clean but for what was skipped",
      evidence({ verification: verification({ skipped: 2 }) }),
      done,
      true,
      `The verify of ${T} 08:20:00 UTC compared 1,000,000 rows and found all in step but 2 rows that were skipped.`,
    ],
    ["there was none", evidence(), done, false, "No verify has compared the two sides."],
    [
      "it has not finished",
      evidence({ verification: verification({ finishedAt: null, rows: 1 }) }),
      done,
      false,
      `The verify that began at ${T} 08:10:00 UTC has not finished: 1 row compared so far.`,
    ],
    [
      "it began before the last revision of the backfill phase was done",
      evidence({ verification: verification({ startedAt: at("07:59:59") }) }),
      done,
      false,
      `The last verify began at ${T} 07:59:59 UTC, before the backfill phase was done at ${T} 08:00:00 UTC.`,
    ],
    [
      "the backfill phase is not done",
      evidence({ verification: verification() }),
      filling,
      false,
      `The last verify began at ${T} 08:10:00 UTC, before the backfill phase was done.`,
    ],
    [
      "rows are not in step",
      evidence({ verification: verification({ mismatches: 2, keys: ["id=4", "id=9"] }) }),
      done,
      false,
      `The verify of ${T} 08:20:00 UTC found 2 rows of 1,000,000 rows not in step, the first: id=4 and id=9.`,
    ],
  ]);
});

describe("settled: no failed row waits for someone to settle it", () => {
  const failure = { key: "id=42", sqlstate: "22003", message: "integer out of range" };
  specify({ kind: "settled" }, [
    ["none failed", evidence(), done, true, "No failed row waits for someone to settle it."],
    [
      "one failed",
      evidence({ failures: [failure] }),
      done,
      false,
      "1 failed row waits for someone to settle: id=42 (22003 integer out of range).",
    ],
    [
      "many failed, and one was skipped",
      evidence({ failures: Array(1_203).fill(failure), skipped: 1 }),
      done,
      false,
      `1,203 failed rows wait for someone to settle: ${Array(3).fill("id=42 (22003 integer out of range)").join("; ")}; and 1,200 more; 1 row was skipped by hand.`,
    ],
    [
      "two were skipped",
      evidence({ skipped: 2 }),
      done,
      true,
      "No failed row waits for someone to settle it; 2 rows were skipped by hand.",
    ],
  ]);
});

describe("confirmed: a confirmation made after the backfill phase was done", () => {
  specify({ kind: "confirmed" }, [
    [
      "after",
      evidence({ confirmation: confirmation() }),
      done,
      true,
      `ann confirmed at ${T} 10:00:00 UTC that release v2 runs everywhere.`,
    ],
    ["nobody has", evidence(), done, false, "Nobody has confirmed that the running code is ready for it."],
    [
      "before",
      evidence({ confirmation: confirmation({ at: at("07:45") }) }),
      done,
      false,
      `ann confirmed release v2 at ${T} 07:45:00 UTC, before the backfill phase was done at ${T} 08:00:00 UTC.`,
    ],
    [
      "before, but despite the backfill",
      evidence({ confirmation: confirmation({ at: at("07:45"), despite: ["backfill"] }) }),
      filling,
      true,
      `ann confirmed at ${T} 07:45:00 UTC, despite the backfill, that release v2 runs everywhere.`,
    ],
    [
      "while the backfill phase goes on",
      evidence({ confirmation: confirmation() }),
      filling,
      false,
      `ann confirmed release v2 at ${T} 10:00:00 UTC, before the backfill phase was done.`,
    ],
  ]);
});

describe("quiet, soak 2 h: no old-side write since the confirm, and none for two hours", () => {
  const confirmed = (over: Partial<Evidence>) => evidence({ confirmation: confirmation(), ...over });
  specify({ kind: "quiet", side: "old", soakSeconds: 2 * HOUR }, [
    [
      "nobody was ever seen",
      confirmed({}),
      done,
      true,
      `Nobody has written the old side since the confirm of ${T} 10:00:00 UTC; it has been silent for 6 h, soak 2 h (last seen: nobody).`,
    ],
    [
      "the last write was before the confirm and the soak has passed: silence before the confirm counts",
      confirmed({ sightings: old(seen("old", "09:30", "gone")) }),
      done,
      true,
      `Nobody has written the old side since the confirm of ${T} 10:00:00 UTC; it has been silent for 2 h 29 min, soak 2 h (last seen: role app (application_name web-7) at ${T} 09:30:00 UTC).`,
    ],
    [
      "a session that stays connected does not hold a long soak: it would have been noted again",
      confirmed({ sightings: old(seen("old", "09:59:30", "connected")) }),
      done,
      true,
      `Nobody has written the old side since the confirm of ${T} 10:00:00 UTC; it has been silent for 2 h, soak 2 h (last seen: role app (application_name web-7) at ${T} 09:59:30 UTC, still connected).`,
    ],
    [
      "the soak has passed to the second",
      confirmed({ sightedSince: at("10:00") }),
      done,
      true,
      `Nobody has written the old side since the confirm of ${T} 10:00:00 UTC; it has been silent for 2 h, soak 2 h (last seen: nobody).`,
    ],
    [
      "… not a second before that",
      confirmed({ sightedSince: at("10:00:01") }),
      done,
      false,
      `The old side has been silent for 1 h 59 min of 2 h, since ${T} 10:00:01 UTC, when the record of sightings began (last seen: nobody).`,
    ],
    [
      "the soak has not passed since the last write",
      confirmed({ now: at("11:00"), sightings: old(seen("old", "09:30", "gone")) }),
      done,
      false,
      `The old side has been silent for 1 h 29 min of 2 h, since ${T} 09:30:10 UTC, ten seconds from the last write (last seen: role app (application_name web-7) at ${T} 09:30:00 UTC).`,
    ],
    [
      "the soak has not passed since the record began (again): a crash had emptied it",
      confirmed({ sightedSince: at("11:15") }),
      done,
      false,
      `The old side has been silent for 45 min of 2 h, since ${T} 11:15:00 UTC, when the record of sightings began (last seen: nobody).`,
    ],
    [
      "the old side was written after the confirm",
      confirmed({ sightings: old(seen("old", "10:05", "gone")) }),
      done,
      false,
      `The old side was written after the confirm of ${T} 10:00:00 UTC: role app (application_name web-7) at ${T} 10:05:00 UTC.`,
    ],
    [
      "… however long ago that was: the confirm was wrong",
      confirmed({ now: at("23:59"), sightings: old(seen("old", "10:00", "gone")) }),
      done,
      false,
      `The old side was written after the confirm of ${T} 10:00:00 UTC: role app (application_name web-7) at ${T} 10:00:00 UTC.`,
    ],
    [
      "nobody has confirmed",
      evidence({ sightings: old(seen("old", "09:00", "gone")) }),
      done,
      false,
      `Silence counts from a confirm, and there is none (last seen: role app (application_name web-7) at ${T} 09:00:00 UTC).`,
    ],
    [
      "there is no record",
      confirmed({ sightedSince: null }),
      done,
      false,
      "There is no record of who writes the old side: a server crash or a failover has emptied the sightings.",
    ],
    [
      "a write of the new side is nothing to it",
      confirmed({ sightings: fresh(seen("new", "11:59", "connected")) }),
      done,
      true,
      `Nobody has written the old side since the confirm of ${T} 10:00:00 UTC; it has been silent for 6 h, soak 2 h (last seen: nobody).`,
    ],
  ]);
});

describe("quiet, soak 0: no waiting: every write after the confirm is on record", () => {
  const justConfirmed = (over: Partial<Evidence>) =>
    evidence({ now: at("10:00:05"), confirmation: confirmation(), ...over });
  specify({ kind: "quiet", side: "old", soakSeconds: 0 }, [
    [
      "the last writer is gone: open at once",
      justConfirmed({ sightings: old(seen("old", "09:59:50", "gone")) }),
      done,
      true,
      `Nobody has written the old side since the confirm of ${T} 10:00:00 UTC; it has been silent for 5 s, soak 0 s (last seen: role app (application_name web-7) at ${T} 09:59:50 UTC).`,
    ],
    [
      "it is still connected: had it written since, it would have been noted",
      justConfirmed({ sightings: old(seen("old", "09:59:50", "connected")) }),
      done,
      true,
      `Nobody has written the old side since the confirm of ${T} 10:00:00 UTC; it has been silent for 5 s, soak 0 s (last seen: role app (application_name web-7) at ${T} 09:59:50 UTC, still connected).`,
    ],
    [
      "it was seen after the confirm",
      justConfirmed({ sightings: old(seen("old", "10:00:03", "gone")) }),
      done,
      false,
      `The old side was written after the confirm of ${T} 10:00:00 UTC: role app (application_name web-7) at ${T} 10:00:03 UTC.`,
    ],
    [
      "a crash after the confirm has ended every session: open, and said",
      justConfirmed({ sightedSince: at("10:00:02") }),
      done,
      true,
      `Nobody has written the old side since the confirm of ${T} 10:00:00 UTC; it has been silent for 3 s, soak 0 s (last seen: nobody; sightings are on record since ${T} 10:00:02 UTC only).`,
    ],
    [
      "there is no record",
      justConfirmed({ sightedSince: null }),
      done,
      false,
      "There is no record of who writes the old side: a server crash or a failover has emptied the sightings.",
    ],
  ]);
});

describe("the triggers that the evidence rests on", () => {
  const stood = (mirror: Evidence["mirror"]) =>
    evidence({ confirmation: confirmation(), verification: verification(), mirror });
  const disabled = "Trigger sync on app.orders is disabled.";
  specify({ kind: "verified" }, [
    ["one is disabled", stood(DISABLED), done, false, disabled],
    [
      "one was altered since the verify",
      stood(ALTERED),
      done,
      false,
      `After the verify of ${T} 08:10:00 UTC had begun, sync was altered: writes may have passed unseen.`,
    ],
    [
      "those that contract has taken away are nothing to it",
      stood({ table: "there", faults: [], stamps: { sight: "2.1" }, trusted: STANDING }),
      done,
      true,
      `The verify of ${T} 08:20:00 UTC compared 1,000,000 rows and found all in step.`,
    ],
  ]);
  specify({ kind: "quiet", side: "old", soakSeconds: 0 }, [
    ["quiet: one is disabled", stood(DISABLED), done, false, disabled],
    [
      "quiet: one was altered since the confirm",
      stood(ALTERED),
      done,
      false,
      `After the confirm of ${T} 10:00:00 UTC, sync was altered: writes may have passed unseen.`,
    ],
  ]);
  const undone = "what was written meanwhile may stand on the new side alone, and an undo would lose it.";
  const apart = "an undo would lose what only the new side holds.";
  const nobody = "Nobody writes the new side now (last seen: nobody).";
  specify({ kind: "idle", side: "new", soakSeconds: 0 }, [
    ["idle: one is disabled", stood(DISABLED), done, false, disabled],
    ["idle: one was altered, and put right", stood(ALTERED), done, false, `sync was altered: ${undone}`],
    [
      "idle: … before anything could verify",
      { ...stood(ALTERED), verification: null },
      filling,
      false,
      `sync was altered: ${undone}`,
    ],
    ["idle: … and verified since", stood({ ...ALTERED, trusted: ALTERED.stamps }), done, true, nobody],
    [
      "idle: the last verify found rows not in step",
      evidence({ verification: verification({ mismatches: 2, keys: ["id=4"] }) }),
      done,
      false,
      `The verify of ${T} 08:10:00 UTC found 2 rows not in step, the first: id=4: ${apart}`,
    ],
  ]);
});

describe("idle: nobody writes the new side now, whoever has confirmed what", () => {
  const day: GateCondition = { kind: "idle", side: "new", soakSeconds: 24 * HOUR };
  specify(day, [
    ["nobody was ever seen", evidence(), done, true, "Nobody writes the new side now (last seen: nobody)."],
    [
      "it was written two minutes ago, by a session that is still there",
      evidence({ sightings: fresh(seen("new", "11:58", "connected")) }),
      done,
      true,
      `Nobody writes the new side now (last seen: role app (application_name web-7) at ${T} 11:58:00 UTC, still connected).`,
    ],
    [
      "it was written a moment ago, and the writer is gone",
      evidence({ sightings: fresh(seen("new", "11:58:01", "gone")) }),
      done,
      false,
      `The new side was written 1 min 59 s ago: role app (application_name web-7) at ${T} 11:58:01 UTC.`,
    ],
    [
      "views that anybody may write through are over the new side",
      evidence({ sightings: fresh(seen("new", "11:58:01", "gone")) }),
      { ...done, beforeViews: "0123456789ab" },
      false,
      `The new side was written 1 min 59 s ago: role app (application_name web-7) at ${T} 11:58:01 UTC. What is written through the views over the column counts as well: changeover downgrade 0123456789ab puts those back first.`,
    ],
    [
      "the record is younger than two minutes",
      evidence({ sightedSince: at("11:59") }),
      done,
      false,
      `Sightings are on record for 1 min only, since ${T} 11:59:00 UTC; 2 min are asked for.`,
    ],
    [
      "there is no record",
      evidence({ sightedSince: null }),
      done,
      false,
      "There is no record of who writes the new side: a server crash or a failover has emptied the sightings.",
    ],
    [
      "without a dual-write there is nothing to see and nothing to lose",
      evidence({ sightedSince: null }),
      { ...done, mirrored: false },
      true,
      "The dual-write is not applied, so nothing keeps the new side and nobody relies on it.",
    ],
    [
      "a write of the old side is nothing to it",
      evidence({ sightings: old(seen("old", "11:59:59", "connected")) }),
      done,
      true,
      "Nobody writes the new side now (last seen: nobody).",
    ],
  ]);
  describe("soak 0: no waiting", () => {
    specify({ kind: "idle", side: "new", soakSeconds: 0 }, [
      [
        "the writer is gone",
        evidence({ sightings: fresh(seen("new", "11:59:59", "gone")) }),
        done,
        true,
        `Nobody writes the new side now (last seen: role app (application_name web-7) at ${T} 11:59:59 UTC).`,
      ],
      [
        "the writer is still connected",
        evidence({ sightings: fresh(seen("new", "11:59:30", "connected")) }),
        done,
        false,
        `A session of role app (application_name web-7), pid 42, wrote the new side at ${T} 11:59:30 UTC, 30 s ago, and is still connected: it may have written since without being noted again.`,
      ],
    ]);
  });
});

describe("functions: no trigger function on the table names the column", () => {
  specify({ kind: "functions", table: { schema: "app", name: "orders" }, column: "total" }, [
    ["none does", evidence(), done, true, "No trigger function on the table names total."],
    [
      "one does",
      evidence({ functionsNaming: new Map([["total", ["app.touch()"]]]) }),
      done,
      false,
      "1 trigger function on the table names total: app.touch().",
    ],
    [
      "two do",
      evidence({ functionsNaming: new Map([["total", ["app.audit()", "app.touch()"]]]) }),
      done,
      false,
      "2 trigger functions on the table name total: app.audit() and app.touch().",
    ],
    [
      "not looked for",
      evidence({ functionsNaming: new Map([["amount", []]]) }),
      done,
      false,
      "The table's trigger functions have not been looked at.",
    ],
  ]);
});

describe("a gate", () => {
  const conditions: GateCondition[] = [{ kind: "backfill" }, { kind: "verified" }, { kind: "confirmed" }];

  test("without conditions is open", () => {
    expect(evaluateGate([], evidence(), filling)).toEqual({ open: true, conditions: [] });
  });

  test("is open when all its conditions are met, and names each in their order", () => {
    const gate = evaluateGate(
      conditions,
      evidence({ verification: verification(), confirmation: confirmation() }),
      done,
    );
    expect(gate.open).toBe(true);
    expect(gate.conditions.map((one) => one.kind)).toEqual(["backfill", "verified", "confirmed"]);
  });

  test("stays shut for one that is not", () => {
    expect(evaluateGate(conditions, evidence({ confirmation: confirmation() }), done).open).toBe(false);
  });

  test("is opened by hand for a condition named in the confirm, which shows who, when and why", () => {
    const byHand = confirmation({ despite: ["verified"], reason: "compared by hand" });
    const gate = evaluateGate(conditions, evidence({ confirmation: byHand }), done);
    expect(gate.open).toBe(true);
    expect(gate.conditions[1]).toMatchObject({
      met: false,
      overridden: { by: "ann", at: at("10:00"), reason: "compared by hand" },
      evidence: "No verify has compared the two sides.",
    });
  });

  test("opened by hand for one condition stays shut for another", () => {
    const byHand = confirmation({ despite: ["functions"] });
    expect(evaluateGate(conditions, evidence({ confirmation: byHand }), done).open).toBe(false);
  });

  test("a condition that is met is not shown as overridden", () => {
    const byHand = confirmation({ despite: ["backfill"] });
    const [report] = evaluateGate(conditions, evidence({ confirmation: byHand }), done).conditions;
    expect(report).toMatchObject({ met: true, overridden: null });
  });

  test("a confirm despite the old side's writers does not let an undo take the new side from under its own", () => {
    const given = evidence({
      confirmation: confirmation({ despite: ["quiet"] }),
      sightings: fresh(seen("new", "11:59:59", "connected")),
    });
    expect(evaluateGate([{ kind: "idle", side: "new", soakSeconds: 0 }], given, done).open).toBe(false);
    const idle = { ...given, confirmation: confirmation({ despite: ["idle"] }) };
    expect(evaluateGate([{ kind: "idle", side: "new", soakSeconds: 0 }], idle, done).open).toBe(true);
  });
});
