/** `backfill set`: limits of a plan's backfill, in the journal, so that every worker on every host obeys. */
import { transaction } from "../db/transaction.js";
import { ensureJournal, loadJournal } from "../journal/install.js";
import { recordEvent } from "../journal/journal.js";
import { type Changes, changeLimits, type Limits } from "../journal/limits.js";
import { begunPlan } from "./begun.js";
import type { AppContext } from "./context.js";

export type LimitsResult = { readonly plan: string; readonly limits: Limits };

/** Changes those that are given; null lifts one. Throws `not-found` for a plan that has not begun here. */
export async function limitsUseCase(app: AppContext, plan: string, changes: Changes): Promise<LimitsResult> {
  const db = app.database();
  const slug = begunPlan(await loadJournal(db), plan);
  await ensureJournal(db, app.emit);
  const limits = await db.borrow((session) =>
    transaction(session, {}, async () => {
      const changed = await changeLimits(session, slug, changes);
      await recordEvent(session, { actor: app.actor, kind: "limited", plan: slug, revision: null, data: changes });
      return changed;
    }),
  );
  return { plan: slug, limits };
}
