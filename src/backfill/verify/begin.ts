/** Where a verification begins and ends: one at a time, whoever comes, with the table's file held to it. */
import type { Database } from "../../db/pool.js";
import { ChangeoverError } from "../../errors.js";
import { mirrorBroken, readMirror } from "../../journal/mirror.js";
import {
  extendVerification,
  finishVerification,
  holdVerifications,
  latestVerification,
  openVerification,
  startVerification,
  type VerificationRow,
} from "../../journal/verifications.js";
import { slicesOf } from "../range.js";
import type { FillRevision } from "../statements.js";
import { onFile } from "./reading.js";

export type Begin = {
  /** is there need of one? Who ends one in the meantime has answered it */
  readonly due?: (() => Promise<boolean>) | undefined;
  /** pages of the smallest part, for tests on small tables */
  readonly minPartPages?: number | undefined;
};

/**
 * Joins the unfinished verification of the table's present file, or begins one. Null: it is not due any more. Throws `drift`
 * where the plan's triggers do not stand, `not-yet` where the plan was taken back meanwhile.
 */
export async function beginOrJoin(
  db: Database,
  revision: FillRevision,
  { due, minPartPages }: Begin,
): Promise<VerificationRow | null> {
  const plan = revision.plan ?? revision.id;
  const { faults, stamps } = await readMirror(db, plan);
  if (faults.length > 0) throw mirrorBroken(plan, faults);
  const before = finished(await latestVerification(db, revision.id));
  // Not inside of the transaction below: it asks for connections of its own.
  if (due !== undefined && !(await due())) return null;
  return db.borrow((session) =>
    onFile(session, revision, async (file) => {
      if (!(await holdVerifications(session, revision.id))) throw takenBack(plan);
      if (due !== undefined && finished(await latestVerification(session, revision.id)) !== before) return null;
      const open = await openVerification(session, revision.id, file.filenode, stamps);
      return open ?? (await startVerification(session, revision.id, file, slicesOf(file.pages, minPartPages), stamps));
    }),
  );
}

const finished = (pass: VerificationRow | null) => (pass?.finishedAt == null ? null : pass.id);

/** `more`: there are pages to look at, or another file; `over`: somebody else has ended it. */
export async function conclude(
  db: Database,
  revision: FillRevision,
  pass: VerificationRow,
): Promise<VerificationRow | "more" | "over"> {
  return db.borrow((session) =>
    onFile(session, revision, async ({ filenode, pages }) => {
      if (!(await holdVerifications(session, revision.id))) throw takenBack(revision.plan ?? revision.id);
      if (filenode !== pass.filenode) return "more";
      // Rows that came meanwhile are the triggers' work, which is worth one look; more would never end.
      if (pages > pass.pages && !pass.extended) {
        await extendVerification(session, pass.id, pages);
        return "more";
      }
      return (await finishVerification(session, pass.id)) ?? "over";
    }),
  );
}

export function takenBack(plan: string): ChangeoverError {
  return new ChangeoverError(
    "not-yet",
    `There is nothing to compare in ${plan} any more: meanwhile it was taken back, or brought to its end.`,
    {
      hint: `changeover status ${plan}`,
    },
  );
}
