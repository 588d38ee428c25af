/**
 * One statement, or one transaction, that needs strong locks on tables in use. A statement that waits for such a lock makes
 * everybody behind it wait too, so: wait for long transactions outside the queue, queue for a short time only, give way when
 * many wait behind, pause for several times as long, and at the deadline stop with a report of who was in the way. There is
 * no last attempt without a timeout.
 */
import { type Blocker, describeBlocker, identityOf } from "../db/blockers.js";
import { SQLSTATE, sqlstateOf } from "../db/sqlstate.js";
import { transaction } from "../db/transaction.js";
import { ChangeoverError } from "../errors.js";
import type { StepLock } from "../revisions/revision.js";
import { qualified } from "../sql/identifier.js";
import { sql } from "../sql/text.js";
import { findBlockers } from "./blockers.js";
import { pause, type RunnerContext } from "./context.js";
import { lockTable } from "./locking.js";
import { backoff, lockTimeout } from "./patience.js";
import { waitTeller } from "./waits.js";
import { QueueTooLong, watched } from "./watch.js";

export type DdlTask = {
  readonly revision: string;
  /** what is being tried, for people: the step that is at it right now */
  readonly step: () => string;
  /** the tables that it locks, each with the strongest mode; see `locksOf` */
  readonly locks: readonly StepLock[];
  /** what the steps ask for; 0: nothing */
  readonly stepTimeoutMs: number;
};

/** Runs once under the lock_timeout that it is given (milliseconds, never 0), on a session of its own. */
export type Attempt<T> = (lockTimeoutMs: number) => Promise<T>;

/**
 * Tries until it succeeds. Throws `blocked` at the deadline (details: who was in the way), `interrupted` or `lock` when this
 * runner must stop, and whatever the attempt throws that is not about locks. An attempt that fails must leave nothing.
 */
export async function underLoad<T>(ctx: RunnerContext, task: DdlTask, attempt: Attempt<T>): Promise<T> {
  const { ddl } = ctx;
  const deadline = ddl.now() + ddl.deadlineMs;
  const around = await surroundings(ctx, task);
  let seen: readonly Blocker[] = [];
  for (let n = 1; ; n += 1) {
    const patience = (pushAutovacuum: boolean) =>
      lockTimeout(ddl, { ...around, stepMs: task.stepTimeoutMs, pushAutovacuum });
    const look = await waitOutside(ctx, task, patience(false), deadline);
    if (look.seen.length > 0) seen = look.seen;
    if (look.late) throw parked(ctx, task, n - 1, seen, null);
    const timeout = patience(look.onlyAutovacuum);
    try {
      // Over several tables nothing may wait past deadlock_timeout: each autovacuum is pushed out alone, beforehand. The
      // next one may be there before the locks are: it gets its grace, too, and is pushed out in turn.
      if (look.onlyAutovacuum && around.tables > 1) await pushOut(ctx, task.locks, around.deadlockTimeoutMs);
      return await attempt(timeout);
    } catch (error) {
      if (!mayPass(error)) throw error;
      const blockers = await findBlockers(ctx.db, task.locks, []).catch(() => []);
      if (blockers.length > 0) seen = blockers;
      if (ddl.now() >= deadline) throw parked(ctx, task, n, seen, error);
      const waitMs = Math.min(backoff(ddl, n, timeout), Math.max(0, deadline - ddl.now()));
      ctx.emit({
        kind: "step-retry",
        revision: task.revision,
        step: task.step(),
        attempt: n,
        reason: [reasonOf(error), ...blockers.slice(0, 1).map(describeBlocker)].join("; "),
        waitMs,
      });
      await pause(ctx, waitMs);
    }
  }
}

type Look = {
  /** the last transactions that were waited for */
  readonly seen: readonly Blocker[];
  /** ordinary autovacuums are the only ones in the way for longer than a timeout */
  readonly onlyAutovacuum: boolean;
  /** the deadline came first */
  readonly late: boolean;
};

/**
 * Waits for the transactions that hold a lock in our way and have been open for longer than we would queue: queueing behind
 * one of those costs the application a timeout and us an attempt. Only those seen first are waited for, because on a busy
 * table there is always a next one. An ordinary autovacuum is given some time to end by itself: pushing it out makes the
 * application wait for a whole deadlock_timeout.
 */
