/** Whether an expression's text alone shows that it cannot yield NULL. */
import type { Node } from "./parser.js";
import { expressionTree, isNode, strings } from "./tree.js";

/** Operators that PostgreSQL's own types never answer with NULL where no operand is NULL. */
const OPERATORS = new Set(["||", "+", "-", "*", "/", "%", "^", "=", "<>", "<", ">", "<=", ">="]);
const COMPARISONS = new Set(["AEXPR_DISTINCT", "AEXPR_NOT_DISTINCT"]);

/**
 * True where no row can yield NULL: literals, casts, `||`, arithmetic and comparisons over NOT NULL columns and each
 * other, COALESCE with one such argument, CASE whose every end is one, the clock. False for everything else, which may
 * still never be NULL. `loadParser()` must have been awaited.
 *
 * @throws ExpressionError when the text is not one expression
 */
export function isNeverNull(expression: string, notNullColumns: Iterable<string>): boolean {
  const columns = new Set(notNullColumns);
  const never = (value: unknown): boolean => {
    if (!isNode(value)) return false;
    const [name = ""] = Object.keys(value);
    const body = value[name] as Node;
    switch (name) {
      case "A_Const":
        return body.isnull !== true;
      case "A_ArrayExpr":
      case "NullTest":
      case "BooleanTest":
        return true;
      case "TypeCast":
      case "CollateClause":
        return never(body.arg);
      case "ColumnRef": {
        const column = strings(body.fields).at(-1);
        return typeof column === "string" && columns.has(column);
      }
      case "A_Expr":
        return operator(body);
      case "BoolExpr":
        return nodes(body.args).every(never);
      case "CoalesceExpr":
      case "MinMaxExpr":
        return nodes(body.args).some(never);
      case "CaseExpr":
        return never(body.defresult) && nodes(body.args).every((when) => never((when.CaseWhen as Node).result));
      case "SQLValueFunction":
        // current_schema is NULL where no schema of the search path exists.
        return body.op !== "SVFOP_CURRENT_SCHEMA";
      default:
        return false;
    }
  };
  const operator = (body: Node): boolean => {
    if (COMPARISONS.has(String(body.kind))) return true;
    const names = strings(body.name);
    const known = names.length === 1 || names[0] === "pg_catalog";
    if (body.kind !== "AEXPR_OP" || !known || !OPERATORS.has(names.at(-1) ?? "")) return false;
    return (body.lexpr === undefined || never(body.lexpr)) && never(body.rexpr);
  };
  return never(expressionTree(expression).node);
}

function nodes(list: unknown): readonly Node[] {
  return (list ?? []) as readonly Node[];
}
