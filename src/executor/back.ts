/** What is undone next: newest first, nothing from under what stands on it, nothing that cannot be undone. */
import { ChangeoverError } from "../errors.js";
import type { JournalRevision } from "../journal/state.js";
import { descendants, fileOf, type Graph, linksOf } from "../revisions/graph.js";
import { PHASES, type Revision, type Scope } from "../revisions/revision.js";
import type { Resolved } from "../revisions/targets.js";
import { qualified, sameName } from "../sql/identifier.js";
import { type Decision, type DecisionInput, held, refuse } from "./decision.js";

/**
 * The next revision to undo on the way back to the target: `base` (everything), `<plan>@<phase>` (back to just after that
 * phase), `<plan>@base`, a revision (back to just after it). Everything that stands in the way is asked about before the
 * first one is undone: a half-way stop would leave neither what was nor what was asked for.
 */
export function decideDowngrade(input: DecisionInput): Decision {
  const { graph, applied, target } = input;
  const rows = new Map(applied.filter((row) => graph.revisions.has(row.id)).map((row) => [row.id, row]));
  const goes = goingBack(target, graph, rows);
  if (goes instanceof ChangeoverError) return refuse(goes);
  const order = newestFirst(graph, applied, goes);
  const error = irreversibleError(order, rows) ?? builtUponError(graph, rows, goes);
  if (error !== null) return refuse(error);
  for (const revision of order) {
    if (revision.undoGate.length === 0 || leftNothing(rows.get(revision.id))) continue;
    const gate = input.gateOf(revision);
    if (!gate.open)
      return held({ revision, plan: revision.plan ?? revision.id, why: { kind: "gate", gate } }, [], "downgrade");
  }
  const [next] = order;
  if (next === undefined) return { kind: "done", notices: [] };
  return { kind: "run", revision: next, again: rows.get(next.id)?.state === "undoing" };
}

type Rows = ReadonlyMap<string, JournalRevision>;

/** A transactional revision that is not done was rolled back whole. */
function leftNothing(row: JournalRevision | undefined): boolean {
  return row?.runner === "transactional" && row.state !== "done";
}

function goingBack(target: Resolved, graph: Graph, rows: Rows): ReadonlySet<string> | ChangeoverError {
  const ofApplied = (ids: Iterable<string>) => new Set([...ids].filter((id) => rows.has(id)));
  switch (target.kind) {
    case "base":
      return new Set(rows.keys());
    case "before":
      return ofApplied(descendants(graph, target.ids));
    case "plan": {
      const { slug, at } = target;
      const keep = at === "base" ? -1 : at === "head" ? PHASES.length : PHASES.indexOf(at);
      const own = graph.plans.get(slug)?.revisions ?? [];
      return ofApplied(own.filter((r) => r.phase === null || PHASES.indexOf(r.phase) > keep).map((r) => r.id));
    }
    case "revision": {
      const after = descendants(graph, [target.id]);
      after.delete(target.id);
      if (rows.has(target.id)) return ofApplied(after);
      return new ChangeoverError("not-found", `${target.id} is not a valid downgrade target: it is not applied here.`, {
        hint: "See what is: changeover history",
      });
    }
    default:
      return new ChangeoverError("usage", "That is where an upgrade goes.", {
        hint: "A downgrade goes to <plan>@<phase>, <plan>@base, a revision, -N or base.",
      });
  }
}

/** The last started first, but nothing before what stands on it, and what was begun to be undone before all. */
function newestFirst(graph: Graph, applied: readonly JournalRevision[], goes: ReadonlySet<string>): Revision[] {
  const standing = new Map(
    [...goes].map((id) => [id, (graph.followers.get(id) ?? []).filter((f) => goes.has(f)).length]),
  );
  const byAge = applied.filter((row) => goes.has(row.id)).reverse();
  const left = [...byAge.filter((row) => row.state === "undoing"), ...byAge.filter((row) => row.state !== "undoing")];
  const order: Revision[] = [];
  while (left.length > 0) {
    const index = left.findIndex((row) => standing.get(row.id) === 0);
    const [row] = left.splice(Math.max(index, 0), 1);
    const revision = graph.revisions.get(row?.id ?? "");
    if (revision === undefined) continue;
    order.push(revision);
    for (const link of new Set(linksOf(revision))) standing.set(link, (standing.get(link) ?? 0) - 1);
  }
  return order;
}

function irreversibleError(order: readonly Revision[], rows: Rows): ChangeoverError | null {
  const revision = order.find((candidate) => candidate.irreversible !== null && !leftNothing(rows.get(candidate.id)));
  if (revision === undefined) return null;
  return new ChangeoverError("irreversible", `"${revision.title}" cannot be undone: ${revision.irreversible}.`, {
    where: fileOf(revision),
    hint: `The furthest way back is to just after it: changeover downgrade ${revision.id}`,
  });
}

/**
 * A parent in the trunk may be no more than what happened to run before. What counts is `depends_on`, and a text that
 * names the plan's table: a later revision of either sort is not left standing on air.
 */
function builtUponError(graph: Graph, rows: Rows, goes: ReadonlySet<string>): ChangeoverError | null {
  const going = [...goes].flatMap((id) => graph.revisions.get(id) ?? []);
  const standing = [...descendants(graph, goes)].filter((id) => rows.has(id) && !goes.has(id));
  const found = standing
    .flatMap((id) => graph.revisions.get(id) ?? [])
    .map((later) => ({ later, why: reasonToStay(later, going) }))
    .filter(({ why }) => why !== null);
  const [first] = found;
  if (first === undefined) return null;
  const { later } = first;
  const back = later.plan !== null ? `${later.plan}@base` : (later.parents[0] ?? "base");
  return new ChangeoverError("refused", `${later.id} (${later.title}) was applied later and ${first.why}.`, {
    where: fileOf(later),
    details: found.slice(1).map(({ later: other, why }) => `also ${other.id} (${other.title}), which ${why}`),
    hint: `Undo it first: changeover downgrade ${back}`,
  });
}

function reasonToStay(later: Revision, going: readonly Revision[]): string | null {
  const on = going.find((revision) => later.dependsOn.includes(revision.id));
  if (on !== undefined) return `depends on ${on.id} (${on.title})`;
  const unscoped = going.find((revision) => revision.scope === null && later.parents.includes(revision.id));
  if (unscoped !== undefined) return `stands on ${unscoped.id} (${unscoped.title})`;
  // A planned one says what it works on: another table of the same name, or other columns, are none of its business.
  if (later.scope !== null) return shares(later, later.scope, going);
  const table = going
    .flatMap((revision) => revision.scope?.table.name ?? [])
    .find((name) => mentions(later.text, name));
  return table === undefined ? null : `names the table ${table}`;
}

function shares(later: Revision, scope: Scope, going: readonly Revision[]): string | null {
  const found = going
    .filter((revision) => revision.scope !== null && sameName(revision.scope.table, scope.table))
    .flatMap(({ scope: own }) => [...(own?.columns ?? []), ...(own?.added ? [own.added] : [])])
    .find((column) => mentions(later.text, column));
  return found === undefined ? null : `names ${found} of ${qualified(scope.table)}`;
}

/** Anywhere, in any spelling: too often is no harm. */
function mentions(text: string, name: string): boolean {
  const spelled = name.replaceAll('"', '""').toLowerCase();
  return text.toLowerCase().includes(spelled);
}
