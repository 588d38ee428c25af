/**
 * A change's SQL, as far as it can be read now. `defineChange` is a plain function, and PostgreSQL's parser has to be loaded
 * first: without it an expression is taken as it is. What is planned is always read with it (`assertParser`).
 */
import { type ExpressionInfo, isParserLoaded, checkExpression as readExpression } from "../sql/expression.js";

const UNREAD: ExpressionInfo = {
  columns: [],
  references: [],
  functions: [],
  constant: false,
  hasSubquery: false,
  hasAggregate: false,
  hasWindow: false,
  hasParam: false,
  hasSetReturning: false,
  hasWholeRow: false,
};

/** Like that of `sql/expression.ts`; says nothing of the text while there is no parser. */
export function checkExpression(text: string): ExpressionInfo {
  return isParserLoaded() ? readExpression(text) : UNREAD;
}

/** A change that is to be planned becomes SQL: none of it goes unread. */
export function assertParser(): void {
  if (!isParserLoaded()) throw new Error("loadParser() must be awaited before a change is read");
}
