/** Replacing column references in an expression, and nothing else of it. */
import { scanTokens, type Token } from "./parser.js";
import { type SqlText, trusted } from "./text.js";
import { type ColumnReference, columnReferences, ExpressionError, expressionTree, shape, walk } from "./tree.js";

type Edit = {
  readonly reference: ColumnReference;
  readonly start: number;
  readonly end: number;
  readonly text: string;
};

/**
 * Replaces references to columns, found by the real parser, and leaves all other text as it is. The whole reference is
 * replaced (`app.orders.total`, not its last word); a replacement that is not itself a plain reference gets parentheses.
 * `loadParser()` must have been awaited.
 *
 * @param rename the replacement of a column (given its name and its qualifier as the catalog spells them); null: as it is
 * @throws ExpressionError when the text is not one expression, and where columns cannot be told from the text alone:
 *   a subquery (whose columns may be another table's) or a whole row
 */
export function rewriteColumns(
  expression: SqlText,
  rename: (column: string, qualifier: readonly string[]) => SqlText | null,
): SqlText {
  const tree = expressionTree(expression);
  walk(tree.node, (name) => {
    if (name === "SubLink") throw new ExpressionError("a subquery's columns cannot be told apart", 0);
  });
  const tokens = scanTokens(expression).filter((token) => !token.name.endsWith("COMMENT"));
  const references = columnReferences(tree);
  const edits: Edit[] = [];
  for (const reference of references) {
    const start = reference.offset;
    if (reference.column === null) throw new ExpressionError("a whole row's columns cannot be renamed", start);
    const text = rename(reference.column, reference.qualifier);
    if (text === null) continue;
    edits.push({ reference, start, end: endOf(reference, start, tokens), text: primary(text) });
  }
  if (edits.length === 0) return expression;
  const rewritten = apply(expression, edits);
  prove(expression, rewritten, references, edits);
  return trusted(rewritten, "parsed");
}

/** Where the reference's last name ends: as many names as it has parts, with the dots between them. */
function endOf(reference: ColumnReference, start: number, tokens: readonly Token[]): number {
  let at = tokens.findIndex((token) => token.start === start);
  let end = start;
  for (let part = 0; part <= reference.qualifier.length; part += 1) {
    const name = tokens[at];
    if (name === undefined) throw new ExpressionError("a name was expected here", end);
    const escaped = /^u&"/i.test(name.text) && tokens[at + 1]?.text.toLowerCase() === "uescape";
    end = (escaped ? tokens[at + 2] : name)?.end ?? name.end;
    at += escaped ? 4 : 2;
  }
  return end;
}

/** A replacement keeps its meaning whatever stands around it. */
function primary(text: SqlText): string {
  return "ColumnRef" in expressionTree(text).node ? text.trim() : `(${text})`;
}

function apply(expression: string, edits: readonly Edit[]): string {
  let [done, out] = [0, ""];
  for (const edit of edits) {
    out += expression.slice(done, edit.start);
    // `not"Total"` must not become `notamount`, nor `u&total` the unicode name u&"Amount".
    if (/[\w$&\u0080-\uffff]$/.test(out)) out += " ";
    out += edit.text;
    if (/^[\w$"'\u0080-\uffff]/.test(expression.slice(edit.end))) out += " ";
    done = edit.end;
  }
  return out + expression.slice(done);
}

/** Reads the result back: the same tree, but for the references that were to change. A rewrite that cannot show that is none. */
function prove(before: string, after: string, references: readonly ColumnReference[], edits: readonly Edit[]): void {
  const tree = expressionTree(after);
  // A replacement in parentheses may fold into the tree around it (`a and (b and c)`): it only has to parse.
  if (edits.some((edit) => edit.text.startsWith("("))) return;
  const expected = references.map((reference) => {
    const edit = edits.find((candidate) => candidate.reference === reference);
    return edit === undefined ? parts(reference) : columnReferences(expressionTree(edit.text)).map(parts).join();
  });
  const same = shape(tree.node, true) === shape(expressionTree(before).node, true);
  if (!same || columnReferences(tree).map(parts).join("\0") !== expected.join("\0")) {
    throw new ExpressionError("the columns of this expression cannot be replaced", 0);
  }
}

function parts(reference: ColumnReference): string {
  return JSON.stringify([...reference.qualifier, reference.column]);
}
