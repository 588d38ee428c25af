/**
 * All revisions as one graph by parent and depends_on: the trunk, which is a line, and the tails of plans, which branch
 * off it. Walks are loops, not recursion: a project's trunk grows for years.
 */
import { ChangeoverError } from "../errors.js";
import { topological } from "./order.js";
import { PHASES, type Revision } from "./revision.js";

export type PlanRevisions = {
  readonly slug: string;
  /** in the order in which they run */
  readonly revisions: readonly Revision[];
  /** those of them that hang off the trunk */
  readonly tail: readonly Revision[];
};

export type Graph = {
  /** by id, in an order in which each comes after its parents and after what it depends on */
  readonly revisions: ReadonlyMap<string, Revision>;
  readonly trunk: readonly Revision[];
  /** trunk revisions that no other trunk revision has as a parent: one, unless two were written side by side */
  readonly trunkHeads: readonly Revision[];
  readonly plans: ReadonlyMap<string, PlanRevisions>;
  /** ids of the revisions that name this one as a parent, or depend on it */
  readonly followers: ReadonlyMap<string, readonly string[]>;
};

export type GraphOptions = {
  /**
   * Ids that have no file here and are known all the same, with their parents: applied in the database, by a newer release
   * of the folder.
   */
  readonly elsewhere?: ReadonlyMap<string, readonly string[]>;
};

/**
 * Throws `graph-invalid`, naming files and ids: a duplicate id, a parent or dependency that nobody knows, a cycle, a
 * trunk revision on top of a tail, a plan's phases out of order. The order of equals is the order that they are given in.
 */
export function buildGraph(revisions: readonly Revision[], options: GraphOptions = {}): Graph {
  const byId = new Map<string, Revision>();
  for (const revision of revisions) {
    const twin = byId.get(revision.id);
    if (twin !== undefined) throw duplicate(twin, revision);
    byId.set(revision.id, revision);
  }
  const elsewhere = options.elsewhere ?? new Map<string, readonly string[]>();
  for (const revision of revisions) assertLinks(revision, byId, elsewhere);
  const ordered = topological(byId);
  for (const revision of ordered) assertPlace(revision, byId);
  const trunk = ordered.filter((revision) => revision.lane === "trunk");
  // Also through what has no file here: what such a revision stands on is no head.
  const trunkParents = reach(
    trunk.flatMap((revision) => revision.parents),
    (id) => (byId.has(id) ? [] : (elsewhere.get(id) ?? [])),
  );
  return {
    revisions: new Map(ordered.map((revision) => [revision.id, revision])),
    trunk,
    trunkHeads: trunk.filter((revision) => !trunkParents.has(revision.id)),
    plans: plansOf(ordered),
    followers: followersOf(ordered),
  };
}

/** How people find a revision: its file, or its id where it has none. */
export function fileOf(revision: Pick<Revision, "id" | "file">): string {
  return revision.file ?? revision.id;
}

/** The ids given and everything they stand on, by parent and by depends_on. */
export function ancestors(graph: Graph, ids: Iterable<string>): Set<string> {
  return reach(ids, (id) => linksOf(graph.revisions.get(id)));
}

/** The ids given and everything that stands on them. */
export function descendants(graph: Graph, ids: Iterable<string>): Set<string> {
  return reach(ids, (id) => graph.followers.get(id) ?? []);
}

export function reach(ids: Iterable<string>, next: (id: string) => Iterable<string>): Set<string> {
  const seen = new Set(ids);
  // A set is walked in the order of insertion, and also over what is inserted meanwhile.
  for (const id of seen) for (const other of next(id)) seen.add(other);
  return seen;
}

export function linksOf(revision: Pick<Revision, "parents" | "dependsOn"> | undefined): readonly string[] {
  return revision === undefined ? [] : [...revision.parents, ...revision.dependsOn];
}

/** Slugs of the plans that have begun and have revisions of their tail still to run. */
export function openTails(graph: Graph, done: ReadonlySet<string>): string[] {
  const open = [...graph.plans.values()].filter(
    ({ revisions, tail }) => revisions.some((r) => done.has(r.id)) && tail.some((r) => !done.has(r.id)),
  );
  return open.map((plan) => plan.slug);
}

function plansOf(ordered: readonly Revision[]): Map<string, PlanRevisions> {
  const slugs = new Set(ordered.flatMap((revision) => revision.plan ?? []));
  return new Map([...slugs].map((slug) => [slug, planOf(slug, ordered)]));
}

function planOf(slug: string, ordered: readonly Revision[]): PlanRevisions {
  const own = ordered.filter((revision) => revision.plan === slug);
  const revisions = own.sort((a, b) => phaseIndex(a) - phaseIndex(b));
  return { slug, revisions, tail: revisions.filter((revision) => revision.lane === "tail") };
}

function phaseIndex(revision: Revision): number {
  return revision.phase === null ? -1 : PHASES.indexOf(revision.phase);
}

function followersOf(ordered: readonly Revision[]): Map<string, string[]> {
  const followers = new Map<string, string[]>();
  for (const revision of ordered)
    for (const link of new Set(linksOf(revision))) {
      const known = followers.get(link);
      if (known === undefined) followers.set(link, [revision.id]);
      else known.push(revision.id);
    }
  return followers;
}

function assertLinks(
  revision: Revision,
  known: ReadonlyMap<string, Revision>,
  elsewhere: ReadonlyMap<string, unknown>,
): void {
  for (const [ids, kind, key] of [
    [revision.parents, "descends from", "parent"],
    [revision.dependsOn, "depends on", "depends_on"],
  ] as const) {
    const missing = ids.find((id) => !known.has(id) && !elsewhere.has(id));
    if (missing === undefined) continue;
    throw new ChangeoverError("graph-invalid", `${revision.id} ${kind} ${missing}, which no file has.`, {
      where: fileOf(revision),
      hint: `Restore the file of ${missing}, or correct the line -- ${key}.`,
    });
  }
}

function duplicate(a: Revision, b: Revision): ChangeoverError {
  return new ChangeoverError("graph-invalid", `Two files have the id ${a.id}: ${fileOf(a)} and ${fileOf(b)}.`, {
    where: fileOf(b),
    hint: "Remove one of them; a copy that is meant to run as well needs an id of its own.",
  });
}

function assertPlace(revision: Revision, known: ReadonlyMap<string, Revision>): void {
  for (const id of revision.parents) {
    const parent = known.get(id);
    if (parent === undefined) continue;
    if (revision.lane === "trunk" && parent.lane === "tail")
      throw new ChangeoverError(
        "graph-invalid",
        `${revision.id} is in the trunk, but its parent ${id} (${fileOf(parent)}) is in the tail of ${parent.plan}.`,
        { where: fileOf(revision), hint: `Make the trunk's head its parent, and write: -- depends_on ${id}` },
      );
    if (revision.plan !== null && revision.plan === parent.plan && phaseIndex(revision) < phaseIndex(parent))
      throw new ChangeoverError(
        "graph-invalid",
        `${revision.id} (${revision.phase}) comes after ${id} (${parent.phase}) in plan ${revision.plan}: the phases are out of order.`,
        { where: fileOf(revision), hint: `The order is: ${PHASES.join(", ")}.` },
      );
  }
}
