import { describe, expect, test } from "vitest";
import { buildReport } from "../../../src/status/report.js";
import type { PlanReport } from "../../../src/status/schema.js";
import { at, COMPLETE, fillOf, type Scene, scene } from "./fixture.js";

const report = (given: Scene): PlanReport => {
  const [plan] = buildReport(scene(given)).plans;
  if (plan === undefined) throw new Error("no plan in the report");
  return plan;
};

type Row = [what: string, given: Scene, state: string, phase: string | null, why: string | null, next: string | null];

describe("where a plan stands, why, and what moves it on", () => {
  const failed = { key: "id=42", sqlstate: "22003", message: "integer out of range" };
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
      { states: ["done", "done", "running"], fills: [fillOf({ throttle: "replica r1 lags 12 s >= 5 s" })] },
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
      "fill has done what it could; a row waits for someone to settle: id=42 (22003 integer out of range). Mend or delete it; changeover backfill quarantine skip orders-total settles one that may stay as it is.",
      "changeover worker --drain   # once the row is mended",
    ],
    [
      "many rows have failed, of which the first are named",
      {
        states: ["done", "done", "running"],
        fills: [fillOf({ failures: [failed, failed, failed, failed], quarantined: 4, slices: stuck, workers: [] })],
      },
      "blocked",
      "backfill",
      `fill has done what it could; 4 rows wait for someone to settle: ${Array(3).fill("id=42 (22003 integer out of range)").join("; ")}; and 1 more. Mend or delete them; changeover backfill quarantine skip orders-total settles one that may stay as it is.`,
      "changeover worker --drain   # once the rows are mended",
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
      "changeover confirm orders-total --release RELEASE",
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
            skipped: 0,
            lost: 0,
            lostKeys: [],
            mirror: {},
            fraction: 1,
          },
        },
      },
      "waiting",
      "backfill",
      "The gate of drop is shut: verified is not met. Look at these rows and set the value that is wrong (of two columns, the one that is: the other follows where a value changes), then verify again.",
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

test("an undo between two of its revisions, with its runner there, is under way", () => {
  const input = scene({ states: ["done", "done"], undoTarget: "orders-total@base" });
  const holder = { name: "plan:orders-total", pid: 7, app: "changeover", holder: "ann pid 7", since: at("11:59") };
  const [plan] = buildReport({ ...input, live: { ...input.live, holders: [holder] } }).plans;
  expect(plan).toMatchObject({ state: "running", why: null, next: null });
});
