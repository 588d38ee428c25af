/** The names in a function's source, as PostgreSQL's scanner sees them. */
import { clipName } from "./identifier.js";
import { ParseError, scanTokens, type Token } from "./parser.js";

/**
 * Every identifier in a plpgsql or SQL body, as the catalog would spell it: folded, or unquoted; cut as the server cuts.
 * Words that only sometimes are names (`type`, `value`) count; reserved ones count after a dot alone (`new.user`).
 * Strings and comments do not count, so names in dynamic SQL are not found. Never throws: of text that the scanner
 * refuses, every word counts. `loadParser()` must have been awaited.
 */
export function identifiersIn(source: string): Set<string> {
  try {
    return namesOf(scanTokens(source));
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return everyWord(source);
  }
}

function namesOf(tokens: readonly Token[]): Set<string> {
  const names = new Set<string>();
  tokens.forEach((token, n) => {
    const name = nameOf(token, tokens[n - 1], tokens.slice(n + 1, n + 3));
    if (name !== null) names.add(clipName(name));
  });
  return names;
}

function nameOf(token: Token, before: Token | undefined, after: readonly Token[]): string | null {
  if (token.text.startsWith('"')) return unquote(token.text);
  if (/^u&"/i.test(token.text)) return decode(unquote(token.text.slice(2)), escapeCharacter(after));
  if (token.name === "IDENT" || token.keyword === "other") return fold(token.text);
  return token.keyword === "reserved" && before?.text === "." ? fold(token.text) : null;
}

/** `U&"…" UESCAPE '!'` */
function escapeCharacter([word, character]: readonly Token[]): string {
  const declared = word?.text.toLowerCase() === "uescape" ? /^'(.)'$/su.exec(character?.text ?? "")?.[1] : undefined;
  return declared ?? "\\";
}

function decode(text: string, mark: string): string {
  const literal = mark.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
  const sequence = new RegExp(`${literal}(?:${literal}|\\+([0-9a-f]{6})|([0-9a-f]{4}))`, "gi");
  return text.replace(sequence, (_all, six?: string, four?: string) => {
    const point = Number.parseInt(six ?? four ?? "", 16);
    return Number.isNaN(point) || point > 0x10ffff ? mark : String.fromCodePoint(point);
  });
}

function everyWord(source: string): Set<string> {
  const names = new Set<string>();
  for (const [word] of source.matchAll(/"(?:[^"]|"")+"|[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/g)) {
    names.add(clipName(word.startsWith('"') ? unquote(word) : fold(word)));
  }
  // A quote that does not close may have swallowed names.
  for (const [word] of source.matchAll(/[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/g))
    names.add(clipName(fold(word)));
  return names;
}

function unquote(text: string): string {
  return text.slice(1, -1).replaceAll('""', '"');
}

/** Only ASCII is folded: PostgreSQL leaves other letters alone in multi-byte encodings. */
function fold(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
