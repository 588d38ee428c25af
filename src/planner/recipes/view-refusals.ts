/** Views over the column that cannot be carried: refused by name, with what to do, before anything runs. */
import type { View } from "../../catalog/snapshot.js";
import { qualified } from "../../sql/identifier.js";
import type { Refusal } from "../plan.js";
import { refusal } from "../preflight.js";
import type { ImpossibleView } from "../view-trial.js";

export const BY_HAND = "Drop the view first, and make it again after the change.";

/** What no kind of change can carry. */
export function viewRefusals(view: View): Refusal[] {
  const name = qualified(view.view);
  const found: Refusal[] = [];
  if (view.kind === "materialized view")
    found.push(
      refusal(
        "materialized-view",
        name,
        `Materialized view ${name} reads the column: made again, it would be filled under a lock that stops everybody.`,
        "Drop it first, and make it again after the change; or let a plain view stand in its place meanwhile.",
      ),
    );
  if (view.temporary)
    found.push(
      refusal(
        "temporary-view",
        name,
        `View ${name} is temporary: it belongs to a session.`,
        "End that session, or drop the view.",
      ),
    );
  if (view.extension !== null)
    found.push(refusal("view-of-extension", name, `View ${name} belongs to extension ${view.extension}.`, BY_HAND));
  if (view.rules.length > 0)
    found.push(
      refusal("view-rule", name, `View ${name} has rewrite rules (${view.rules.join(", ")}).`, `Drop them. ${BY_HAND}`),
    );
  return found;
}

export function ownerRefusal({ view, owner }: View, what: string): Refusal {
  return refusal(
    "view-owner",
    qualified(view),
    `View ${qualified(view)} belongs to ${owner}: the connected role cannot ${what}.`,
    `Run as a role that is a member of ${owner}, where both may CREATE in schema ${view.schema}.`,
  );
}

export function wholeRowView({ view }: View): Refusal {
  const name = qualified(view);
  return refusal("whole-row", name, `View ${name} reads the whole row.`, BY_HAND);
}

/** What the server refuses of a view on an empty copy of the table. */
export function impossibleViews(found: readonly ImpossibleView[]): Refusal[] {
  return found.map(({ name, message }) =>
    refusal("view-impossible", name, `View ${name} cannot be made over the changed column: ${message}.`, BY_HAND),
  );
}
