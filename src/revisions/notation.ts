/**
 * How single values are written in a revision's header: one line each, whatever they hold. A value that needs nothing is
 * written as it is; the rest is quoted, as SQL quotes names and as JSON quotes texts.
 */
import { ident, MAX_NAME_BYTES, nameBytes, type QualifiedName } from "../sql/identifier.js";

/** Control characters (a newline would end the header's line, an escape sequence would deceive a reader's terminal). */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u;
const LONE_SURROGATE = /\p{Cs}/u;

/** Can be written to a file in UTF-8 and read back. */
export function isText(text: string): boolean {
  return !LONE_SURROGATE.test(text);
}

/** A text on one line: as it is where nothing would be lost, else as a JSON string. */
export function printText(text: string): string {
  const plain = text !== "" && text === text.trim() && !text.startsWith('"') && !CONTROL.test(text) && isText(text);
  return plain ? text : quoteText(text);
}

/** A JSON string on one line, without the line ends and controls that JSON lets stand. */
export function quoteText(text: string): string {
  return JSON.stringify(text).replace(new RegExp(CONTROL, "gu"), unicodeEscape);
}

export function parseText(text: string): string {
  if (!text.startsWith('"')) return text;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? value : text;
  } catch {
    return text;
  }
}

function unicodeEscape(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** A dotted name in SQL's spelling; one that holds a control character as `U&"…"`, which keeps it on one line. */
export function printName(parts: readonly string[]): string {
  return parts.map(printIdentifier).join(".");
}

function printIdentifier(name: string): string {
  if (!isText(name)) throw new RangeError("a name holds half a character");
  if (!CONTROL.test(name)) return ident(name);
  const escaped = name
    .replaceAll("\\", "\\\\")
    .replaceAll('"', '""')
    .replace(
      new RegExp(CONTROL, "gu"),
      (char) => `\\${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`,
    );
  if (name.includes("\0")) throw new RangeError("a name cannot hold a zero byte");
  return `U&"${escaped}"`;
}

export function printQualified(name: QualifiedName): string {
  return printName([name.schema, name.name]);
}

export function printColumns(columns: readonly string[]): string {
  return columns.map((column) => printName([column])).join(", ");
}

const PART = /\s*(?:(U&)?"((?:[^"\0]|"")+)"|([\p{L}_][\p{L}\p{N}_$]*))\s*(\.|,|$)/uy;

/** Reads `a, b.c, "D e"`: dotted names between commas, folded as SQL folds. Null when it is anything else. */
export function parseNames(text: string): string[][] | null {
  const token = new RegExp(PART);
  const names: string[][] = [];
  let name: string[] = [];
  for (;;) {
    const match = token.exec(text);
    if (match === null) return null;
    const part = readPart(match[1] !== undefined, match[2], match[3] ?? "");
    if (part === null || nameBytes(part) > MAX_NAME_BYTES) return null;
    name.push(part);
    if (match[4] === ".") continue;
    names.push(name);
    name = [];
    if (match[4] === "") return token.lastIndex === text.length ? names : null;
  }
}

function readPart(unicode: boolean, quoted: string | undefined, plain: string): string | null {
  if (quoted === undefined) return plain.replace(/[A-Z]/g, (c) => c.toLowerCase());
  const name = quoted.replaceAll('""', '"');
  if (!unicode) return name;
  let valid = true;
  const read = name.replace(/\\(\\|[0-9A-Fa-f]{4}|)/g, (_, code: string) => {
    if (code === "") valid = false;
    return code === "\\" ? "\\" : String.fromCharCode(Number.parseInt(code, 16));
  });
  return valid ? read : null;
}

/** Reads one name of exactly `length` parts. */
export function parseName(text: string, length: number): string[] | null {
  const names = parseNames(text);
  const [name] = names ?? [];
  return names?.length === 1 && name?.length === length ? name : null;
}

export function parseQualifiedName(text: string): QualifiedName | null {
  const [schema, name] = parseName(text, 2) ?? [];
  return schema === undefined || name === undefined ? null : { schema, name };
}

/** Reads `a, "B"`; null when it is no list of plain names. */
export function parseColumns(text: string): string[] | null {
  const names = parseNames(text);
  return names?.every((name) => name.length === 1) ? names.flat() : null;
}

const UNITS: readonly (readonly [unit: string, ms: number])[] = [
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1000],
  ["ms", 1],
];

/** Milliseconds in the largest unit that leaves no fraction: `2s`, `400ms`, `24h`. */
export function printDuration(ms: number): string {
  if (!Number.isSafeInteger(ms) || ms < 0) throw new RangeError(`not a duration in whole milliseconds: ${ms}`);
  if (ms === 0) return "0s";
  for (const [unit, size] of UNITS) if (ms % size === 0) return `${ms / size}${unit}`;
  throw new RangeError(`not a duration: ${ms}`);
}

/** Reads one number and its unit; null when it is anything else. */
export function parseDuration(text: string): number | null {
  const match = /^(\d+) ?(h|min|s|ms)$/.exec(text);
  const size = UNITS.find(([unit]) => unit === match?.[2])?.[1];
  const ms = Number(match?.[1]) * (size ?? Number.NaN);
  return Number.isSafeInteger(ms) ? ms : null;
}
