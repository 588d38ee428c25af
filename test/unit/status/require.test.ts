import { describe, expect, test } from "vitest";
import { ChangeoverError } from "../../../src/errors.js";
import type { Phase } from "../../../src/revisions/revision.js";
import { buildReport } from "../../../src/status/report.js";
import { requirePhase } from "../../../src/status/require.js";
import { PLAN, revision, type Scene, scene } from "./fixture.js";

const satisfied = (given: Scene, phase: Phase, plan: string | null = "orders-total") =>
  requirePhase(buildReport(scene(given)), plan, phase).satisfied;

describe("a phase is reached", () => {
  test.each<[string, Scene, Phase, boolean]>([
    ["when its only revision is done", { states: ["done"] }, "expand", true],
    ["not while it runs", { states: ["running"] }, "expand", false],
    ["not before it has run", {}, "expand", false],
    ["not while it is being undone", { states: ["undoing"] }, "expand", false],
    ["not when one of its revisions is left", { states: ["done", "done", "done"] }, "backfill", false],
    ["when all of them are done", { states: ["done", "done", "done", "done"] }, "backfill", true],
    ["and says nothing of later ones", { states: ["done", "done", "done", "done"] }, "contract", false],
    ["whatever comes after it", { states: ["done", "done", "done", "done", "done"] }, "expand", true],
    ["not when an earlier one is not", { folder: PLAN.filter((one) => one.phase !== "backfill") }, "backfill", false],
    [
      "when the kind has none of it, and the earlier ones are done",
      { states: ["done", "done"], folder: PLAN.filter((one) => one.phase !== "backfill") },
      "backfill",
      true,
    ],
  ])("%s", (_what, given, phase, expected) => expect(satisfied(given, phase)).toBe(expected));
});

test("what is missing is named", () => {
  const report = buildReport(scene({ states: ["done", "done", "running"] }));
  expect(requirePhase(report, "orders-total", "backfill").missing).toEqual([
    { plan: "orders-total", revision: "fill", state: "running" },
    { plan: "orders-total", revision: "validate", state: "pending" },
  ]);
});

test("a plan may be named by its folder; one that is not there is an error", () => {
  expect(satisfied({ states: ["done"] }, "expand", "0004-orders-total")).toBe(true);
  expect(() => satisfied({}, "expand", "orders-totl")).toThrow(ChangeoverError);
});

describe("without a plan all open ones are asked", () => {
  const other = revision("9", { plan: "users-email", phase: "expand", lane: "trunk" });
  test("one that has not begun counts", () => {
    expect(satisfied({ states: ["done"], folder: [...PLAN, other] }, "expand", null)).toBe(false);
    expect(satisfied({ states: ["done"] }, "expand", null)).toBe(true);
  });
  test("finished and undone ones do not", () => {
    expect(satisfied({ states: ["done", "done", "done", "done", "done"] }, "contract", null)).toBe(true);
    expect(satisfied({ plan: { slug: "orders-total" } }, "expand", null)).toBe(true);
  });
  test("none at all is nothing to wait for", () => expect(satisfied({ folder: [] }, "contract", null)).toBe(true));
});

test("an undone plan that is named is not there, even when its files are gone", () => {
  expect(satisfied({ plan: { slug: "orders-total" } }, "expand")).toBe(false);
  expect(satisfied({ plan: { slug: "orders-total" }, folder: [] }, "expand")).toBe(false);
});

test("of a plan whose files are not here, only the phases before the one that it has come to are known", () => {
  const older: Scene = { states: ["done", "done", "done"], folder: [] };
  expect(satisfied(older, "dual-write")).toBe(true);
  expect(satisfied(older, "backfill")).toBe(false);
  expect(satisfied(older, "contract")).toBe(false);
  expect(satisfied({ states: ["done", "done", "done", "done", "done"], folder: [] }, "contract")).toBe(true);
});
