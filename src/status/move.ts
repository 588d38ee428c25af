/** A plan's standing in three words, and the command that runs one of its revisions. */
import type { Revision } from "../revisions/revision.js";
import type { PlanReport, PlanState } from "./schema.js";

export type Standing = Pick<PlanReport, "state" | "why" | "next">;

export function standing(state: PlanState, why: string | null, next: string | null): Standing {
  return { state, why, next };
}

/** The command that runs this revision, or takes it up again. */
export function commandFor(
  plan: string,
  { revision }: { readonly revision: Pick<Revision, "lane" | "phase"> },
): string {
  if (revision.lane === "trunk") return "changeover upgrade head";
  return revision.phase === "backfill" ? "changeover worker --drain" : `changeover upgrade ${plan}@head`;
}
