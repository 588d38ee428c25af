/** The files that a verification goes over, held against those that its table and its leaves have now. */
import type { Session } from "../../db/session.js";
import type { HeapFile } from "../../journal/fill-parts.js";
import { addFiles, forgetFiles, renewFile, verifiedFiles } from "../../journal/verification-files.js";
import { slicesOf } from "../range.js";
import type { Files } from "./reading.js";

/**
 * Forgets the leaves that went, and adds those that came (`more`). `moved-away`: one that it goes over has another file, and
 * all of it has to begin again; nothing was done.
 */
export async function goOn(
  session: Session,
  id: number,
  { files, plain }: Files,
  minPartPages?: number,
): Promise<"same" | "more" | "moved-away"> {
  const known = await verifiedFiles(session, id);
  const nowOf = new Map(files.map((file) => [file.relation, file.filenode]));
  const gone = known.map(({ relation }) => relation).filter((relation) => !nowOf.has(relation));
  const moved = known.some(({ relation, filenode }) => (nowOf.get(relation) ?? filenode) !== filenode);
  if (moved || (plain && gone.length > 0)) return "moved-away";
  await forgetFiles(session, id, gone);
  const came = await newOf(session, id, files);
  if (came.length === 0) return "same";
  await addFiles(session, id, cut(came, files, minPartPages));
  return "more";
}

/** Are there leaves that it has not gone over? */
export async function hasNew(session: Session, id: number, { files }: Files): Promise<boolean> {
  return (await newOf(session, id, files)).length > 0;
}

/**
 * To one that begins, or that found all it went over in step: what it has not gone over is added. Another file of a leaf that
 * it went over holds the same rows, or such as have passed the triggers.
 */
export async function addNew(session: Session, id: number, { files }: Files, minPartPages?: number): Promise<void> {
  const known = await verifiedFiles(session, id);
  const gone = known.map(({ relation }) => relation).filter((one) => !files.some(({ relation }) => relation === one));
  await forgetFiles(session, id, gone);
  for (const { relation, filenode } of files) {
    const before = known.find((one) => one.relation === relation);
    if (before !== undefined && before.filenode !== filenode) await renewFile(session, id, relation, filenode);
  }
  await addFiles(session, id, cut(await newOf(session, id, files), files, minPartPages));
}

async function newOf(session: Session, id: number, files: readonly HeapFile[]): Promise<HeapFile[]> {
  const known = await verifiedFiles(session, id);
  return files.filter(({ relation }) => !known.some((one) => one.relation === relation));
}

function cut(files: readonly HeapFile[], all: readonly HeapFile[], minPartPages: number | undefined) {
  const pages = all.reduce((sum, file) => sum + file.pages, 0);
  return files.map((file) => ({ ...file, slices: slicesOf(file.pages, minPartPages, pages) }));
}
