import { RESERVED_WORDS } from "./reserved.js";
import { type SqlText, sql, trusted } from "./text.js";

/** An object's name with its schema, as the catalog spells it (not quoted, not folded). */
export type QualifiedName = { readonly schema: string; readonly name: string };

/** PostgreSQL's NAMEDATALEN - 1: longer names are cut by the server without a word. In bytes of UTF-8. */
export const MAX_NAME_BYTES = 63;

const PLAIN = /^[a-z_][a-z0-9_]*$/;

/** Quotes a name only where SQL needs it, as `quote_ident` does, so that reviewed files stay easy to read. */
export function ident(name: string): SqlText {
  if (name.length === 0) throw new RangeError("an identifier cannot be empty");
  if (!isSpeakable(name)) throw new RangeError("an identifier cannot hold a zero byte or half a surrogate pair");
  if (PLAIN.test(name) && !RESERVED_WORDS.has(name)) return trusted(name, "constant");
  return trusted(`"${name.replaceAll('"', '""')}"`, "constant");
}

export function qualified(name: QualifiedName): SqlText {
  return sql`${ident(name.schema)}.${ident(name.name)}`;
}

export function sameName(a: QualifiedName, b: QualifiedName): boolean {
  return a.schema === b.schema && a.name === b.name;
}

export function nameBytes(name: string): number {
  return Buffer.byteLength(name, "utf8");
}

/** Cuts a name to `max` bytes without splitting a character. */
export function clipName(name: string, max: number = MAX_NAME_BYTES): string {
  let clipped = "";
  let bytes = 0;
  for (const char of name) {
    bytes += Buffer.byteLength(char, "utf8");
    if (bytes > max) break;
    clipped += char;
  }
  return clipped;
}

/** Text that reaches the server as it is: no zero byte, and no half of a surrogate pair, which UTF-8 cannot hold. */
export function isSpeakable(text: string): boolean {
  return !/[\0\p{Surrogate}]/u.test(text);
}

/**
 * Reads an identifier as SQL would: folded to lower case unless "quoted". Returns null when the text is not exactly
 * one identifier, or a name too long for the server. Key words pass: where only a name can stand, they are clear.
 */
export function parseIdentifier(text: string): string | null {
  const parts = parseNameParts(text);
  const [only] = parts ?? [];
  return parts?.length === 1 && only !== undefined && nameBytes(only) <= MAX_NAME_BYTES ? only : null;
}

/** Reads `schema.name` or `name` (which then is in `defaultSchema`); null when it is neither. */
export function parseQualified(text: string, defaultSchema = "public"): QualifiedName | null {
  const parts = parseNameParts(text);
  if (parts === null || parts.length > 2 || parts.some((part) => nameBytes(part) > MAX_NAME_BYTES)) return null;
  const [first, second] = parts as [string, string?];
  return second === undefined ? { schema: defaultSchema, name: first } : { schema: first, name: second };
}

/** The names of a dotted list, of whatever number and length (at least one); null when the text is no such list. */
export function parseNameParts(text: string): string[] | null {
  // White space and letters as PostgreSQL's scanner has them: every character beyond ASCII is a letter to it.
  const token =
    /[ \t\r\n\f]*(?:"((?:[^"]|"")+)"|([A-Za-z_\u{80}-\u{10ffff}][\w$\u{80}-\u{10ffff}]*))[ \t\r\n\f]*(\.|$)/uy;
  if (!isSpeakable(text)) return null;
  const parts: string[] = [];
  for (;;) {
    const match = token.exec(text);
    if (match === null) return null;
    // Only ASCII is folded: PostgreSQL leaves other letters alone in multi-byte encodings.
    parts.push(match[1]?.replaceAll('""', '"') ?? (match[2] ?? "").replace(/[A-Z]/g, (c) => c.toLowerCase()));
    if (match[3] === "") return parts;
  }
}
