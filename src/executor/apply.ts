/** Upgrade: decide, lock, decide again, check, run; until the target is reached or something stands in the way. */
import { lockName } from "../db/lock-holder.js";
import type { Session } from "../db/session.js";
import { ChangeoverError, isChangeoverError } from "../errors.js";
import { ensureJournal } from "../journal/install.js";
import { readJournal } from "../journal/journal.js";
import type { JournalState } from "../journal/state.js";
import type { Revision } from "../revisions/revision.js";
import type { Resolved } from "../revisions/targets.js";
import { checkExpectations } from "./check.js";
import type { Decision } from "./decision.js";
import { decideOnEvidence, gateAgain } from "./evidence.js";
import type { Executor, Outcome } from "./executor.js";
import { isFresh } from "./fresh.js";
import { folderGraph } from "./known.js";
import { RunLocks } from "./locks.js";
import { decideUpgrade } from "./next.js";
import { runRevision } from "./run.js";

export type UpgradeOptions = {
  /** gates of plans on empty tables that nobody uses count as open */
  readonly fresh: boolean;
  /** stop before this one runs, e.g. a fill that the caller runs in its own way */
  readonly stopBefore?: (revision: Revision) => boolean;
};

/** Installs the journal once there is something to run. Throws what a runner throws, `drift`, and every refusal. */
export async function applyUpgrade(executor: Executor, target: Resolved, options: UpgradeOptions): Promise<Outcome> {
  const early = await beforeJournal(executor, target);
  if (early !== null) return early;
  await ensureJournal(executor.db, executor.emit);
  const ran: Revision[] = [];
  let shut: string | null = null;
  const locks = new RunLocks(executor);
  try {
    for (;;) {
      if (executor.signal.aborted)
        throw new ChangeoverError("interrupted", "Interrupted.", {
          hint: "Run the same command again: it goes on from here.",
        });
      const { decision, afterLocksOf } = await decide(executor, target, options);
      if (decision.kind === "refuse") throw decision.error;
      if (decision.kind === "done") return { ran, notices: decision.notices, stopped: null };
      if (decision.kind !== "run") return { ran, notices: [], stopped: { kind: decision.kind, error: decision.error } };
      const { revision, again } = decision;
      if (options.stopBefore?.(revision) === true) return { ran, notices: [], stopped: null };
      const { lock, fresh } = await locks.take([lockName(revision)]);
      // Another runner may have done it while we waited.
      if (fresh) continue;
      if (!again) await checkExpectations(executor.db, revision);
      const ctx = { ...executor, lock, afterLocks: afterLocksOf(revision) };
      try {
        await runRevision(ctx, revision, "upgrade", executor);
      } catch (error) {
        if (!isChangeoverError(error, "gate")) throw error;
        // Shut since it was decided: decided again, as there may be something else to do.
        if (shut === revision.id) return { ran, notices: [], stopped: { kind: "wait", error } };
        shut = revision.id;
        continue;
      }
      ran.push(revision);
    }
  } finally {
    await locks.release();
  }
}

/** In a database without a journal, what is refused, or has nothing to do, leaves none. */
async function beforeJournal({ db, folder }: Executor, target: Resolved): Promise<Outcome | null> {
  if ((await readJournal(db)).meta !== null) return null;
  const decision = decideUpgrade({ graph: folderGraph(folder, []), applied: [], plans: [], target, gateOf: OPEN });
  if (decision.kind === "refuse") throw decision.error;
  if (decision.kind === "done") return { ran: [], notices: decision.notices, stopped: null };
  if (decision.kind === "run") await checkExpectations(db, decision.revision);
  return null;
}

const OPEN = () => ({ open: true, unmet: [] });

/** What would run, in order, if every gate were open; runs nothing and needs no journal. */
export function previewUpgrade(folder: readonly Revision[], journal: JournalState, target: Resolved): Revision[] {
  const graph = folderGraph(folder, journal.revisions);
  const pretended = [...journal.revisions];
  const preview: Revision[] = [];
  for (;;) {
    const decision = decideUpgrade({ graph, applied: pretended, plans: [], target, gateOf: OPEN });
    if (decision.kind === "refuse") throw decision.error;
    if (decision.kind !== "run") return preview;
    preview.push(decision.revision);
    pretended.push(pretendDone(decision.revision));
  }
}

function pretendDone(revision: Revision): JournalState["revisions"][number] {
  const now = new Date(0);
  return { ...revision, state: "done", startedAt: now, finishedAt: now, actor: "", error: null };
}

type Decided = {
  readonly decision: Decision;
  /** what its runner asks once more under its locks */
  readonly afterLocksOf: (revision: Revision) => ((session: Session) => Promise<void>) | undefined;
};

async function decide(executor: Executor, target: Resolved, options: UpgradeOptions): Promise<Decided> {
  const { db, folder } = executor;
  const journal = await readJournal(db);
  const graph = folderGraph(folder, journal.revisions);
  const freshPlans = options.fresh ? await plansOnFreshTables(executor, graph.plans.keys()) : new Set<string>();
  const decision = await decideOnEvidence(
    db,
    journal,
    graph,
    (revision) => revision.gate,
    (gateOf) =>
      decideUpgrade({
        graph,
        applied: journal.revisions,
        plans: journal.plans,
        target,
        gateOf: (revision) => (freshPlans.has(revision.plan ?? "") ? { open: true, unmet: [] } : gateOf(revision)),
      }),
  );
  return {
    decision,
    afterLocksOf: (revision) => {
      const ask = gateAgain(revision, { direction: "upgrade", graph, journal });
      const table = freshPlans.has(revision.plan ?? "") ? revision.scope?.table : undefined;
      if (ask === undefined || table === undefined) return ask;
      return async (session) => {
        if (!(await isFresh(session, table))) await ask(session);
      };
    },
  };
}

async function plansOnFreshTables({ db, folder }: Executor, slugs: Iterable<string>): Promise<Set<string>> {
  const fresh = new Set<string>();
  for (const slug of slugs) {
    const scope = folder.find((revision) => revision.plan === slug)?.scope ?? null;
    if (scope !== null && (await isFresh(db, scope.table))) fresh.add(slug);
  }
  return fresh;
}
