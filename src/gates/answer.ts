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

export const confirmCommand = (plan: string) => `changeover confirm ${plan} --release RELEASE`;

/** A command that is to be run only when something else has been done; the shell passes over what stands behind the #. */
export const once = (command: string, condition: string) => `${command}   # once ${condition}`;

/** What to do about rows that a verify has found. */
export const SETTLE_ROWS =
  "Look at these rows and set the value that is wrong (of two columns, the one that is: the other follows where a value changes), then verify again.";
