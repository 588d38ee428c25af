import { describe, expect, test } from "vitest";
import { NO_LIMITS } from "../../../src/journal/limits.js";
import type { FillProgress } from "../../../src/journal/state.js";
import { buildReport } from "../../../src/status/report.js";
import type { PlanReport } from "../../../src/status/schema.js";
import { at, COMPLETE, fillOf, NOT_NULL, PLAN, revision, row, type Scene, scene, step } from "./fixture.js";

const report = (given: Scene): PlanReport => {
  const [plan] = buildReport(scene(given)).plans;
  if (plan === undefined) throw new Error("no plan in the report");
  return plan;
};

describe("backfill", () => {
  const filling: Scene = { states: ["done", "done", "running"], fills: [fillOf()] };

  test("tells rows, part, rate and what is left", () => {
    expect(report(filling).backfill).toEqual({
      strategy: null,
      rowsDone: 625_000,
      rowsEstimated: 1_000_000,
      fraction: 0.625,
      rowsPerSecond: 5000,
      eta: null,
      endless: null,
      sweeping: null,
      hotShare: 0.86,
      walBytes: 337_500_000,
      walBytesPerRow: 540,
      slices: { due: 3, leased: 2, blocked: 0, done: 5 },
      slow: null,
      limits: { workers: null, rowsPerSecond: null, walMbPerSecond: null, duty: null, windows: null, signals: {} },
      throttle: null,
      quarantined: 0,
      skipped: 0,
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
    });
    const whole = { ...filling, states: ["done", "done", "done"] as const, fills: [fillOf({ rowsDone: 35_250 })] };
    expect(report(whole).backfill).toMatchObject({ rowsDone: 35_250, rowsEstimated: 35_250, fraction: 1 });
  });

  test("before the first row is written, goes by the rows of the pages that are left", () => {
    const none = fillOf({ rowsDone: 0, pagesDone: 250 });
    expect(report({ ...filling, fills: [none] }).backfill).toMatchObject({ rowsEstimated: 750_000 });
  });

  test("before it begins is nothing done of an unknown number", () => {
    expect(report({}).backfill).toMatchObject({ rowsDone: 0, rowsEstimated: null, fraction: 0, eta: null });
  });

  const samples = [0, 5, 10, 15, 20].map((at) => ({ at, rows: 5000 * at, pages: 5 * at, held: false }));

  test("has an end in sight once it has worked for a while, and somebody works", () => {
    const timed = (over: Partial<FillProgress>) =>
      report({ ...filling, fills: [fillOf({ samples, ...over })] }).backfill?.eta;
    expect(timed({})).toEqual({ lowSeconds: 75, highSeconds: 75, heldSeconds: 0, overSeconds: 20 });
    expect(timed({ rowsPerSecond: null })).toBeNull();
    expect(timed({ samples: samples.slice(0, 2) })).toBeNull();
    expect(timed({ samples: samples.map((one) => ({ ...one, pages: 7 })) })).toBeNull();
  });

  test("of several tables ends when the last one does, once each is known", () => {
    const two = PLAN.flatMap((one) => (one.name === "fill" ? [one, { ...one, id: "0".repeat(12) }] : [one]));
    const timed = (second: Partial<FillProgress>) =>
      report({ ...filling, folder: two, fills: [fillOf({ samples }), fillOf({ revision: "0".repeat(12), ...second })] })
        .backfill?.eta;
    expect(timed({ samples })).toMatchObject({ lowSeconds: 150, highSeconds: 150 });
    expect(timed({})).toBeNull();
  });

  test("that will never end says why", () => {
    const limits = { ...NO_LIMITS, rowsPerSecond: 0.001 };
    expect(report({ ...filling, plan: { limits } }).backfill?.endless).toMatchObject({
      kind: "limits",
      why: "About 375,000 rows are left, and 0.001/s are allowed: that takes 12 years.",
      remedy: "changeover backfill set orders-total --rows-per-second none",
    });
  });

  test("that is done is whole, whatever was estimated, and is not throttled", () => {
    const done = { ...filling, states: ["done", "done", "done"] as const, throttle: "old news" };
    expect(report(done).backfill).toMatchObject({
      fraction: 1,
      eta: null,
      endless: null,
      rowsPerSecond: null,
      throttle: null,
    });
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
      readiness: null,
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
        readiness: null,
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
