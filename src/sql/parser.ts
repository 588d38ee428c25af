/**
 * PostgreSQL 18's own grammar (libpg-query, WASM), and nothing else of it outside of this folder. The parser counts
 * bytes of UTF-8 (nodes, tokens) and code points (errors); everything that leaves this file counts characters as
 * JavaScript does (UTF-16 units).
 */
import { hasSqlDetails, loadModule, parseSync, scanSync } from "libpg-query";

/** Text that is not what it should be, and where: `offset` in characters of the text that was given. */
export class ParseError extends Error {
  override readonly name: string = "ParseError";
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** A node of the parse tree, as the server's own structures print as JSON. */
export type Node = { readonly [key: string]: unknown };

export type ParsedStatement = {
  /** the node's name, e.g. `SelectStmt`, `IndexStmt` */
  readonly kind: string;
  readonly node: Node;
  /** characters of the text, without the semicolon */
  readonly start: number;
  readonly end: number;
};

export type Token = {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** as the scanner names it: `IDENT`, `SCONST`, `SQL_COMMENT`, …; `UNKNOWN` for most others */
  readonly name: string;
  readonly keyword: "none" | "reserved" | "other";
};

let loaded = false;

/** Loads the parser; everything else here is synchronous once this has been awaited. */
export async function loadParser(): Promise<void> {
  await loadModule();
  loaded = true;
}

export const isParserLoaded = (): boolean => loaded;

/** The statements of a text, none for an empty one. Throws ParseError where PostgreSQL's grammar does. */
export function parseStatements(text: string): readonly ParsedStatement[] {
  refuseUnspeakable(text);
  if (text === "") return [];
  const characterAt = byteMap(text);
  const raw = guarded(text, () => parseSync(text).stmts) ?? [];
  return raw.map((statement) => {
    const start = statement.stmt_location ?? 0;
    const node = (statement.stmt ?? {}) as Node;
    const end = statement.stmt_len === undefined ? text.length : characterAt(start + statement.stmt_len);
    return { kind: Object.keys(node)[0] ?? "", node, start: characterAt(start), end };
  });
}

/** Every token, comments included. Throws ParseError for an unterminated string, quote or comment. */
export function scanTokens(text: string): readonly Token[] {
  refuseUnspeakable(text);
  // The scanner's own JSON breaks on control characters and on an empty text; a space is as long as each of them.
  const printable = text.replace(/[^\P{Cc}\t\n\r\u0080-\u009f]/gu, " ");
  if (printable === "") return [];
  const characterAt = byteMap(text);
  const tokens = guarded(text, () => {
    try {
      return scanSync(printable).tokens;
    } catch (error) {
      // It prints its message where its JSON should be.
      if (error instanceof SyntaxError)
        throw new ParseError("unterminated string, quoted name or comment", text.length);
      throw error;
    }
  });
  return tokens.map((token) => {
    const [start, end] = [characterAt(token.start), characterAt(token.end)];
    const keyword =
      token.keywordName === "NO_KEYWORD" ? "none" : token.keywordName === "RESERVED_KEYWORD" ? "reserved" : "other";
    return { text: text.slice(start, end), start, end, name: token.tokenName, keyword };
  });
}

/** Maps an offset in bytes of UTF-8 to one in characters. */
export function byteMap(text: string): (byte: number) => number {
  if (Buffer.byteLength(text, "utf8") === text.length) return (byte) => Math.max(0, Math.min(byte, text.length));
  const characters: number[] = [];
  let at = 0;
  for (const point of text) {
    for (let byte = Buffer.byteLength(point, "utf8"); byte > 0; byte -= 1) characters.push(at);
    at += point.length;
  }
  return (byte) => (byte < 0 ? 0 : (characters[byte] ?? text.length));
}

/** What would reach the parser as something else than what the reader sees. */
function refuseUnspeakable(text: string): void {
  const at = text.search(/[\0\p{Surrogate}]/u);
  if (at < 0) return;
  throw new ParseError(text[at] === "\0" ? "a zero byte cannot be part of SQL" : "half of a surrogate pair", at);
}

function guarded<T>(text: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (hasSqlDetails(error)) {
      throw new ParseError(error.message, utf16(text, error.sqlDetails?.cursorPosition ?? 0));
    }
    if (error instanceof RangeError) throw new ParseError("nested too deeply", 0);
    throw error;
  }
}

function utf16(text: string, codePoints: number): number {
  let at = 0;
  for (let n = 0; n < codePoints && at < text.length; n += 1) at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  return at;
}
