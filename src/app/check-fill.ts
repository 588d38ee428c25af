/** What only the server can say of a fill expression: its types, the functions and casts that it names. */
import type { Change } from "../change/change.js";
import { placeInChange } from "../change/place.js";
import type { Key } from "../change/schema.js";
import type { Database } from "../db/pool.js";
import { ServerError } from "../db/sqlstate.js";
import { transaction } from "../db/transaction.js";
import { ChangeoverError } from "../errors.js";
import { ident, qualified } from "../sql/identifier.js";
import { sql, trusted } from "../sql/text.js";

/** A file as it was read, for saying where in it something is wrong; `text` null: a module, which has no such places. */
export type ChangeFile = { readonly text: string | null; readonly shown: string };

const LOCK_MS = 2_000;

/**
 * Has the server plan the update that the backfill will make, and run nothing. The table and its columns must be there.
 * Throws `change-invalid` at the expression's place in the file.
 */
export async function checkFill(db: Database, change: Change, file: ChangeFile): Promise<void> {
  if (change.kind !== "set_not_null" || change.fill === null) return;
  const head = sql`explain update ${qualified(change.table)} set ${ident(change.column)} = (`;
  const statement = sql`${head}${trusted(change.fill, "parsed")})`;
  try {
    await db.borrow((session) =>
      transaction(session, { readOnly: true, lockTimeoutMs: LOCK_MS }, async () => {
        // A standby takes no lock that an update needs, and cannot be asked.
        const { standby } = await session.one<{ standby: boolean }>(sql`select pg_is_in_recovery() as standby`);
        if (!standby) await session.query(statement);
      }),
    );
  } catch (error) {
    if (!(error instanceof ServerError) || error.statement !== statement || saysNothing(error)) throw error;
    throw invalidExpression(error, "fill", change.fill, head.length, file);
  }
}

/** Says nothing about the expression: a lock timeout, a lost connection, a server out of room. */
export function saysNothing({ sqlstate }: ServerError): boolean {
  return /^(08|53|57|58|XX|40|55)/.test(sqlstate);
}

/** `file:line:column`; of a module, the file. */
export function placeOf({ text, shown }: ChangeFile, key: Key, offset: number): string {
  if (text === null) return shown;
  const { line, col } = placeInChange(text, key, offset);
  return `${shown}:${line}:${col}`;
}

/** What the server says of an expression, at its place in the file; `start`: where it begins in the statement. */
export function invalidExpression(
  error: ServerError,
  key: "fill" | "using" | "reverse" | "fallback",
  expression: string,
  start: number,
  file: ChangeFile,
): ChangeoverError {
  const offset = Math.min(Math.max(0, (error.position ?? start) - start), expression.length);
  return new ChangeoverError("change-invalid", `\`${key}\` is refused by the server: ${error.message}.`, {
    where: placeOf(file, key, offset),
    hint: hintFor(error),
    details: error.detail === undefined ? [] : [error.detail],
    cause: error,
  });
}

const UNKNOWN_NAMES: readonly string[] = ["42883", "42704", "42P01", "3F000"];

function hintFor({ sqlstate, hint }: ServerError): string {
  // It runs for every writer, whatever their search_path: only names of pg_catalog go without a schema.
  if (UNKNOWN_NAMES.includes(sqlstate))
    return "Name functions, types and operators of your own with their schema, and cast arguments that need it.";
  return hint ?? "Write an expression that the server can assign to the column.";
}
