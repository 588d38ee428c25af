/** Writes revisions as files: each whole or not at all, and none over a text that someone may have edited. */
import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { posix } from "node:path";
import { ChangeoverError } from "../errors.js";
import { normaliseText } from "./checksum.js";
import { codeOf, compare, fileName, isRevision } from "./files.js";
import type { Revision } from "./revision.js";

export type WriteOptions = {
  /** overwrite files whose text differs */
  readonly force?: boolean;
  /** the caller has seen that no database holds any of this plan's revisions: those left from an earlier planning may go */
  readonly unapplied?: boolean;
};

export type Written = {
  readonly written: readonly string[];
  readonly unchanged: readonly string[];
  readonly removed: readonly string[];
};

/**
 * Makes a plan's folder hold exactly these revisions, numbered from 1 in this order. Throws `refused`, and has changed
 * nothing, when a file of another text is in the way (without `force`), or when revisions of an earlier planning are left
 * (without `unapplied`).
 */
export async function writeRevisions(
  planFolder: string,
  revisions: readonly Revision[],
  options: WriteOptions = {},
): Promise<Written> {
  const base = planFolder.replaceAll("\\", "/");
  const wanted = new Map(
    revisions.map((revision, index) => [posix.join(base, fileName(index + 1, revision)), revision.text]),
  );
  const stale = (await revisionFiles(base)).filter((file) => !wanted.has(file));
  if (stale.length > 0 && options.unapplied !== true)
    throw new ChangeoverError(
      "refused",
      `${base} holds revisions of an earlier planning, which may have been applied.`,
      {
        where: base,
        details: stale,
        hint: "Undo the plan where it is applied, then plan again.",
      },
    );
  return write(wanted, stale, options.force === true);
}

/** Writes these texts to these paths, as `writeRevisions` does: for a merge, and for files whose links were changed. */
export async function writeFiles(
  texts: ReadonlyMap<string, string>,
  options: Pick<WriteOptions, "force"> = {},
): Promise<Written> {
  return write(texts, [], options.force === true);
}

async function write(wanted: ReadonlyMap<string, string>, stale: readonly string[], force: boolean): Promise<Written> {
  const changed: [string, string][] = [];
  const unchanged: string[] = [];
  const differing: string[] = [];
  for (const [file, text] of wanted) {
    const present = await readIfThere(file);
    if (present !== null && normaliseText(present) === normaliseText(text)) unchanged.push(file);
    else changed.push([file, text]);
    if (present !== null && normaliseText(present) !== normaliseText(text)) differing.push(file);
  }
  if (differing.length > 0 && !force)
    throw new ChangeoverError(
      "refused",
      `${differing.length === 1 ? "A file differs" : `${differing.length} files differ`} from what would be written.`,
      {
        where: differing[0],
        details: differing.slice(1),
        hint: "Keep the edit, or write over it with --force.",
      },
    );
  await writeAll(changed);
  for (const file of stale) await rm(file);
  return { written: changed.map(([file]) => file), unchanged, removed: stale };
}

/** All texts beside their places first, so that a full disk leaves the folder as it was; then each takes its place. */
async function writeAll(files: readonly (readonly [file: string, text: string])[]): Promise<void> {
  const suffix = `.${randomBytes(6).toString("hex")}.tmp`;
  try {
    for (const [file, text] of files) {
      await mkdir(posix.dirname(file), { recursive: true });
      const handle = await open(file + suffix, "wx");
      try {
        await handle.writeFile(text, "utf8");
        await handle.sync();
      } finally {
        await handle.close();
      }
    }
    for (const [file] of files) await rename(file + suffix, file);
  } finally {
    for (const [file] of files) await rm(file + suffix, { force: true });
  }
}

async function revisionFiles(folder: string): Promise<string[]> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  }
  const files = names
    .filter((name) => name.endsWith(".sql"))
    .sort(compare)
    .map((name) => posix.join(folder, name));
  const texts = await Promise.all(files.map(async (file) => ({ file, text: await readFile(file, "utf8") })));
  return texts.filter(({ text }) => isRevision(text)).map(({ file }) => file);
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
}
