import type { Evidence, JournalRevision, JournalState, RevisionState } from "../journal/state.js";
import type { Unreadable } from "../revisions/folder.js";
import type { Revision } from "../revisions/revision.js";
import type { Live } from "./runners.js";
import type { Found } from "./verification.js";

/** All that a report is made from, as of one moment. */
export type StatusInput = {
  /** by the server's clock */
  readonly now: Date;
  /** the folder's revisions */
  readonly folder: readonly Revision[];
  /** those of the journal, parsed from the text that ran */
  readonly applied: readonly Revision[];
  readonly journal: JournalState;
  /** by plan; for plans that have begun */
  readonly evidence: ReadonlyMap<string, Evidence>;
  /** by plan: rows that its newest verification found */
  readonly found?: ReadonlyMap<string, Found>;
  readonly live: Live;
  /** by plan: where an undo was to end, if nobody has gone forwards since: `orders-total@base` */
  readonly undoTargets: ReadonlyMap<string, string>;
  /** plans of the folder that have a change.yaml and no revisions */
  readonly declared: readonly Declared[];
  /** files that could not be read */
  readonly unreadable: readonly Unreadable[];
};

export type Declared = { readonly plan: string; readonly file: string };

/** A revision with what the journal says of it; `row` null: it has not begun. */
export type Tracked = {
  readonly revision: Revision;
  readonly row: JournalRevision | null;
  readonly state: RevisionState | "pending";
};

/** Every revision that the folder or the journal knows, in the order in which they run; the text that ran has precedence. */
export function trackRevisions(input: Pick<StatusInput, "folder" | "applied" | "journal">): Tracked[] {
  const rows = new Map(input.journal.revisions.map((row) => [row.id, row]));
  const known = new Map([...input.folder, ...input.applied].map((revision) => [revision.id, revision]));
  // The folder knows where the file is now.
  const files = new Map(input.folder.map((revision) => [revision.id, revision.file]));
  return inOrder([...known.values()]).map((revision) => {
    const row = rows.get(revision.id) ?? null;
    const file = files.get(revision.id) ?? null;
    return { revision: { ...revision, file }, row, state: row?.state ?? "pending" };
  });
}

/**
 * Parents and dependencies first; otherwise as given. Links to revisions that are not there are passed over, and a cycle
 * (which the graph refuses elsewhere) comes out in some order rather than not at all.
 */
export function inOrder<R extends Pick<Revision, "id" | "parents" | "dependsOn">>(revisions: readonly R[]): R[] {
  const byId = new Map(revisions.map((revision) => [revision.id, revision]));
  const ordered: R[] = [];
  const entered = new Set<string>();
  for (const start of revisions) {
    // A stack of our own: a trunk of many years is deeper than the call stack should be.
    const stack: { revision: R; links: string[] }[] = [];
    const enter = (revision: R | undefined) => {
      if (revision === undefined || entered.has(revision.id)) return;
      entered.add(revision.id);
      stack.push({ revision, links: [...revision.parents, ...revision.dependsOn] });
    };
    enter(start);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const link = top.links.shift();
      if (link !== undefined) enter(byId.get(link));
      else ordered.push(...stack.splice(-1).map((entry) => entry.revision));
    }
  }
  return ordered;
}
