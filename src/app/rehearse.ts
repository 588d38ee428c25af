/** Tries a change of type on an empty copy of its table, and takes the server's word for what it makes of it. */
import { query } from "../catalog/queries.js";
import { PRINTING } from "../catalog/read.js";
import type { Column, Table } from "../catalog/snapshot.js";
import type { ChangeType } from "../change/change.js";
import type { Database } from "../db/pool.js";
import type { Session } from "../db/session.js";
import { ServerError } from "../db/sqlstate.js";
import { transaction } from "../db/transaction.js";
import { ChangeoverError } from "../errors.js";
import { twinName } from "../planner/naming.js";
import { surroundingsOf } from "../planner/surroundings.js";
import {
  addTarget,
  COPY,
  conversionQuestions,
  defaultQuestion,
  inPlaceQuestion,
  makeCopy,
  type Target,
  twinQuestions,
} from "../planner/target.js";
import { type SqlText, sql } from "../sql/text.js";
import { type ChangeFile, invalidExpression, placeOf, saysNothing } from "./check-fill.js";

/** Thrown to roll the transaction back with its answer. */
class Done {
  readonly target: Target;
  constructor(target: Target) {
    this.target = target;
  }
}

/**
 * Leaves nothing. Needs TEMPORARY on the database. Throws `change-invalid` at the place of a type or an expression that
 * the server refuses, `privilege` where it may make no temporary table.
 */
export async function rehearseType(
  db: Database,
  change: ChangeType,
  found: { readonly table: Table; readonly column: Column },
  file: ChangeFile,
): Promise<Target> {
  try {
    return await db.borrow((session) =>
      transaction(session, { lockTimeoutMs: 2_000, settings: PRINTING }, async () => {
        throw new Done(await rehearse(session, change, found, file));
      }),
    );
  } catch (error) {
    if (error instanceof Done) return error.target;
    throw error;
  }
}

async function rehearse(
  session: Session,
  change: ChangeType,
  { table, column }: { readonly table: Table; readonly column: Column },
  file: ChangeFile,
): Promise<Target> {
  const refused = await attempt(session, makeCopy(table));
  if (refused !== null) throw noCopy(refused);
  const noType = await attempt(session, addTarget(change));
  if (noType !== null) throw invalidType(noType, change, file);
  const target = await columnOf(session, twinName(change.column));
  if (target.type === column.type && target.collation === column.collation) return MADE(target);
  const unsteady: Target["unsteady"][number][] = [];
  const nullGives: Target["nullGives"][number][] = [];
  for (const { key, assign, at, steady, keepsNull } of conversionQuestions(change, column, target)) {
    const problem = await attempt(session, assign);
    if (problem !== null) throw invalidConversion(problem, change, key, at, file);
    if (key === "fallback" || steady === null || keepsNull === null) continue;
    if (!(await holds(session, keepsNull))) nullGives.push(key);
    // 42P17: a generated column takes immutable expressions alone. What else it may not take is not asked here.
    const not = await attempt(session, steady, true);
    if (not?.sqlstate === "42P17") unsteady.push(key);
  }
  const impossible: Target["impossible"][number][] = [];
  const asIs = defaultQuestion(change, column, target);
  const defaultAssigned = asIs !== null && (await attempt(session, asIs)) === null;
  for (const { what, name, make } of twinQuestions(change, table, column, { column: target, defaultAssigned })) {
    const problem = await attempt(session, make);
    if (problem !== null) impossible.push({ what, name, message: problem.message });
  }
  return {
    column: target,
    unsteady,
    nullGives,
    defaultAssigned,
    impossible,
    metadataOnly: await isMetadataOnly(session, change, table),
  };
}

/** The column has that type already, and what would convert it is not asked. */
const MADE = (column: Column): Target => ({
  column,
  unsteady: [],
  nullGives: [],
  defaultAssigned: false,
  impossible: [],
  metadataOnly: false,
});

