/** Upgrade: from the folder's files, through gates, on a database that is what they were made for. */
import { lockName } from "../db/lock-holder.js";
import { ensureJournal } from "../journal/install.js";
import { readJournal } from "../journal/journal.js";
import type { JournalState } from "../journal/state.js";
import type { Revision } from "../revisions/revision.js";
import type { Resolved } from "../revisions/targets.js";
import { checkExpectations } from "./check.js";
import { decideOnEvidence, gateAgain } from "./evidence.js";
import type { Executor, Outcome } from "./executor.js";
import { isFresh } from "./fresh.js";
import { folderGraph } from "./known.js";
import { decideUpgrade } from "./next.js";
import { type Decided, walk } from "./walk.js";

export type UpgradeOptions = {
  /** gates of plans on empty tables that nobody uses count as open */
  readonly fresh: boolean;
};

/** Installs the journal once there is something to run. Throws what a runner throws, `drift`, and every refusal. */
export async function applyUpgrade(executor: Executor, target: Resolved, options: UpgradeOptions): Promise<Outcome> {
  const early = await beforeJournal(executor, target);
  if (early !== null) return early;
  await ensureJournal(executor.db, executor.emit);
  return walk(executor, {
    direction: "upgrade",
    decide: () => decide(executor, target, options),
    lockNames: (revision) => [lockName(revision)],
    check: (revision) => checkExpectations(executor.db, revision),
    toRun: async (revision) => revision,
  });
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
