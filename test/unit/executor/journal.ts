/** A journal in memory that does what decisions say, for tests of the deciders. */
import { NO_LIMITS } from "../../../src/journal/limits.js";
import type { JournalPlan, JournalRevision, RevisionState } from "../../../src/journal/state.js";
import type { Revision } from "../../../src/revisions/revision.js";

export function row(revision: Revision, state: RevisionState = "done"): JournalRevision {
  const { id, plan, name, title, parents, dependsOn, lane, phase, runner, checksum, text } = revision;
  const at = new Date(0);
  return {
    ...{ id, plan, name, title, parents, dependsOn, lane, phase, runner, checksum, text, state },
    startedAt: at,
    finishedAt: state === "done" || state === "undoing" ? at : null,
    actor: "test",
    error: state === "blocked" ? { code: "blocked", message: "it was", hint: null, details: [] } : null,
  };
}

export function planRow(slug: string, pausedBy: string | null = null): JournalPlan {
  return {
    slug,
    change: "rename_column app.t.a to b",
    kind: "rename_column",
    table: { schema: "app", name: "t" },
    columns: ["a", "b"],
    openedAt: new Date(0),
    pausedAt: pausedBy === null ? null : new Date(0),
    pausedBy,
    opens: null,
    limits: NO_LIMITS,
  };
}
