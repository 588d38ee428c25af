/**
 * The views over a renamed column, turned to the new side at the end of the backfill: before the confirm. A view is neither
 * release's: new code writes through it as old code does, and what it writes there counts as the side that the view is over.
 * Turned with the drop, such writes would keep the gate before it shut for ever.
 */
import type { Table } from "../../catalog/snapshot.js";
import type { RenameColumn } from "../../change/change.js";
import { qualified } from "../../sql/identifier.js";
import type { Refusal } from "../plan.js";
import { refusal } from "../preflight.js";
import { surroundingsOf } from "../surroundings.js";
import { replacements, replaceView, rewriteError } from "../views.js";
import type { Draft, RecipeInput } from "./recipe.js";
import { impossibleViews, ownerRefusal, viewRefusals, wholeRowView } from "./view-refusals.js";

type Input = RecipeInput<RenameColumn>;

export function turnViews({ change, table }: Input): Draft[] {
  const { column: from, to } = change;
  const views = replacements(table, { from, to });
  if (views.length === 0) return [];
  return [
    {
      phase: "backfill",
      lane: "tail",
      runner: "autocommit",
      name: "views",
      title: `let the views over ${from} read ${to}; what they give keeps its names`,
      deploy: {
        oldCode: [true, "what it writes is mirrored to the new column"],
        newCode: [true, "the new column is filled, indexed and constrained like the old one"],
      },
      upgrade: views.map((view) => replaceView(table, view, view.after, from)),
      downgrade: views.map((view) => replaceView(table, view, view.before, to)).reverse(),
    },
  ];
}

/** The views that the plan read and that read the new column by now. */
export function turnedViews(table: Table, { column, to }: RenameColumn): { kind: string; name: string }[] {
  return replacements(table, { from: column, to }).map(({ view }) => ({ kind: "view", name: qualified(view.view) }));
}

/** What of the views over the column cannot be turned. */
export function unturnable({ change, table, impossibleViews: impossible }: Input): Refusal[] {
  const views = surroundingsOf(table, change.column).views;
  return [
    ...views.flatMap((view) => [
      ...viewRefusals(view),
      ...(view.replaceable ? [] : [ownerRefusal(view, "replace it")]),
    ]),
    ...unreadable(change, table),
    ...impossibleViews(impossible),
  ];
}

/** A view is replaced by its own text over the new column: whose column is meant has to be certain. */
function unreadable({ column, to }: RenameColumn, table: Table): Refusal[] {
  return surroundingsOf(table, column).views.flatMap((view) => {
    const error = view.kind === "view" ? rewriteError(table, view, { from: column, to }) : null;
    if (error === null) return [];
    const name = qualified(view.view);
    if (error.wholeRow) return [wholeRowView(view)];
    return [
      refusal(
        "view-unreadable",
        name,
        `View ${name} ${error.message}: it cannot be made over ${to} by its text.`,
        "Write the view without that, or drop it first and make it again after the change.",
      ),
    ];
  });
}
