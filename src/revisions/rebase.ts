/** Puts a plan that has not run behind another trunk head: what two pull requests on one day come to. */
import { ChangeoverError } from "../errors.js";
import { descendants, fileOf, type Graph } from "./graph.js";
import { relink } from "./relink.js";
import type { Revision } from "./revision.js";

/**
 * The plan's revisions whose links change, with their new text; empty when it stands there already. `onto` is a trunk
 * revision's id; null: the one trunk head that is not the plan's own. `applied` are the ids that the database knows.
 */
export function rebasePlan(graph: Graph, slug: string, onto: string | null, applied: ReadonlySet<string>): Revision[] {
  const plan = graph.plans.get(slug);
  if (plan === undefined)
    throw new ChangeoverError("not-found", `There is no plan ${slug} with revisions.`, {
      hint: `Make them: changeover plan ${slug} --write`,
    });
  const begun = plan.revisions.find((revision) => applied.has(revision.id));
  if (begun !== undefined)
    throw new ChangeoverError(
      "refused",
      `${slug} has begun: ${begun.id} is applied here, and what has run keeps its place.`,
      {
        where: fileOf(begun),
        hint: `Undo it first (changeover downgrade ${slug}@base), or join the heads: changeover merge`,
      },
    );
  const own = new Set(plan.revisions.map((revision) => revision.id));
  const first = plan.revisions.filter((revision) => !revision.parents.some((parent) => own.has(parent)));
  const parent = onto ?? otherHead(graph, own, slug);
  assertOnto(graph, parent, descendants(graph, own));
  return first
    .filter((revision) => revision.parents.length !== 1 || revision.parents[0] !== parent)
    .map((revision) => relink(revision, { parents: [parent], dependsOn: revision.dependsOn }));
}

function otherHead(graph: Graph, own: ReadonlySet<string>, slug: string): string {
  const standing = descendants(graph, own);
  const [head, ...more] = graph.trunkHeads.filter((revision) => !standing.has(revision.id));
  if (head !== undefined && more.length === 0) return head.id;
  if (head === undefined)
    throw new ChangeoverError("usage", `${slug} is at the trunk's head already: there is nothing to put it behind.`, {
      hint: "Where two branches meet, merge them first (git), then rebase the plan that comes second.",
    });
  throw new ChangeoverError("ambiguous", `The trunk has ${more.length + 1} other heads.`, {
    details: [head, ...more].map((revision) => `${revision.id} ${revision.title} (${fileOf(revision)})`),
    hint: `Say which one: changeover rebase ${slug} --onto <revision>`,
  });
}

function assertOnto(graph: Graph, id: string, standing: ReadonlySet<string>): void {
  const revision = graph.revisions.get(id);
  if (revision === undefined)
    throw new ChangeoverError("not-found", `Can't locate revision identified by '${id}'.`, {
      hint: "See the revisions: changeover history",
    });
  if (revision.lane === "tail")
    throw new ChangeoverError("usage", `${id} is in the tail of ${revision.plan}; a plan stands on the trunk.`, {
      where: fileOf(revision),
      hint: "Name a revision of the trunk: changeover heads",
    });
  if (standing.has(id))
    throw new ChangeoverError("usage", `${id} stands on the plan itself.`, {
      where: fileOf(revision),
      hint: "Name a trunk revision that does not: changeover history",
    });
}
