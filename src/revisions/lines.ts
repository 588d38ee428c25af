/**
 * A revision file as lines, each with where SQL stands at its beginning. A header of ours counts only where no statement
 * is under way and no quote or comment is open, so that a line inside a function's body is never taken for one.
 */

/**
 * free: between statements. statement: inside one, outside quotes. quoted: inside a string, a quoted name, a function's
 * body or a block comment.
 */
export type Place = "free" | "statement" | "quoted";

export type Line = {
  /** from 1 */
  readonly number: number;
  readonly text: string;
  readonly place: Place;
  /** the line on which the statement or quote that is under way began */
  readonly since: number;
  /** the line ends inside a `--` comment: a `;` at its end is no end of a statement */
  readonly endsInComment: boolean;
};

export type Lines = {
  readonly lines: readonly Line[];
  /** a string, quoted name, body or comment that is still open at the end, and its line */
  readonly open: { readonly what: string; readonly line: number } | null;
};

type Quote = {
  readonly what: string;
  readonly close: string;
  readonly line: number;
  readonly escapes: boolean;
  depth: number;
};

/** A tag follows no letter or digit: `a$b$c` is a name. */
const DOLLAR_TAG = /\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/y;
const NAME_CHAR = /[A-Za-z0-9_$\u0080-\uffff]/;

/**
 * Reads SQL as far as its quotes, comments, parentheses and semicolons go: enough to know where a statement ends, in any
 * language that a body may be written in. `BEGIN ATOMIC` bodies are not known, and their statements count as top level.
 */
export function readLines(text: string): Lines {
  const lines: Line[] = [];
  let quote: Quote | null = null;
  let parentheses = 0;
  let statementSince = 0;
  text.split("\n").forEach((line, index) => {
    const number = index + 1;
    const place: Place = quote !== null ? "quoted" : statementSince > 0 ? "statement" : "free";
    const since = quote?.line ?? statementSince;
    let endsInComment = false;
    for (let at = 0; at < line.length; ) {
      if (quote !== null) {
        [quote, at] = insideQuote(quote, line, at);
      } else if (line.startsWith("--", at)) {
        endsInComment = true;
        break;
      } else {
        const opened = openQuote(line, at, number);
        const char = line.charAt(at);
        if (char === ";" && parentheses === 0) statementSince = 0;
        else if (!/\s/.test(char) && opened?.what !== "comment" && statementSince === 0) statementSince = number;
        if (char === "(") parentheses += 1;
        else if (char === ")") parentheses = Math.max(0, parentheses - 1);
        quote = opened?.quote ?? null;
        at += opened?.length ?? 1;
      }
    }
    lines.push({ number, text: line, place, since, endsInComment });
  });
  const left = quote as Quote | null;
  return { lines, open: left === null ? null : { what: left.what, line: left.line } };
}

function openQuote(line: string, at: number, number: number): { quote: Quote; what: string; length: number } | null {
  const make = (what: string, close: string, length: number, escapes = false) => ({
    quote: { what, close, line: number, escapes, depth: 1 },
    what,
    length,
  });
  if (line.startsWith("/*", at)) return make("comment", "*/", 2);
  const before = line.charAt(at - 1);
  switch (line.charAt(at)) {
    case "'": {
      const escapes = /[eE]/.test(before) && !NAME_CHAR.test(line.charAt(at - 2));
      return make("string", "'", 1, escapes);
    }
    case '"':
      return make("quoted name", '"', 1);
    case "$": {
      if (NAME_CHAR.test(before)) return null;
      DOLLAR_TAG.lastIndex = at;
      const tag = DOLLAR_TAG.exec(line)?.[0];
      return tag === undefined ? null : make("body", tag, tag.length);
    }
    default:
      return null;
  }
}

/** One step inside a quote: the quote that is open afterwards, and where to go on. */
function insideQuote(quote: Quote, line: string, at: number): [Quote | null, number] {
  if (quote.escapes && line.charAt(at) === "\\") return [quote, at + 2];
  if (quote.what === "comment" && line.startsWith("/*", at)) return [{ ...quote, depth: quote.depth + 1 }, at + 2];
  if (!line.startsWith(quote.close, at)) return [quote, at + 1];
  const next = at + quote.close.length;
  if (quote.what === "comment" && quote.depth > 1) return [{ ...quote, depth: quote.depth - 1 }, next];
  const doubled = quote.close.length === 1 && line.startsWith(quote.close, next);
  return doubled ? [quote, next + 1] : [null, next];
}
