/** SQL expressions in a change, each one value for one row: `fill`, `using`, `reverse`, `fallback`. */
import { ExpressionError, type ExpressionInfo } from "../sql/expression.js";
import type { QualifiedName } from "../sql/identifier.js";
import { checkExpression } from "./expression.js";
import type { Problem } from "./mistake.js";

type Trait = { [K in keyof ExpressionInfo]: ExpressionInfo[K] extends boolean ? K : never }[keyof ExpressionInfo];

const REFUSED: readonly (readonly [Trait, string, string])[] = [
  [
    "hasSubquery",
    "holds a subquery",
    "Put the query into a function of your own and call that, or fill these rows by hand first.",
  ],
  ["hasAggregate", "calls an aggregate, which is one value for many rows", "Use what the row itself holds."],
  ["hasWindow", "calls a window function, which looks at other rows", "Use what the row itself holds."],
  ["hasSetReturning", "calls a function that returns rows", "Use one that returns a single value."],
  ["hasParam", "holds a parameter", "Write the value itself."],
  ["hasWholeRow", "reads a whole row", "Name the columns that it reads."],
];

/** The expression's text, or why it is none, as far as `expression.ts` can tell. */
export const readFill = (text: string) =>
  readExpression(text, "Write one, or leave `fill` out: NULLs are then listed, not filled.");

/** How a value becomes one of the other type. */
export const readConversion = (text: string) =>
  readExpression(text, "Write one, or leave the key out: the value is then cast.");

export const readFallback = (text: string) =>
  readExpression(text, "Write one, or leave `fallback` out: the old side is then NULL.");

function readExpression(text: string, emptyHint: string): string | Problem {
  const start = text.length - text.trimStart().length;
  const expression = text.trim();
  if (expression === "") {
    return {
      message: "is empty; expected a SQL expression.",
      hint: emptyHint,
    };
  }
  try {
    const info = checkExpression(expression);
    const refused = REFUSED.find(([trait]) => info[trait]);
    return refused === undefined ? expression : { message: `${refused[1]}.`, hint: refused[2], offset: start };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return {
      message: `is not one SQL expression: ${error.message}.`,
      hint: error.message.includes("comment")
        ? "Write comments in YAML, after # on a line of its own."
        : "Write what could stand in parentheses after SELECT: a value, a column, a call.",
      offset: start + error.offset,
    };
  }
}

/** A qualified name of another table than the change's, which the row does not hold. */
export function foreignReference(fill: string, table: QualifiedName): Problem | null {
  const foreign = checkExpression(fill).references.find(({ qualifier }) => {
    const [name, schema, ...more] = [...qualifier].reverse();
    return (
      more.length > 0 ||
      (name !== undefined && name !== table.name) ||
      (schema !== undefined && schema !== table.schema)
    );
  });
  if (foreign === undefined) return null;
  return {
    message: `reads ${[...foreign.qualifier, foreign.column].join(".")}, which is not a column of ${table.schema}.${table.name}.`,
    hint: "Name columns of the change's own table alone; no table's name is needed before them.",
    offset: foreign.offset,
  };
}

/** A column that the expression may not read: it is computed from `allowed` alone, on either side and in every session. */
export function otherColumn(expression: string, allowed: string | null): Problem | null {
  const other = checkExpression(expression).references.find(({ column }) => column !== allowed);
  if (other === undefined) return null;
  const reads = `reads ${[...other.qualifier, other.column].join(".")}`;
  return allowed === null
    ? { message: `${reads}; a fallback is one value for every row.`, hint: "Write a constant.", offset: other.offset }
    : {
        message: `${reads}; the two sides are kept in step from the column's own value alone.`,
        hint: `Name ${allowed} alone.`,
        offset: other.offset,
      };
}
