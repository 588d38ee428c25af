/** What the planner makes of a change and a snapshot: values to print, to write as revisions, or to refuse. */
import type { Change } from "../change/change.js";
import type { ErrorCode } from "../errors.js";
import type { Expectation, RevisionBody, Scope } from "../revisions/revision.js";
import type { Hazard } from "./hazards.js";

export type Plan = {
  readonly slug: string;
  readonly change: Change;
  /** the change in one line */
  readonly summary: string;
  readonly scope: Scope;
  readonly expects: readonly Expectation[];
  /** in the order in which they run; linked and numbered when they are written */
  readonly revisions: readonly RevisionBody[];
  /** what was found on the table, and how each is treated */
  readonly findings: readonly Finding[];
  readonly hazards: readonly Hazard[];
  readonly estimate: Estimate;
};

export type Finding = {
  readonly kind: string;
  readonly name: string;
  /** carried: comes out as it went in; kept: not touched by the change; refused: the plan does not run */
  readonly treatment: "carried" | "kept" | "refused";
  readonly how: string;
};

/** Rough and stated as such: no estimate decides anything. */
export type Estimate = {
  readonly rows: number;
  readonly heapBytes: number;
  readonly walBytes: number;
  readonly seconds: { readonly fill: number; readonly indexes: number; readonly validate: number };
};

/** Why a change cannot be carried out safely here; the plan is refused before its first statement. */
export type Refusal = {
  /** its name in the documentation, e.g. `primary-key-column` */
  readonly name: string;
  /** the error that it becomes, and so the exit code */
  readonly code: Extract<ErrorCode, "refused" | "not-found" | "privilege" | "hazard">;
  readonly object: string;
  readonly message: string;
  readonly hint: string;
};

/** What the planner answers: a plan, nothing to do, or every reason why not. */
export type Planned =
  | { readonly kind: "plan"; readonly plan: Plan }
  | { readonly kind: "nothing"; readonly reason: string }
  | { readonly kind: "refused"; readonly refusals: readonly Refusal[]; readonly findings: readonly Finding[] };
