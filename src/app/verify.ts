import { verifyFill } from "../backfill/verify/verify.js";
import { ChangeoverError } from "../errors.js";
import { ensureJournal } from "../journal/install.js";
import { checkMirror } from "../journal/mirror.js";
import type { Verification } from "../journal/state.js";
import { findPlan } from "../revisions/targets.js";
import type { AppContext } from "./context.js";
import { underPlanLock } from "./plan-lock.js";
import { readProject } from "./project.js";

const LOCK_WAIT_MS = 10 * 60_000;

/** Compares the two sides of every row of a plan whose fill is done. Throws `not-yet` before that. */
export async function verifyUseCase(app: AppContext, name: string): Promise<Verification> {
  const project = await readProject(app);
  const slug = findPlan(project.known, name);
  const revisions = project.known.plans.get(slug)?.revisions ?? [];
  const fill = revisions.find((revision) => revision.fill !== null);
  if (fill === undefined || fill.fill === null) {
    throw new ChangeoverError("not-found", `Plan ${slug} has no rows to verify.`, {
      hint: `changeover status ${slug}`,
    });
  }
  const last = revisions.findLast((revision) => revision.irreversible !== null);
  const dropped = project.journal.revisions.some((row) => row.id === last?.id && row.state === "done");
  if (dropped) {
    throw new ChangeoverError("usage", `Plan ${slug} is finished: there is no second side left to compare.`, {
      hint: `Nothing was changed, and there is nothing left to do. See when it ended: changeover status ${slug}`,
    });
  }
  const db = app.database();
  // Before anything else: it is what everybody is sent here for.
  await checkMirror(db, slug);
  const state = project.journal.revisions.find((row) => row.id === fill.id)?.state;
  if (state !== "done") {
    throw new ChangeoverError("not-yet", `The rows of ${slug} are not filled yet.`, {
      hint: "changeover worker --drain, then verify.",
    });
  }
  await ensureJournal(db, app.emit);
  const work = { id: fill.id, plan: slug, scope: fill.scope, fill: fill.fill };
  const pass = await underPlanLock(app, { slug, waitMs: LOCK_WAIT_MS, signal: app.signal }, (signal) =>
    verifyFill(db, work, { signal, emit: app.emit }),
  );
  if (pass.finishedAt !== null) return pass;
  throw new ChangeoverError(app.signal.aborted ? "interrupted" : "lock", "The verify has not come to its end.", {
    hint: "Run the same command again: it goes on from where it stood.",
  });
}
