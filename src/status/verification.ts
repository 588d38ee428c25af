/** The newest verification of a plan: what was compared, and what was found. */
import { counted } from "../gates/words.js";
import type { FoundRow } from "../journal/findings.js";
import type { Verification } from "../journal/state.js";
import type { PlanReport } from "./schema.js";

/** Of the newest verification of a plan: the first rows not in step, and of those whose value the old side cannot hold. */
export type Found = { readonly apart: readonly FoundRow[]; readonly lost: readonly FoundRow[] };

export function reportVerification(
  verification: Verification | null,
  found: Found | undefined,
): PlanReport["verification"] {
  if (verification === null) return null;
  const { startedAt, finishedAt, rows, mismatches, skipped, fraction, lost } = verification;
  return {
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
    rows,
    mismatches,
    skipped,
    fraction,
    found: [...(found?.apart ?? [])],
    lost,
    lostRows: [...(found?.lost ?? [])],
  };
}

/** `switched`: the new side has the column's name, so that an undo would make the old one count again. */
export function readinessOf(verification: Verification | null, switched: boolean): string | null {
  if (verification === null || !switched || verification.lost === 0) return null;
  const { lost, lostKeys } = verification;
  const more = lost > lostKeys.length ? `, and ${counted(lost - lostKeys.length, "more", "more")}` : "";
  return `Undo of the switch would fail for ${counted(lost, "row")}: ${lostKeys.join(", ")}${more}.`;
}
