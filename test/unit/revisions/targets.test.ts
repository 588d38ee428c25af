import { describe, expect, test } from "vitest";
import { ChangeoverError } from "../../../src/errors.js";
import { buildGraph } from "../../../src/revisions/graph.js";
import { parseTarget, resolveTarget } from "../../../src/revisions/targets.js";
import { chain, idFor, revision } from "./make.js";

describe("the grammar", () => {
  test.each([
    ["head", { kind: "head" }],
    ["heads", { kind: "heads" }],
    ["base", { kind: "base" }],
    ["orders-total@head", { kind: "plan", plan: "orders-total", at: "head" }],
    ["0004-orders-total@dual-write", { kind: "plan", plan: "0004-orders-total", at: "dual-write" }],
    ["p@base", { kind: "plan", plan: "p", at: "base" }],
    ["5f0c1d9be2a7", { kind: "revision", prefix: "5f0c1d9be2a7" }],
    ["5F0C", { kind: "revision", prefix: "5f0c" }],
    ["1234", { kind: "revision", prefix: "1234" }],
    ["-1", { kind: "relative", steps: -1 }],
    ["+12", { kind: "relative", steps: 12 }],
  ])("%s", (text, target) => expect(parseTarget(text)).toEqual(target));

  test.each([
    ["", "is no target"],
    ["5f0", "is no target"],
    ["-0", "is no target"],
    ["head@head@head", "is no target"],
    ["a b@head", "is no target"],
    ["p@dualwrite", 'no point "dualwrite"'],
    ["orders-total", "is no target"],
  ])("%j is refused", (text, message) => {
    expect(() => parseTarget(text)).toThrow(message);
    expect(() => parseTarget(text)).toThrow(expect.objectContaining({ code: "usage" }));
  });

  test("a bare plan's name is answered with what to write", () => {
    expect(() => parseTarget("orders-total")).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("write orders-total@head") }),
    );
  });
});

const trunkOnly = buildGraph(chain("a b c"));
const withTail = buildGraph(chain("a p1.expand p1.dual | p1.fill p1.drop | b"));
const done = (...names: string[]) => names.map(idFor);

function resolve(
  text: string,
  graph = withTail,
  applied: string[] = [],
  direction: "upgrade" | "downgrade" = "upgrade",
) {
  try {
    return resolveTarget(parseTarget(text), { graph, applied, direction });
  } catch (error) {
    if (error instanceof ChangeoverError) return error;
    throw error;
  }
}

describe("a target means, in a graph,", () => {
  test.each([
    ["head", { kind: "head" }],
    ["p1@backfill", { kind: "plan", slug: "p1", at: "backfill" }],
    ["0001-p1@backfill", { kind: "plan", slug: "p1", at: "backfill" }],
    [idFor("b").slice(0, 4), { kind: "revision", id: idFor("b") }],
  ])("%s", (text, resolved) => expect(resolve(text)).toEqual(resolved));

  test.each([
    { text: "+1", applied: ["a"], direction: "upgrade", resolved: { kind: "revision", id: idFor("b") } },
    { text: "+2", applied: [], direction: "upgrade", resolved: { kind: "revision", id: idFor("b") } },
    { text: "-1", applied: ["a", "b"], direction: "downgrade", resolved: { kind: "before", ids: done("b") } },
    { text: "-2", applied: ["a", "b", "c"], direction: "downgrade", resolved: { kind: "before", ids: done("b", "c") } },
  ] as const)("$text with $applied done", ({ text, applied, direction, resolved }) => {
    expect(resolve(text, trunkOnly, done(...applied), direction)).toEqual(resolved);
  });

  test.each([
    {
      text: "+4",
      applied: [],
      direction: "upgrade",
      code: "not-found",
      message: "Relative revision +4 didn't produce 4 migrations.",
    },
    {
      text: "-1",
      applied: [],
      direction: "downgrade",
      code: "not-found",
      message: "Relative revision -1 didn't produce 1 migrations.",
    },
    { text: "-1", applied: ["a"], direction: "upgrade", code: "usage", message: "-1 is where a downgrade goes." },
    { text: "+1", applied: ["a"], direction: "downgrade", code: "usage", message: "+1 is where an upgrade goes." },
    {
      text: "ffff",
      applied: [],
      direction: "upgrade",
      code: "not-found",
      message: "Can't locate revision identified by 'ffff'.",
    },
    {
      text: "q1@head",
      applied: [],
      direction: "upgrade",
      code: "not-found",
      message: 'There is no plan "q1" with revisions.',
    },
  ] as const)("$text with $applied done is refused: $code", ({ text, applied, direction, code, message }) => {
    expect(resolve(text, trunkOnly, done(...applied), direction)).toMatchObject({ code, message });
  });

  test("nearest names are offered", () => {
    const graph = buildGraph(chain("orders-total.expand orders-total.dual"));
    expect(resolve("order-totl@head", graph)).toMatchObject({ code: "not-found", hint: "Did you mean orders-total?" });
    expect(resolve("0009-orders-total@head", graph)).toMatchObject({
      code: "not-found",
      hint: "Did you mean orders-total?",
    });
    const typo = `${idFor("a").slice(0, 3)}${idFor("a")[3] === "0" ? "1" : "0"}${idFor("a").slice(4)}`;
    expect(resolve(typo, trunkOnly)).toMatchObject({ code: "not-found", details: [`${idFor("a")} a (plans/a.sql)`] });
  });

  test("an ambiguous prefix lists what it may mean", () => {
    const twins = ["0123400000aa", "0123400000bb"].map((id, n) => ({ ...revision(`t${n}`), id }));
    const graph = buildGraph(twins);
    expect(resolve("01234", graph)).toMatchObject({
      code: "ambiguous",
      exitCode: 4,
      details: ["0123400000aa t0 (plans/t0.sql)", "0123400000bb t1 (plans/t1.sql)"],
    });
  });
});

