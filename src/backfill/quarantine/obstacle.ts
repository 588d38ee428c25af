/** Why pages that were put aside stay due: whose lock stands in the way, or a row that does not let itself be filled. Commits nothing. */
import { blockersOf, nameBlocker } from "../../db/blockers.js";
import type { Database } from "../../db/pool.js";
import type { OwnedSession, Session } from "../../db/session.js";
import { isContention, ServerError } from "../../db/sqlstate.js";
import type { PageRange } from "../../journal/slices.js";
import { qualified } from "../../sql/identifier.js";
import { sql } from "../../sql/text.js";
import { type BatchTimes, beginText, mayPass } from "../batch.js";
import { pageOf } from "../range.js";
import { type FillRevision, holdOneText, keyName, looksOnly } from "../statements.js";
import { attempt, dueRows, isDue, rowsToTry, type TableRow } from "./rows.js";

export type Obstacle =
  | { readonly kind: "lock"; readonly holder: string }
  /** nobody locks its first due row: it has to be tried alone */
  | { readonly kind: "page"; readonly page: number }
  | { readonly kind: "none" };

/** Looks at the window's first due row: asks for its lock and, from another connection, who is in the way. */
export async function findObstacle(
  db: Database,
  session: OwnedSession,
  revision: FillRevision,
  window: PageRange,
  times: BatchTimes,
): Promise<Obstacle> {
  await session.run(beginText(revision, times));
  try {
    const row = await firstDue(session, revision, window);
    if (row === null) return { kind: "none" };
    const page = { kind: "page", page: pageOf(row.tid) } as const;
    const { key, one, table } = revision.fill;
    const trial = one ?? (looksOnly(revision) ? null : holdOneText(revision.fill));
    if (trial === null) return page;
    // The row itself may be locked, or one that its triggers and foreign keys ask for.
    const { error, holder } = await watched(db, session, session.run(trial, [row.tid]));
    if (error === null) return page;
    if (!(error instanceof ServerError)) throw error;
    if (!mayPass(error)) return page;
    if (error.sqlstate !== "55P03") throw error;
    const name = keyName(key, row.key, row.tid);
    const whose = holder ?? "a session that is gone";
    return { kind: "lock", holder: `row ${name} of ${qualified(table)} waits for a lock of ${whose}` };
  } finally {
    await session.run(sql`rollback`).catch(() => undefined);
  }
}

/** One whose expression fails counts as due: what the window asks for then has to be asked of each row. */
async function firstDue(session: Session, revision: FillRevision, window: PageRange): Promise<TableRow | null> {
  const due = await attempt(session, () => dueRows(session, revision, window));
  if ("value" in due) return due.value[0] ?? null;
  if (isContention(due.error)) throw due.error;
  for (let page = window[0]; page < window[1]; page += 1) {
    const { sure, rows } = await rowsToTry(session, revision, page);
    for (const row of rows) if (sure || (await isDue(session, revision, row)) !== false) return row;
  }
  return null;
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

/** The first session in the way of `pid`, in words; null: nobody. */
async function blockerOf(db: Database, pid: number): Promise<string | null> {
  const [first] = (await blockersOf(db, [pid])).get(pid) ?? [];
  return first === undefined ? null : nameBlocker(first);
}
