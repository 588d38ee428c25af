/** How files and folders of `plans/` are named, and told from others. */
import { keyLine } from "./keys.js";
import type { Revision } from "./revision.js";

/** `0004-orders-total` */
export function folderName(number: number, slug: string): string {
  return `${String(number).padStart(4, "0")}-${slug}`;
}

/** `3-backfill.fill.sql` for a plan's third revision; `0007-add-note.sql` for a hand-written one. */
export function fileName(index: number, revision: Pick<Revision, "phase" | "name">): string {
  if (revision.phase === null) return `${folderName(index, revision.name)}.sql`;
  return `${index}-${revision.phase}.${revision.name}.sql`;
}

/** Begins as every revision does, whatever the file is called. */
export function isRevision(text: string): boolean {
  const [first = ""] = text
    .replace(/^\ufeff/, "")
    .trimStart()
    .split(/\r?\n/, 1);
  return keyLine(first)?.key === "changeover revision";
}

/** The number that a file's name begins with; names without one come last. */
export function numberOf(name: string): number {
  const digits = /^\d+/.exec(name)?.[0];
  return digits === undefined ? Number.POSITIVE_INFINITY : Number(digits);
}

/** By code unit, the same on every platform and in every locale. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
