/**
 * How a value becomes one of the other type and back: the two expressions of change_type, and what can be known of them
 * without a server. Pure.
 */
import type { Column } from "../catalog/snapshot.js";
import type { ChangeType } from "../change/change.js";
import { rewriteColumns } from "../sql/expression.js";
import { ident } from "../sql/identifier.js";
import { type SqlText, sql, trusted } from "../sql/text.js";
import { expressionTree, isNode, shape } from "../sql/tree.js";

export type Conversion = {
  /** the new value, over the column's name, which stands for the old one */
  readonly using: SqlText;
  /** the old value, over the column's name, which stands for the new one */
  readonly reverse: SqlText;
  /** what the old side gets where `reverse` fails */
  readonly fallback: SqlText;
  /** `using` is a cast and nothing more, as ALTER TYPE makes one without USING */
  readonly cast: boolean;
  /** `using` gives a value for every value, and never fails */
  readonly total: boolean;
  /** two values of either side that differ are never one on the other, or have none there */
  readonly injective: boolean;
};

export function conversionOf(change: ChangeType, column: Column, target: Pick<Column, "type">): Conversion {
  const self = ident(change.column);
  const using = change.using === null ? null : trusted(change.using, "parsed");
  const reverse = change.reverse === null ? null : trusted(change.reverse, "parsed");
  const cast = using === null || isCastTo(using, change.type);
  const plain = cast && (reverse === null || isCastTo(reverse, column.type));
  return {
    using: using ?? sql`${self}::${trusted(target.type, "server")}`,
    reverse: reverse ?? sql`${self}::${trusted(column.type, "server")}`,
    fallback: change.fallback === null ? sql`null` : trusted(change.fallback, "parsed"),
    cast,
    total: cast && castIsTotal(column, target.type),
    injective: plain && isInteger(column.type) && isInteger(target.type),
  };
}

/** An expression of the change with `value` in the column's place. */
export function applied(expression: SqlText, value: SqlText): SqlText {
  return rewriteColumns(expression, () => value);
}

/**
 * Whose result hangs on the catalog alone, though the server counts casts from and to an enum among those that depend on a
 * session's settings.
 */
export function isEnumCast(change: ChangeType, key: "using" | "reverse", column: Column, target: Column): boolean {
  if (column.typeKind !== "enum" && target.typeKind !== "enum") return false;
  const [written, type] = [change[key], key === "using" ? change.type : column.type];
  return written === null || isCastTo(trusted(written, "parsed"), type);
}

/** A cast of the bare column to this type, and nothing more. */
function isCastTo(expression: SqlText, type: string): boolean {
  const cast = expressionTree(expression).node.TypeCast;
  if (!isNode(cast) || !isNode(cast.arg) || !("ColumnRef" in cast.arg)) return false;
  const wanted = expressionTree(`null::${type}`).node.TypeCast;
  return (
    isNode(wanted) &&
    isNode(cast.typeName) &&
    isNode(wanted.typeName) &&
    shape(cast.typeName) === shape(wanted.typeName)
  );
}

const INTEGERS = ["smallint", "integer", "bigint"];
const isInteger = (type: string) => INTEGERS.includes(type);
/** Without a length: with one, a value may be too long. */
const STRINGS = ["text", "character varying"];

/**
 * What rounds (bigint to a float) is not in it: a check that the old value passes might refuse the new one.
 * By the names that `format_type` gives, for types of pg_catalog whose casts are known. What is not known may fail.
 */
function castIsTotal(from: Pick<Column, "type" | "typeKind">, to: string): boolean {
  if (from.typeKind === "enum") return STRINGS.includes(to);
  if (from.typeKind !== "base") return false;
  const wider = WIDER[from.type.replace(/\(.*$/, "").trim()];
  return wider !== undefined && [...wider, ...STRINGS].includes(to);
}

const WIDER: Readonly<Record<string, readonly string[]>> = {
  smallint: ["integer", "bigint", "numeric", "real", "double precision"],
  integer: ["bigint", "numeric", "double precision"],
  bigint: ["numeric"],
  numeric: [],
  real: ["double precision"],
  "double precision": [],
  boolean: ["integer"],
  uuid: [],
  text: [],
  "character varying": [],
  character: [],
  json: [],
  jsonb: ["json"],
};
