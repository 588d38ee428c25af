/**
 * `transform`: a fill's value by code, where SQL has no expression for it. A module alone can hold it, and of the change
 * kinds one: elsewhere triggers keep two sides in step, and those are made of SQL.
 */
import type { ChangeKind, RowTransform, Transform } from "./change.js";
import type { Problem } from "./mistake.js";
import { readName } from "./names.js";

/** A row of these columns, which a program may say more of: `({ total }: { total: string }) => …`. `"Last"` is the column Last. */
export type TransformRow<C extends string> = {
  readonly [Name in C extends `"${infer Bare}"` ? Bare : C]?: unknown;
};

/** What `transform` is in a module's declaration. */
export type TransformInput<C extends string = string, R extends TransformRow<C> = TransformRow<C>> = {
  /** the columns that a row is read for, as SQL spells them */
  readonly columns: readonly C[];
  /** its value; `signal` is aborted when its time is over */
  readonly row: (row: R, context: { readonly signal: AbortSignal }) => unknown;
};

const LIKE_THIS = 'Write: transform: { columns: ["first_name"], row: ({ first_name }) => … }';

/** As far as it can be told without a table. */
export function readTransform(given: unknown, source: Transform["source"]): Transform | Problem {
  if (typeof given !== "object" || given === null)
    return { message: "is not an object of columns and row.", hint: LIKE_THIS };
  const { columns, row, ...others } = given as Readonly<Record<string, unknown>>;
  const [stranger] = Object.keys(others);
  if (stranger !== undefined)
    return { message: `has a key ${stranger}, which means nothing; expected columns and row.`, hint: "Remove it." };
  if (!Array.isArray(columns) || columns.length === 0 || !columns.every((one) => typeof one === "string"))
    return { message: "names no columns; expected a list of names of the table's columns.", hint: LIKE_THIS };
  if (typeof row !== "function") return { message: "has no function row; expected (row) => value.", hint: LIKE_THIS };
  const names: string[] = [];
  for (const text of columns) {
    const name = readName(text);
    if (typeof name !== "string")
      return { message: `reads ${JSON.stringify(text)}, which ${name.message}`, hint: name.hint };
    // The row has its keys by the columns' names: one that would be folded is not the key that the function reads.
    if (name !== text && text !== `"${name}"`)
      return {
        message: `reads ${JSON.stringify(text)}, which SQL would take for ${name}.`,
        hint: `Write ${JSON.stringify(name)}, or ${JSON.stringify(`"${text}"`)} for a name with capitals.`,
      };
    if (names.includes(name)) return { message: `names ${name} twice.`, hint: "Name each column once." };
    names.push(name);
  }
  return { columns: names, row: row as RowTransform, source };
}

const WORDS = "its triggers give every writer both values, and no trigger can call a program";

/** Why it does not belong where it stands; null: it does. `inYaml`: the declaration is no program. */
export function misplacedTransform(kind: ChangeKind | null, hasFill: boolean, inYaml: boolean): Problem | null {
  if (kind !== null && kind !== "set_not_null")
    return {
      message: `does not belong to ${kind}: ${WORDS}.`,
      hint: "Add a nullable column, fill it by set_not_null with a transform, and let the code use that one.",
    };
  if (inYaml)
    return {
      message: "is code, which YAML cannot hold.",
      hint: "Declare the change in a change.ts instead: export default defineChange({ …, transform: { columns, row } }).",
    };
  if (hasFill)
    return { message: "stands beside fill; a value comes from one of them.", hint: "Remove one of the two." };
  return null;
}
