/** Every change kind has a recipe: one that is missing does not compile. */
import type { Change } from "../../change/change.js";
import { changeType } from "./change-type.js";
import type { Recipe } from "./recipe.js";
import { renameColumn } from "./rename-column.js";
import { setNotNull } from "./set-not-null.js";

const RECIPES: { readonly [K in Change["kind"]]: Recipe<Extract<Change, { kind: K }>> } = {
  rename_column: renameColumn,
  set_not_null: setNotNull,
  change_type: changeType,
};

export function recipeFor(change: Change): Recipe<Change> {
  // Sound because the table above pairs each kind with its own recipe.
  return RECIPES[change.kind] as unknown as Recipe<Change>;
}
