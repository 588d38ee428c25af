/** Holding the locks that revisions need, and saying for whom they are waited for. */
import { describeActivity } from "../db/activity.js";
import { acquireLock, allOf, type HeldLock } from "../db/lock.js";
import { describeHolder, lockName } from "../db/lock-holder.js";
import type { Revision } from "../revisions/revision.js";
import type { Executor } from "./executor.js";

type Placed = Pick<Revision, "lane" | "plan">;

/**
 * An undo of a plan's trunk revision needs the plan's lock as well: what stands on it was undone a moment ago, and a worker
 * would take it up again. The plan's comes first: who has the trunk's never waits for a plan's.
 */
export function undoLockNames(revision: Placed): string[] {
  const own = lockName(revision);
  return revision.lane === "trunk" && revision.plan !== null ? [lockName({ ...revision, lane: "tail" }), own] : [own];
}

/** Holds the locks of one revision at a time, and keeps those that the next one needs as well. */
export class RunLocks {
  #held: readonly HeldLock[] = [];
  readonly #executor: Executor;

  constructor(executor: Executor) {
    this.#executor = executor;
  }

  /** These locks, taken in this order; `fresh` when one was not held before, so that what was read without it is stale. */
  async take(names: readonly string[]): Promise<{ lock: HeldLock; fresh: boolean }> {
    let kept = 0;
    while (kept < names.length && this.#held[kept]?.name === names[kept] && !this.#held[kept]?.lost.aborted) kept += 1;
    await this.#keep(kept);
    for (const name of names.slice(kept)) this.#held = [...this.#held, await this.#acquire(name)];
    return { lock: allOf(this.#held), fresh: kept < names.length };
  }

  release(): Promise<void> {
    return this.#keep(0);
  }

  async #keep(count: number): Promise<void> {
    const gone = this.#held.slice(count).reverse();
    this.#held = this.#held.slice(0, count);
    for (const lock of gone) await lock.release();
  }

  #acquire(name: string): Promise<HeldLock> {
    const { db, actor, emit, folder, lockWaitMs, signal, ddl } = this.#executor;
    const under = new Set(folder.filter((revision) => lockName(revision) === name).map(({ id }) => id));
    return acquireLock(db, {
      name,
      holder: `${actor} pid ${process.pid}`,
      waitMs: lockWaitMs,
      signal,
      now: ddl.now,
      onWaiting: ({ holder, activities, waitedMs }) => {
        const doing = activities.filter(({ revision }) => revision !== null && under.has(revision));
        emit({
          kind: "lock-waiting",
          lock: name,
          holder: holder === null ? null : describeHolder(holder),
          doing: doing.length === 0 ? null : doing.map(describeActivity).join("; "),
          waitedMs,
        });
      },
      onObtained: (waitedMs) => emit({ kind: "lock-obtained", lock: name, waitedMs }),
    });
  }
}
