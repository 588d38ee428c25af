/**
 * A view's SELECT as the server prints it, read with PostgreSQL's own grammar: whose column each reference is, told by the
 * range variables in scope. What the text alone does not show for certain is refused, never guessed.
 */
import { ident, type QualifiedName, sameName } from "./identifier.js";
import {
  byteMap,
  type Node,
  type ParsedStatement,
  ParseError,
  parseStatements,
  scanTokens,
  type Token,
} from "./parser.js";
import { type Reference, type Scope, type Source, walkSelect } from "./scopes.js";
import { type SqlText, sql, trusted } from "./text.js";
import { isNode, shape } from "./tree.js";

/** What cannot be decided from the text, as the rest of a sentence; `wholeRow`: because it reads a row of the table as one. */
export class SelectError extends ParseError {
  override readonly name = "SelectError";
  readonly wholeRow: boolean;

  constructor(message: string, offset: number, wholeRow = false) {
    super(message, offset);
    this.wholeRow = wholeRow;
  }
}

/** `change` does to the tree what the edit does to the text, so that the result can be held against it. */
type Edit = { readonly start: number; readonly end: number; readonly text: string; readonly change: () => void };

type Select = {
  readonly text: string;
  readonly node: Node;
  readonly tokenAt: (body: Node) => number;
  readonly tokens: readonly Token[];
};

/** The text without its semicolon. Throws SelectError, ParseError. */
function parse(text: string): Select {
  const [statement, ...others] = statements(text);
  if (statement === undefined || others.length > 0 || statement.kind !== "SelectStmt")
    throw new SelectError("is not one SELECT", 0);
  const tokens = scanTokens(text);
  const characterAt = byteMap(text);
  const tokenAt = ({ location }: Node) => {
    const at = tokens.findIndex((token) => token.start === characterAt(typeof location === "number" ? location : 0));
    if (at < 0) throw new SelectError("cannot be read", 0);
    return at;
  };
  return { text, node: statement.node, tokenAt, tokens };
}

function statements(text: string): readonly ParsedStatement[] {
  try {
    return parseStatements(text);
  } catch (error) {
    if (error instanceof ParseError) throw new SelectError(`cannot be read (${error.message})`, error.offset);
    throw error;
  }
}

/**
 * The same text on every major: up to 15 the server qualifies the columns of a view over a single relation, from 16 on it
 * does not. A text that cannot be read stays as it is.
 */
export function qualifySelect(printed: string): string {
  const text = printed.trim().replace(/;$/, "");
  try {
    const select = parse(text);
    const edits: Edit[] = [];
    walkSelect(select.node, {
      reference: ({ qualifier, column, body }, scopes) => {
        const [scope, outer] = scopes;
        if (scope === undefined || outer !== undefined || scope.single === null) return;
        const refname = scope.single;
        if (qualifier.length > 0 || column === null || column === refname) return;
        const start = select.tokens[select.tokenAt(body)]?.start ?? 0;
        const name = { String: { sval: refname } };
        const change = () => Object.assign(body, { fields: [name, ...((body.fields ?? []) as Node[])] });
        edits.push({ start, end: start, text: `${ident(refname)}.`, change });
      },
    });
    return apply(select, edits);
  } catch (error) {
    if (error instanceof ParseError) return text;
    throw error;
  }
}

/**
 * Every reference to `from` of the table becomes one to `to`; what the SELECT gives keeps its names. `loadParser()` must have
 * been awaited. Throws SelectError where the text does not show whose column is meant.
 */
export function renameInSelect(text: string, table: QualifiedName, from: string, to: string): SqlText {
  const select = parse(text);
  const edits: Edit[] = [];
  const renamed = new Set<Node>();
  const isTable = (source: Source) => source.table !== null && sameName(source.table, table);
  walkSelect(select.node, {
    scope: (scope) => {
      if (!scope.sources.some(isTable)) return;
      if (scope.natural || scope.using.includes(from))
        throw new SelectError(`joins by USING or NATURAL over ${from}`, 0);
      if (scope.sources.some((source) => isTable(source) && source.renamed))
        throw new SelectError("gives the table's columns other names in FROM", 0);
    },
    reference: (reference, scopes) => {
      if (!isRenamed(reference, scopes, isTable, from)) return;
      const at = select.tokenAt(reference.body) + 2 * reference.qualifier.length;
      const token = select.tokens[at];
      if (token === undefined) throw new SelectError("cannot be read", 0);
      const fields = reference.body.fields as Node[];
      const change = () => Object.assign(reference.body, { fields: [...fields.slice(0, -1), named(to)] });
      edits.push({ start: token.start, end: token.end, text: ident(to), change });
      renamed.add(reference.body);
    },
    target: (target) => {
      const value = isNode(target.val) ? target.val.ColumnRef : undefined;
      if (!isNode(value) || !renamed.has(value) || target.name !== undefined) return;
      const end = select.tokens[select.tokenAt(value) + 2 * ((value.fields as Node[]).length - 1)]?.end ?? 0;
      const change = () => Object.assign(target, { name: from });
      edits.push({ start: end, end, text: ` AS ${ident(from)}`, change });
    },
  });
  return trusted(apply(select, edits), "parsed");
}

