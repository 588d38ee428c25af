import { describe, expect, test } from "vitest";
import { ChangeoverError } from "../../../src/errors.js";
import { buildReport } from "../../../src/status/report.js";
import type { PlanReport } from "../../../src/status/schema.js";
import { at, COMPLETE, PLAN, revision, type Scene, scene } from "./fixture.js";

const report = (given: Scene): PlanReport => {
  const [plan] = buildReport(scene(given)).plans;
  if (plan === undefined) throw new Error("no plan in the report");
  return plan;
};

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
