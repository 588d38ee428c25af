/** One plan, as far as a worker may bring it: through its backfill phase, and verified. */
import { verifyWhileDue } from "../backfill/verify/verify.js";
import type { SliceWorker } from "../backfill/worker.js";
import { describeHolder, lockHolder, lockName } from "../db/lock-holder.js";
import { isConnectionError } from "../db/sqlstate.js";
import { transaction } from "../db/transaction.js";
import { type ChangeoverError, isChangeoverError } from "../errors.js";
import type { Emit } from "../events.js";
import { applyUpgrade } from "../executor/apply.js";
import { recordEvent, reopenFill } from "../journal/journal.js";
import type { Revision } from "../revisions/revision.js";
import type { AppContext } from "./context.js";
import { executorFor } from "./executor.js";
import { underPlanLock } from "./plan-lock.js";
import { todoNow } from "./worker-outlook.js";
import { asBlock } from "./worker-result.js";
import type { Todo } from "./worker-todo.js";

export type Advance =
  /** what there was to do is done, or was let go of: the journal says what is next */
  | { readonly kind: "moved" }
  /** another process has the plan's lock */
  | { readonly kind: "elsewhere"; readonly holder: string | null }
  /** the server was lost on the way */
  | { readonly kind: "lost"; readonly error: ChangeoverError }
  | { readonly kind: "stopped"; readonly error: ChangeoverError };

export type PlanWork = {
  readonly slug: string;
  readonly todo: Todo["kind"] & ("run" | "verify" | "refill");
  readonly folder: readonly Revision[];
  readonly slices: SliceWorker;
  /** windows of a verify at once in this process */
  readonly concurrency: number;
  /** how often to look whether a fill is done, in milliseconds */
  readonly pollMs: number;
  /** lets go of the plan: a pause, a fill that this process cannot work, the worker's end */
  readonly signal: AbortSignal;
};

/** Does what is due, and what moves revisions under the plan's lock, if it can be had now. Never throws what a plan may be stopped by. */
export async function advancePlan(app: AppContext, work: PlanWork): Promise<Advance> {
  const { slug, signal } = work;
  try {
    if (work.todo === "verify") return await verify(app, work);
    const holder = await lockHolder(app.database(), lockName({ lane: "tail", plan: slug }));
    if (holder !== null) return { kind: "elsewhere", holder: describeHolder(holder) };
    return await (work.todo === "run" ? runBackfill(app, work) : reopen(app, work));
  } catch (error) {
    if (isConnectionError(error) || isChangeoverError(error, "connection"))
      return { kind: "lost", error: asBlock(error) };
    if (signal.aborted && isChangeoverError(error, "interrupted")) return { kind: "moved" };
    // Lost to another process between the look and the try, or with its connection: the next look tells.
    if (isChangeoverError(error, "lock")) return { kind: "elsewhere", holder: null };
    return { kind: "stopped", error: asBlock(error) };
  }
}

async function runBackfill(app: AppContext, { slug, folder, slices, signal, pollMs }: PlanWork): Promise<Advance> {
  const emit: Emit = (event) => {
    if (event.kind !== "lock-waiting") app.emit(event);
    // The slices are there, or due again: every worker can begin.
    if (event.kind === "fill-started" || event.kind === "fill-restarted" || event.kind === "revision-started")
      slices.wake();
  };
  const { stopped } = await applyUpgrade(
    {
      ...executorFor(app, folder, { lockWaitMs: 0, deadlineMs: null }, 0),
      emit,
      signal,
      pollMs,
      bellOf: (id) => slices.bellOf(id),
    },
    { kind: "plan", slug, at: "backfill" },
    { fresh: false },
  );
  // A pause is in the journal, where the next look finds it.
  if (stopped === null || stopped.error.code === "paused") return { kind: "moved" };
  return { kind: "stopped", error: stopped.error };
}

/** Under the plan's lock, so that nobody begins the contract meanwhile. What follows is a run like the first one. */
async function reopen(app: AppContext, { slug, folder, signal }: PlanWork): Promise<Advance> {
  const found = folder.find((revision) => revision.plan === slug && revision.fill !== null);
  if (found === undefined) return { kind: "moved" };
  await underPlanLock(app, { slug, waitMs: 0, signal }, async () => {
    if ((await todoNow(app, folder, slug))?.kind !== "refill") return;
    const reopened = await app.database().borrow((session) =>
      transaction(session, {}, async () => {
        if (!(await reopenFill(session, found.id))) return false;
        await recordEvent(session, { actor: app.actor, kind: "fill-reopened", plan: slug, revision: found.id });
        return true;
      }),
    );
    if (reopened)
      app.emit({
        kind: "notice",
        message: `${slug}: rows were written without a value since they were filled; they are looked for again.`,
      });
  });
  return { kind: "moved" };
}

/** Not under the plan's lock: several workers walk one verification together. */
async function verify(app: AppContext, { slug, folder, signal, concurrency }: PlanWork): Promise<Advance> {
  const found = folder.find((revision) => revision.plan === slug && revision.fill !== null);
  if (found === undefined || found.fill === null) return { kind: "moved" };
  const fill = { id: found.id, plan: slug, scope: found.scope, fill: found.fill };
  const due = async () => (await todoNow(app, folder, slug))?.kind === "verify";
  const { throttle: declared } = app.config;
  await verifyWhileDue(app.database(), fill, { signal, emit: app.emit, concurrency, due, declared });
  return { kind: "moved" };
}
