/** Why rows of a window cannot be filled: which row fails, and whose lock stands in the way. Commits nothing. */

import { blockersOf, nameBlocker } from "../db/blockers.js";
import type { Database } from "../db/pool.js";
import type { OwnedSession, Session } from "../db/session.js";
import { ServerError, sqlstateOf } from "../db/sqlstate.js";
import type { PageRange } from "../journal/slices.js";
import type { RowFailure } from "../journal/state.js";
import { qualified } from "../sql/identifier.js";
import { sql } from "../sql/text.js";
import { type BatchTimes, beginText, mayPass } from "./batch.js";
import { tid } from "./range.js";
import { dueText, type FillRevision, keyName } from "./statements.js";

type Failure = Omit<RowFailure, "slice">;
/** A row that is still due after it was filled; 09000 is triggered_action_exception. */
export const UNDONE = {
  sqlstate: "09000",
  message: "still due after it was filled: a trigger undoes or suppresses it, or someone writes past the sync triggers",
} as const;
type DueRow = { readonly key: (string | null)[]; readonly tid: string };

/**
 * Tries the window's due rows one by one and returns the first that fails, or null when none does any more. Each row is
 * let go at once: a probe that kept its rows locked while it waits for the next could deadlock.
 */
export async function findFailure(
  session: OwnedSession,
  revision: FillRevision,
  window: PageRange,
  times: BatchTimes,
): Promise<Failure | null> {
  await session.run(beginText(revision, times));
  try {
    for (const row of await dueRows(session, revision, window)) {
      const failure = await tryRow(session, revision, row);
      if (failure !== null) return failure;
    }
    return null;
  } finally {
    await session.run(sql`rollback`).catch(() => undefined);
  }
}

async function tryRow(session: OwnedSession, revision: FillRevision, row: DueRow): Promise<Failure | null> {
  const { fill } = revision;
  const key = keyName(fill.key, row.key, row.tid);
  if (fill.one === null) return { key, sqlstate: "23502", message: `${nullColumn(revision)} is NULL` };
  await session.run(sql`savepoint probe`);
  try {
    await session.run(fill.one, [row.tid]);
    return null;
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    // Somebody has it locked just now: not the row that was looked for.
    if (mayPass(error) && sqlstateOf(error) === "55P03") return null;
    if (mayPass(error)) throw error;
    return { key, sqlstate: error.sqlstate, message: error.message };
  } finally {
    await session.run(sql`rollback to probe`).catch(() => undefined);
  }
}

function nullColumn(revision: FillRevision): string {
  const column = revision.scope?.notNull ?? null;
  return column === null ? qualified(revision.fill.table) : `column "${column}"`;
}

export function dueRows(session: Session, revision: FillRevision, window: PageRange): Promise<DueRow[]> {
  return session.query<DueRow>(dueText(revision.fill), [tid(window[0]), tid(window[1])]);
}

export type Obstacle =
  | { readonly kind: "lock"; readonly holder: string }
  | { readonly kind: "row"; readonly failure: Failure }
  | { readonly kind: "none" };

/**
 * Looks at the first due row of a window that stays due: asks for its lock and, from another connection, who is in the
 * way. A row that nobody locks and that is still due after it was filled is kept so by a trigger: that is a failure.
 */
export async function findObstacle(
  db: Database,
  session: OwnedSession,
  revision: FillRevision,
  window: PageRange,
  times: BatchTimes,
): Promise<Obstacle> {
  await session.run(beginText(revision, times));
  try {
    const [row] = await dueRows(session, revision, window);
    if (row === undefined || revision.fill.one === null) return { kind: "none" };
    const key = keyName(revision.fill.key, row.key, row.tid);
    // The row itself may be locked, or one that its triggers and foreign keys ask for.
    const { error, holder } = await watched(db, session, session.run(revision.fill.one, [row.tid]));
    if (error === null) return await stillDue(session, revision, row, key, window);
    if (!(error instanceof ServerError)) throw error;
    if (!mayPass(error)) return { kind: "row", failure: { key, sqlstate: error.sqlstate, message: error.message } };
    if (error.sqlstate !== "55P03") throw error;
    const table = qualified(revision.fill.table);
    return { kind: "lock", holder: `row ${key} of ${table} waits for a lock of ${holder ?? "a session that is gone"}` };
  } finally {
    await session.run(sql`rollback`).catch(() => undefined);
  }
}

/** Runs to its end, and says who was in the way meanwhile. */
async function watched(db: Database, session: OwnedSession, work: Promise<unknown>) {
  let running = true;
  const ended = work
    .then(
      () => null,
      (error: unknown) => error,
    )
    .finally(() => {
      running = false;
    });
  let holder: string | null = null;
  while (running && holder === null) {
    holder = await blockerOf(db, session.pid);
    if (holder === null) await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 20))]);
  }
  return { error: await ended, holder };
}

async function stillDue(
  session: OwnedSession,
  revision: FillRevision,
  row: DueRow,
  key: string,
  window: PageRange,
): Promise<Obstacle> {
  const name = JSON.stringify(row.key);
  const again = (await dueRows(session, revision, window)).find((due) =>
    revision.fill.key.length > 0 ? JSON.stringify(due.key) === name : due.tid === row.tid,
  );
  if (again === undefined) return { kind: "none" };
  return { kind: "row", failure: { key, ...UNDONE } };
}

/** The first session in the way of `pid`, in words; null: nobody. */
async function blockerOf(db: Database, pid: number): Promise<string | null> {
  const [first] = (await blockersOf(db, [pid])).get(pid) ?? [];
  return first === undefined ? null : nameBlocker(first);
}
