/** Walking the parser's trees, and the one way in which a text becomes the tree of one expression. */
import { byteMap, type Node, type ParsedStatement, ParseError, parseStatements, scanTokens } from "./parser.js";

/** A text that is not one expression; `offset` in characters of it. */
export class ExpressionError extends ParseError {
  override readonly name = "ExpressionError";
}

/** One reference to a column, as written. */
export type ColumnReference = {
  /** schema and table, table, or neither; folded as SQL does */
  readonly qualifier: readonly string[];
  /** null: `*`, the whole row */
  readonly column: string | null;
  /** characters into the expression's text */
  readonly offset: number;
};

export type Tree = {
  readonly node: Node;
  /** where a node of the tree is written, in characters of the text */
  readonly placeOf: (body: Node) => number;
};

const PREFIX = "select ";
/** Levels of JSON; far beyond what people write, and far below what a stack holds. */
const MAX_DEPTH = 2000;

/**
 * Parses a text that must be one expression from its first to its last character. Read bare, it shows parentheses that
 * do not match; read inside parentheses, it shows whatever is no expression (an alias, FROM, a second statement, a
 * comment that would swallow what follows). Only a text that is one and the same expression both ways passes.
 *
 * @throws ExpressionError
 */
export function expressionTree(text: string): Tree {
  if (text.trim() === "") throw new ExpressionError("the expression is empty", 0);
  const bare = parsed(text, text);
  const [, second] = bare;
  if (second !== undefined) throw new ExpressionError("more than one statement", second.start - PREFIX.length);
  const inside = onlyTarget(parsed(`(${text})`, text));
  const node = onlyTarget(bare);
  if (shape(node) !== shape(inside)) throw new ExpressionError("not one expression", 0);
  const characterAt = byteMap(text);
  return {
    node,
    placeOf: ({ location }) => characterAt((typeof location === "number" ? location : 0) - PREFIX.length),
  };
}

function parsed(source: string, text: string): readonly ParsedStatement[] {
  try {
    return parseStatements(PREFIX + source);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const offset = error.offset - PREFIX.length - source.indexOf(text);
    if (source !== text && offset > text.length && endsInLineComment(text)) {
      throw new ExpressionError("the comment at the end would swallow what follows", text.length);
    }
    throw new ExpressionError(error.message, Math.max(0, Math.min(offset, text.length)));
  }
}

function onlyTarget([first, second]: readonly ParsedStatement[]): Node {
  const select = first?.node.SelectStmt;
  const refuse = (message: string): never => {
    throw new ExpressionError(message, 0);
  };
  if (!isNode(select) || second !== undefined) return refuse("not one expression");
  const targets = (select.targetList ?? []) as readonly Node[];
  const target = targets[0]?.ResTarget;
  if (!isNode(target)) return refuse("the expression is empty");
  if (targets.length > 1) return refuse(`${targets.length} expressions where one is expected`);
  const others = Object.keys(select).filter((key) => !["targetList", "limitOption", "op"].includes(key));
  if (others.length > 0 || Object.keys(target).some((key) => key !== "val" && key !== "location")) {
    return refuse("not one expression");
  }
  const value = target.val as Node;
  return depth(value) > MAX_DEPTH ? refuse("nested too deeply") : value;
}

function endsInLineComment(text: string): boolean {
  try {
    const last = scanTokens(text).at(-1);
    return last?.name === "SQL_COMMENT" && last.end === text.length;
  } catch {
    return false;
  }
}

/** The tree without places, for comparing; with `blank`, all column references look alike. */
export function shape(node: Node, blank = false): string {
  return JSON.stringify(node, (key, value) => {
    if (/(?:location|_start|_end|_len)$/.test(key)) return undefined;
    return blank && key === "ColumnRef" ? "column" : value;
  });
}

/**
 * Calls `visit` with the name and body of each node. Type modifiers are skipped: `geometry(Point)` parses as if
 * `Point` were a column.
 */
export function walk(root: Node, visit: (name: string, body: Node) => void): void {
  const pending: unknown[] = [root];
  while (pending.length > 0) {
    const next = pending.pop();
    if (Array.isArray(next)) {
      pending.push(...next);
    } else if (isNode(next)) {
      for (const [key, value] of Object.entries(next)) {
        if (key === "typmods") continue;
        if (isNode(value)) visit(key, value);
        pending.push(value);
      }
    }
  }
}

/** Column references in the order in which they are written. */
export function columnReferences({ node, placeOf }: Tree): readonly ColumnReference[] {
  const found: ColumnReference[] = [];
  walk(node, (name, body) => {
    if (name !== "ColumnRef") return;
    const names = strings(body.fields);
    found.push({
      qualifier: names.slice(0, -1).filter((n) => n !== null),
      column: names.at(-1) ?? null,
      offset: placeOf(body),
    });
  });
  return found.sort((a, b) => a.offset - b.offset);
}

/** The names in a list of String nodes; null for what is no String (`*`). */
export function strings(list: unknown): (string | null)[] {
  return ((list ?? []) as readonly Node[]).map((node) => {
    const text = node.String as Node | undefined;
    return text === undefined ? null : String(text.sval ?? "");
  });
}

export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function depth(root: unknown): number {
  let deepest = 0;
  const pending: [unknown, number][] = [[root, 1]];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [value, level] = next;
    deepest = Math.max(deepest, level);
    if (typeof value === "object" && value !== null) {
      for (const child of Object.values(value)) pending.push([child, level + 1]);
    }
  }
  return deepest;
}
