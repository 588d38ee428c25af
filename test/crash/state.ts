/** All that a command leaves behind, as values that can be held against each other. */
import { tableFingerprint } from "../../src/catalog/fingerprint.js";
import { readSnapshot } from "../../src/catalog/read.js";
import { openDatabase } from "../../src/db/pool.js";
import { readJournal } from "../../src/journal/journal.js";
import type { Copy } from "./stages.js";

export type State = {
  /** the table's fingerprint, in lines, with our triggers */
  readonly table: readonly string[];
  readonly rows: readonly string[];
  readonly journal: readonly string[];
  /** objects of ours, and indexes that are not valid */
  readonly ours: readonly string[];
};

export async function stateOf(copy: Copy, table: string, schema = "app"): Promise<State> {
  const db = openDatabase({ url: copy.url, applicationName: "changeover test", connectTimeoutMs: 5_000 });
  try {
    const snapshot = await readSnapshot(db, { schema, name: table });
    if (snapshot.table === null) throw new Error(`${schema}.${table} is not there`);
    const journal = await readJournal(db);
    const rows = await copy.sql<{ row: string }>(`select t::text as row from ${schema}.${table} t order by 1`);
    const ours = await copy.sql<{ name: string }>(`
      select 'trigger ' || tgname || ' on ' || tgrelid::regclass as name from pg_trigger where tgname ~ 'changeover'
      union all select 'function ' || oid::regprocedure from pg_proc where pronamespace = to_regnamespace('changeover')
      union all select 'index ' || indexrelid::regclass || ' is not valid' from pg_index where not indisvalid
      union all select 'step ' || name || ' ' || direction || ' ' || state from changeover.step
      union all select 'slice ' || number || ' ' || state || ' rows ' || rows from changeover.slice
      union all select 'paused ' || slug from changeover.plan where paused_at is not null
      order by 1`);
    return {
      table: tableFingerprint(snapshot.table).lines,
      rows: rows.map(({ row }) => row),
      journal: journal.revisions.map((row) => `${row.id} ${row.name} ${row.state} ${JSON.stringify(row.error)}`),
      ours: ours.map(({ name }) => name),
    };
  } finally {
    await db.close();
  }
}
