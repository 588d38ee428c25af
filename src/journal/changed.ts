/** Files that are not what was applied: told by every command that meets them, with the way back to what ran. */
import type { Revision } from "../revisions/revision.js";
import type { JournalRevision } from "./state.js";

/** A folder and a database that share no revision. */
export const STRANGERS =
  "None of what is applied here is in this folder: this may be the wrong database (--database-url, DATABASE_URL) or the wrong folder (--plans).";

export type Changed = { readonly row: JournalRevision; readonly file: Revision };

/**
 * In the journal's order. A transactional revision that is not done has left nothing behind, so its file may be mended; of
 * any other, part may have run.
 */
export function changedFiles(files: Iterable<Revision>, applied: readonly JournalRevision[]): Changed[] {
  const byId = new Map([...files].map((file) => [file.id, file]));
  return applied.flatMap((row) => {
    const file = byId.get(row.id);
    const begun = row.state === "done" || row.runner !== "transactional";
    return file !== undefined && begun && file.checksum !== row.checksum ? [{ row, file }] : [];
  });
}

/** What to do about one, and the command that writes the file as it was. */
export function changedAdvice({ row, file }: Changed): { readonly hint: string; readonly command: string } {
  const hint =
    row.state === "done"
      ? "Put the file back as it was, and write a further revision for the difference."
      : "Part of it has run already: put the file back as it was, and undo it before you change it.";
  return { hint, command: showCommand(row.id, file.file) };
}

/** Writes a file as it was applied; without a file, prints it. */
export function showCommand(id: string, file: string | null): string {
  if (file === null) return `changeover show ${id} --applied`;
  const quoted = /^[\w./-]+$/.test(file) ? file : `'${file.replaceAll("'", "'\\''")}'`;
  return `changeover show ${id} --applied > ${quoted}`;
}
