/** `backfill pause | resume`: in the journal, so that every worker on every host obeys. */
import { transaction } from "../db/transaction.js";
import { ensureJournal, loadJournal } from "../journal/install.js";
import { pausePlan, recordEvent, resumePlan } from "../journal/journal.js";
import { begunPlan, begunPlans } from "./begun.js";
import type { AppContext } from "./context.js";

export type PauseResult = { readonly plans: readonly { readonly plan: string; readonly changed: boolean }[] };

/** `plan` null: all plans. Throws `not-found` for a plan that has not begun here. */
export async function pauseUseCase(
  app: AppContext,
  action: "pause" | "resume",
  plan: string | null,
): Promise<PauseResult> {
  const db = app.database();
  const journal = await loadJournal(db);
  const named = plan === null ? begunPlans(journal) : [begunPlan(journal, plan)];
  if (named.length > 0) await ensureJournal(db, app.emit);
  const plans: { plan: string; changed: boolean }[] = [];
  for (const slug of named) {
    const changed = await db.borrow((session) =>
      transaction(session, {}, async () => {
        const moved = action === "pause" ? await pausePlan(session, slug, app.actor) : await resumePlan(session, slug);
        if (moved)
          await recordEvent(session, {
            actor: app.actor,
            kind: action === "pause" ? "paused" : "resumed",
            plan: slug,
            revision: null,
          });
        return moved;
      }),
    );
    plans.push({ plan: slug, changed });
  }
  return { plans };
}
