import { evaluateGate } from "../gates/evaluate.js";
import type { GateProgress } from "../gates/progress.js";
import type { Evidence } from "../journal/state.js";
import type { GateCondition } from "../revisions/revision.js";
import type { Tracked } from "./input.js";
import type { GateJson, PlanReport } from "./schema.js";

/** The gates of the contract revisions that are still to come. */
export function reportGates(
  revisions: readonly Tracked[],
  evidence: Evidence,
  progress: GateProgress,
): PlanReport["gates"] {
  return revisions
    .filter(({ revision, state }) => revision.gate.length > 0 && state !== "done" && state !== "undoing")
    .map(({ revision }) => ({ revision: revision.name, ...gateJson(revision.gate, evidence, progress) }));
}

export function gateJson(conditions: readonly GateCondition[], evidence: Evidence, progress: GateProgress): GateJson {
  const { open, conditions: answers } = evaluateGate(conditions, evidence, progress);
  return {
    open,
    conditions: answers.map(({ kind, met, overridden, evidence: sentence, hint, command }) => ({
      kind,
      met,
      overridden: overridden === null ? null : { ...overridden, at: overridden.at.toISOString() },
      evidence: sentence,
      hint: hint ?? null,
      command: command ?? null,
    })),
  };
}

/** Of a plan that has not begun: nothing is known, and nothing counts as silence. */
export function noEvidence(now: Date): Evidence {
  const none = { lastAt: null, writers: [], lastConnected: null };
  return {
    now,
    verification: null,
    confirmation: null,
    failures: [],
    skipped: 0,
    sightedSince: null,
    sightings: { old: { side: "old", ...none }, new: { side: "new", ...none } },
    unmirrored: { forth: null, back: null },
    mirror: { table: "there", faults: [], stamps: {}, trusted: {} },
    functionsNaming: new Map(),
  };
}
