/** Plans that have begun in this database, by the names that people give them. */
import { ChangeoverError } from "../errors.js";
import type { JournalState } from "../journal/state.js";
import { nearest } from "../revisions/nearest.js";

export function begunPlans(journal: Pick<JournalState, "plans" | "revisions">): string[] {
  return journal.plans.filter((p) => journal.revisions.some((r) => r.plan === p.slug)).map((p) => p.slug);
}

/** Its slug, given that or its folder's name. Throws `not-found`. Needs no folder: who steers workers may stand anywhere. */
export function begunPlan(journal: Pick<JournalState, "plans" | "revisions">, plan: string): string {
  const begun = begunPlans(journal);
  const slug = begun.find((one) => one === plan || one === withoutNumber(plan));
  if (slug === undefined) throw notBegun(plan, begun);
  return slug;
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
          ? "A plan begins with changeover upgrade head; what there is: changeover status"
          : `Begun: ${begun.join(", ")}.`,
  });
}
