import { expect, test } from "vitest";
import { renderStatus } from "../../../src/cli/render/status.js";
import type { Activity } from "../../../src/db/activity.js";
import type { Blocker } from "../../../src/db/blockers.js";
import { trusted } from "../../../src/sql/text.js";
import { buildReport } from "../../../src/status/report.js";
import type { Live } from "../../../src/status/runners.js";
import { statusReportSchema } from "../../../src/status/schema.js";
import { at, fillOf, PLAN, type Scene, scene, step } from "./fixture.js";

const tail = { name: "plan:orders-total", pid: 10, app: "changeover lock", holder: "ann@ci pid 7", since: at("11:50") };
const trunk = { ...tail, name: "trunk" };
const reader: Blocker = {
  pid: 42,
  gid: null,
  role: "app",
  app: "web-7",
  state: "idle in transaction",
  query: "select 1",
  kind: "session",
  ageMs: 600_000,
  startedAt: at("11:50"),
  modes: ["AccessShareLock"],
  tables: ["app.orders"],
};
const statement: Activity = {
  pid: 11,
  revision: "d".repeat(12),
  app: "changeover ddl dddddddddddd",
  query: "alter table app.orders validate constraint c",
  ageMs: 90_000,
  progress: null,
  wait: null,
};
const waiting = { since: at("11:58:30"), ageMs: 90_000, blockers: [reader] };
const live = (over: Partial<Live>): Live => ({ holders: [tail], activities: [], ahead: new Map(), ...over });
const validating: Scene = {
  states: ["done", "done", "done", "running"],
  folder: PLAN.map((one) =>
    one.name === "validate"
      ? {
          ...one,
          upgrade: [step("check", { sql: trusted("alter table app.orders\n  validate constraint c", "constant") })],
        }
      : one,
  ),
};
const report = (given: Scene) => {
  const made = buildReport(scene(given));
  expect(statusReportSchema.parse(JSON.parse(JSON.stringify(made)))).toEqual(made);
  return made;
};

test("what a runner does: its step, how long, how far; then nobody need run the command again", () => {
  const applied = validating.folder ?? [];
  const { runners, plans } = buildReport({
    ...scene({ ...validating, live: live({ activities: [statement] }) }),
    applied: applied.slice(0, 4),
  });
  expect(runners).toEqual([
    {
      lock: "plan:orders-total",
      holder: "ann@ci pid 7",
      pid: 10,
      application: "changeover lock",
      since: "2026-03-04T11:50:00.000Z",
      plan: "orders-total",
      revision: "dddddddddddd",
      step: "check",
      doing: "validate, step check: alter table app.orders validate constraint c (for 1 min 30 s)",
      progress: null,
      runningSeconds: 90,
      wait: null,
    },
  ]);
  expect(plans[0]).toMatchObject({ state: "running", why: null, next: null });
  const building = {
    ...statement,
    progress: { phase: "building index: scanning table", of: "blocks" as const, done: 2, total: 3 },
  };
  expect(report({ ...validating, live: live({ activities: [building] }) }).runners[0]).toMatchObject({
    doing: expect.stringMatching(/; building index: scanning table, 66 %$/),
    progress: {
      phase: "building index: scanning table",
      fraction: 2 / 3,
      counts: { of: "blocks", done: 2, total: 3 },
    },
  });
});

test("for whom it waits, since when, and what a person can do", () => {
  const { runners, plans } = report({ ...validating, live: live({ activities: [{ ...statement, wait: waiting }] }) });
  const why =
    "validate waits since 2026-03-04 11:58:30 UTC for pid 42 (role app, web-7) with AccessShareLock on app.orders, its transaction 10 min old, idle in transaction: select 1.";
  expect(runners[0]?.wait).toEqual({
    since: "2026-03-04T11:58:30.000Z",
    why,
    blockers: [
      {
        kind: "session",
        pid: 42,
        gid: null,
        role: "app",
        application: "web-7",
        state: "idle in transaction",
        transactionSince: "2026-03-04T11:50:00.000Z",
        query: "select 1",
        modes: ["AccessShareLock"],
        tables: ["app.orders"],
      },
    ],
    remedy: expect.stringContaining("select pg_terminate_backend(42)"),
  });
  expect(plans[0]).toMatchObject({ state: "running", why, next: null });
});

test("a first revision that is not in the journal yet is under way all the same", () => {
  const first = { ...statement, revision: "a".repeat(12), wait: waiting };
  const given = { live: live({ holders: [trunk], activities: [first] }) };
  expect(report(given).plans[0]).toMatchObject({ state: "running", phase: null, next: null });
  expect(report({}).plans[0]).toMatchObject({ state: "planned" });
});

test("between two attempts, who is in the way of what comes next", () => {
  const ahead = new Map([["plan:orders-total", [reader]]]);
  const { runners, plans } = report({ ...validating, live: live({ ahead }) });
  expect(runners[0]).toMatchObject({
    revision: null,
    doing: "runs no statement of a revision at this moment",
    wait: { since: null, why: expect.stringMatching(/^In the way of validate, which comes next: pid 42 /) },
  });
  // Somebody is at it: a second one would only wait as well.
  expect(plans[0]).toMatchObject({ state: "running", next: null });
});

test("at rows, and whose locks these have", () => {
  const states = ["done", "done", "running"] as const;
  const held = fillOf({ waiting: ["row id=2 of app.orders waits for a lock of pid 42"] });
  expect(report({ states, fills: [held], live: live({}) }).runners[0]).toMatchObject({
    revision: "cccccccccccc",
    doing: "fill: fills rows",
    wait: { why: "Rows of fill are locked: row id=2 of app.orders waits for a lock of pid 42.", blockers: [] },
  });
  expect(report({ states, fills: [fillOf()], live: live({}) }).runners[0]?.wait).toBeNull();
});

test("a statement without a runner is nobody's, and without a runner there is no word of one", () => {
  expect(report({ ...validating, live: live({ holders: [], activities: [statement] }) }).runners).toEqual([]);
  expect(report(validating).plans[0]?.why).toMatch(/if nobody is at it any more/);
});

test("on a terminal", () => {
  const given = { ...validating, live: live({ activities: [{ ...statement, wait: waiting }] }) };
  const options = { width: 80, color: false, unicode: true };
  const text = renderStatus(report(given), options);
  expect(text).toContain(`
  now       ann@ci pid 7 (server process 10) validate: alter table app.orders
            validate constraint c (for 1 min 30 s)
  waits     validate waits since 2026-03-04 11:58:30 UTC for pid 42 (role app,
            web-7) with AccessShareLock on app.orders, its transaction 10 min
            old, idle in transaction: select 1.
            It goes on when this one has ended; to end it by force is for a
            person to decide: select pg_terminate_backend(42)
  gate of drop`);
  // Not twice.
  expect(text).not.toContain("  why ");
  const idle = renderStatus(
    report({ ...validating, live: live({ holders: [trunk], ahead: new Map([["trunk", [reader]]]) }) }),
    options,
  );
  expect(idle).toMatch(/trunk {2}up to date\n.*\n {2}now {7}ann@ci pid 7 \(server process 10\) runs no statement/);
});
