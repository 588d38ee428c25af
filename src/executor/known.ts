/** The folder and the journal as one graph. */
import type { JournalRevision } from "../journal/state.js";
import { parseRevision, type Split } from "../revisions/format.js";
import { buildGraph, type Graph, linksOf } from "../revisions/graph.js";
import type { Revision } from "../revisions/revision.js";

/**
 * For upgrades: what the folder has. Ids that the journal alone knows may be parents, and so may `gaps`. Throws like
 * `buildGraph`.
 */
export function folderGraph(
  local: readonly Revision[],
  journal: readonly JournalRevision[],
  gaps: readonly string[] = [],
): Graph {
  const rows = journal.map((row) => [row.id, row.parents] as const);
  return buildGraph(local, { elsewhere: new Map([...gaps.map((id) => [id, []] as const), ...rows]) });
}

/** What a folder's revisions stand on, known or not: where some of its files could not be read. */
export function gapsOf(local: readonly Revision[]): string[] {
  return local.flatMap(linksOf);
}

/**
 * For downgrades, status and history: everything that either knows. What is applied has the text that ran, not the
 * file's; its links are the file's where it has one, because a plan around it may have been moved since.
 */
export function knownGraph(
  local: readonly Revision[],
  journal: readonly JournalRevision[],
  split: Split | null = null,
  gaps: readonly string[] = [],
): Graph {
  const files = new Map(local.map((revision) => [revision.id, revision]));
  const applied = journal.map((row): Revision => {
    const { parents, dependsOn, file } = files.get(row.id) ?? { ...row, file: null };
    // A hand-written one may have its name from its file alone.
    const { name, title } = row;
    return { ...parseRevision(row.text, `journal:${row.id}`, split), name, title, parents, dependsOn, file };
  });
  const rows = new Set(journal.map((row) => row.id));
  // What a row once stood on may be gone from both: an undone plan whose files were removed.
  return buildGraph([...applied, ...local.filter((revision) => !rows.has(revision.id))], {
    elsewhere: new Map([...gaps, ...journal.flatMap(linksOf)].map((id) => [id, []])),
  });
}
