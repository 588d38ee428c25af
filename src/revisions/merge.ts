/** Joins several trunk heads by a revision that does nothing. */
import { ChangeoverError } from "../errors.js";
import { finishRevision } from "./format.js";
import { fileOf, type Graph } from "./graph.js";
import type { Revision, RevisionBody } from "./revision.js";

/** `ids`: the heads to join; empty: all of them. The same heads give the same revision, whoever joins them. */
export function mergeHeads(graph: Graph, ids: readonly string[] = []): Revision {
  const heads = new Set(graph.trunkHeads.map((revision) => revision.id));
  for (const id of ids) {
    const revision = graph.revisions.get(id);
    if (revision === undefined)
      throw new ChangeoverError("not-found", `Can't locate revision identified by '${id}'.`, {
        hint: "See the heads: changeover heads",
      });
    if (!heads.has(id))
      throw new ChangeoverError("usage", `Revision ${id} is not a head revision of the trunk.`, {
        where: fileOf(revision),
        hint: `Heads: ${[...heads].join(", ") || "none"}`,
      });
  }
  const joined = [...new Set(ids.length === 0 ? heads : ids)].sort();
  if (joined.length < 2)
    throw new ChangeoverError(
      "usage",
      `There are not two heads to join: the trunk's head is ${[...heads].join(", ") || "empty"}.`,
      { hint: "There is nothing to do: changeover upgrade head runs the trunk as it is." },
    );
  return finishRevision(emptyBody("merge", `merge ${joined.join(" and ")}`), { parents: joined, dependsOn: [] });
}

function emptyBody(name: string, title: string): RevisionBody {
  return {
    plan: null,
    name,
    title,
    change: null,
    lane: "trunk",
    phase: null,
    runner: "transactional",
    scope: null,
    expects: [],
    gate: [],
    undoGate: [],
    deploy: null,
    irreversible: null,
    upgrade: [],
    downgrade: [],
    fill: null,
  };
}
