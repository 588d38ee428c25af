/**
 * Reads a table and all that hangs on its columns, in one snapshot of the catalog.
 *
 * Needs no privilege beyond connecting: the catalog is open to every role, and tables are found by name in it, not by
 * `regclass`, which would need USAGE on the schema. Measured beside 1,000 tables and 5,000 functions, on 14 and 18: 80 to
 * 380 ms on two busy cores (the most where hundreds of functions hold the table's name as part of a longer one).
 */
import type { Database } from "../db/pool.js";
import type { Session } from "../db/session.js";
import { type TransactionOptions, transaction } from "../db/transaction.js";
import type { QualifiedName } from "../sql/identifier.js";
import { loadParser } from "../sql/parser.js";
import { qualifySelect } from "../sql/select.js";
import { readFunctions } from "./functions.js";
import { type PlainColumn, withSequences } from "./identity.js";
import { query } from "./queries.js";
import { readRelation } from "./relation.js";
import type {
  Constraint,
  IncomingForeignKey,
  Index,
  Partitions,
  Policy,
  Publication,
  Snapshot,
  Table,
  Trigger,
  View,
} from "./snapshot.js";
import { summedGrants } from "./views.js";

/**
 * Everything that changes how the server prints a type, a constant or a name, pinned as pg_dump does, so that the same
 * table prints alike on every database, for every role.
 */
export const PRINTING = {
  search_path: "pg_catalog, pg_temp",
  quote_all_identifiers: "off",
  datestyle: "ISO, YMD",
  intervalstyle: "postgres",
  timezone: "UTC",
  bytea_output: "hex",
  extra_float_digits: "1",
  lc_monetary: "C",
} as const;

const READ: TransactionOptions = {
  isolation: "repeatable read",
  readOnly: true,
  // Printing an expression takes ACCESS SHARE, and so waits for a strong lock on the table.
  lockTimeoutMs: 15_000,
  settings: PRINTING,
};

/**
 * The snapshot of one table, read in a transaction of its own; `table: null` where there is no relation of that name.
 * A session must not be inside a transaction (`readSnapshotWithin` is for that). Throws `ServerError` 55P03 when
 * somebody holds ACCESS EXCLUSIVE on the table for more than 15 s.
 */
export async function readSnapshot(db: Database | Session, table: QualifiedName): Promise<Snapshot> {
  const read = (session: Session) => transaction(session, READ, (within) => assemble(within, table));
  return "borrow" in db ? db.borrow(read) : read(db);
}

/**
 * The same inside the caller's transaction, which sees its own uncommitted changes. Settings that steer printing are
 * pinned for the rest of that transaction.
 */
export async function readSnapshotWithin(session: Session, table: QualifiedName): Promise<Snapshot> {
  await session.query(query("settings"), [Object.keys(PRINTING), Object.values(PRINTING)]);
  return assemble(session, table);
}

async function assemble(session: Session, name: QualifiedName): Promise<Snapshot> {
  const { relation, ...around } = await readRelation(session, name);
  return { ...around, table: relation === null ? null : await readTable(session, relation.oid, relation.facts) };
}

type Facts = NonNullable<Awaited<ReturnType<typeof readRelation>>["relation"]>["facts"];

async function readTable(session: Session, oid: number, facts: Facts): Promise<Table> {
  const columns = await withSequences(session, oid, await session.query<PlainColumn>(query("columns"), [oid]));
  const rewrites = await session.query<Rewrite>(query("rewrites"), [oid]);
  return {
    ...facts,
    partitions: facts.kind === "partitioned" ? await readPartitions(session, oid) : null,
    size: await session.one<Table["size"]>(query("size"), [oid]),
    columns,
    indexes: await session.query<Index>(query("indexes"), [oid]),
    constraints: await session.query<Constraint>(query("constraints"), [oid]),
    incomingForeignKeys: await session.query<IncomingForeignKey>(query("incoming"), [oid]),
    triggers: await session.query<Trigger>(query("triggers"), [oid]),
    policies: await session.query<Policy>(query("policies"), [oid]),
    rules: rewrites.filter((r) => !r.isView).map(({ name, columns }) => ({ name, columns })),
    dependentViews: await readViews(session, oid, rewrites),
    publications: await session.query<Publication>(
      query(session.serverVersion >= 150_000 ? "publications" : "publications-14"),
      [oid],
    ),
    statistics: await session.query<Table["statistics"][number]>(query("statistics"), [oid]),
    functions: await readFunctions(session, oid, facts.name, columns),
  };
}

async function readPartitions(session: Session, oid: number): Promise<Partitions> {
  const rows = await session.query<Partitions["differences"][number]>(query("partitions"), [oid]);
  const keys = rows.filter(({ kind }) => kind === "key").flatMap(({ columns }) => columns);
  return { keyColumns: [...new Set(keys)], differences: rows.filter(({ kind }) => kind !== "key") };
}

/** Asked only where a view reads the table: it takes the whole of pg_depend. */
async function readViews(session: Session, oid: number, rewrites: readonly Rewrite[]): Promise<View[]> {
  const direct = rewrites.filter((r) => r.isView);
  if (direct.length === 0) return [];
  await loadParser();
  const rows = await session.query<ViewRow>(query("views"), [oid]);
  return rows.map(({ schema, name, definition, privileges, ...view }) => ({
    ...view,
    grants: summedGrants(view.grants, privileges),
    view: { schema, name },
    definition: qualifySelect(definition),
    columns: direct.find((r) => r.schema === schema && r.name === name)?.columns ?? [],
  }));
}

type ViewRow = Omit<View, "view" | "columns"> & QualifiedName & { readonly privileges: readonly string[] };

type Rewrite = {
  readonly isView: boolean;
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly string[];
};
