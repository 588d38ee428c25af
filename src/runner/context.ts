/** What every runner is given, and how patient it is. */
import type { Compute } from "../backfill/transform/compute.js";
import type { HeldLock } from "../db/lock.js";
import type { NoticePolicy } from "../db/notice.js";
import type { Database } from "../db/pool.js";
import type { Session } from "../db/session.js";
import { type TransactionOptions, transaction } from "../db/transaction.js";
import { ChangeoverError } from "../errors.js";
import type { Emit } from "../events.js";
import type { Revision } from "../revisions/revision.js";
import { sleep } from "../sleep.js";

export type RunnerContext = {
  readonly db: Database;
  readonly emit: Emit;
  /** who runs this, for the journal */
  readonly actor: string;
  /** the runners' lock on the project: its fence is the first thing in every transaction */
  readonly lock: HeldLock;
  /** aborted when the user interrupts */
  readonly signal: AbortSignal;
  readonly ddl: DdlPolicy;
  /**
   * Throws when the revision must not go on after all. Asked in a transaction's own session once its table locks are held,
   * when whoever wrote in between has ended and can be seen; and before each statement of an autocommit revision.
   */
  readonly afterLocks?: ((session: Session) => Promise<void>) | undefined;
  /** The code of a fill with a transform, for running it here; null: it needs none. Throws where it is not to be had. */
  readonly computeOf?: ((revision: Revision) => Promise<Compute | null>) | undefined;
};

/** Milliseconds, unless it says otherwise. */
export type DdlPolicy = {
  /** lock_timeout of a statement that names none: there is always one for a lock that blocks the application */
  readonly lockTimeoutMs: number;
  /** the most that a transaction over several tables may wait for its locks, in all; deadlock_timeout lowers it further */
  readonly severalTablesMs: number;
  /** how long an ordinary autovacuum in the way may take to end by itself before it is pushed out */
  readonly autovacuumGraceMs: number;
  /** above deadlock_timeout by this much, a wait makes the server cancel an ordinary autovacuum */
  readonly autovacuumMarginMs: number;
  /** sessions waiting behind us at which our statement gives way */
  readonly maxQueued: number;
  /** how often the second connection looks behind us while we queue */
  readonly watchMs: number;
  /** how often a running statement is looked at: how far it is, and for whom it waits */
  readonly lookMs: number;
  /** when to say that it waits */
  readonly notice: NoticePolicy;
  /** how often blockers are looked at while waiting outside the queue */
  readonly pollMs: number;
  /** a pause after a failed attempt is this many lock timeouts, plus a random part that doubles up to its cap */
  readonly backoffTimeouts: number;
  readonly backoffBaseMs: number;
  readonly backoffCapMs: number;
  /** after this long without its lock, the revision is parked */
  readonly deadlineMs: number;
  /** how long to ask after a transaction whose connection was lost in its COMMIT */
  readonly settleMs: number;
  /** in [0, 1) */
  readonly random: () => number;
  /** milliseconds of a clock that only goes forward */
  readonly now: () => number;
};

export const DEFAULT_DDL_POLICY: DdlPolicy = {
  lockTimeoutMs: 1500,
  severalTablesMs: 400,
  autovacuumGraceMs: 20_000,
  autovacuumMarginMs: 500,
  maxQueued: 20,
  watchMs: 50,
  lookMs: 1_000,
  notice: { firstMs: 3_000, gapMs: 5_000, mostMs: 300_000 },
  pollMs: 500,
  backoffTimeouts: 5,
  backoffBaseMs: 2_000,
  backoffCapMs: 60_000,
  deadlineMs: 30 * 60_000,
  settleMs: 30_000,
  random: Math.random,
  now: () => performance.now(),
};

/** A transaction that cannot commit once another runner has taken over. */
export function fenced<T>(
  ctx: RunnerContext,
  session: Session,
  options: TransactionOptions,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  return transaction(session, options, async () => {
    await ctx.lock.fence(session);
    return work(session);
  });
}

/** Why this runner must not go on; null while it may. */
export function stopReason(ctx: RunnerContext): ChangeoverError | null {
  if (ctx.lock.lost.aborted) {
    return new ChangeoverError("lock", `The connection that held the lock on ${ctx.lock.name} was lost.`, {
      hint: "What was running has been cancelled. Run the command again.",
    });
  }
  return ctx.signal.aborted ? new ChangeoverError("interrupted", "Interrupted.") : null;
}

/** Waits; throws `interrupted` or `lock` as soon as this runner must not go on. */
export async function pause(ctx: RunnerContext, ms: number): Promise<void> {
  await sleep(ms, AbortSignal.any([ctx.signal, ctx.lock.lost]));
  const reason = stopReason(ctx);
  if (reason !== null) throw reason;
}
