import type { JournalRevision } from "../journal/state.js";
import type { Revision } from "../revisions/revision.js";
import { findRevision } from "../revisions/targets.js";
import { type HistoryEntry, headsOf, historyOf } from "../status/history.js";
import type { AppContext } from "./context.js";
import { appliedRevisions, type Project, readProject } from "./project.js";

/** Every revision that the folder or the journal knows, newest first. */
export async function historyUseCase(app: AppContext): Promise<HistoryEntry[]> {
  return historyOf(sources(await readProject(app)));
}

/** The trunk's heads and the ends of unfinished tails. */
export async function headsUseCase(app: AppContext): Promise<HistoryEntry[]> {
  return headsOf(sources(await readProject(app)));
}

/** One revision, by its id or a unique beginning of it; `row`: what the journal says of it. */
export async function showUseCase(
  app: AppContext,
  id: string,
): Promise<{ revision: Revision; row: JournalRevision | null }> {
  const project = await readProject(app);
  const revision = findRevision(project.known, id);
  return { revision, row: project.journal.revisions.find((row) => row.id === revision.id) ?? null };
}

function sources(project: Project) {
  return { folder: project.folder.revisions, applied: appliedRevisions(project), journal: project.journal };
}
