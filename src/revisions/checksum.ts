/** What identifies a revision's content: the file's text but for the lines that link it to others. */
import { createHash } from "node:crypto";
import { keyLine, LINK_KEYS, sectionOf } from "./keys.js";

/** Without what an editor, a checkout or an operating system changes by itself. */
export function normaliseText(text: string): string {
  const lines = text.replace(/^\ufeff/, "").replaceAll("\r\n", "\n");
  return `${lines.replace(/\s+$/, "")}\n`;
}

/** The lines up to the first section; the last one's index is the first section's, or the end. */
export function headerLength(lines: readonly string[]): number {
  const first = lines.findIndex((line) => sectionOf(line) !== null);
  return first === -1 ? lines.length : first;
}

export function withoutLinks(text: string): string {
  const lines = normaliseText(text).split("\n");
  const header = headerLength(lines);
  return lines.filter((line, index) => index >= header || !isLink(line)).join("\n");
}

export function isLink(line: string): boolean {
  const key = keyLine(line)?.key;
  return key !== undefined && LINK_KEYS.includes(key);
}

/** sha256 in hex of a revision's text, its links apart: the same before and after a rebase, and on every platform. */
export function checksumOf(text: string): string {
  return sha256(withoutLinks(text));
}

/** The id that a revision gets when it is made. A file that is edited later keeps the id that it has. */
export function idOf(body: { plan: string | null; phase: string | null; name: string }, text: string): string {
  return sha256([body.plan ?? "", body.phase ?? "", body.name, withoutLinks(text)].join("\n")).slice(0, 12);
}

export function sha256(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}
