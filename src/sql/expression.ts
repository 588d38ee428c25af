/**
 * SQL expressions that people write or the catalog prints, read with PostgreSQL's own grammar: checked to be exactly
 * one expression, and told what they mention. What needs a catalog to tell (types, volatility, whose function) is not
 * decided here.
 */
import { AGGREGATES, SET_RETURNING } from "./builtins.js";
import type { Node } from "./parser.js";
import { type ColumnReference, columnReferences, ExpressionError, expressionTree, strings, walk } from "./tree.js";

export { identifiersIn } from "./identifiers.js";
export { cannotFail } from "./never-fails.js";
export { isNeverNull } from "./never-null.js";
export { isParserLoaded, loadParser, ParseError } from "./parser.js";
export { rewriteColumns } from "./rewrite.js";
export { ExpressionError } from "./tree.js";

export type ExpressionInfo = {
  /** names of the columns read, each once, folded as SQL does; qualified ones by their last part */
  readonly columns: readonly string[];
  /** every reference as written, in order */
  readonly references: readonly ColumnReference[];
  /** names of the functions called, each once, as written: one part, or schema and name */
  readonly functions: readonly (readonly string[])[];
  /** literals, casts and operators alone: no column, no function, no current_date and its kin */
  readonly constant: boolean;
  readonly hasSubquery: boolean;
  /** a built-in aggregate, or one that its syntax betrays (`count(*)`, DISTINCT, FILTER, WITHIN GROUP) */
  readonly hasAggregate: boolean;
  readonly hasWindow: boolean;
  readonly hasParam: boolean;
  /** a built-in set-returning function */
  readonly hasSetReturning: boolean;
  /** `t.*` inside of the expression */
  readonly hasWholeRow: boolean;
};

/**
 * Reads a text that must be one expression, from its first to its last character: what passes may be put into
 * parentheses anywhere. `loadParser()` must have been awaited.
 *
 * @throws ExpressionError with the offset in characters
 */
export function checkExpression(text: string): ExpressionInfo {
  const tree = expressionTree(text);
  const { node, placeOf } = tree;
  const references = columnReferences(tree);
  if ("ColumnRef" in node && references[0]?.column === null) {
    throw new ExpressionError("a whole row is not one value", 0);
  }
  const calls: { readonly name: readonly string[]; readonly offset: number }[] = [];
  const seen = new Set<string>();
  walk(node, (name, body) => {
    seen.add(name);
    if (name === "SetToDefault") throw new ExpressionError("DEFAULT is not a value here", placeOf(body));
    if (name === "MergeSupportFunc") throw new ExpressionError("merge_action() belongs to MERGE alone", placeOf(body));
    if (name !== "FuncCall") return;
    const called = strings(body.funcname).map(String);
    calls.push({ name: called, offset: placeOf(body) });
    for (const trait of traits(called, body)) seen.add(trait);
  });
  const functions = new Map(
    calls
      .sort((a, b) => a.offset - b.offset)
      .map(({ name }): [string, readonly string[]] => [JSON.stringify(name), name]),
  );
  const has = (...names: readonly string[]) => names.some((name) => seen.has(name));
  const info = {
    columns: [...new Set(references.flatMap((reference) => reference.column ?? []))],
    references,
    functions: [...functions.values()],
    hasSubquery: has("SubLink"),
    hasAggregate: has("aggregate", "GroupingFunc", "JsonArrayAgg", "JsonObjectAgg"),
    hasWindow: has("window"),
    hasParam: has("ParamRef"),
    hasSetReturning: has("set-returning"),
    hasWholeRow: references.some((reference) => reference.column === null),
  };
  return { ...info, constant: !has("ColumnRef", "FuncCall", "SQLValueFunction", "SubLink", "ParamRef") };
}

function traits(called: readonly string[], body: Node): string[] {
  const found: string[] = [];
  const builtin = called.length === 1 || called[0] === "pg_catalog" ? (called.at(-1) ?? "") : "";
  const shown = ["agg_star", "agg_distinct", "agg_order", "agg_filter", "agg_within_group"].some((key) => key in body);
  if ("over" in body) found.push("window");
  else if (shown || AGGREGATES.has(builtin)) found.push("aggregate");
  if (SET_RETURNING.has(builtin)) found.push("set-returning");
  return found;
}
