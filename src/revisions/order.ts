/** The order of a graph, or the way round its cycle. */
import { ChangeoverError } from "../errors.js";
import type { Revision } from "./revision.js";

/**
 * Each revision after its parents and dependencies, otherwise as they are given; links to unknown ids are passed over.
 * Depth first with a stack of its own. Throws `graph-invalid` for a cycle, with its files.
 */
export function topological(known: ReadonlyMap<string, Revision>): Revision[] {
  const order: Revision[] = [];
  const state = new Map<string, "open" | "done">();
  for (const start of known.values()) {
    const path: { revision: Revision; links: string[] }[] = [];
    const enter = (revision: Revision) => {
      state.set(revision.id, "open");
      path.push({ revision, links: [...revision.parents, ...revision.dependsOn] });
    };
    if (!state.has(start.id)) enter(start);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = known.get(top.links.shift() ?? "");
      if (next !== undefined && state.get(next.id) === "open") throw cycle([...path.map((p) => p.revision)], next);
      if (next !== undefined && !state.has(next.id)) enter(next);
      else if (top.links.length === 0) {
        state.set(top.revision.id, "done");
        order.push(top.revision);
        path.pop();
      }
    }
  }
  return order;
}

function cycle(path: readonly Revision[], again: Revision): ChangeoverError {
  const round = path.slice(path.findIndex((revision) => revision.id === again.id));
  const files = round.map((revision) => revision.file ?? revision.id);
  const message =
    round.length === 1
      ? `${again.id} names itself as its parent.`
      : `Revisions stand on each other: ${[...round, again].map((revision) => revision.id).join(" → ")}.`;
  return new ChangeoverError("graph-invalid", message, {
    where: files[0],
    details: files,
    hint: "Correct the line -- parent or -- depends_on in one of these files.",
  });
}
