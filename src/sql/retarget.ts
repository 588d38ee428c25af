/** A reviewed statement over a partitioned table, run over one of its partitions: the same tree, but for the table's name. */
import { ident, type QualifiedName, qualified, sameName } from "./identifier.js";
import {
  byteMap,
  type Node,
  type ParsedStatement,
  ParseError,
  parseStatements,
  scanTokens,
  type Token,
} from "./parser.js";
import { type SqlText, trusted } from "./text.js";
import { isNode, shape, strings, walk } from "./tree.js";

type Place = { readonly body: Node; readonly table: QualifiedName };

/** Statements that read or write rows: there a table may have another name, by which columns are called. */
const ROWS = ["SelectStmt", "UpdateStmt", "DeleteStmt"];

/**
 * Puts `to` wherever the one statement names `from`, found by the real parser. Where it reads or writes rows, `to` goes by the
 * name of `from` (`only app.orders_2024 as orders`), so that whatever else the statement says means the same.
 * `loadParser()` must have been awaited.
 *
 * @throws ParseError when the text is not one statement, does not name `from`, or cannot be shown to say the same
 */
export function retarget(statement: SqlText, from: QualifiedName, to: QualifiedName): SqlText {
  const parsed = only(statement);
  const characterAt = byteMap(statement);
  const tokens = scanTokens(statement).filter((token) => !token.name.endsWith("COMMENT"));
  const overRows = ROWS.includes(parsed.kind);
  const edits = placesOf(parsed.node)
    .filter(({ table }) => sameName(table, from))
    .map(({ body }) => {
      const [start, end] = extent(characterAt(Number(body.location ?? 0)), tokens);
      const plain = overRows && body.inh === true ? "only " : "";
      const alias = overRows && body.alias === undefined ? ` as ${ident(from.name)}` : "";
      return { start, end, text: `${plain}${qualified(to)}${alias}` };
    })
    .sort((a, b) => a.start - b.start);
  if (edits.length === 0) throw new ParseError(`this statement does not name ${qualified(from)}`, 0);
  let [done, out] = [0, ""];
  for (const edit of edits) {
    out += statement.slice(done, edit.start) + edit.text;
    done = edit.end;
  }
  const text = out + statement.slice(done);
  prove(parsed, text, from, to);
  return trusted(text, "parsed");
}

/**
 * The same for a statement that makes an index, with another name for it. `branch`: on a partition that has partitions itself,
 * where nothing is built (ON ONLY, and not CONCURRENTLY).
 *
 * @throws ParseError as `retarget`
 */
export function retargetIndex(
  statement: SqlText,
  from: QualifiedName,
  to: QualifiedName & { readonly index: string; readonly branch: boolean },
): SqlText {
  const moved = retarget(statement, from, to);
  const tokens = scanTokens(moved).filter((token) => !token.name.endsWith("COMMENT"));
  const on = tokens.findIndex((token) => token.text.toLowerCase() === "on");
  const name = tokens[on - 1];
  const concurrently = tokens.slice(0, on - 1).find((token) => token.text.toLowerCase() === "concurrently");
  const place = tokens[on]?.end ?? 0;
  if (name === undefined) throw new ParseError("an index's name was expected", 0);
  const head = moved.slice(0, to.branch ? (concurrently?.start ?? name.start) : name.start);
  const only_ = to.branch ? " only" : "";
  const text = `${head}${ident(to.index)}${moved.slice(name.end, place)}${only_}${moved.slice(place)}`;
  const [before, after] = [indexOf(moved), indexOf(text)];
  const { idxname, concurrent, relation } = after;
  const inh = isNode(relation) && relation.inh === true;
  if (
    idxname !== to.index ||
    (concurrent === true) === to.branch ||
    inh === to.branch ||
    rest(before) !== rest(after)
  ) {
    throw new ParseError(`this statement cannot be run over ${qualified(to)}`, 0);
  }
  return trusted(text, "parsed");
}

function indexOf(text: string): Node {
  const { node } = only(text);
  if (!isNode(node.IndexStmt)) throw new ParseError("this statement makes no index", 0);
  return node.IndexStmt;
}

/** The index apart from its name and from how it is made. */
const rest = (index: Node) => shape({ ...index, idxname: "", concurrent: false, relation: "" });

/** What a statement drops: an index, or the constraint of one, by its last name; null: something else. */
export function droppedBy(statement: SqlText): string | null {
  const { node } = only(statement);
  let dropped: string | null = null;
  walk({ node }, (name, body) => {
    if (name === "DropStmt" && body.removeType === "OBJECT_INDEX") {
      walk({ objects: body.objects }, (kind, list) => {
        if (kind === "List") dropped = strings(list.items).at(-1) ?? null;
      });
    }
    if (name === "AlterTableCmd" && body.subtype === "AT_DropConstraint") dropped = String(body.name);
  });
  return dropped;
}

function only(text: string): ParsedStatement {
  const [first, second] = parseStatements(text);
  if (first === undefined || second !== undefined)
    throw new ParseError("one statement was expected", second?.start ?? 0);
  return first;
}

/** Every place where the tree names a table with its schema. */
function placesOf(root: Node): Place[] {
  const places: Place[] = [];
  walk({ root }, (_, body) => {
    const { schemaname, relname } = body;
    if (typeof schemaname !== "string" || typeof relname !== "string") return;
    places.push({ body, table: { schema: schemaname, name: relname } });
  });
  return places;
}

/** Of `schema.name`, which begins at `start`. */
function extent(start: number, tokens: readonly Token[]): readonly [number, number] {
  const at = tokens.findIndex((token) => token.start === start);
  const [schema, dot, name] = at < 0 ? [] : tokens.slice(at, at + 3);
  const escaped = [schema, name].some((token) => /^u&"/i.test(token?.text ?? ""));
  if (dot?.text !== "." || name === undefined || escaped)
    throw new ParseError("a table's name was expected here", start);
  return [start, name.end];
}

/** Reads the result back: the same tree apart from the tables' names, and none of them `from`. */
function prove(before: ParsedStatement, text: string, from: QualifiedName, to: QualifiedName): void {
  const after = only(text);
  const tables = placesOf(after.node);
  const same = blank(after.node, from, to) === blank(before.node, from, to);
  if (!same || tables.some(({ table }) => sameName(table, from))) {
    throw new ParseError(`this statement cannot be run over ${qualified(to)} alone`, 0);
  }
}

/** The tree without places, in which `from` and `to` look alike. */
function blank(root: Node, from: QualifiedName, to: QualifiedName): string {
  const same = JSON.parse(
    JSON.stringify(root, (_, value: unknown) => {
      if (!isNode(value) || typeof value.schemaname !== "string" || typeof value.relname !== "string") return value;
      const table = { schema: value.schemaname, name: value.relname };
      return sameName(table, from) || sameName(table, to) ? { table: "it" } : value;
    }),
  ) as Node;
  return shape(same);
}
