/** Downgrade: newest first, from the text that ran. */
import { ChangeoverError, isChangeoverError } from "../errors.js";
import { ensureJournal } from "../journal/install.js";
import { readJournal } from "../journal/journal.js";
import type { JournalState } from "../journal/state.js";
import type { Split } from "../revisions/format.js";
import type { Revision } from "../revisions/revision.js";
import type { Resolved } from "../revisions/targets.js";
import { decideOnEvidence, gateAgain } from "./evidence.js";
import type { Executor, Outcome } from "./executor.js";
import { knownGraph } from "./known.js";
import { RunLocks, undoLockNames } from "./locks.js";
import { decideDowngrade } from "./next.js";
import { runRevision } from "./run.js";

/** Throws `irreversible`, `gate` (somebody still writes the new side), and what a runner throws. */
export async function applyDowngrade(executor: Executor, target: Resolved, split: Split): Promise<Outcome> {
  // Nothing can be undone where there is no journal, and none is made for it.
  if ((await readJournal(executor.db)).meta !== null) await ensureJournal(executor.db, executor.emit);
  const ran: Revision[] = [];
  const locks = new RunLocks(executor);
  try {
    for (;;) {
      if (executor.signal.aborted)
        throw new ChangeoverError("interrupted", "Interrupted.", {
          hint: "Run the same command again: it goes on from here.",
        });
      const journal = await readJournal(executor.db);
      const graph = knownGraph(executor.folder, journal.revisions, split);
      const decision = await decideOnEvidence(
        executor.db,
        journal,
        graph,
        (revision) => revision.undoGate,
        (gateOf) => decideDowngrade({ graph, applied: journal.revisions, plans: journal.plans, target, gateOf }),
      );
      if (decision.kind === "refuse") throw decision.error;
      if (decision.kind === "done") return { ran, notices: decision.notices, stopped: null };
      if (decision.kind !== "run") return { ran, notices: [], stopped: { kind: decision.kind, error: decision.error } };
      const { lock, fresh } = await locks.take(undoLockNames(decision.revision));
      if (fresh) continue;
      const afterLocks = gateAgain(decision.revision, { direction: "downgrade", graph, journal });
      try {
        await runRevision({ ...executor, lock, afterLocks }, decision.revision, "downgrade", { concurrency: 1 });
      } catch (error) {
        // Shut since it was decided: told as if it had been shut then.
        if (isChangeoverError(error, "gate")) return { ran, notices: [], stopped: { kind: "wait", error } };
        throw error;
      }
      ran.push(decision.revision);
    }
  } finally {
    await locks.release();
  }
}

/** What would be undone, newest first, if every gate were open. */
export function previewDowngrade(
  folder: readonly Revision[],
  journal: JournalState,
  target: Resolved,
  split: Split,
): Revision[] {
  const preview: Revision[] = [];
  let rows = journal.revisions;
  for (;;) {
    const graph = knownGraph(folder, journal.revisions, split);
    const decision = decideDowngrade({
      graph,
      applied: rows,
      plans: [],
      target,
      gateOf: () => ({ open: true, unmet: [] }),
    });
    if (decision.kind === "refuse") throw decision.error;
    if (decision.kind !== "run") return preview;
    const { revision } = decision;
    preview.push(revision);
    rows = rows.filter((row) => row.id !== revision.id);
  }
}
