/** The `type` of change_type: a type's name, with its modifier. Whether there is such a type only the server can say. */
import { ExpressionError } from "../sql/expression.js";
import { isParserLoaded } from "../sql/parser.js";
import { expressionTree, isNode } from "../sql/tree.js";
import type { Problem } from "./mistake.js";

const CAST = "null::";

/** The type as it is written, without blanks around; read once the parser is loaded, as in `expression.ts`. */
export function readType(text: string): string | Problem {
  const start = text.length - text.trimStart().length;
  const type = text.trim();
  const hint = "Write a type as in CREATE TABLE: bigint, numeric(12, 2), timestamptz, app.mood.";
  if (type === "") return { message: "is empty; expected a type.", hint };
  if (!isParserLoaded()) return type;
  try {
    const cast = expressionTree(`${CAST}${type}`).node.TypeCast;
    const whole = isNode(cast) && isNode(cast.arg) && isNode(cast.arg.A_Const) && cast.arg.A_Const.isnull === true;
    if (!whole) return { message: `is ${JSON.stringify(type)}, which is more than a type.`, hint, offset: start };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    const offset = start + Math.max(0, error.offset - CAST.length);
    return { message: `is no type: ${error.message}.`, hint, offset };
  }
  const [, pseudo] = /^(smallserial|serial|bigserial|serial[248])$/i.exec(type) ?? [];
  if (pseudo === undefined) return type;
  return {
    message: `is ${pseudo}, which is no type but an integer with a sequence.`,
    hint: "Write smallint, integer or bigint.",
    offset: start,
  };
}
