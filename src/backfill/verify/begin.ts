/** Where a verification begins and ends: one at a time, whoever comes, with the table's file held to it. */
import type { Database } from "../../db/pool.js";
import { ChangeoverError } from "../../errors.js";
import { mirrorBroken, readMirror } from "../../journal/mirror.js";
import { extendFile, verifiedFiles } from "../../journal/verification-files.js";
import {
  finishVerification,
  holdVerifications,
  latestVerification,
  openVerification,
  readVerification,
  reopenVerification,
  soundVerification,
  startVerification,
  type VerificationRow,
} from "../../journal/verifications.js";
import type { FillRevision } from "../statements.js";
import { addNew, goOn, hasNew } from "./files.js";
import { onFiles } from "./reading.js";

export type Begin = {
  /** is there need of one? Who ends one in the meantime has answered it */
  readonly due?: (() => Promise<boolean>) | undefined;
  /** pages of the smallest part, for tests on small tables */
  readonly minPartPages?: number | undefined;
};

/**
 * Joins the unfinished verification of the table's present files, or begins one. Of a partitioned table the last one, where it
 * found all in step, goes on with the leaves that came since, and with these alone. Null: it is not due any more. Throws `drift`
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
    onFiles(session, revision, async (now) => {
      if (!(await holdVerifications(session, revision.id))) throw takenBack(plan);
      if (due !== undefined && finished(await latestVerification(session, revision.id)) !== before) return null;
      const open = await openVerification(session, revision.id, stamps);
      if (open !== null && (await goOn(session, open.id, now, minPartPages)) !== "moved-away") {
        return readVerification(session, open.id);
      }
      const sound = now.plain ? null : await soundVerification(session, revision.id, stamps);
      const again = sound !== null && (await hasNew(session, sound.id, now)) ? sound : null;
      if (again !== null) await reopenVerification(session, again.id);
      const { id } = again ?? (await startVerification(session, revision.id, stamps));
      await addNew(session, id, now, minPartPages);
      return readVerification(session, id);
    }),
  );
}

const finished = (pass: VerificationRow | null) => (pass?.finishedAt == null ? null : pass.id);

/** `more`: there are pages to look at, or another file; `over`: somebody else has ended it. */
export async function conclude(
  db: Database,
  revision: FillRevision,
  { id }: VerificationRow,
  { minPartPages }: Begin,
): Promise<VerificationRow | "more" | "over"> {
  return db.borrow((session) =>
    onFiles(session, revision, async (now) => {
      if (!(await holdVerifications(session, revision.id))) throw takenBack(revision.plan ?? revision.id);
      const pass = await readVerification(session, id);
      if (pass === null || pass.finishedAt !== null) return "over";
      if ((await goOn(session, id, now, minPartPages)) !== "same") return "more";
      // Rows that came meanwhile are the triggers' work, which is worth one look; more would never end.
      const known = await verifiedFiles(session, id);
      const grown = now.files.flatMap(({ relation, pages }) => {
        const file = known.find((one) => one.relation === relation);
        return file !== undefined && pages > file.pages && !file.extended ? [{ file, pages }] : [];
      });
      for (const { file, pages } of grown) await extendFile(session, id, file, pages);
      return grown.length > 0 ? "more" : ((await finishVerification(session, id)) ?? "over");
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