/** Null: the server has done it. What it refuses is undone, and the transaction goes on. */
export async function attempt(session: Session, statement: SqlText, undo = false): Promise<ServerError | null> {
  await session.run(sql`savepoint rehearsal`);
  try {
    await session.query(statement);
    if (undo) await session.run(sql`rollback to savepoint rehearsal`);
    return null;
  } catch (error) {
    if (!(error instanceof ServerError) || saysNothing(error)) throw error;
    await session.run(sql`rollback to savepoint rehearsal`);
    return error;
  }
}

async function holds(session: Session, question: SqlText): Promise<boolean> {
  await session.run(sql`savepoint rehearsal`);
  try {
    return (await session.one<{ kept: boolean }>(question)).kept;
  } catch (error) {
    if (!(error instanceof ServerError) || saysNothing(error)) throw error;
    await session.run(sql`rollback to savepoint rehearsal`);
    return false;
  }
}

async function columnOf(session: Session, name: string): Promise<Column> {
  const { oid } = await session.one<{ oid: number }>(
    sql`select to_regclass('pg_temp.changeover_rehearsal')::oid::int8 as oid`,
  );
  const found = (await session.query<Column>(query("columns"), [oid])).find((column) => column.name === name);
  if (found === undefined) throw new Error(`${COPY} has no column ${name}`);
  return found;
}

async function isMetadataOnly(session: Session, change: ChangeType, table: Table): Promise<boolean> {
  if (change.using !== null || hasProof(table, change.column)) return false;
  const { make, alter } = inPlaceQuestion(change, table);
  if ((await attempt(session, make)) !== null) return false;
  // A cast between timestamps with and without time zone moves nothing where the zone is UTC: not in every session.
  await session.run(sql`set local timezone = 'Asia/Kathmandu'`);
  const before = await files(session);
  if ((await attempt(session, alter)) !== null) return false;
  return (await files(session)) === before;
}

/** ALTER TYPE makes checks and foreign keys anew, and reads the table for each ("verifying table", 14 and 18). */
function hasProof(table: Table, column: string): boolean {
  const { checks, foreignKeys } = surroundingsOf(table, column);
  return [...checks, ...foreignKeys].some((constraint) => constraint.validated);
}

async function files(session: Session): Promise<string> {
  const { files: all } = await session.one<{ files: string }>(
    sql`select string_agg(concat_ws(' ', c.relname, c.relfilenode), ', ' order by c.relname) as files
        from pg_catalog.pg_class c left join pg_catalog.pg_index i on i.indexrelid = c.oid
        where to_regclass('pg_temp.changeover_in_place') in (c.oid, i.indrelid)`,
  );
  return all;
}

export function noCopy(error: ServerError): ChangeoverError {
  return new ChangeoverError("privilege", "The change cannot be tried on an empty temporary copy of the table.", {
    details: [error.message],
    hint: "Connect as a role with TEMPORARY on the database (and USAGE on the table's schema).",
    cause: error,
  });
}

function invalidType(error: ServerError, change: ChangeType, file: ChangeFile): ChangeoverError {
  return new ChangeoverError("change-invalid", `\`type\` is refused by the server: ${error.message}.`, {
    where: placeOf(file, "type", 0),
    hint: /^(42704|3F000)$/.test(error.sqlstate)
      ? "Correct its name; types of your own are named with their schema."
      : (error.hint ?? `${change.type} cannot be a column's type.`),
    cause: error,
  });
}

/** One that was not written down is told at the key that it is left out of. */
function invalidConversion(
  error: ServerError,
  change: ChangeType,
  key: "using" | "reverse" | "fallback",
  at: number,
  file: ChangeFile,
): ChangeoverError {
  const written = change[key];
  if (written !== null) return invalidExpression(error, key, written, at, file);
  return new ChangeoverError("change-invalid", `\`${key}\` is needed: the value cannot be cast. ${error.message}.`, {
    where: placeOf(file, "type", 0),
    hint: `Add \`${key}:\`, a SQL expression over ${change.column}.`,
    cause: error,
  });
}
