import { acquireLock, type HeldLock } from "../db/lock.js";
import { describeHolder, lockName } from "../db/lock-holder.js";
import type { AppContext } from "./context.js";

export type PlanLock = {
  readonly slug: string;
  /** milliseconds to wait for another runner */
  readonly waitMs: number;
  readonly signal: AbortSignal;
};

/**
 * Runs `work` as the plan's only runner. Its signal is aborted with the caller's, and when the lock is lost. Throws `lock`
 * when the time is up.
 */
export async function underPlanLock<T>(
  app: AppContext,
  { slug, waitMs, signal }: PlanLock,
  work: (signal: AbortSignal, lock: HeldLock) => Promise<T>,
): Promise<T> {
  const name = lockName({ lane: "tail", plan: slug });
  const lock = await acquireLock(app.database(), {
    name,
    holder: `${app.actor} pid ${process.pid}`,
    waitMs,
    signal,
    now: app.now,
    onWaiting: ({ holder, waitedMs }) => {
      if (waitMs === 0) return;
      const told = holder === null ? null : describeHolder(holder);
      app.emit({ kind: "lock-waiting", lock: name, holder: told, doing: null, waitedMs });
    },
    onObtained: (waitedMs) => app.emit({ kind: "lock-obtained", lock: name, waitedMs }),
  });
  try {
    return await work(AbortSignal.any([signal, lock.lost]), lock);
  } finally {
    await lock.release();
  }
}
