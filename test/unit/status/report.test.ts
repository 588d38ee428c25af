import { describe, expect, test } from "vitest";
import { ChangeoverError } from "../../../src/errors.js";
import { buildReport } from "../../../src/status/report.js";
import type { PlanReport } from "../../../src/status/schema.js";
import { at, COMPLETE, fillOf, NOT_NULL, PLAN, revision, row, type Scene, scene, step } from "./fixture.js";

const report = (given: Scene): PlanReport => {
  const [plan] = buildReport(scene(given)).plans;
  if (plan === undefined) throw new Error("no plan in the report");
  return plan;
};

type Row = [what: string, given: Scene, state: string, phase: string | null, why: string | null, next: string | null];

describe("where a plan stands, why, and what moves it on", () => {
  const failed = { slice: 1, key: "id=42", sqlstate: "22003", message: "integer out of range" };
  const stuck = { due: 0, leased: 0, blocked: 1, done: 9 };
  const filled = ["done", "done", "done"] as const;
  test.each<Row>([
    ["nothing has run", {}, "planned", null, "Nothing of it has run in this database.", "changeover upgrade head"],
    [
      "the trunk's first half is applied",
      { states: ["done"] },
      "running",
      "expand",
      "dual-write comes next, and nobody has run it yet.",
      "changeover upgrade head",
    ],
    [
      "a trunk revision is stuck behind a lock",
      { states: ["done", "blocked"] },
      "blocked",
      "dual-write",
      "dual-write stopped: No lock in 10 min.",
      "changeover upgrade head",
    ],
    [
      "no worker has begun",
      { states: ["done", "done"] },
      "running",
      "dual-write",
      "fill has not begun: no worker is at it.",
      "changeover worker --drain",
    ],
    ["workers fill", { states: ["done", "done", "running"], fills: [fillOf()] }, "running", "backfill", null, null],
    [
      "workers hold back",
      { states: ["done", "done", "running"], fills: [fillOf()], throttle: "replica r1 lags 12 s >= 5 s" },
      "running",
      "backfill",
      "Throttled: replica r1 lags 12 s >= 5 s",
      null,
    ],
    [
      "all workers have gone",
      { states: ["done", "done", "running"], fills: [fillOf({ workers: [] })] },
      "running",
      "backfill",
      "fill stands still: no worker is at it.",
      "changeover worker --drain",
    ],
    [
      "a row has failed, the others go on",
      { states: ["done", "done", "running"], fills: [fillOf({ failures: [failed] })] },
      "running",
      "backfill",
      null,
      null,
    ],
    [
      "only the failed row is left",
      { states: ["done", "done", "running"], fills: [fillOf({ failures: [failed], slices: stuck, workers: [] })] },
      "blocked",
      "backfill",
      "fill has done what it could; a row waits for someone to settle: id=42 (22003 integer out of range).",
      "changeover worker --drain   # once the row is mended",
    ],
    [
      "someone has paused it",
      { states: ["done", "done", "running"], plan: { pausedAt: at("11:00"), pausedBy: "bob" }, fills: [fillOf()] },
      "paused",
      "backfill",
      "bob paused its backfill at 2026-03-04 11:00:00 UTC.",
      "changeover backfill resume orders-total",
    ],
    [
      "paused, but its backfill is done: the pause holds nothing",
      { states: [...filled, "done"], plan: { pausedAt: at("11:00"), pausedBy: "bob" }, evidence: COMPLETE },
      "waiting",
      "backfill",
      "The gate of drop is open; nobody has gone through it yet.",
      "changeover upgrade orders-total@head",
    ],
    [
      "the worker died in the middle of a revision",
      { states: [...filled, "running"] },
      "running",
      "backfill",
      "validate has been running since 2026-03-04 08:03:00 UTC; if nobody is at it any more, the same command takes it up again.",
      "changeover worker --drain",
    ],
    [
      "at the gate: no verify",
      { states: [...filled, "done"], evidence: { ...COMPLETE, verification: null } },
      "waiting",
      "backfill",
      "The gate of drop is shut: verified is not met. Verify reads every row once.",
      "changeover verify orders-total",
    ],
    [
      "at the gate: nobody has confirmed",
      { states: [...filled, "done"], evidence: { ...COMPLETE, confirmation: null } },
      "waiting",
      "backfill",
      "The gate of drop is shut: confirmed and quiet are not met. Confirm once the release that is ready for it runs everywhere.",
      "changeover confirm orders-total --release <release>",
    ],
    [
      "at the gate: the soak goes on, which no command shortens",
      { states: [...filled, "done"], evidence: { ...COMPLETE, sightedSince: at("08:01") } },
      "waiting",
      "backfill",
      "The gate of drop is shut: quiet is not met. Wait: it opens at 2026-03-05 08:01:00 UTC if nobody writes the old side.",
      "changeover upgrade orders-total@head   # once quiet is met",
    ],
    [
      "at the gate: rows are not in step, and to verify them again as they are would be a loop",
      {
        states: [...filled, "done"],
        evidence: {
          ...COMPLETE,
          verification: {
            startedAt: at("08:10"),
            finishedAt: at("08:20"),
            rows: 9,
            mismatches: 2,
            keys: ["id=1"],
            mirror: {},
          },
        },
      },
      "waiting",
      "backfill",
      "The gate of drop is shut: verified is not met. Look at these rows and update them to what is right (of two columns either one: the other follows), then verify again.",
      "changeover verify orders-total   # once the rows are put right",
    ],
    [
      "contract could not get its lock",
      { states: [...filled, "done", "blocked"], evidence: COMPLETE },
      "blocked",
      "contract",
      "drop stopped: No lock in 10 min.",
      "changeover upgrade orders-total@head",
    ],
    ["all of it is applied", { states: [...filled, "done", "done"] }, "done", "contract", null, null],
    [
      "all of it is applied, and its files have been cleared away since",
      { states: [...filled, "done", "done"], folder: [] },
      "done",
      "contract",
      null,
      null,
    ],
    [
      "this folder is older than the plan: nothing is left to do here, and it is not done",
      { states: ["done", "done"], folder: [] },
      "running",
      "dual-write",
      "Its files are not in this folder: 2 revisions of it are applied, and what comes next is not known here.",
      null,
    ],
    [
      "an undo has begun",
      { states: ["done", "undoing"] },
      "running",
      "dual-write",
      "dual-write is being undone; if nobody is at it any more, the same command takes it up again.",
      "changeover downgrade orders-total@expand",
    ],
    [
      "an undo has begun that was to go further",
      { states: ["done", "undoing"], undoTarget: "orders-total@base" },
      "running",
      "dual-write",
      "dual-write is being undone; if nobody is at it any more, the same command takes it up again.",
      "changeover downgrade orders-total@base",
    ],
    [
      "an undo was killed between two revisions",
      { states: ["done", "done"], undoTarget: "orders-total@base" },
      "running",
      "dual-write",
      "An undo to orders-total@base has not come to its end: expand and dual-write are still applied. To go forwards instead: changeover worker --drain",
      "changeover downgrade orders-total@base",
    ],
    [
      "an undo has come to its end",
      { states: ["done", "done"], undoTarget: "orders-total@dual-write" },
      "running",
      "dual-write",
      "fill has not begun: no worker is at it.",
      "changeover worker --drain",
    ],
    [
      "an undo was given up, and a worker is at it again",
      { states: ["done", "done", "running"], fills: [fillOf()], undoTarget: "orders-total@base" },
      "running",
      "backfill",
      null,
      null,
    ],
    [
      "an undo is stuck behind a lock",
      { states: ["done", "blocked"], undoTarget: "orders-total@base" },
      "blocked",
      "dual-write",
      "dual-write stopped: No lock in 10 min.",
      "changeover downgrade orders-total@base",
    ],
    [
      "all of it was taken back",
      { plan: { openedAt: at("08:00") } },
      "undone",
      null,
      "All of it was taken back. An upgrade would begin it anew; take its folder away if it is not wanted.",
      "changeover upgrade head   # once it is wanted again",
    ],
    [
      "… and its files are gone",
      { plan: { openedAt: at("08:00") }, folder: [] },
      "undone",
      null,
      "All of it was taken back, and its files are not in this folder.",
      null,
    ],
  ])("%s", (_what, given, state, phase, why, next) => {
    const plan = report(given);
    expect({ state: plan.state, phase: plan.phase, why: plan.why, next: plan.next }).toEqual({
      state,
      phase,
      why,
      next,
    });
  });
});

