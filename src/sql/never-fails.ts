/** Whether an expression's text alone shows that it cannot fail for any row. */
import type { Node } from "./parser.js";
import { expressionTree, isNode, strings } from "./tree.js";

const COMPARISONS = ["=", "<>", "<", ">", "<=", ">="];
/** Of PostgreSQL's own types none of these raises; LIKE's pattern is a constant, and was read when the index was made. */
const OPERATORS = new Set([...COMPARISONS, "||", "->", "->>", "~~", "!~~", "~~*", "!~~*"]);
const FUNCTIONS = new Set(["lower", "upper", "length", "char_length", "btrim", "ltrim", "rtrim", "md5", "isfinite"]);
/** To these every value can be cast. */
const STRINGS = new Set(["text", "varchar"]);
const KINDS = new Set(["AEXPR_OP", "AEXPR_OP_ANY", "AEXPR_OP_ALL", "AEXPR_IN", "AEXPR_LIKE", "AEXPR_ILIKE"]);
const TESTS = new Set(["AEXPR_DISTINCT", "AEXPR_NOT_DISTINCT", "AEXPR_NULLIF"]);

/**
 * True where it is made of columns, constants, comparisons, tests for NULL, boolean logic, COALESCE, CASE, casts to text and
 * a few functions of PostgreSQL's own. False for everything else (arithmetic overflows, casts from text raise), which may
 * still never fail. `loadParser()` must have been awaited.
 *
 * @throws ExpressionError when the text is not one expression
 */
export function cannotFail(expression: string): boolean {
  return safe(expressionTree(expression).node);
}

function safe(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(safe);
  if (value === undefined) return true;
  if (!isNode(value)) return false;
  const [name = ""] = Object.keys(value);
  const body = value[name] as Node;
  switch (name) {
    case "A_Const":
    case "ColumnRef":
      return true;
    case "NullTest":
    case "BooleanTest":
    case "CollateClause":
      return safe(body.arg);
    case "BoolExpr":
    case "CoalesceExpr":
    case "MinMaxExpr":
      return safe(body.args);
    case "A_ArrayExpr":
      return safe(body.elements);
    case "List":
      return safe(body.items);
    case "CaseExpr":
      return safe(body.arg) && safe(body.args) && safe(body.defresult);
    case "CaseWhen":
      return safe(body.expr) && safe(body.result);
    case "TypeCast":
      return isConstant(body.arg) || (toText(body.typeName) && safe(body.arg));
    case "A_Expr":
      return operator(body) && safe(body.lexpr) && safe(body.rexpr);
    case "FuncCall":
      return FUNCTIONS.has(builtin(body.funcname) ?? "") && safe(body.args);
    default:
      return false;
  }
}

/** What a constant becomes was seen when the index was made. */
function isConstant(value: unknown): boolean {
  if (!isNode(value)) return false;
  const { A_Const, A_ArrayExpr, TypeCast } = value;
  if (isNode(A_ArrayExpr)) return ((A_ArrayExpr.elements ?? []) as readonly unknown[]).every(isConstant);
  return A_Const !== undefined || (isNode(TypeCast) && isConstant(TypeCast.arg));
}

function operator(body: Node): boolean {
  if (TESTS.has(String(body.kind))) return true;
  return KINDS.has(String(body.kind)) && OPERATORS.has(builtin(body.name) ?? "");
}

/** Without a length, which a value may exceed. */
function toText(type: unknown): boolean {
  return isNode(type) && !("typmods" in type) && !("arrayBounds" in type) && STRINGS.has(builtin(type.names) ?? "");
}

/** The name, where it is no other schema's. */
function builtin(name: unknown): string | null {
  const parts = strings(name as Node[]);
  return parts.length === 1 || parts[0] === "pg_catalog" ? String(parts.at(-1)) : null;
}
