/**
 * The views over a column whose type changes are dropped and made again in the transaction that changes it: what of them would
 * not come out as it went in is refused.
 */
import type { View } from "../../catalog/snapshot.js";
import { ParseError } from "../../sql/expression.js";
import { type QualifiedName, qualified } from "../../sql/identifier.js";
import { readsWholeRow } from "../../sql/select.js";
import type { Refusal } from "../plan.js";
import { refusal } from "../preflight.js";
import { viewTree } from "../views.js";
import type { TypeInput } from "./change-type.pair.js";
import { BY_HAND, impossibleViews, ownerRefusal, viewRefusals, wholeRowView } from "./view-refusals.js";

/** They are made again from the text that they have: what of it means the row means another row meanwhile. */
export function carriedViews({ table, column, impossibleViews: impossible }: TypeInput): Refusal[] {
  const views = viewTree(table, column.name);
  const found = [
    ...views.flatMap((view) => [...viewRefusals(view), ...(view.kind === "view" ? anewRefusals(view) : [])]),
    ...views.filter((view) => readsRow(view.definition, table)).map(wholeRowView),
  ];
  // Its trial fails for what it is refused for already.
  const names = new Set(found.map(({ object }) => object));
  return [...found, ...impossibleViews(impossible.filter(({ name }) => !names.has(name)))];
}

/** What cannot be read is refused by the trial of it. */
function readsRow(definition: string, table: QualifiedName): boolean {
  try {
    return readsWholeRow(definition, table);
  } catch (error) {
    if (error instanceof ParseError) return false;
    throw error;
  }
}

/** What a DROP would refuse or take along, and what only others could give back. */
function anewRefusals(view: View): Refusal[] {
  const name = qualified(view.view);
  const found: Refusal[] = [];
  if (!view.replaceable || !view.givable) found.push(ownerRefusal(view, "make it again for them"));
  if (view.labelled) found.push(refusal("security-label", name, `View ${name} has a security label.`, BY_HAND));
  if (view.triggers.length > 0)
    found.push(
      refusal(
        "view-trigger",
        name,
        `View ${name} has triggers (${view.triggers.join(", ")}), which would go with it.`,
        BY_HAND,
      ),
    );
  for (const dependent of view.dependents)
    found.push(
      refusal("view-dependent", name, `View ${name} has to be made again, and ${dependent} depends on it.`, BY_HAND),
    );
  for (const given of [...view.grants, ...view.outputs.flatMap((output) => output.grants)].filter(
    (one) => one.grantor !== view.owner,
  ))
    found.push(
      refusal(
        "grant-by-another",
        name,
        `${given.privilege} on ${name} was given to ${given.grantee ?? "PUBLIC"} by ${given.grantor}, not by the view's owner.`,
        "Give it as the owner, and revoke that grant.",
      ),
    );
  return found;
}
