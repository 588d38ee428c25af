/**
 * change × snapshot → plan. Pure: the same inputs give the same bytes, on every machine and at every hour.
 */
import { expectationsOf } from "../catalog/fingerprint.js";
import type { Snapshot } from "../catalog/snapshot.js";
import type { Change } from "../change/change.js";
import { describeChange } from "../change/describe.js";
import type { Expectation, RevisionBody, Scope } from "../revisions/revision.js";
import { estimate } from "./estimate.js";
import type { Hazard } from "./hazards.js";
import { partitionRefusals } from "./partitions.js";
import type { Planned, Refusal } from "./plan.js";
import {
  columnRefusals,
  finding,
  locate,
  type OpenPlan,
  openPlanRefusals,
  refusal,
  tableRefusals,
  userTriggerPolicy,
} from "./preflight.js";
import { recipeFor } from "./recipes/index.js";
import type { Draft, RecipeInput } from "./recipes/recipe.js";
import { distinctNames } from "./steps.js";
import type { Target } from "./target.js";
import type { ImpossibleView } from "./view-trial.js";

export type PlanInput = {
  readonly slug: string;
  readonly change: Change;
  readonly snapshot: Snapshot;
  /** of a change of type whose column is there: what the server makes of the new one */
  readonly target: Target | null;
  /** of a change that views are carried over: those that the server refuses */
  readonly impossibleViews: readonly ImpossibleView[];
  /** other plans that have begun and not ended, or wait in the folder */
  readonly openPlans: readonly OpenPlan[];
};

/** Needs the SQL parser to be loaded (`loadParser`). */
export function planChange({ slug, change, snapshot, target, impossibleViews, openPlans }: PlanInput): Planned {
  const recipe = recipeFor(change);
  const done = snapshot.table === null ? null : recipe.nothingToDo(change, snapshot.table, target);
  if (done !== null) return { kind: "nothing", reason: done };
  const located = locate(change, snapshot);
  if (!("table" in located)) return { kind: "refused", refusals: [located], findings: [] };

  const { table, column } = located;
  const writes = recipe.fillWrites(change, target);
  const triggers =
    writes === null
      ? { policy: "none" as const, refusals: [], findings: [] }
      : userTriggerPolicy(change, snapshot, table, writes);
  const found = { table, column, userTriggers: triggers.policy };
  const input: RecipeInput<Change> = { change, slug, snapshot, ...found, target, impossibleViews };
  const scope = recipe.scope(change, target);
  const refusals = [
    ...tableRefusals(snapshot, table),
    ...columnRefusals(table, column),
    ...partitionRefusals(table, column.name),
    ...openPlanRefusals(table, [...scope.columns, ...(scope.added === null ? [] : [scope.added])], openPlans),
    ...recipe.refusals(input),
    ...triggers.refusals,
  ];
  // All at once, so that nobody mends what is refused to meet the hazards then.
  const hazards = recipe.hazards(input);
  const missing = hazards.filter((h) => !h.notice && !change.allow.includes(h.name));
  const unallowed = missing.map((h) => hazardRefusal(h, [...change.allow, h.name]));
  const findings = [...recipe.findings(input), ...triggers.findings];
  if (refusals.length > 0 || unallowed.length > 0) {
    const all = [...refusals, ...unallowed];
    return {
      kind: "refused",
      refusals: all,
      findings: [...findings, ...all.map((r) => finding(r.name, r.object, "refused", r.message))],
    };
  }
  const expects = expectationsOf(snapshot, scope);
  const summary = describeChange(change);
  const revisions = recipe.revisions(input).map((draft) => {
    const own = draft.scope === undefined ? { scope, expects } : within(snapshot, draft.scope);
    return complete(draft, { slug, summary, ...own });
  });
  return {
    kind: "plan",
    plan: { slug, change, summary, scope, expects, revisions, findings, hazards, estimate: estimate(table, revisions) },
  };
}

const within = (snapshot: Snapshot, scope: Scope) => ({ scope, expects: expectationsOf(snapshot, scope) });

function hazardRefusal(found: Hazard, allow: readonly string[]): Refusal {
  const objects = found.objects.length === 0 ? "" : ` Here: ${found.objects.join(", ")}.`;
  return refusal(
    found.name,
    found.objects.join(", "),
    `${found.sentence}${objects}`,
    `If that is acceptable, say so in change.yaml: allow: [${allow.join(", ")}].`,
    "hazard",
  );
}

type Shared = {
  readonly slug: string;
  readonly summary: string;
  readonly scope: Scope;
  readonly expects: readonly Expectation[];
};

function complete(draft: Draft, { slug, summary, scope, expects }: Shared): RevisionBody {
  const gone = new Set((draft.gone ?? []).map((object) => `${object.kind} ${object.name}`));
  const [oldAllowed, oldReason] = draft.deploy.oldCode;
  const [newAllowed, newReason] = draft.deploy.newCode;
  return {
    plan: slug,
    name: draft.name,
    title: draft.title,
    change: summary,
    lane: draft.lane,
    phase: draft.phase,
    runner: draft.runner,
    scope,
    expects: expects.filter((e) => !gone.has(`${e.kind} ${e.name}`)),
    gate: draft.gate ?? [],
    undoGate: draft.undoGate ?? [],
    deploy: {
      oldCode: { allowed: oldAllowed, reason: oldReason },
      newCode: { allowed: newAllowed, reason: newReason },
    },
    irreversible: draft.irreversible ?? null,
    upgrade: distinctNames(draft.upgrade),
    downgrade: distinctNames(draft.downgrade),
    fill: draft.fill ?? null,
  };
}
