/** Is the database what the plan was reviewed for? Asked before each revision begins, never of one that is half-way. */
import { compareExpectations, type Difference, expectationsOf, printDifference } from "../catalog/fingerprint.js";
import { readSnapshot } from "../catalog/read.js";
import type { Database } from "../db/pool.js";
import { ChangeoverError } from "../errors.js";
import { checkMirror } from "../journal/mirror.js";
import type { Revision } from "../revisions/revision.js";
import { qualified } from "../sql/identifier.js";

/**
 * Throws `drift` (exit 5) with one line for each object that is new, gone or changed, or where the plan's own triggers do
 * not stand as its earlier revisions have installed them.
 */
export async function checkExpectations(db: Database, revision: Revision): Promise<void> {
  if (revision.plan !== null) await checkMirror(db, revision.plan);
  if (revision.scope === null) return;
  const snapshot = await readSnapshot(db, revision.scope.table);
  const actual = expectationsOf(snapshot, revision.scope);
  const differences = compareExpectations(revision.expects, actual).filter(matters);
  if (differences.length === 0) return;
  throw new ChangeoverError(
    "drift",
    `${qualified(revision.scope.table)} is not what plan ${revision.plan} was made for.`,
    {
      where: revision.file ?? revision.id,
      details: differences.map(printDifference),
      hint: `Nothing was run. Bring the table back to what was reviewed, or undo the plan (changeover downgrade ${revision.plan}@base) and plan again.`,
    },
  );
}

/** A user's trigger that is gone can no longer be in the way; a new or changed one can. */
function matters(difference: Difference): boolean {
  return !(difference.change === "missing" && difference.kind === "trigger");
}
