import { describe, expect, test } from "vitest";
import { parseRevision } from "../../../src/revisions/format.js";
import { buildGraph, type Graph } from "../../../src/revisions/graph.js";
import { mergeHeads } from "../../../src/revisions/merge.js";
import { rebasePlan } from "../../../src/revisions/rebase.js";
import type { Revision } from "../../../src/revisions/revision.js";
import { chain, idFor, refusal, revision, titles } from "./make.js";

const fork = [...chain("a b"), ...chain("p1.expand p1.dual | p1.fill", "a")];
const none = new Set<string>();

/** The files after the changed ones have been written over the others. */
function written(graph: Graph, changed: readonly Revision[]): Graph {
  const files = new Map([...graph.revisions].map(([id, one]) => [id, one.text]));
  for (const one of changed) files.set(one.id, one.text);
  return buildGraph([...files.values()].map((text) => parseRevision(text, "x.sql")));
}

describe("rebase", () => {
  test("puts an unapplied plan behind the other head", () => {
    const graph = buildGraph(fork);
    const changed = rebasePlan(graph, "p1", null, none);
    expect(titles(changed)).toEqual(["p1.expand"]);
    expect(titles(written(graph, changed).trunk)).toEqual(["a", "b", "p1.expand", "p1.dual"]);
  });

  test("changes nothing but the link line: id and checksum stay", () => {
    const graph = buildGraph(fork);
    const [changed] = rebasePlan(graph, "p1", idFor("b"), none);
    const before = graph.revisions.get(idFor("p1.expand"));
    const after = parseRevision(changed?.text ?? "", before?.file ?? "");
    expect(after).toEqual({ ...before, parents: [idFor("b")], text: changed?.text });
    const differing = before?.text.split("\n").filter((line, index) => line !== after.text.split("\n")[index]);
    expect(differing).toEqual([`-- parent              ${idFor("a")}`]);
  });

  test("keeps what the plan depends on, and a hand-made layout", () => {
    const text = `-- changeover revision ${idFor("p1.expand")}\n-- parent ${idFor("a")}\n-- depends_on ${idFor("a")}\n-- note mine\n-- plan p1\n-- name x\n-- lane trunk\n-- phase expand\n-- runner transactional\n-- upgrade\n-- parent none\n-- downgrade\n`;
    const graph = buildGraph([...chain("a b"), parseRevision(text, "x.sql")]);
    const [changed] = rebasePlan(graph, "p1", null, none);
    expect(changed?.text).toBe(text.replace(`-- parent ${idFor("a")}`, `-- parent ${idFor("b")}`));
  });

  test("is nothing to do where the plan stands there already", () => {
    expect(rebasePlan(buildGraph(chain("a p1.expand p1.dual")), "p1", idFor("a"), none)).toEqual([]);
  });

  test.each([
    ["a plan that has begun", "p1", null, new Set([idFor("p1.expand")]), "refused", /has begun/],
    ["a plan that is not there", "p9", null, none, "not-found", /no plan p9/],
    ["onto nothing", "p1", "ffffffffffff", none, "not-found", /Can't locate/],
    ["onto itself", "p1", idFor("p1.dual"), none, "usage", /stands on the plan itself/],
    ["onto a tail", "p1", idFor("p1.fill"), none, "usage", /in the tail of p1/],
  ] as const)("%s is refused", (_, slug, onto, applied, code, message) => {
    const error = refusal(() => rebasePlan(buildGraph(fork), slug, onto, applied));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  test("asks which one where there are several other heads, and says so where there is none", () => {
    const several = buildGraph([...fork, revision("c", { after: "a" })]);
    expect(refusal(() => rebasePlan(several, "p1", null, none))).toMatchObject({
      code: "ambiguous",
      details: [expect.stringContaining(idFor("b")), expect.stringContaining(idFor("c"))],
    });
    expect(refusal(() => rebasePlan(buildGraph(chain("a p1.expand")), "p1", null, none))).toMatchObject({
      code: "usage",
    });
  });
});

describe("merge", () => {
  test("joins the heads by a revision that does nothing", () => {
    const graph = buildGraph(fork);
    const merge = mergeHeads(graph);
    const heads = [idFor("b"), idFor("p1.dual")].sort();
    expect(merge).toMatchObject({
      parents: heads,
      name: "merge",
      title: `merge ${heads.join(" and ")}`,
      upgrade: [],
      downgrade: [],
      plan: null,
    });
    const merged = written(graph, [merge]);
    expect(merged.trunkHeads.map((head) => head.id)).toEqual([merge.id]);
    expect(mergeHeads(graph, heads.toReversed())).toEqual(merge);
  });

  test.each([
    ["one head", chain("a b"), [], /not two heads/],
    ["what is no head", fork, [idFor("a"), idFor("b")], /is not a head revision/],
    ["a tail", fork, [idFor("p1.fill"), idFor("b")], /is not a head revision/],
    ["what nobody has", fork, ["ffffffffffff"], /Can't locate/],
  ])("%s is refused", (_, files, ids, message) => {
    expect(refusal(() => mergeHeads(buildGraph(files), ids)).message).toMatch(message);
  });
});