const named = (name: string): Node => ({ String: { sval: name } });

function isRenamed(
  { qualifier, column }: Reference,
  scopes: readonly Scope[],
  isTable: (source: Source) => boolean,
  from: string,
): boolean {
  const reads = (scope: Scope) => scope.sources.some(isTable);
  const [refname, ...more] = qualifier;
  if (more.length > 0) throw new SelectError("names a schema in a column's name", 0);
  if (refname === undefined) {
    if (scopes.some((scope) => scope.sources.some((source) => isTable(source) && source.refname === column)))
      throw new SelectError("reads the whole row", 0, true);
    if (column === from && scopes.some(reads)) throw new SelectError(`does not say whose column ${from} is`, 0);
    return false;
  }
  const scope = scopes.find(({ sources }) => sources.some((source) => source.refname === refname));
  const [source, second] = scope?.sources.filter((one) => one.refname === refname) ?? [];
  if (scope === undefined || source === undefined || second !== undefined)
    throw new SelectError(`names ${refname}, which FROM does not show`, 0);
  if (source.join && reads(scope))
    throw new SelectError(`gives a join with the table a name of its own, ${refname}`, 0);
  if (!isTable(source)) return false;
  if (column === null) throw new SelectError("reads the whole row", 0, true);
  return column === from;
}

/** The relations of FROM as others, under the names by which the text knows them. Null: as it is. */
export function exchangeRelations(text: string, other: (relation: QualifiedName) => SqlText | null): SqlText {
  const select = parse(text);
  const edits: Edit[] = [];
  walkSelect(select.node, {
    relation: (body) => {
      const { schemaname, relname, alias } = body;
      if (typeof schemaname !== "string" || typeof relname !== "string") return;
      const instead = other({ schema: schemaname, name: relname });
      if (instead === null) return;
      const at = select.tokenAt(body);
      const [start, end] = [select.tokens[at]?.start ?? 0, select.tokens[at + 2]?.end ?? 0];
      const known = alias === undefined ? sql` as ${ident(relname)}` : sql``;
      edits.push({ start, end, text: `${instead}${known}`, change: () => undefined });
    },
  });
  return trusted(splice(text, edits), "parsed");
}

/** A row of the table as one value; of a text that cannot be read, nobody knows. */
export function readsWholeRow(text: string, table: QualifiedName): boolean {
  let found = false;
  walkSelect(parse(text).node, {
    reference: ({ qualifier: [refname, ...more], column }, scopes) => {
      if (more.length > 0 || (refname !== undefined && column !== null)) return;
      const named = refname ?? column;
      const scope = scopes.find(({ sources }) => sources.some((source) => source.refname === named));
      const source = scope?.sources.find((one) => one.refname === named);
      if (source !== undefined && source.table !== null && sameName(source.table, table)) found = true;
    },
  });
  return found;
}

/** Reads the result back: the tree that was meant, or none. */
function apply(select: Select, edits: readonly Edit[]): string {
  if (edits.length === 0) return select.text;
  const after = splice(select.text, edits);
  for (const edit of edits) edit.change();
  if (alike(parse(after).node) !== alike(select.node)) throw new SelectError("cannot be rewritten", 0);
  return after;
}

/** A key that was added to the tree stands last in it. */
function alike(node: Node): string {
  return JSON.stringify(JSON.parse(shape(node)), (_, value) =>
    isNode(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value,
  );
}

function splice(text: string, edits: readonly Edit[]): string {
  let [done, out] = [0, ""];
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    out += text.slice(done, edit.start) + edit.text;
    done = edit.end;
  }
  return out + text.slice(done);
}
