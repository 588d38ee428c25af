/** `backfill pause | resume`: in the journal, so that every worker on every host obeys. */
import { steer } from "../journal/control.js";
import { loadJournal } from "../journal/install.js";
import { pausePlan, resumePlan } from "../journal/journal.js";
import { begunPlan, begunPlans } from "./begun.js";
import type { AppContext } from "./context.js";

export type PauseResult = { readonly plans: readonly { readonly plan: string; readonly changed: boolean }[] };

/** `plan` null: all plans. Throws `not-found` for a plan that has not begun here, and `privilege`. */
export async function pauseUseCase(
  app: AppContext,
  action: "pause" | "resume",
  plan: string | null,
): Promise<PauseResult> {
  const db = app.database();
  const journal = await loadJournal(db);
  const named = plan === null ? begunPlans(journal) : [begunPlan(journal, plan)];
  const plans: { plan: string; changed: boolean }[] = [];
  for (const slug of named) {
    const changed = await db.borrow((session) =>
      steer(session, app.actor, () =>
        action === "pause" ? pausePlan(session, slug, app.actor) : resumePlan(session, slug),
      ),
    );
    plans.push({ plan: slug, changed });
  }
  return { plans };
}
