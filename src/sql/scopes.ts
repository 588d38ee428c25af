/** Walking a SELECT with what its FROM clauses bring into scope, at every depth. */
import type { QualifiedName } from "./identifier.js";
import type { Node } from "./parser.js";
import { isNode, strings } from "./tree.js";

/** One entry of FROM that a reference may be qualified by. */
export type Source = {
  readonly refname: string;
  /** null: a subquery, a function, a CTE, a join */
  readonly table: QualifiedName | null;
  /** its columns have other names than the table's: `FROM t AS x (a, b)` */
  readonly renamed: boolean;
  /** a join with a name of its own, which hides the names of what it joins */
  readonly join: boolean;
};

export type Scope = {
  readonly sources: readonly Source[];
  /** the one entry's name, where FROM is a single one and no join */
  readonly single: string | null;
  readonly using: readonly string[];
  readonly natural: boolean;
};

export type Reference = {
  readonly qualifier: readonly string[];
  /** null: `*` */
  readonly column: string | null;
  readonly body: Node;
};

export type Visitor = {
  readonly scope?: (scope: Scope) => void;
  /** `scopes`: the innermost first */
  readonly reference?: (reference: Reference, scopes: readonly Scope[]) => void;
  /** of a target list; after the references in it */
  readonly target?: (body: Node) => void;
  readonly relation?: (body: Node) => void;
};

/** Calls the visitor for all of a statement's tree. */
export function walkSelect(root: Node, visitor: Visitor): void {
  inside(root, [], visitor);
}

function inside(value: unknown, scopes: readonly Scope[], visitor: Visitor): void {
  if (Array.isArray(value)) {
    for (const one of value) inside(one, scopes, visitor);
    return;
  }
  if (!isNode(value)) return;
  for (const [key, body] of Object.entries(value)) {
    // `geometry(Point)` parses as if Point were a column.
    if (key === "typmods") continue;
    if (key === "SelectStmt" && isNode(body)) {
      selected(body, scopes, visitor);
      continue;
    }
    if (key === "ColumnRef" && isNode(body)) {
      const names = strings(body.fields);
      const qualifier = names.slice(0, -1).filter((name) => name !== null);
      visitor.reference?.({ qualifier, column: names.at(-1) ?? null, body }, scopes);
    }
    if (key === "RangeVar" && isNode(body)) visitor.relation?.(body);
    inside(body, scopes, visitor);
    if (key === "ResTarget" && isNode(body)) visitor.target?.(body);
  }
}

/** The arms of a UNION stand in its tree without the name of their node. */
function selected(body: Node, outer: readonly Scope[], visitor: Visitor): void {
  const from = (body.fromClause ?? []) as readonly Node[];
  const scope = scopeOf(from);
  visitor.scope?.(scope);
  const scopes = [scope, ...outer];
  for (const [key, value] of Object.entries(body)) {
    if ((key === "larg" || key === "rarg") && isNode(value)) selected(value, scopes, visitor);
    else inside(value, scopes, visitor);
  }
}

function scopeOf(from: readonly Node[]): Scope {
  const found = { sources: [] as Source[], using: [] as string[], natural: false };
  for (const entry of from) gather(entry, found);
  const [only, ...others] = found.sources;
  const one = from.length === 1 && others.length === 0 && only?.join === false && from[0]?.JoinExpr === undefined;
  return { ...found, single: one ? only.refname : null };
}

type Found = { readonly sources: Source[]; readonly using: string[]; natural: boolean };

function gather(entry: Node, found: Found): void {
  const [[kind, body] = ["", null]] = Object.entries(entry);
  if (!isNode(body)) return;
  const alias = isNode(body.alias) ? body.alias : {};
  const given = typeof alias.aliasname === "string" ? alias.aliasname : null;
  const renamed = alias.colnames !== undefined;
  if (kind === "RangeTableSample") {
    gather(body.relation as Node, found);
    return;
  }
  if (kind === "RangeVar") {
    const { schemaname, relname } = body;
    const name = String(relname);
    const table = typeof schemaname === "string" ? { schema: schemaname, name } : null;
    found.sources.push({ refname: given ?? name, table, renamed, join: false });
    return;
  }
  if (kind === "JoinExpr") {
    gather(body.larg as Node, found);
    gather(body.rarg as Node, found);
    found.using.push(...strings(body.usingClause).filter((name) => name !== null));
    if (body.isNatural === true) found.natural = true;
    const usingAlias = isNode(body.join_using_alias) ? body.join_using_alias.aliasname : null;
    if (typeof usingAlias === "string")
      found.sources.push({ refname: usingAlias, table: null, renamed: false, join: false });
  }
  if (given !== null) found.sources.push({ refname: given, table: null, renamed, join: kind === "JoinExpr" });
}
