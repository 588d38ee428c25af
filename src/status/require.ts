import { ChangeoverError } from "../errors.js";
import { nearest } from "../revisions/nearest.js";
import { PHASES, type Phase } from "../revisions/revision.js";
import type { PlanReport, StatusReport } from "./schema.js";

export type Requirement = {
  /** false: exit 3 */
  readonly satisfied: boolean;
  /** what is not done yet */
  readonly missing: readonly { readonly plan: string; readonly revision: string; readonly state: string }[];
};

/**
 * Is every revision of this phase, and of the phases before it, done? A plan whose kind has none there has nothing to
 * wait for. Without a plan, all open ones are asked: those that are neither done nor undone. Throws `not-found`.
 */
export function requirePhase(report: StatusReport, plan: string | null, phase: Phase): Requirement {
  const asked = plan === null ? report.plans.filter(isOpen) : [planNamed(report, plan)];
  const missing = asked.flatMap((one) =>
    missingOf({ ...one, whole: one.folder !== null || one.state === "done" }, phase).map(({ name, state }) => ({
      plan: one.plan,
      revision: name,
      state,
    })),
  );
  return { satisfied: missing.length === 0, missing };
}

/** As much of a plan as the question asks for. */
export type Known<R> = {
  /** every revision of it is known: its files are here, or it has come to its end */
  readonly whole: boolean;
  /** the last phase of which a revision has begun; null: none has */
  readonly phase: Phase | null;
  readonly revisions: readonly R[];
};

/**
 * The revisions of this phase, and of those before it, that are not done. Without the plan's files only what has run is
 * known, and that says nothing of the phase that it has come to, or of later ones.
 */
export function missingOf<R extends { readonly name: string; readonly phase: Phase | null; readonly state: string }>(
  { whole, phase, revisions }: Known<R>,
  asked: Phase,
): readonly (R | { readonly name: string; readonly phase: Phase; readonly state: "unknown" })[] {
  if (!whole && (phase === null || PHASES.indexOf(asked) >= PHASES.indexOf(phase)))
    return [{ name: `rest of ${asked}`, phase: asked, state: "unknown" }];
  const upTo = PHASES.slice(0, PHASES.indexOf(asked) + 1);
  return revisions.filter((one) => one.phase !== null && upTo.includes(one.phase) && one.state !== "done");
}

/** By slug, or by the name of its folder. Throws `not-found`. */
export function planNamed(report: StatusReport, name: string): PlanReport {
  const found = report.plans.find((one) => one.plan === name) ?? report.plans.find((one) => one.folder === name);
  if (found !== undefined) return found;
  const known = report.plans.map((one) => one.plan);
  const near = nearest(name, known);
  throw new ChangeoverError("not-found", `There is no plan ${name}, neither in this folder nor in the database.`, {
    hint:
      near.length > 0
        ? `Did you mean ${near.join(" or ")}?`
        : known.length === 0
          ? "Make one: changeover new rename_column <name>."
          : `Plans: ${known.join(", ")}.`,
  });
}

const isOpen = ({ state }: PlanReport) => state !== "done" && state !== "undone";
