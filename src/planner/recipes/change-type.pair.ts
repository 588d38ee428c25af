/** The two sides of change_type, as all of its revisions speak of them. */
import type { ChangeType } from "../../change/change.js";
import { conversionOf } from "../conversion.js";
import { keyOf } from "../fill.js";
import type { TypePair } from "../mirror-type.js";
import { planNames, twinName } from "../naming.js";
import type { Target } from "../target.js";
import type { RecipeInput } from "./recipe.js";

/**
 * New code is the release that is written for either type: it runs from before the first revision to after the last, and
 * across the switch. Code that knows the new type alone comes after that.
 */
export const READY_FOR_BOTH = [true, "where it is ready for either type"] as const;

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
