/** Statements that people declared, read so that none of them can do harm: read only, soon over, and without a trace. */
import type { Session } from "../../db/session.js";
import { isConnectionError, ServerError, SQLSTATE } from "../../db/sqlstate.js";
import { transaction } from "../../db/transaction.js";
import { type SqlText, sql } from "../../sql/text.js";
import { boundsFrom } from "./declared.js";
import type { Reading } from "./judge.js";

export const QUERY_MS = 1_000;

/** Its rows, and how long the statement itself took. No snapshot is held afterwards; throws what the server says. */
export function ask(
  session: Session,
  text: SqlText,
  timeoutMs: number,
): Promise<{ readonly rows: Record<string, unknown>[]; readonly ms: number }> {
  const options = { readOnly: true, statementTimeoutMs: timeoutMs, lockTimeoutMs: timeoutMs };
  return transaction(session, options, async () => {
    // Theirs, and not ours: names mean what they mean in psql.
    await session.run(sql`set local search_path to default`);
    const started = performance.now();
    const rows = await session.query(text);
    return { rows, ms: performance.now() - started };
  });
}

/** A query's reading. What goes wrong with it is one, too; a lost connection is thrown. */
export async function readQuery(session: Session, text: SqlText): Promise<Reading> {
  try {
    return readingOf((await ask(session, text, QUERY_MS)).rows);
  } catch (error) {
    return failedReading(error, QUERY_MS);
  }
}

/** What a failed statement comes to; a lost connection is thrown. */
export function failedReading(error: unknown, timeoutMs: number): Reading {
  if (!(error instanceof ServerError) || isConnectionError(error)) throw error;
  const late = error.sqlstate === SQLSTATE.queryCanceled ? `; it may take ${timeoutMs} ms` : "";
  return { value: null, whose: `${error.message}${late}` };
}

/** One row of one column, a number or true or false; or of `value`, and `threshold` and `reason` if it likes. */
export function readingOf(rows: readonly Record<string, unknown>[]): Reading {
  const [row] = rows;
  if (row === undefined || rows.length !== 1) return unread(`it gave ${rows.length} rows and not one`);
  const names = Object.keys(row);
  const unknown = names.filter((name) => !["value", "threshold", "reason"].includes(name));
  if (names.length > 1 && (unknown.length > 0 || !names.includes("value")))
    return unread("it gave several columns, which have to be value, threshold and reason");
  const value = numberOf(names.length === 1 ? row[names[0] ?? ""] : row.value);
  if (value === null) return unread("what it gave is no number");
  const threshold = row.threshold == null ? undefined : numberOf(row.threshold);
  if (threshold === null || (threshold !== undefined && threshold <= 0))
    return unread("the threshold that it gave is no number above 0");
  return {
    value,
    whose: row.reason == null ? "" : String(row.reason),
    ...(threshold === undefined ? {} : { bounds: boundsFrom(threshold, null) }),
  };
}

const unread = (whose: string): Reading => ({ value: null, whose });

/** The driver gives numeric as text. */
function numberOf(given: unknown): number | null {
  if (typeof given === "boolean") return given ? 1 : 0;
  const value = typeof given === "string" && given.trim() !== "" ? Number(given) : given;
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
