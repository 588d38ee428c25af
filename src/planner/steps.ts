/** Makers of steps: each statement with the lock it takes, what it costs and how long it may wait. */
import type { LockMode, Step, StepLock } from "../revisions/revision.js";
import { ident, type QualifiedName, qualified } from "../sql/identifier.js";
import { literal } from "../sql/literal.js";
import { type SqlText, sql } from "../sql/text.js";

/** One table: above deadlock_timeout's default would queue the application for as long; below it can still win often. */
const ONE_TABLE_MS = 2000;
/** More than one table: always below deadlock_timeout (1 s), or the server may end the application's transaction instead of ours. */
export const SEVERAL_TABLES_MS = 400;
/** Catalog-only statements take milliseconds once they hold the lock. */
const CATALOG_MS = 10_000;

type Options = {
  readonly title?: string;
  readonly server?: Step["server"];
  readonly done?: SqlText;
};

/** A statement that changes the catalog alone, under a lock that stops writers for that moment. */
export function ddl(
  name: string,
  mode: LockMode,
  tables: readonly QualifiedName[],
  text: SqlText,
  options: Options = {},
): Step {
  const locks = tables.map((table) => lockOn(mode, table));
  return {
    name,
    title: options.title ?? "",
    sql: text,
    locks,
    lockTimeoutMs: locks.length > 1 ? SEVERAL_TABLES_MS : ONE_TABLE_MS,
    statementTimeoutMs: CATALOG_MS,
    work: "catalog",
    server: options.server ?? {},
    done: options.done ?? null,
    heals: null,
  };
}

/** The name alone: callers hand in whole tables of a snapshot. */
function lockOn(mode: LockMode, { schema, name }: QualifiedName): StepLock {
  return { mode, table: { schema, name } };
}

/** A statement that takes no lock on a user's table (functions, our own rows). */
export function plain(name: string, text: SqlText, options: Options = {}): Step {
  return ddl(name, "ACCESS SHARE", [], text, options);
}

/** A long statement that lets reads and writes go on: it waits as long as it takes, and can be cancelled. */
export function longRunning(
  name: string,
  work: "catalog" | "scan" | "build",
  locks: readonly StepLock[],
  text: SqlText,
  options: Options & { heals?: QualifiedName } = {},
): Step {
  return {
    name,
    title: options.title ?? "",
    sql: text,
    locks,
    lockTimeoutMs: 0,
    statementTimeoutMs: 0,
    work,
    server: options.server ?? {},
    done: options.done ?? null,
    heals: options.heals ?? null,
  };
}

export function createIndex(table: QualifiedName, index: string, text: SqlText, title: string): Step {
  const name = { schema: table.schema, name: index };
  return longRunning(stepName("create", index), "build", [lockOn("SHARE UPDATE EXCLUSIVE", table)], text, {
    title,
    done: sql`select coalesce((select i.indisvalid and i.indisready from pg_catalog.pg_index i where i.indexrelid = ${regclass(name)}), false)`,
    heals: name,
  });
}

export function dropIndex(table: QualifiedName, index: string): Step {
  const name = { schema: table.schema, name: index };
  return longRunning(
    stepName("drop", index),
    "catalog",
    [lockOn("SHARE UPDATE EXCLUSIVE", table)],
    sql`drop index concurrently if exists ${qualified(name)}`,
    { done: sql`select ${regclass(name)} is null` },
  );
}

export function validate(
  table: QualifiedName,
  constraint: string,
  options: { parent?: QualifiedName; server?: Step["server"] } = {},
): Step {
  const locks = [lockOn("SHARE UPDATE EXCLUSIVE", table)];
  if (options.parent !== undefined) locks.push(lockOn("ROW SHARE", options.parent));
  return longRunning(
    stepName("validate", constraint),
    "scan",
    locks,
    sql`alter table ${qualified(table)} validate constraint ${ident(constraint)}`,
    { server: options.server ?? {}, done: constraintIs(table, constraint, sql`c.convalidated`) },
  );
}

/**
 * Statistics of a new column. A column list leaves out those of expression indexes: `whole` takes the table. Done when the
 * column has some, whoever gathered them (an empty table has none to gather).
 */
export function analyze(table: QualifiedName, column: string, whole: boolean): Step {
  const columns = whole ? sql`` : sql` (${ident(column)})`;
  const known = sql`exists (select from pg_catalog.pg_stats s where s.schemaname = ${literal(table.schema)} and s.tablename = ${literal(table.name)} and s.attname = ${literal(column)})`;
  return longRunning(
    "analyze",
    "scan",
    [lockOn("SHARE UPDATE EXCLUSIVE", table)],
    sql`analyze ${qualified(table)}${columns}`,
    {
      done: sql`select ${known} or not exists (select from ${qualified(table)})`,
    },
  );
}

/** One boolean: the constraint is there, and `condition` (over pg_constraint c) holds where one is given. */
export function constraintIs(table: QualifiedName, constraint: string, condition?: SqlText): SqlText {
  const and = condition === undefined ? sql`` : sql` and ${condition}`;
  return sql`select exists (select from pg_catalog.pg_constraint c where c.conrelid = ${regclass(table)} and c.conname = ${literal(constraint)}${and})`;
}

export function constraintIsGone(table: QualifiedName, constraint: string): SqlText {
  return sql`select not exists (select from pg_catalog.pg_constraint c where c.conrelid = ${regclass(table)} and c.conname = ${literal(constraint)})`;
}

export function regclass(name: QualifiedName): SqlText {
  return sql`pg_catalog.to_regclass(${literal(qualified(name))})`;
}

/** Steps are named in [a-z0-9-]: what is not is left out, and a number keeps two apart (see `distinctNames`). */
export function stepName(verb: string, object: string): string {
  const plainText = object
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return plainText === "" ? verb : `${verb}-${plainText}`;
}

/** Numbers the second and later steps of one name. */
export function distinctNames(steps: readonly Step[]): Step[] {
  const seen = new Map<string, number>();
  return steps.map((step) => {
    const count = (seen.get(step.name) ?? 0) + 1;
    seen.set(step.name, count);
    return count === 1 ? step : { ...step, name: `${step.name}-${count}` };
  });
}