describe("backfill", () => {
  const filling: Scene = { states: ["done", "done", "running"], fills: [fillOf()] };

  test("tells rows, part, rate and what is left", () => {
    expect(report(filling).backfill).toEqual({
      rowsDone: 625_000,
      rowsEstimated: 1_000_000,
      fraction: 0.625,
      rowsPerSecond: 5000,
      etaSeconds: 75,
      throttle: null,
      quarantined: 0,
      workers: ["w1", "w2"],
      failures: [],
    });
  });

  test("is by pages: where few rows need filling, the few that are left are counted", () => {
    const sparse = fillOf({ rowsDone: 1000, pagesDone: 500, rowsPerSecond: 100 });
    expect(report({ ...filling, fills: [sparse] }).backfill).toMatchObject({
      rowsDone: 1000,
      rowsEstimated: 2000,
      fraction: 0.5,
      etaSeconds: 10,
    });
    const whole = { ...filling, states: ["done", "done", "done"] as const, fills: [fillOf({ rowsDone: 35_250 })] };
    expect(report(whole).backfill).toMatchObject({ rowsDone: 35_250, rowsEstimated: 35_250, fraction: 1 });
  });

  test("before the first row is written, goes by the rows of the pages that are left", () => {
    const none = fillOf({ rowsDone: 0, pagesDone: 250 });
    expect(report({ ...filling, fills: [none] }).backfill).toMatchObject({ rowsEstimated: 750_000, etaSeconds: 150 });
  });

  test("before it begins is nothing done of an unknown number", () => {
    expect(report({}).backfill).toMatchObject({ rowsDone: 0, rowsEstimated: null, fraction: 0, etaSeconds: null });
  });

  test("without a rate has no end in sight, and says so by null", () => {
    const slow = fillOf({ rowsPerSecond: null, pagesDone: 0, rowsDone: 0 });
    expect(report({ ...filling, fills: [slow] }).backfill).toMatchObject({ rowsPerSecond: null, etaSeconds: null });
    const none = fillOf({ rowsPerSecond: 0 });
    expect(report({ ...filling, fills: [none] }).backfill?.etaSeconds).toBeNull();
  });

  test("that is done is whole, whatever was estimated, and is not throttled", () => {
    const done = { ...filling, states: ["done", "done", "done"] as const, throttle: "old news" };
    expect(report(done).backfill).toMatchObject({ fraction: 1, etaSeconds: null, rowsPerSecond: null, throttle: null });
  });

  test("is null for a plan that fills no rows", () => {
    const folder = [revision("f", { phase: "expand", lane: "trunk" })];
    expect(report({ folder }).backfill).toBeNull();
  });
});

