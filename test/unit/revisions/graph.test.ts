import { describe, expect, test } from "vitest";
import { ancestors, buildGraph, descendants, openTails } from "../../../src/revisions/graph.js";
import { chain, idFor, refusal, revision, titles } from "./make.js";

const ids = (...names: string[]) => new Set(names.map(idFor));
describe("a graph", () => {
  const all = [
    ...chain("a p1.expand p1.dual | p1.fill p1.index p1.switch p1.drop"),
    ...chain("p2.expand p2.dual | p2.fill p2.drop", "p1.dual"),
    revision("b", { after: "p2.dual" }),
  ];
  const graph = buildGraph(all);

  test("has the trunk as a line, with one head", () => {
    expect(titles(graph.trunk)).toEqual(["a", "p1.expand", "p1.dual", "p2.expand", "p2.dual", "b"]);
    expect(titles(graph.trunkHeads)).toEqual(["b"]);
  });

  test("has each plan's tail in the order of its phases", () => {
    expect([...graph.plans.keys()]).toEqual(["p1", "p2"]);
    expect(titles(graph.plans.get("p1")?.tail ?? [])).toEqual(["p1.fill", "p1.index", "p1.switch", "p1.drop"]);
    expect(titles(graph.plans.get("p2")?.revisions ?? [])).toEqual(["p2.expand", "p2.dual", "p2.fill", "p2.drop"]);
  });

  test("knows what a revision stands on and what stands on it", () => {
    expect(ancestors(graph, [idFor("p1.fill")])).toEqual(ids("p1.fill", "p1.dual", "p1.expand", "a"));
    expect(descendants(graph, [idFor("p2.expand")])).toEqual(ids("p2.expand", "p2.dual", "p2.fill", "p2.drop", "b"));
  });

  test("has an order that does not depend on the order of the files, but for equals", () => {
    const reversed = buildGraph(all.toReversed());
    const position = (name: string) => [...reversed.revisions.keys()].indexOf(idFor(name));
    for (const one of all)
      for (const parent of one.parents)
        expect([...reversed.revisions.keys()].indexOf(parent)).toBeLessThan(position(one.title));
    expect(titles(buildGraph([revision("y"), revision("x")]).revisions.values())).toEqual(["y", "x"]);
  });

  test("calls a tail open from its plan's first revision to its last", () => {
    const begun = ["a", "p1.expand", "p1.dual", "p2.expand", "p2.dual"];
    expect(openTails(graph, ids("a"))).toEqual([]);
    expect(openTails(graph, ids(...begun))).toEqual(["p1", "p2"]);
    expect(openTails(graph, ids(...begun, "p1.fill", "p1.index", "p1.switch", "p1.drop"))).toEqual(["p2"]);
  });
});

test("a plan's revisions come in the order of its phases, also where they stand side by side", () => {
  const graph = buildGraph([...chain("p1.dual | p1.drop"), revision("p1.fill", { after: "p1.dual" })]);
  expect(titles(graph.plans.get("p1")?.revisions ?? [])).toEqual(["p1.dual", "p1.fill", "p1.drop"]);
});

test("two revisions side by side are two heads", () => {
  const graph = buildGraph([...chain("a b"), revision("c", { after: "a" })]);
  expect(titles(graph.trunkHeads)).toEqual(["b", "c"]);
  const merged = buildGraph([...chain("a b"), revision("c", { after: "a" }), revision("m", { after: ["b", "c"] })]);
  expect(titles(merged.trunkHeads)).toEqual(["m"]);
});

describe("what is no graph is refused with the files", () => {
  test.each([
    {
      what: "a missing parent",
      revisions: () => [revision("b", { after: "a" })],
      message: `${idFor("b")} descends from ${idFor("a")}, which no file has.`,
      where: "plans/b.sql",
    },
    {
      what: "a missing dependency",
      revisions: () => [revision("b", { needs: "a" })],
      message: `${idFor("b")} depends on ${idFor("a")}, which no file has.`,
      where: "plans/b.sql",
    },
    {
      what: "one id twice",
      revisions: () => [revision("a"), { ...revision("a"), file: "plans/copy.sql" }],
      message: `Two files have the id ${idFor("a")}: plans/a.sql and plans/copy.sql.`,
      where: "plans/copy.sql",
    },
    {
      what: "a cycle",
      revisions: () => [revision("a", { after: "c" }), revision("b", { after: "a" }), revision("c", { needs: "b" })],
      message: `Revisions stand on each other: ${["a", "c", "b", "a"].map(idFor).join(" → ")}.`,
      where: "plans/a.sql",
    },
    {
      what: "a revision that is its own parent",
      revisions: () => [revision("a", { after: "a" })],
      message: `${idFor("a")} names itself as its parent.`,
      where: "plans/a.sql",
    },
    {
      what: "a trunk revision on top of a tail",
      revisions: () => [...chain("p1.dual | p1.fill"), revision("b", { after: "p1.fill" })],
      message: `${idFor("b")} is in the trunk, but its parent ${idFor("p1.fill")} (plans/0001-p1/fill.sql) is in the tail of p1.`,
      where: "plans/b.sql",
    },
    {
      what: "a contract before its backfill",
      revisions: () => chain("p1.dual | p1.drop p1.fill"),
      message: `${idFor("p1.fill")} (backfill) comes after ${idFor("p1.drop")} (contract) in plan p1: the phases are out of order.`,
      where: "plans/0001-p1/fill.sql",
    },
  ])("$what", ({ revisions, message, where }) => {
    expect(refusal(() => buildGraph(revisions()))).toMatchObject({
      code: "graph-invalid",
      message,
      where,
      hint: expect.any(String),
    });
  });

  test("unless the database knows the parent", () => {
    expect(
      titles(buildGraph([revision("b", { after: "a" })], { elsewhere: new Map([[idFor("a"), []]]) }).trunk),
    ).toEqual(["b"]);
  });
});

test("ten thousand revisions in a row, newest first, do not overflow the stack", () => {
  const base = revision("base");
  const deep = Array.from({ length: 10_000 }, (_, n) => ({
    ...base,
    id: n.toString(16).padStart(12, "0"),
    parents: n === 0 ? [] : [(n - 1).toString(16).padStart(12, "0")],
  }));
  const graph = buildGraph(deep.toReversed());
  expect(graph.trunk.length).toBe(10_000);
  expect(graph.trunkHeads.map((head) => head.id)).toEqual([deep.at(-1)?.id]);
  expect(ancestors(graph, [deep.at(-1)?.id ?? ""]).size).toBe(10_000);
  expect(descendants(graph, [deep[0]?.id ?? ""]).size).toBe(10_000);
});
