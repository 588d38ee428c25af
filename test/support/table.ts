/** What a test compares of a table: its schema, its rows, and what changeover has left in the database. */
import { tableFingerprint } from "../../src/catalog/fingerprint.js";
import { readSnapshot } from "../../src/catalog/read.js";
import { ident, type QualifiedName, qualified } from "../../src/sql/identifier.js";
import type { TestDatabase } from "./database.js";

/** One line an object, the columns in their order. Throws where there is no table. */
export async function schemaOf({ db }: TestDatabase, name: QualifiedName): Promise<string[]> {
  const { table } = await readSnapshot(db, name);
  if (table === null) throw new Error(`there is no table ${qualified(name)}`);
  return tableFingerprint(table).lines;
}

export async function columnsOf(database: TestDatabase, name: QualifiedName): Promise<string[]> {
  const columns = await database.sql<{ name: string }>(
    `select attname as name from pg_attribute
      where attrelid = to_regclass($1) and attnum > 0 and not attisdropped order by attnum`,
    [qualified(name)],
  );
  return columns.map((column) => column.name);
}

/** Every row as the text of its columns, by name; sorted, because a table has no order. */
export async function rowsOf(
  database: TestDatabase,
  name: QualifiedName,
  except: readonly string[] = [],
): Promise<string[]> {
  const columns = (await columnsOf(database, name)).filter((column) => !except.includes(column)).sort();
  const texts = columns.map((column) => `${ident(column)}::text`).join(", ");
  const rows = await database.sql<{ row: (string | null)[] }>(
    `select array[${texts}]::text[] as row from ${qualified(name)}`,
  );
  return rows.map(({ row }) => JSON.stringify(Object.fromEntries(row.map((text, n) => [columns[n], text])))).sort();
}

/** The first rows that only one of two tables holds. */
export function rowsApart(actual: readonly string[], expected: readonly string[]): string[] {
  const only = (rows: readonly string[], others: readonly string[], sign: string) => {
    const known = new Set(others);
    return rows.filter((row) => !known.has(row)).map((row) => `${sign} ${row}`);
  };
  const apart = [...only(actual, expected, "+"), ...only(expected, actual, "-")];
  if (actual.length !== expected.length) apart.unshift(`${actual.length} rows for ${expected.length}`);
  return apart.slice(0, 10);
}

/**
 * Everything of ours outside of our schemas, in the whole database, and what a fresh journal does not hold inside of
 * them: functions, relations, types, sightings.
 */
export async function leftoversOf(database: TestDatabase, fresh: TestDatabase): Promise<string[]> {
  const rows = await database.sql<{ object: string }>(`
    with ours as (select oid from pg_namespace where nspname in ('changeover', 'changeover_queue'))
    select 'trigger ' || tgname as object from pg_trigger where strpos(tgname, 'changeover') > 0
    union all
    select 'relation ' || relname from pg_class
     where strpos(relname, 'changeover') > 0 and relnamespace not in (select oid from ours)
       and relname not like 'pg_toast%'
    union all
    select 'constraint ' || conname from pg_constraint
     where strpos(conname, 'changeover') > 0 and connamespace not in (select oid from ours)
    union all
    select 'column ' || attname from pg_attribute where strpos(attname, 'changeover') > 0 and not attisdropped
    union all
    select 'function ' || proname from pg_proc
     where strpos(proname, 'changeover') > 0 and pronamespace not in (select oid from ours)
    union all
    select 'sighting of ' || plan from changeover.sighting`);
  const known = new Set(await contentsOf(fresh));
  const added = (await contentsOf(database)).filter((object) => !known.has(object));
  return [...rows.map(({ object }) => object), ...added].sort();
}

async function contentsOf(database: TestDatabase): Promise<string[]> {
  const rows = await database.sql<{ object: string }>(`
    select 'function changeover.' || proname as object from pg_proc where pronamespace = to_regnamespace('changeover')
    union all
    select 'relation changeover.' || relname from pg_class where relnamespace = to_regnamespace('changeover')
    union all
    select 'type changeover.' || typname from pg_type where typnamespace = to_regnamespace('changeover')`);
  return rows.map(({ object }) => object);
}