describe("deploy", () => {
  const codes = (given: Scene) => {
    const { oldCode, newCode } = report(given).deploy;
    return [oldCode.allowed, newCode.allowed];
  };
  test("before the first revision, and after the last undo, only old code may run where a column is missing", () => {
    for (const given of [{}, { plan: { openedAt: at("08:00") } }] satisfies Scene[]) {
      expect(codes(given)).toEqual([true, false]);
      expect(report(given).deploy.newCode.reason).toBe("there is no column amount");
    }
    const gone = report({ plan: { openedAt: at("08:00") }, folder: [] });
    expect(gone.deploy.newCode).toEqual({ allowed: false, reason: "its column is not there" });
  });
  test("new code that only stops sending NULL may run before anything has, and after all was taken back", () => {
    const plan = { change: "set_not_null app.orders.total", kind: "set_not_null" };
    for (const given of [{ folder: NOT_NULL }, { folder: NOT_NULL, plan }, { folder: [], plan }] satisfies Scene[])
      expect(report(given).deploy.newCode).toEqual({ allowed: true, reason: "it never sends NULL" });
  });
  test("is the last applied revision's word", () => {
    expect(codes({ states: ["done", "done", "done"] })).toEqual([true, false]);
    expect(codes({ states: ["done", "done", "done", "done"] })).toEqual([true, true]);
    expect(codes({ states: ["done", "done", "done", "done", "done"] })).toEqual([false, true]);
  });
  test("one that is under way, or being undone, has no say", () => {
    expect(codes({ states: ["done", "done", "done", "running"] })).toEqual([true, false]);
    expect(codes({ states: ["done", "done", "done", "undoing"] })).toEqual([true, false]);
  });
});

