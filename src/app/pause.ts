/** `backfill pause | resume`: in the journal, so that every worker on every host obeys. */
import { transaction } from "../db/transaction.js";
import { ChangeoverError } from "../errors.js";
import { ensureJournal, loadJournal } from "../journal/install.js";
import { pausePlan, recordEvent, resumePlan } from "../journal/journal.js";
import { nearest } from "../revisions/nearest.js";
import type { AppContext } from "./context.js";

export type PauseResult = { readonly plans: readonly { readonly plan: string; readonly changed: boolean }[] };

/** `plan` null: all plans. Throws `not-found` for a plan that has not begun here. */
export async function pauseUseCase(
  app: AppContext,
  action: "pause" | "resume",
  plan: string | null,
): Promise<PauseResult> {
  // Without the folder: who has to stop workers now may stand anywhere.
  const db = app.database();
  const journal = await loadJournal(db);
  const begun = journal.plans.filter((p) => journal.revisions.some((r) => r.plan === p.slug)).map((p) => p.slug);
  const named = plan === null ? null : (begun.find((slug) => slug === plan || slug === withoutNumber(plan)) ?? null);
  if (plan !== null && named === null) throw notBegun(plan, begun);
  if (begun.length > 0) await ensureJournal(db, app.emit);
  const plans: { plan: string; changed: boolean }[] = [];
  for (const slug of named === null ? begun : [named]) {
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

/** `0004-orders-total`, a plan's folder, is the plan `orders-total`. */
function withoutNumber(folder: string): string {
  return folder.replace(/^\d+-/, "");
}

function notBegun(plan: string, begun: readonly string[]): ChangeoverError {
  const near = nearest(withoutNumber(plan), begun);
  return new ChangeoverError("not-found", `Plan ${plan} has not begun in this database.`, {
    hint:
      near.length > 0
        ? `Did you mean ${near.join(" or ")}?`
        : begun.length === 0
          ? "No plan has begun here: changeover status"
          : `Begun: ${begun.join(", ")}.`,
  });
}
