/** What of the journal is there, and what the connected role may do with it; asked of catalogs that every role can read. */
import type { Queryable } from "../db/session.js";
import { sql } from "../sql/text.js";
import type { JournalMeta } from "./state.js";

export type Probe = {
  readonly role: string;
  readonly database: string;
  /** null: the role may not ask */
  readonly systemIdentifier: string | null;
  readonly schemaExists: boolean;
  /** the table `changeover.meta` is there */
  readonly installed: boolean;
  readonly mayCreateSchema: boolean;
  readonly mayCreateTables: boolean;
  readonly mayUseSchema: boolean;
  /** our tables that the role may not read */
  readonly unreadable: readonly string[];
  /** our tables that the role may not write */
  readonly unwritable: readonly string[];
};

type ProbeRow = Omit<Probe, "systemIdentifier"> & { readonly mayAskIdentity: boolean };

/** Works without a journal and without any right on it. */
export async function probeJournal(db: Queryable): Promise<Probe> {
  const { mayAskIdentity, ...probe } = await db.one<ProbeRow>(PROBE);
  // A statement of its own: the privilege on a function in FROM is checked even where a CASE would not reach it.
  const identity = mayAskIdentity
    ? await db.one<{ id: string }>(sql`select system_identifier::text as id from pg_control_system()`)
    : null;
  return { ...probe, systemIdentifier: identity?.id ?? null };
}

/** The journal's own row. Needs an installed journal and the right to read it. */
export async function readMeta(db: Queryable): Promise<JournalMeta> {
  return db.one<JournalMeta>(sql`
    select format, uuid::text as uuid, system_identifier as "systemIdentifier", database from changeover.meta`);
}

// to_regclass would raise where the role lacks USAGE on the schema, so the catalogs are read as tables.
const PROBE = sql`
  select current_user::text as role,
         current_database()::text as database,
         n.oid is not null as "schemaExists",
         exists (select from pg_class c where c.relnamespace = n.oid and c.relname = 'meta') as installed,
         has_database_privilege(current_database(), 'CREATE') as "mayCreateSchema",
         coalesce(has_schema_privilege(n.oid, 'CREATE') and has_schema_privilege(n.oid, 'USAGE'), false) as "mayCreateTables",
         coalesce(has_schema_privilege(n.oid, 'USAGE'), false) as "mayUseSchema",
         has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE') as "mayAskIdentity",
         array(select c.relname::text from pg_class c
                where c.relnamespace = n.oid and c.relkind = 'r' and not has_table_privilege(c.oid, 'SELECT')
                order by 1) as unreadable,
         array(select c.relname::text from pg_class c
                where c.relnamespace = n.oid and c.relkind = 'r'
                  and not (has_table_privilege(c.oid, 'SELECT') and has_table_privilege(c.oid, 'INSERT')
                           and has_table_privilege(c.oid, 'UPDATE') and has_table_privilege(c.oid, 'DELETE'))
                order by 1) as unwritable
    from (values (true)) one (row) left join pg_namespace n on n.nspname = 'changeover'`;
