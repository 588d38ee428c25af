import { ChangeoverError } from "../errors.js";
import { loadJournal } from "../journal/install.js";
import { type LoggedEvent, readEvents } from "../journal/log.js";
import type { JournalRevision } from "../journal/state.js";
import { fileOf } from "../revisions/graph.js";
import type { Revision } from "../revisions/revision.js";
import { findRevision } from "../revisions/targets.js";
import { type HistoryEntry, headsOf, historyOf } from "../status/history.js";
import { begunPlan } from "./begun.js";
import type { AppContext } from "./context.js";
import { appliedRevisions, type Project, readProject } from "./project.js";

/** Every revision that the folder or the journal knows, newest first. */
export async function historyUseCase(app: AppContext): Promise<HistoryEntry[]> {
  return historyOf(sources(await readProject(app)));
}

const EVENTS_SHOWN = 200;

/** What has happened, newest first, a few hundred at most; `plan` null: of all plans. Throws `not-found`. */
export async function eventsUseCase(app: AppContext, plan: string | null): Promise<LoggedEvent[]> {
  const db = app.database();
  const journal = await loadJournal(db);
  const known = journal.plans.map(({ slug }) => slug);
  const slug = plan === null || known.includes(plan) ? plan : begunPlan(journal, plan);
  return journal.meta === null ? [] : readEvents(db, slug, EVENTS_SHOWN);
}

/** The trunk's heads and the ends of unfinished tails. */
export async function headsUseCase(app: AppContext): Promise<HistoryEntry[]> {
  return headsOf(sources(await readProject(app)));
}

/** One revision, by its id or a unique beginning of it; `row`: what the journal says of it. Needs no other's file. */
export async function showUseCase(
  app: AppContext,
  id: string,
): Promise<{ revision: Revision; row: JournalRevision | null }> {
  const project = await readProject(app, { lenient: true });
  const prefix = id.toLowerCase();
  const unreadable = project.folder.unreadable.find((one) => one.id?.startsWith(prefix) === true);
  const isKnown = [...project.known.revisions.keys()].some((known) => known.startsWith(prefix));
  if (unreadable !== undefined && !isKnown) throw unreadable.error;
  const revision = findRevision(project.known, prefix);
  return { revision, row: project.journal.revisions.find((row) => row.id === revision.id) ?? null };
}

/** The file of a revision as it was applied here, byte for byte as the journal keeps it. Throws `not-found`. */
export async function appliedFileUseCase(app: AppContext, id: string): Promise<{ id: string; text: string }> {
  const { revision, row } = await showUseCase(app, id);
  if (row !== null) return { id: row.id, text: row.text };
  throw new ChangeoverError(
    "not-found",
    `Revision ${revision.id} has not been applied here: the journal has no text of it.`,
    {
      where: fileOf(revision),
      hint: `Its file as it is now: changeover show ${revision.id}`,
    },
  );
}

function sources(project: Project) {
  return { folder: project.folder.revisions, applied: appliedRevisions(project), journal: project.journal };
}
