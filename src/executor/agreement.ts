/** Whether the folder and the journal tell one story: nothing runs where they contradict each other. */
import { ChangeoverError } from "../errors.js";
import { changedAdvice, changedFiles, STRANGERS } from "../journal/changed.js";
import type { JournalRevision } from "../journal/state.js";
import { fileOf, type Graph, linksOf } from "../revisions/graph.js";
import type { Revision } from "../revisions/revision.js";

/** `checksum` when a file differs from what was applied. */
export function checksumError(graph: Graph, applied: readonly JournalRevision[]): ChangeoverError | null {
  const [first, ...others] = changedFiles(graph.revisions.values(), applied);
  if (first === undefined) return null;
  const { hint, command } = changedAdvice(first);
  return new ChangeoverError(
    "checksum",
    `The file of ${first.row.id} (${first.row.title}) is not what was applied here.`,
    {
      where: fileOf(first.file),
      details: others.map(({ file }) => `also changed: ${fileOf(file)}`),
      hint: `${hint} As it was: ${command}`,
    },
  );
}

/**
 * `unknown-revision` when this revision would go on from where the database has gone another way: it stands on a revision
 * that has no file here, or one that has no file here stands in its place.
 */
export function forkError(graph: Graph, applied: readonly JournalRevision[], next: Revision): ChangeoverError | null {
  const under = linksOf(next).find((id) => !graph.revisions.has(id));
  if (under !== undefined) {
    const title = applied.find((row) => row.id === under)?.title;
    return new ChangeoverError(
      "unknown-revision",
      `${next.id} (${next.title}) stands on ${under}${title === undefined ? "" : ` (${title})`}, which has no file in this folder.`,
      {
        where: fileOf(next),
        hint: `Use the folder of the release that applied it, or fetch its file (git pull).${strangers(graph, applied)}`,
      },
    );
  }
  if (applied.some((row) => row.id === next.id)) return null;
  const rival = applied.find((row) => !graph.revisions.has(row.id) && inPlaceOf(row, next));
  if (rival === undefined) return null;
  const place = next.parents.length === 0 ? "the beginning" : next.parents.join(", ");
  const move =
    next.plan === null ? `make it the parent of ${next.id}` : `put the plan behind it: changeover rebase ${next.plan}`;
  return new ChangeoverError(
    "unknown-revision",
    `${next.id} (${next.title}) would follow ${place}, but here ${rival.id} (${rival.title}) does, which has no file in this folder.`,
    {
      where: fileOf(next),
      hint: `Fetch the file of ${rival.id} (git pull), then ${move}.${strangers(graph, applied)}`,
    },
  );
}

/** Both go on from one revision along the same lane. */
function inPlaceOf(row: JournalRevision, next: Revision): boolean {
  if (row.lane !== next.lane || (row.lane === "tail" && row.plan !== next.plan)) return false;
  if (next.parents.length === 0) return row.parents.length === 0;
  return next.parents.some((parent) => row.parents.includes(parent));
}

/** A database ahead of its folder is normal: an older image after a roll-back. It is told, and nothing else. */
export function aheadNotices(graph: Graph, applied: readonly JournalRevision[]): string[] {
  const unknown = applied.filter((row) => !graph.revisions.has(row.id));
  const [last] = unknown.slice(-1);
  if (last === undefined) return [];
  const count = unknown.length === 1 ? "1 revision that has" : `${unknown.length} revisions that have`;
  const notice = `This database is ahead of this folder: it holds ${count} no file here (the last: ${last.id}, ${last.title}).`;
  return [`${notice}${strangers(graph, applied)}`];
}

/** With nothing in common they may not belong together at all. */
function strangers(graph: Graph, applied: readonly JournalRevision[]): string {
  return applied.some((row) => graph.revisions.has(row.id)) ? "" : ` ${STRANGERS}`;
}