describe("undo", () => {
  test("there is nothing to undo before anything ran, but the point of no return is named", () => {
    expect(report({}).undo).toEqual({
      command: null,
      cost: null,
      gate: null,
      pointOfNoReturn: { revision: "drop", reason: "the old column is gone", passed: false },
    });
  });

  test("is the exact command, what it costs, and what it waits for", () => {
    const given: Scene = { states: ["done", "done", "running"], fills: [fillOf()], evidence: COMPLETE };
    const { undo } = report(given);
    expect(undo.command).toBe("changeover downgrade orders-total@base");
    expect(undo.cost).toBe(
      "Takes back fill, dual-write and expand: 3 statements, the strongest lock ACCESS EXCLUSIVE on app.orders, each queueing 1500 ms at most. The 625,000 rows filled so far would have to be filled again.",
    );
    expect(undo.gate).toMatchObject({ open: true, conditions: [{ kind: "idle", met: true }] });
  });

  test("of a fill in place says that the NULLs do not come back", () => {
    const filled = { ...scene({ states: ["done", "done", "running"], fills: [fillOf()] }), applied: NOT_NULL };
    const cost = (input = filled) => buildReport(input).plans[0]?.undo.cost;
    expect(cost()).toContain(
      "The NULLs do not come back: what the backfill (625,000 rows so far) and the trigger filled in stays.",
    );
    expect(cost()).not.toContain("filled again");
    expect(cost({ ...filled, journal: { ...filled.journal, fills: [] } })).toContain(
      "The NULLs do not come back: what the backfill and the trigger filled in stays.",
    );
    // Rows that are only looked for are not written.
    const looked = NOT_NULL.map((one) => ({ ...one, fill: one.fill === null ? null : { ...one.fill, batch: null } }));
    expect(cost({ ...filled, applied: looked, folder: looked })).not.toContain("NULL");
  });

  test("asks a condition once, however many revisions ask it", () => {
    const twice = PLAN.map((one) => ({ ...one, undoGate: PLAN[1]?.undoGate ?? [] }));
    const given = { ...scene({ states: ["done", "done", "done"] }), folder: twice, applied: twice };
    expect(buildReport(given).plans[0]?.undo.gate?.conditions).toHaveLength(1);
  });

  test("has no way back once the point of no return is passed, or is being passed", () => {
    for (const last of ["done", "running"] as const) {
      expect(report({ states: ["done", "done", "done", "done", last] }).undo).toEqual({
        command: null,
        cost: null,
        gate: null,
        pointOfNoReturn: { revision: "drop", reason: "the old column is gone", passed: true },
      });
    }
  });

  test("a plan that can always be undone has no such point", () => {
    const folder = [revision("f", { phase: "expand", downgrade: [step("a")] })];
    expect(report({ folder }).undo.pointOfNoReturn).toBeNull();
  });
});