describe("a phase that the plan does not have", () => {
  const graph = buildGraph(chain("a p2.dual | p2.fill p2.drop"));
  const applied = done("a", "p2.dual", "p2.fill");

  test("is no target of a downgrade: it would take back all of it", () => {
    expect(resolve("p2@expand", graph, applied, "downgrade")).toMatchObject({
      code: "not-found",
      exitCode: 2,
      message: "Plan p2 has no phase expand: it has dual-write, backfill and contract.",
      details: [
        "changeover downgrade p2@dual-write   # back to just after dual-write",
        "changeover downgrade p2@backfill   # back to just after backfill",
        "changeover downgrade p2@base   # all of it",
      ],
    });
    expect(resolve("p2@dual-write", graph, applied, "downgrade")).toMatchObject({ kind: "plan", at: "dual-write" });
    expect(resolve("p2@base", graph, applied, "downgrade")).toMatchObject({ kind: "plan", at: "base" });
  });

  test("is one of an upgrade, and of a plan of which only what lies before it is known", () => {
    expect(resolve("p2@expand", graph)).toMatchObject({ kind: "plan", at: "expand" });
    const older = buildGraph(chain("a p2.dual"));
    expect(resolve("p2@backfill", older, applied, "downgrade")).toMatchObject({ kind: "plan", at: "backfill" });
  });
});

describe("a bare -1", () => {
  test.each([
    {
      what: "with an open tail that has begun",
      applied: ["a", "p1.expand", "p1.dual", "b", "p1.fill"],
      points: ["p1@dual-write", "p1@expand", "p1@base"],
    },
    {
      what: "with an open tail that has not",
      applied: ["a", "p1.expand", "p1.dual"],
      points: ["p1@expand", "p1@base"],
    },
    {
      what: "after a tail has ended",
      applied: ["a", "p1.expand", "p1.dual", "b", "p1.fill", "p1.drop"],
      points: ["p1@backfill", "p1@dual-write", "p1@expand", "p1@base"],
    },
  ])("$what is refused with the choices", ({ applied, points }) => {
    expect(resolve("-1", withTail, done(...applied), "downgrade")).toMatchObject({
      code: "ambiguous",
      exitCode: 4,
      details: points.map((point) => `changeover downgrade ${point}`),
    });
  });

  test("goes back along the trunk when the last thing that ran is there", () => {
    const applied = done("a", "p1.expand", "p1.dual", "p1.fill", "p1.drop", "b");
    expect(resolve("-1", withTail, applied, "downgrade")).toEqual({ kind: "before", ids: done("b") });
  });
});

describe("head with several heads", () => {
  const graph = buildGraph([...chain("a b"), ...chain("p1.expand p1.dual | p1.fill", "a")]);
  const merge = `changeover merge ${idFor("b")} ${idFor("p1.dual")}`;

  test("offers to rebase the plan that has not run, or to merge", () => {
    expect(resolve("head", graph, done("a", "b"))).toMatchObject({
      code: "several-heads",
      exitCode: 4,
      details: [`${idFor("b")} b (plans/b.sql)`, `${idFor("p1.dual")} p1.dual (plans/0001-p1/dual.sql)`],
      hint: `Put a plan that has not run behind the others: changeover rebase p1 — or join them: ${merge}`,
    });
  });

  test("offers to merge alone when the plan has run", () => {
    expect(resolve("head", graph, done("a", "p1.expand"))).toMatchObject({
      code: "several-heads",
      hint: `Join them: ${merge}`,
    });
  });
});
