/** Downgrade: newest first, from the text that ran. */
import { transaction } from "../db/transaction.js";
import { ensureJournal } from "../journal/install.js";
import { readJournal } from "../journal/journal.js";
import { mirrorBroken, readMirror } from "../journal/mirror.js";
import type { JournalState } from "../journal/state.js";
import { recordUndo } from "../journal/undo.js";
import type { Split } from "../revisions/format.js";
import type { Revision } from "../revisions/revision.js";
import { type Resolved, targetText } from "../revisions/targets.js";
import { qualified } from "../sql/identifier.js";
import { sql } from "../sql/text.js";
import { decideOnEvidence, gateAgain } from "./evidence.js";
import type { Executor, Outcome } from "./executor.js";
import { knownGraph } from "./known.js";
import { undoLockNames } from "./locks.js";
import { decideDowngrade } from "./next.js";
import { type Decided, walk } from "./walk.js";

/** Throws `irreversible`, `gate` (somebody still writes the new side), and what a runner throws. */
export async function applyDowngrade(executor: Executor, target: Resolved, split: Split): Promise<Outcome> {
  // Nothing can be undone where there is no journal, and none is made for it.
  if ((await readJournal(executor.db)).meta !== null) await ensureJournal(executor.db, executor.emit);
  return walk(executor, {
    direction: "downgrade",
    decide: () => decide(executor, target, split),
    lockNames: undoLockNames,
    // What somebody has changed since is no reason to keep what is there.
    check: async () => undefined,
    toRun: (revision) => withoutTable(executor, revision),
    note: (revision) => noteTarget(executor, revision, target),
  });
}

async function decide({ db, folder }: Executor, target: Resolved, split: Split): Promise<Decided> {
  const journal = await readJournal(db);
  const graph = knownGraph(folder, journal.revisions, split);
  const decision = await decideOnEvidence(
    db,
    journal,
    graph,
    (revision) => revision.undoGate,
    (gateOf) => decideDowngrade({ graph, applied: journal.revisions, plans: journal.plans, target, gateOf }),
  );
  return { decision, afterLocksOf: (revision) => gateAgain(revision, { direction: "downgrade", graph, journal }) };
}

/** So that `status` can name the command that takes it up again. */
async function noteTarget({ db, actor }: Executor, { id, plan }: Revision, target: Resolved): Promise<void> {
  const text = targetText(target);
  if (text === null) return;
  await db.borrow((session) =>
    transaction(session, {}, () => recordUndo(session, { actor, plan, revision: id, target: text })),
  );
}

/** Of a table that was dropped nothing can be undone but the plan's record. Throws `drift` for one that was renamed, as its triggers tell. */
async function withoutTable({ db, emit }: Executor, revision: Revision): Promise<Revision> {
  if (revision.plan === null || revision.scope === null) return revision;
  const table = qualified(revision.scope.table);
  const there = await db.maybeOne(sql`select from pg_catalog.pg_class where oid = to_regclass($1)`, [table]);
  if (there !== null) return revision;
  // One that was only renamed has all that is to be taken back, under another name.
  const faults = (await readMirror(db, revision.plan)).faults.filter(({ restore }) => restore.length > 0);
  if (faults.length > 0) throw mirrorBroken(revision.plan, faults);
  emit({ kind: "notice", message: `${table} is not there: of ${revision.title}, only the record is taken back.` });
  return { ...revision, downgrade: [] };
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
