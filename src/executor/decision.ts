/** What runs next, as a value: the answer of `next.ts` to everything that is known. */
import { ChangeoverError } from "../errors.js";
import { type Paused, pausedError } from "../journal/paused.js";
import type { JournalPlan, JournalRevision } from "../journal/state.js";
import { fileOf, type Graph } from "../revisions/graph.js";
import type { Revision } from "../revisions/revision.js";
import type { Resolved } from "../revisions/targets.js";

export type GateAnswer = {
  readonly open: boolean;
  /** a sentence for each condition that is not met */
  readonly unmet: readonly string[];
};

export type DecisionInput = {
  /**
   * Upgrade: the folder's revisions, with the journal's ids as known elsewhere. Downgrade: the folder's and the
   * journal's together, the journal's text before the file's (`known.ts` makes both).
   */
  readonly graph: Graph;
  /** the journal's, in the order in which they were started */
  readonly applied: readonly JournalRevision[];
  readonly plans: readonly JournalPlan[];
  readonly target: Resolved;
  /** asked only for a revision that has conditions: its gate upwards, its undo gate downwards */
  readonly gateOf: (revision: Revision) => GateAnswer;
};

/** Why a revision that the target asks for does not run now, though nothing is wrong. */
export type Held = {
  readonly revision: Revision;
  readonly plan: string;
  /** gate: shut. paused: the plan is, or is outside of its windows. depends: on a tail that is not finished. */
  readonly why:
    | { readonly kind: "gate"; readonly gate: GateAnswer }
    | ({ readonly kind: "paused" } & Paused)
    | { readonly kind: "depends"; readonly on: Revision };
};

export type Decision =
  /** `again`: a run of it was begun and not ended */
  | { readonly kind: "run"; readonly revision: Revision; readonly again: boolean }
  /** the target is reached; a notice is something to tell, and nothing to do */
  | { readonly kind: "done"; readonly notices: readonly string[] }
  /** a gate is shut: exit 7, or the end of the way for `heads`. `also`: what else stands still */
  | {
      readonly kind: "wait";
      readonly revision: Revision;
      readonly plan: string;
      readonly gate: GateAnswer;
      readonly error: ChangeoverError;
      readonly also: readonly Held[];
    }
  /** not there yet: paused, or a tail has to finish first: exit 3 */
  | { readonly kind: "blocked"; readonly held: Held; readonly error: ChangeoverError; readonly also: readonly Held[] }
  | { readonly kind: "refuse"; readonly error: ChangeoverError };

export function refuse(error: ChangeoverError): Decision {
  return { kind: "refuse", error };
}

export function held(first: Held, also: readonly Held[], direction: "upgrade" | "downgrade"): Decision {
  const error = heldError(first, direction);
  if (first.why.kind !== "gate") return { kind: "blocked", held: first, error, also };
  return { kind: "wait", revision: first.revision, plan: first.plan, gate: first.why.gate, error, also };
}

/** Why a revision does not run now, as a block for people. */
export function heldError({ revision, plan, why }: Held, direction: "upgrade" | "downgrade"): ChangeoverError {
  const where = fileOf(revision);
  switch (why.kind) {
    case "gate":
      return new ChangeoverError(
        "gate",
        direction === "upgrade"
          ? `The gate of ${plan} before "${revision.title}" is shut.`
          : `"${revision.title}" of ${plan} cannot be undone now.`,
        { where, details: why.gate.unmet, hint: `See what is missing: changeover status ${plan}` },
      );
    case "paused":
      if (why.opens !== null) return pausedError(plan, why);
      return new ChangeoverError("paused", `${plan} is paused${why.by === null ? "" : ` by ${why.by}`}.`, {
        where,
        hint: `Let it go on: changeover backfill resume ${plan}`,
      });
    case "depends":
      return new ChangeoverError(
        "not-yet",
        `"${revision.title}" needs the plan ${plan}, which is not finished: it depends on ${why.on.id} (${why.on.title}).`,
        {
          where,
          hint: `Finish it first: changeover upgrade ${plan}@head (changeover status ${plan} tells what it waits for)`,
        },
      );
  }
}
