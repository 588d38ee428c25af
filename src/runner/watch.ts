/**
 * A second pair of eyes on a running statement: cancels it when this runner must stop, and when too many sessions have come
 * to wait behind it.
 */
import { SQLSTATE, sqlstateOf } from "../db/sqlstate.js";
import { sleep } from "../sleep.js";
import { sql } from "../sql/text.js";
import { type RunnerContext, stopReason } from "./context.js";

/** Our statement gave way to those who waited behind it: worth trying again later. */
export class QueueTooLong extends Error {
  override readonly name = "QueueTooLong";
  constructor(queued: number) {
    super(`${queued} sessions were waiting behind it`);
  }
}

export type Watched = {
  /** the process whose statement may be cancelled; it must be the caller's own */
  readonly pid: number;
  /** sessions behind it at which it is cancelled; null: any number may wait (it keeps out only other DDL) */
  readonly maxQueued: number | null;
};

/**
 * Runs `work` under watch. A statement that was cancelled from here fails with the reason (`interrupted`, `lock` or
 * QueueTooLong) instead of the server's 57014. Returns only after the watch has ended, so that no cancel comes late.
 */
export async function watched<T>(ctx: RunnerContext, watch: Watched, work: () => Promise<T>): Promise<T> {
  const stopped = stopReason(ctx);
  if (stopped !== null) throw stopped;
  const over = new AbortController();
  const found: { reason: Error | null } = { reason: null };
  const watching = keepWatch(ctx, watch, over.signal, found);
  try {
    return await work();
  } catch (error) {
    throw found.reason !== null && sqlstateOf(error) === SQLSTATE.queryCanceled ? found.reason : error;
  } finally {
    over.abort();
    await watching;
  }
}

async function keepWatch(
  ctx: RunnerContext,
  watch: Watched,
  over: AbortSignal,
  found: { reason: Error | null },
): Promise<void> {
  while (!over.aborted) {
    // Once there is a reason, the cancel is only repeated: it may have hit between two statements.
    await sleep(ctx.ddl.watchMs, found.reason === null ? AbortSignal.any([over, ctx.signal, ctx.lock.lost]) : over);
    if (over.aborted) return;
    try {
      found.reason = stopReason(ctx) ?? (await queueTooLong(ctx, watch)) ?? found.reason;
      if (found.reason !== null && !over.aborted) await ctx.db.query(sql`select pg_cancel_backend($1)`, [watch.pid]);
    } catch {
      // Not seeing is no reason to cancel: the lock timeout stands, and the next look may succeed.
    }
  }
}

/** Counts who waits behind us, but only while we wait ourselves: once we have our locks, going on is what frees them soonest. */
async function queueTooLong(ctx: RunnerContext, watch: Watched): Promise<QueueTooLong | null> {
  if (watch.maxQueued === null) return null;
  const { queued } = await ctx.db.one<{ queued: number }>(
    sql`select count(*) as queued from pg_stat_activity a
         where a.wait_event_type = 'Lock' and a.pid <> $1 and $1 = any (pg_blocking_pids(a.pid))
           and exists (select from pg_locks l where l.pid = $1 and not l.granted)`,
    [watch.pid],
  );
  return queued > watch.maxQueued ? new QueueTooLong(queued) : null;
}
