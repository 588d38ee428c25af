/** `verify --repair`: what a verify finds not in step is put right where it is known which side is, and verified again. */

import type { FillRevision } from "../backfill/statements.js";
import type { Repaired } from "../backfill/verify/repair.js";
import { repairFill } from "../backfill/verify/repair.js";
import { ChangeoverError } from "../errors.js";
import { type Authority, authorityOf, type NoAuthority, type RepairScene } from "../gates/authority.js";
import { readEvidence } from "../journal/evidence.js";
import { readJournal } from "../journal/journal.js";
import type { JournalState } from "../journal/state.js";
import type { AppContext } from "./context.js";
import { underPlanLock } from "./plan-lock.js";
import { DEFAULT_LIMIT, resultOf, type VerifyInput, type VerifyResult, verifiable, verifyWhole } from "./verify.js";

export type RepairInput = VerifyInput & {
  /** which side is right, where nothing else tells; null: nobody has said */
  readonly authority: "old" | "new" | null;
  /** asked before the first row is written; false: none is */
  readonly agree: (found: VerifyResult, authority: Authority) => Promise<boolean>;
};

/** `repaired` null: nothing was to be done, nobody knows which side is right, or it was not agreed to. */
export type RepairResult = {
  readonly found: VerifyResult;
  readonly authority: Authority | NoAuthority | null;
  readonly repaired: Repaired | null;
  /** of the verify after the repair, or the first one where none was made */
  readonly after: VerifyResult;
};

const LOCK_WAIT_MS = 10 * 60_000;

/** Throws as a verify does; `usage` for a word about sides that is not needed; `lock` while another runner has the plan. */
export async function repairUseCase(app: AppContext, input: RepairInput): Promise<RepairResult> {
  const { slug, revision } = await verifiable(app, input.plan);
  const limit = input.limit ?? DEFAULT_LIMIT;
  const first = await verifyWhole(app, revision, input);
  const found = await resultOf(app, first, limit);
  const nothing = { found, authority: null, repaired: null, after: found };
  if (found.mismatches === 0) return nothing;
  const authority = await authorityNow(app, slug, revision, input.authority);
  if (authority.side === null || !(await input.agree(found, authority))) return { ...nothing, authority };
  const repaired = await underPlanLock(
    app,
    { slug, waitMs: LOCK_WAIT_MS, signal: app.signal },
    async (signal, lock) => {
      const now = await authorityNow(app, slug, revision, input.authority);
      if (now.side !== authority.side || now.by !== authority.by) throw moved(slug);
      const { emit, actor } = app;
      return repairFill(app.database(), revision, {
        verification: first.id,
        signal,
        emit,
        actor,
        declared: app.config.throttle,
        authority,
        fence: (session) => lock.fence(session),
      });
    },
  );
  return { found, authority, repaired, after: await resultOf(app, await verifyWhole(app, revision, input), limit) };
}

async function authorityNow(app: AppContext, slug: string, revision: FillRevision, said: RepairInput["authority"]) {
  const db = app.database();
  const scene = sceneOf(slug, revision, await readJournal(db));
  if (said !== null && scene.kind !== "rename_column") {
    throw new ChangeoverError("usage", `Which side is right is known in ${slug}: --authority is not asked for.`, {
      hint: "Leave it out. It is for rename_column, where each release writes a side of its own.",
    });
  }
  return authorityOf(scene, await readEvidence(db, slug, []), said);
}

function sceneOf(slug: string, { scope, fill }: FillRevision, journal: JournalState): RepairScene {
  const own = journal.revisions.filter((row) => row.plan === slug);
  const turn = own.find((row) => row.phase === "contract" && row.name === "switch")?.state;
  return {
    kind: journal.plans.find((plan) => plan.slug === slug)?.kind ?? "",
    columns: scope?.columns ?? [],
    added: scope?.added ?? null,
    notNull: scope?.notNull ?? null,
    switched: turn === undefined ? false : turn === "done" ? true : null,
    mirroredAt: own.find((row) => row.phase === "dual-write")?.finishedAt ?? null,
    fills: fill.forth !== null,
  };
}

function moved(slug: string): ChangeoverError {
  return new ChangeoverError("not-yet", `Meanwhile ${slug} has gone on, and another side is right now.`, {
    hint: "Nothing was repaired. Run the same command again.",
  });
}
