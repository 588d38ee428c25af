import type { Evidence } from "../journal/state.js";
import type { GateCondition } from "../revisions/revision.js";
import type { GateProgress } from "./progress.js";

/** What the evidence says about one condition. */
export type Answer = {
  readonly met: boolean;
  /** one sentence, with figures and times */
  readonly evidence: string;
  /** what to do about it, or what to wait for */
  readonly hint?: string;
  /** the command that does it, where one does */
  readonly command?: string;
};

export type Judge<K extends GateCondition["kind"]> = (
  condition: Extract<GateCondition, { kind: K }>,
  evidence: Evidence,
  progress: GateProgress,
) => Answer;

export const met = (evidence: string): Answer => ({ met: true, evidence });

export const unmet = (evidence: string, hint: string, command?: string): Answer =>
  command === undefined ? { met: false, evidence, hint } : { met: false, evidence, hint, command };

export const confirmCommand = (plan: string) => `changeover confirm ${plan} --release <release>`;