async function waitOutside(ctx: RunnerContext, task: DdlTask, timeoutMs: number, deadline: number): Promise<Look> {
  const inTheWay = async () =>
    (await findBlockers(ctx.db, task.locks, [])).filter(
      (b) => b.kind === "autovacuum" || (b.ageMs !== null && b.ageMs > timeoutMs),
    );
  const first = await inTheWay();
  const graceEnds = ctx.ddl.now() + Math.min(ctx.ddl.autovacuumGraceMs, ctx.ddl.deadlineMs / 3);
  const awaited = new Set(first.map(identityOf));
  let left = first;
  if (left.length > 0) {
    ctx.emit({
      kind: "notice",
      message: `${task.revision} ${task.step()} waits outside the lock queue: ${left.map(describeBlocker).join("; ")}`,
    });
  }
  const teller = waitTeller(ctx, { revision: task.revision, step: task.step() });
  while (left.length > 0) {
    // The first were named a moment ago.
    teller.see(left, null);
    const onlyAutovacuum = left.every((blocker) => blocker.kind === "autovacuum");
    if (onlyAutovacuum && ctx.ddl.now() >= graceEnds) return { seen: left, onlyAutovacuum, late: false };
    if (ctx.ddl.now() >= deadline) return { seen: left, onlyAutovacuum, late: true };
    await pause(ctx, Math.min(ctx.ddl.pollMs, ctx.ddl.autovacuumGraceMs));
    left = (await inTheWay()).filter((blocker) => awaited.has(identityOf(blocker)));
  }
  teller.see([], null);
  return { seen: first, onlyAutovacuum: false, late: ctx.ddl.now() >= deadline };
}

/** Tables counted with their partitions and children, which are locked along; and the server's deadlock_timeout. */
async function surroundings(
  ctx: RunnerContext,
  task: DdlTask,
): Promise<{ readonly tables: number; readonly deadlockTimeoutMs: number }> {
  return ctx.db.one(
    sql`with recursive tree (relation) as (
          select c.oid from unnest($1::text[], $2::text[]) w (schema, name)
            join pg_namespace n on n.nspname = w.schema join pg_class c on c.relnamespace = n.oid and c.relname = w.name
          union select i.inhrelid from tree t join pg_inherits i on i.inhparent = t.relation)
        select (select count(*) from tree) as tables,
               (select setting::int from pg_settings where name = 'deadlock_timeout') as "deadlockTimeoutMs"`,
    [task.locks.map((lock) => lock.table.schema), task.locks.map((lock) => lock.table.name)],
  );
}

/**
 * Makes the server cancel the ordinary autovacuums on these tables, one table after another: a transaction that holds no
 * other lock may wait past deadlock_timeout, for it cannot be part of a deadlock.
 */
async function pushOut(ctx: RunnerContext, locks: readonly StepLock[], deadlockTimeoutMs: number): Promise<void> {
  const session = await ctx.db.open("ddl");
  try {
    for (const { table, mode } of locks) {
      const busy = (await findBlockers(session, [{ table, mode }], [])).some((b) => b.kind === "autovacuum");
      if (!busy) continue;
      await transaction(session, { lockTimeoutMs: deadlockTimeoutMs + ctx.ddl.autovacuumMarginMs }, () =>
        watched(ctx, { pid: session.pid, maxQueued: ctx.ddl.maxQueued }, () => session.run(lockTable({ table, mode }))),
      );
    }
  } finally {
    await session.close();
  }
}

function mayPass(error: unknown): boolean {
  const state = sqlstateOf(error);
  return (
    error instanceof QueueTooLong ||
    state === SQLSTATE.lockNotAvailable ||
    state === SQLSTATE.deadlock ||
    state === SQLSTATE.serialization
  );
}

function reasonOf(error: unknown): string {
  if (sqlstateOf(error) === SQLSTATE.lockNotAvailable) return "the lock was not free within its timeout";
  return error instanceof Error ? error.message : String(error);
}

function parked(
  ctx: RunnerContext,
  task: DdlTask,
  attempts: number,
  blockers: readonly Blocker[],
  cause: unknown,
): ChangeoverError {
  const minutes = Math.round(ctx.ddl.deadlineMs / 60_000);
  const within = minutes >= 1 ? `${minutes} min` : `${Math.round(ctx.ddl.deadlineMs)} ms`;
  const tables = task.locks.map((lock) => qualified(lock.table)).join(", ");
  return new ChangeoverError("blocked", `Step ${task.step()} did not get its locks within ${within}.`, {
    where: tables === "" ? undefined : tables,
    hint:
      blockers.length > 0
        ? "End the transactions below, or wait for them to end; then run the same command again."
        : "Run the same command again when the table is less busy.",
    details: [`attempts: ${attempts}`, ...(cause === null ? [] : [reasonOf(cause)]), ...blockers.map(describeBlocker)],
    cause: cause ?? undefined,
  });
}
