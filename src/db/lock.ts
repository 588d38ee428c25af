/**
 * The runners' lock: an advisory lock that is polled, never waited for. A blocked `pg_advisory_lock` holds a snapshot,
 * and CREATE INDEX CONCURRENTLY of another runner would wait for it: a deadlock. Each obtained lock gets the next epoch,
 * and every transaction made under it holds that epoch FOR SHARE, so that a runner which has lost its lock (a cut
 * connection, a frozen process) cannot commit.
 */
import { ChangeoverError } from "../errors.js";
import { sleep } from "../sleep.js";
import { sql } from "../sql/text.js";
import { type Activity, readActivity } from "./activity.js";
import { describeHolder, type LockHolder, lockHolder, lockKey } from "./lock-holder.js";
import { look, type NoticePolicy, type Vigil } from "./notice.js";
import type { Database } from "./pool.js";
import type { OwnedSession, Session } from "./session.js";

export type HeldLock = {
  readonly name: string;
  /** aborted when the connection that holds the lock is lost */
  readonly lost: AbortSignal;
  /** To be called first in every transaction under the lock: throws `lock` if someone else has taken it over. */
  fence(session: Session): Promise<void>;
  release(): Promise<void>;
};

export type LockOptions = {
  /** `trunk` or `plan:<slug>` */
  readonly name: string;
  readonly holder: string;
  readonly waitMs: number;
  readonly signal: AbortSignal;
  /** milliseconds of a clock that only goes forward */
  readonly now?: (() => number) | undefined;
  /** at once, then ever more rarely */
  readonly onWaiting: (wait: LockWait) => void;
  /** after a wait that was told: we have it */
  readonly onObtained?: ((waitedMs: number) => void) | undefined;
  /** for tests */
  readonly notice?: NoticePolicy | undefined;
};

export type LockWait = {
  /** null: it was given back a moment ago */
  readonly holder: LockHolder | null;
  /** what runs in this database for whatever revision: the caller knows which are the lock's */
  readonly activities: readonly Activity[];
  readonly waitedMs: number;
};

const POLL_MS = 250;
const NOTICE: NoticePolicy = { firstMs: 0, gapMs: 10_000, mostMs: 300_000 };

/** Needs the journal. Throws `lock` (exit 6) when the time is up, naming who holds it. */
export async function acquireLock(db: Database, options: LockOptions): Promise<HeldLock> {
  const now = options.now ?? (() => performance.now());
  const session = await db.open("lock");
  try {
    const deadline = now() + options.waitMs;
    let vigil: Vigil | null = null;
    while (!(await tryLock(session, options.name))) {
      const seen = look(options.notice ?? NOTICE, vigil, [options.name], now());
      vigil = seen.vigil;
      if (seen.say === "waiting") {
        const holder = await lockHolder(session, options.name);
        options.onWaiting({ holder, activities: await readActivity(session), waitedMs: seen.waitedMs });
      }
      if (options.signal.aborted)
        throw new ChangeoverError("interrupted", "Interrupted while waiting for another runner.", {
          hint: "Nothing was changed. Run the command again.",
        });
      if (now() >= deadline) {
        const holder = await lockHolder(session, options.name);
        throw new ChangeoverError("lock", `Another runner holds the lock on ${options.name}.`, {
          where: holder === null ? undefined : describeHolder(holder),
          hint: "Wait for it to end, or give --lock-wait more time.",
        });
      }
      await sleep(POLL_MS, options.signal);
    }
    if (vigil !== null) options.onObtained?.(now() - vigil.since);
    return await held(session, options);
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** Several locks as one: lost when any of them is. One alone stays what it is. */
export function allOf(locks: readonly HeldLock[]): HeldLock {
  const [first, ...others] = locks;
  if (first !== undefined && others.length === 0) return first;
  return {
    name: locks.map((lock) => lock.name).join(" and "),
    lost: AbortSignal.any(locks.map((lock) => lock.lost)),
    fence: async (session) => {
      for (const lock of locks) await lock.fence(session);
    },
    release: async () => {
      for (const lock of [...locks].reverse()) await lock.release();
    },
  };
}

async function tryLock(session: Session, name: string): Promise<boolean> {
  const { locked } = await session.one<{ locked: boolean }>(
    sql`select pg_try_advisory_lock(${lockKey(sql`$1`)}) as locked`,
    [name],
  );
  return locked;
}

async function held(session: OwnedSession, options: LockOptions): Promise<HeldLock> {
  // A stale runner's open transaction holds the row FOR SHARE: this waits until that one has ended, one way or the other.
  const { epoch } = await session.one<{ epoch: number }>(
    sql`insert into changeover.lock (name, epoch, holder, since) values ($1, 1, $2, clock_timestamp())
        on conflict (name) do update set epoch = lock.epoch + 1, holder = excluded.holder, since = excluded.since
        returning epoch`,
    [options.name, options.holder],
  );
  const lost = new AbortController();
  session.onLost(() => lost.abort());
  return {
    name: options.name,
    lost: lost.signal,
    fence: async (worker) => {
      const current = await worker.maybeOne(
        sql`select 1 as one from changeover.lock where name = $1 and epoch = $2 for share`,
        [options.name, epoch],
      );
      if (current === null || lost.signal.aborted) {
        throw new ChangeoverError(
          "lock",
          `This runner has lost its lock on ${options.name}; another one has taken over.`,
          {
            hint: "Nothing was committed. Run the command again.",
          },
        );
      }
    },
    // Closing the session gives the lock back.
    release: () => session.close(),
  };
}