test("gates are those of contract revisions still to come, for a plan that has not begun too", () => {
  expect(report({}).gates).toMatchObject([{ revision: "drop", open: false }]);
  expect(report({ states: ["done", "done", "done", "done"], evidence: COMPLETE }).gates).toMatchObject([
    { revision: "drop", open: true },
  ]);
  expect(report({ states: ["done", "done", "done", "done", "done"] }).gates).toEqual([]);
});

test("a plan is named by its slug, its folder, its table and its change", () => {
  expect(report({})).toMatchObject({
    plan: "orders-total",
    folder: "0004-orders-total",
    table: "app.orders",
    change: "rename_column app.orders.total to amount",
  });
});

describe("trunk", () => {
  test("names its head, what is pending, and what this folder does not know", () => {
    const old = PLAN.slice(0, 1);
    const { trunk } = buildReport({ ...scene({ states: ["done", "done"] }), folder: old });
    expect(trunk.heads).toEqual([
      { id: "aaaaaaaaaaaa", plan: "orders-total", name: "expand", title: "does a", state: "done" },
    ]);
    expect(trunk.pending).toEqual([]);
    expect(trunk.unknown).toMatchObject([{ id: "bbbbbbbbbbbb", name: "dual-write", state: "done" }]);
  });

  test("leaves tails out of its heads and of what is pending", () => {
    const { trunk } = buildReport(scene({ states: ["done"] }));
    expect(trunk.heads.map((one) => one.name)).toEqual(["dual-write"]);
    expect(trunk.pending.map((one) => one.name)).toEqual(["dual-write"]);
  });

  test("two heads are two", () => {
    const twins = [revision("1", { lane: "trunk" }), revision("2", { lane: "trunk" })];
    expect(buildReport(scene({ folder: twins })).trunk.heads).toHaveLength(2);
  });
});

test("plans and revisions come in the order in which they run, whatever the order of the files", () => {
  const later = revision("0", { plan: "zz", lane: "trunk", parents: ["bbbbbbbbbbbb"], phase: "expand" });
  const { plans } = buildReport(scene({ folder: [later, ...PLAN.toReversed()] }));
  expect(plans.map((one) => one.plan)).toEqual(["orders-total", "zz"]);
  expect(plans[0]?.revisions.map((one) => one.name)).toEqual(["expand", "dual-write", "fill", "validate", "drop"]);
});

test("the text that ran has precedence over the file, but the file says where it is", () => {
  const edited = PLAN.map((one) => ({ ...one, title: "edited", file: "plans/0009-renamed/1.sql" }));
  const input = scene({ states: ["done"], folder: edited });
  const [plan] = buildReport({ ...input, applied: PLAN.slice(0, 1).map((one) => ({ ...one, file: null })) }).plans;
  expect(plan?.folder).toBe("0009-renamed");
  expect(plan?.revisions.map((one) => one.title).slice(0, 2)).toEqual(["does a", "edited"]);
});

test("without a journal everything is planned", () => {
  const input = scene({});
  const bare = buildReport({ ...input, journal: { ...input.journal, meta: null } });
  expect(bare.journal).toBe(false);
  expect(bare.plans.map((one) => one.state)).toEqual(["planned"]);
});

