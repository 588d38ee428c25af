/** A decision is pure; what its gates ask is fetched when they ask. */
import type { Database } from "../db/pool.js";
import type { Session } from "../db/session.js";
import { evaluateGate } from "../gates/evaluate.js";
import { gateProgress } from "../gates/progress.js";
import { evidenceIn, readEvidence } from "../journal/evidence.js";
import type { Evidence, JournalState } from "../journal/state.js";
import type { Graph } from "../revisions/graph.js";
import type { GateCondition, Revision } from "../revisions/revision.js";
import { type Decision, type GateAnswer, heldError } from "./decision.js";

/** Asks the decider again with the evidence of each plan whose gate it came to. */
export async function decideOnEvidence(
  db: Database,
  journal: JournalState,
  graph: Graph,
  conditionsOf: (revision: Revision) => readonly GateCondition[],
  decide: (gateOf: (revision: Revision) => GateAnswer) => Decision,
): Promise<Decision> {
  const evidence = new Map<string, Evidence>();
  for (;;) {
    const asked: Revision[] = [];
    const decision = decide((revision) => {
      const known = evidence.get(revision.plan ?? "");
      if (known !== undefined) return answer(revision, conditionsOf(revision), known, graph, journal);
      asked.push(revision);
      return { open: false, unmet: [] };
    });
    if (asked.length === 0) return decision;
    for (const revision of asked) {
      const slug = revision.plan ?? "";
      const own = graph.plans.get(slug)?.revisions ?? [revision];
      evidence.set(slug, await readEvidence(db, slug, goneColumns(own.flatMap(conditionsOf))));
    }
  }
}

/** What is known of a plan, and in which direction a revision of it is about to run. */
export type Asked = {
  readonly direction: "upgrade" | "downgrade";
  readonly graph: Graph;
  readonly journal: JournalState;
};

/**
 * For a runner to ask once more, in the session that holds the locks: between the decision and the locks somebody may have
 * written. Undefined: the revision has no gate in this direction. Throws `gate`.
 */
export function gateAgain(
  revision: Revision,
  { direction, graph, journal }: Asked,
): ((session: Session) => Promise<void>) | undefined {
  const conditions = direction === "upgrade" ? revision.gate : revision.undoGate;
  if (conditions.length === 0) return undefined;
  return async (session) => {
    const plan = revision.plan ?? revision.id;
    const evidence = await evidenceIn(session, plan, goneColumns(conditions));
    const gate = answer(revision, conditions, evidence, graph, journal);
    if (!gate.open) throw heldError({ revision, plan, why: { kind: "gate", gate } }, direction);
  };
}

function answer(
  revision: Revision,
  conditions: readonly GateCondition[],
  evidence: Evidence,
  graph: Graph,
  journal: JournalState,
): GateAnswer {
  const plan = revision.plan ?? "";
  const progress = gateProgress(plan, graph.plans.get(plan)?.revisions ?? [], journal.revisions);
  const report = evaluateGate(conditions, evidence, progress);
  const unmet = report.conditions.filter((c) => !c.met && c.overridden === null);
  return { open: report.open, unmet: unmet.map((c) => `${c.kind}: ${c.evidence}`) };
}

function goneColumns(conditions: readonly GateCondition[]) {
  return conditions.filter((condition) => condition.kind === "functions");
}
