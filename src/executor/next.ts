/**
 * What happens now. Given all that is known, one revision to run, or why none does. The caller carries it out, reads the
 * journal anew and asks again, so that a run that was cut off anywhere goes on from where it is.
 */
import { ChangeoverError } from "../errors.js";
import { pausedOf } from "../journal/paused.js";
import { type Graph, linksOf, reach } from "../revisions/graph.js";
import { PHASES, type Revision } from "../revisions/revision.js";
import { type Resolved, trunkHead } from "../revisions/targets.js";
import { aheadNotices, checksumError, forkError } from "./agreement.js";
import { type Decision, type DecisionInput, type Held, held, refuse } from "./decision.js";

export { decideDowngrade } from "./back.js";
export type { Decision, DecisionInput, GateAnswer, Held } from "./decision.js";

/**
 * The next revision on the way to the target. `head` is the trunk alone; `<plan>@<phase>` the plan up to and including
 * that phase, and of the trunk what it stands on; a revision what it stands on; `heads` everything, as far as it can go.
 */
export function decideUpgrade(input: DecisionInput): Decision {
  const { graph, applied, target } = input;
  const changed = checksumError(graph, applied);
  if (changed !== null) return refuse(changed);
  let wanted: ReadonlySet<string>;
  try {
    wanted = wantedBy(target, graph, input);
  } catch (error) {
    if (error instanceof ChangeoverError) return refuse(error);
    throw error;
  }
  const done = new Set(applied.filter((row) => row.state === "done").map((row) => row.id));
  const begun = new Set(applied.map((row) => row.id));
  const stopped: Held[] = [];
  for (const revision of inTurn(graph, wanted, done, begun)) {
    const missing = linksOf(revision).filter((id) => !done.has(id));
    // Another one of those wanted comes first.
    if (missing.some((id) => wanted.has(id))) continue;
    const fork = forkError(graph, applied, revision);
    if (fork !== null) return refuse(fork);
    const hold = heldBy(revision, missing[0], input);
    if (hold !== null) stopped.push(hold);
    else return { kind: "run", revision, again: begun.has(revision.id) };
  }
  const [first, ...also] = stopped;
  return first === undefined ? { kind: "done", notices: aheadNotices(graph, applied) } : held(first, also, "upgrade");
}

/** What is wanted and not done: what was begun first, then the trunk, then the tails; each in the graph's order. */
function inTurn(
  graph: Graph,
  wanted: ReadonlySet<string>,
  done: ReadonlySet<string>,
  begun: ReadonlySet<string>,
): Revision[] {
  const rank = (revision: Revision) => (begun.has(revision.id) ? 0 : revision.lane === "trunk" ? 1 : 2);
  return [...graph.revisions.values()]
    .filter((revision) => wanted.has(revision.id) && !done.has(revision.id))
    .sort((a, b) => rank(a) - rank(b));
}

/** `missing`: a link outside what is wanted that is not done; only a tail of another plan can be one. */
function heldBy(revision: Revision, missing: string | undefined, input: DecisionInput): Held | null {
  const on = input.graph.revisions.get(missing ?? "");
  if (on !== undefined) return { revision, plan: on.plan ?? on.id, why: { kind: "depends", on } };
  const plan = revision.plan ?? revision.id;
  const row = input.plans.find((one) => one.slug === revision.plan);
  const paused = row === undefined ? null : pausedOf(row);
  // A pause holds the whole tail up; windows are the backfill's.
  const held = paused?.opens == null ? revision.lane === "tail" : revision.phase === "backfill";
  if (paused !== null && held) return { revision, plan, why: { kind: "paused", ...paused } };
  if (revision.gate.length === 0) return null;
  const gate = input.gateOf(revision);
  return gate.open ? null : { revision, plan, why: { kind: "gate", gate } };
}

function wantedBy(target: Resolved, graph: Graph, input: DecisionInput): ReadonlySet<string> {
  switch (target.kind) {
    case "head": {
      const head = trunkHead(
        graph,
        input.applied.map((row) => row.id),
      );
      return head === null ? new Set() : neededFor(graph, [head]);
    }
    case "heads":
      return new Set(graph.revisions.keys());
    case "revision":
      return neededFor(graph, [target.id]);
    case "plan": {
      const { slug, at } = target;
      if (at === "base") break;
      const last = at === "head" ? PHASES.length : PHASES.indexOf(at);
      const own = graph.plans.get(slug)?.revisions ?? [];
      return neededFor(
        graph,
        own.filter((r) => r.phase !== null && PHASES.indexOf(r.phase) <= last).map((r) => r.id),
      );
    }
  }
  throw new ChangeoverError("usage", "That is where a downgrade goes.", {
    hint: "An upgrade goes to head, heads, <plan>@<phase> or a revision.",
  });
}

/**
 * These and what they stand on. A tail of another plan that one of them depends on is not run along: that plan has its
 * own gates and its own command.
 */
function neededFor(graph: Graph, ids: readonly string[]): Set<string> {
  const needed = reach(ids, (id) => {
    const revision = graph.revisions.get(id);
    if (revision === undefined) return [];
    const along = revision.dependsOn.filter((other) => {
      const on = graph.revisions.get(other);
      return on?.lane === "trunk" || (on !== undefined && on.plan === revision.plan);
    });
    return [...revision.parents, ...along];
  });
  return new Set([...needed].filter((id) => graph.revisions.has(id)));
}