describe("a file that cannot be read", () => {
  const error = new ChangeoverError("revision-invalid", "It is nonsense.", { where: "plans/p/3-fill.sql:1" });
  const broken = (id: string | null) => [{ file: "plans/p/3-fill.sql", plan: "orders-total", id, error }];
  const folder = PLAN.filter((one) => one.name !== "fill");

  test("stops its plan, of which nobody knows what is left, and loses nothing of another", () => {
    const other = revision("9", { plan: "users-email", phase: "expand", lane: "trunk" });
    const { plans, problems } = buildReport(
      scene({ states: ["done", "done"], folder: [...folder, other], unreadable: broken("cccccccccccc") }),
    );
    expect(plans).toMatchObject([
      { plan: "orders-total", state: "blocked", next: null },
      { plan: "users-email", state: "planned", why: "Nothing of it has run in this database." },
    ]);
    expect(plans[0]?.why).toContain("plans/p/3-fill.sql:1 cannot be read: It is nonsense.");
    expect(problems).toMatchObject([{ file: "plans/p/3-fill.sql:1", plan: "orders-total", revision: "cccccccccccc" }]);
  });

  test("is put back from the journal where it was applied, and its plan stands where it stood", () => {
    const states = ["done", "done", "done", "done"] as const;
    const given: Scene = { states, folder, unreadable: broken("cccccccccccc"), evidence: COMPLETE };
    expect(report(given)).toMatchObject({
      state: "waiting",
      next: "changeover upgrade orders-total@head   # once the files are right",
    });
    const { problems, trunk } = buildReport(scene(given));
    expect(problems[0]?.command).toBe("changeover show cccccccccccc --applied > plans/p/3-fill.sql");
    expect(trunk.unknown).toEqual([]);
    // Emptied, it has its name left; renamed as well, nobody can say which one it was.
    const named = (file: string) => broken(null).map((one) => ({ ...one, file }));
    const emptied = buildReport(scene({ ...given, unreadable: named("plans/p/3-backfill.fill.sql") }));
    expect(emptied.problems[0]).toMatchObject({
      revision: "cccccccccccc",
      command: "changeover show cccccccccccc --applied > plans/p/3-backfill.fill.sql",
    });
    expect(emptied.plans[0]?.state).toBe("waiting");
    expect(report({ ...given, unreadable: named("plans/p/x.sql") }).state).toBe("blocked");
  });
});

test("a file that was edited after it was applied is named; one that may still be mended is not", () => {
  const edited = PLAN.map((one) => ({ ...one, checksum: "other" }));
  const problems = (given: Scene) => buildReport(scene(given)).problems.map((one) => one.revision);
  expect(problems({ states: ["done", "blocked"], folder: edited })).toEqual(["aaaaaaaaaaaa"]);
  expect(problems({ states: ["done", "done", "running"], folder: edited })).toHaveLength(3);
  expect(problems({ states: ["done", "done"] })).toEqual([]);
  // It stops what goes forwards, and nothing else.
  const next = (given: Scene) => report({ ...given, folder: edited }).next;
  expect(next({ states: ["done", "done"] })).toBe("changeover worker --drain   # once the files are right");
  const shut = {
    states: ["done", "done", "done", "done"] as const,
    evidence: { ...COMPLETE, sightedSince: at("08:01") },
  };
  expect(next(shut)).toBe("changeover upgrade orders-total@head   # once quiet is met and the files are right");
  expect(next({ states: ["done", "undoing"] })).toBe("changeover downgrade orders-total@expand");
});

test("a very long trunk is ordered without running out of stack", () => {
  const long = Array.from({ length: 20_000 }, (_, n) =>
    revision("x", { id: String(n), parents: n === 0 ? [] : [String(n - 1)], lane: "trunk", plan: null }),
  );
  const { trunk } = buildReport(scene({ folder: long.toReversed() }));
  expect(trunk.pending[0]?.id).toBe("0");
  expect(trunk.heads.map((one) => one.id)).toEqual(["19999"]);
});

test("a blocked revision shows its reason", () => {
  const { revisions } = report({ states: ["done", "blocked"] });
  expect(revisions[1]).toMatchObject({ state: "blocked", error: "No lock in 10 min.", finishedAt: null });
  expect(row(PLAN[0] ?? revision("a")).state).toBe("done");
});
