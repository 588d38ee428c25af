/** The two sides of change_type, as all of its revisions speak of them. */
import type { ChangeType } from "../../change/change.js";
import { conversionOf } from "../conversion.js";
import { keyOf } from "../fill.js";
import type { TypePair } from "../mirror-type.js";
import { planNames, twinName } from "../naming.js";
import type { Target } from "../target.js";
import type { RecipeInput } from "./recipe.js";

/** With what the server said of the new type. */
export type TypeInput = Omit<RecipeInput<ChangeType>, "target"> & { readonly target: Target };

export function pairOf({ change, table, column, slug, target }: TypeInput, switched: boolean): TypePair {
  return {
    names: planNames(slug),
    slug,
    conversion: conversionOf(change, column, target.column),
    from: column,
    target: target.column,
    shadow: twinName(column.name),
    switched,
    key: keyOf(table),
  };
}
