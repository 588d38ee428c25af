/** What of a table rename_column cannot carry: refused by name, with what to do, before anything runs. */
import type { Table } from "../../catalog/snapshot.js";
import type { RenameColumn } from "../../change/change.js";
import { qualified } from "../../sql/identifier.js";
import { partitionedTwinRefusals } from "../partitions.js";
import type { Refusal } from "../plan.js";
import { refusal } from "../preflight.js";
import type { RecipeInput } from "./recipe.js";
import { unturnable } from "./rename-column.views.js";
import { twinRefusals } from "./twin-refusals.js";

type Input = RecipeInput<RenameColumn>;

const SYSTEM_COLUMNS = new Set(["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"]);

export function renameRefusals(input: Input): Refusal[] {
  const { change, table, column } = input;
  return [
    ...nameRefusals(change, table),
    ...twinRefusals(table, column),
    ...partitionedTwinRefusals(input),
    ...unturnable(input),
  ];
}

function nameRefusals(change: RenameColumn, table: Table): Refusal[] {
  const object = `${qualified(table)}.${change.to}`;
  if (table.columns.some((c) => c.name === change.to)) {
    return [
      refusal(
        "name-taken",
        object,
        `Column ${change.to} exists already beside ${change.column}.`,
        "Choose another name, or drop the column that has it.",
      ),
    ];
  }
  if (SYSTEM_COLUMNS.has(change.to)) {
    return [
      refusal("system-column-name", object, `${change.to} is the name of a system column.`, "Choose another name."),
    ];
  }
  return [];
}
