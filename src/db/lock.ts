/**
 * The runners' lock: an advisory lock that is polled, never waited for. A blocked `pg_advisory_lock` holds a snapshot,
 * and CREATE INDEX CONCURRENTLY of another runner would wait for it: a deadlock. Each obtained lock gets the next epoch,
 * and every transaction made under it holds that epoch FOR SHARE, so that a runner which has lost its lock (a cut
 * connection, a frozen process) cannot commit.
 */
import { ChangeoverError } from "../errors.js";
import { sleep } from "../sleep.js";
import { sql } from "../sql/text.js";
import type { Database } from "./pool.js";
import type { OwnedSession, Queryable, Session } from "./session.js";

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
  readonly onWaiting: (holder: string | null) => void;
};

const POLL_MS = 250;
const KEY = sql`hashtextextended('changeover ' || $1, 0)`;

/** Needs the journal. Throws `lock` (exit 6) when the time is up, naming who holds it. */
export async function acquireLock(db: Database, options: LockOptions): Promise<HeldLock> {
  const session = await db.open("lock");
  try {
    const deadline = Date.now() + options.waitMs;
    let told = false;
    while (!(await tryLock(session, options.name))) {
      const holder = await holderOf(session, options.name);
      if (!told) options.onWaiting(holder);
      told = true;
      if (options.signal.aborted)
        throw new ChangeoverError("interrupted", "Interrupted while waiting for another runner.", {
          hint: "Nothing was changed. Run the command again.",
        });
      if (Date.now() >= deadline) {
        throw new ChangeoverError("lock", `Another runner holds the lock on ${options.name}.`, {
          where: holder ?? undefined,
          hint: "Wait for it to end, or give --lock-wait more time.",
        });
      }
      await sleep(POLL_MS, options.signal);
    }
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
  const { locked } = await session.one<{ locked: boolean }>(sql`select pg_try_advisory_lock(${KEY}) as locked`, [name]);
  return locked;
}

async function holderOf(session: Queryable, name: string): Promise<string | null> {
  const row = await session.maybeOne<{ holder: string }>(
    sql`select holder || ' since ' || to_char(since, 'YYYY-MM-DD HH24:MI:SS TZ') as holder from changeover.lock where name = $1`,
    [name],
  );
  return row?.holder ?? null;
}

/** Who holds the lock now, without trying for it (which takes a connection); null: nobody. Needs the journal. */
export async function lockHolder(db: Queryable, name: string): Promise<string | null> {
  // The two halves of the key, as pg_locks shows them.
  const row = await db.maybeOne<{ pid: number }>(
    sql`select l.pid from pg_locks l, (select ${KEY} as key) k
         where l.locktype = 'advisory' and l.objsubid = 1 and l.granted
           and l.classid::bigint = (k.key >> 32) & 4294967295 and l.objid::bigint = k.key & 4294967295
           and l.database = (select oid from pg_database where datname = current_database())`,
    [name],
  );
  return row === null ? null : ((await holderOf(db, name)) ?? `pid ${row.pid}`);
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
