/**
 * Rows in quarantine that nothing is left to do for: the application has deleted them, or has written them since, with a
 * value that its trigger could convert. Each is found by its key, through the key's index, wherever it stands by now, and
 * asked alone whether it is due: two short reads a row, and no look at the table.
 */
import type { Database } from "../../db/pool.js";
import type { Session } from "../../db/session.js";
import { isConnectionError, isContention, sqlstateOf } from "../../db/sqlstate.js";
import { transaction } from "../../db/transaction.js";
import { dropRows, type QuarantinedRow, readQuarantine } from "../../journal/quarantine.js";
import { sleep } from "../../sleep.js";
import { qualified } from "../../sql/identifier.js";
import { sql } from "../../sql/text.js";
import { partsOf } from "../part.js";
import { type FillRevision, placeText } from "../statements.js";
import type { ReadOptions } from "../verify/reading.js";
import { isDue } from "./rows.js";

const TRIES = 3;

/** Takes them out of the quarantine, before it decides anything. What cannot be read now stays as it is. */
export async function dropMended(db: Database, revision: FillRevision, { signal }: ReadOptions): Promise<void> {
  for (let n = 1; ; n += 1) {
    try {
      const waiting = (await readQuarantine(db, revision.id)).filter((row) => row.settled === null);
      const mended = await mendedRows(db, revision, waiting);
      if (mended.length > 0) await dropRows(db, mended);
      return;
    } catch (error) {
      const passes = isContention(error) || isConnectionError(error) || sqlstateOf(error) === "57014";
      if (!passes) throw error;
      if (n === TRIES || signal.aborted) return;
      await sleep(250, signal);
    }
  }
}

/** The ids of those of the rows that are not due any more. Reads only. */
export async function mendedRows(
  db: Database,
  revision: FillRevision,
  rows: readonly QuarantinedRow[],
): Promise<number[]> {
  if (rows.length === 0) return [];
  const parts = (await partsOf(db, revision)).filter((part) => rows.some((row) => row.relation === part.relation));
  const mended: number[] = [];
  for (const part of parts) {
    const own = rows.filter((row) => row.relation === part.relation);
    mended.push(...(await mendedIn(db, part.revision, own)));
  }
  // With its leaf a row has gone.
  const gone = rows.filter((row) => !parts.some((part) => part.relation === row.relation));
  return [...mended, ...gone.map((row) => row.id)];
}

async function mendedIn(db: Database, revision: FillRevision, rows: readonly QuarantinedRow[]): Promise<number[]> {
  const { table } = revision.fill;
  // One snapshot: a row that moves between the look for its place and the look at that place would pass for mended.
  const options = {
    isolation: "repeatable read",
    readOnly: true,
    lockTimeoutMs: 400,
    statementTimeoutMs: 5_000,
    settings: { row_security: "off" },
  } as const;
  return db.borrow((session) =>
    transaction(session, options, async () => {
      await session.run(sql`lock table only ${qualified(table)} in access share mode`);
      const mended: number[] = [];
      for (const row of rows) if (!(await isStillDue(session, revision, row))) mended.push(row.id);
      return mended;
    }),
  );
}

/** A row without a key that does not stand where it stood is the sweep's to find. An expression that fails is a row to mend. */
async function isStillDue(session: Session, revision: FillRevision, { values }: QuarantinedRow): Promise<boolean> {
  const place =
    revision.fill.key.length === 0
      ? { tid: values[0] ?? "" }
      : await session.maybeOne<{ tid: string }>(placeText(revision.fill, values));
  return place !== null && (await isDue(session, revision, { key: values, tid: place.tid })) !== false;
}
