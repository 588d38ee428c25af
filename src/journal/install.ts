/** Brings the journal into the database being changed, once, whoever comes first. */
import { readFile } from "node:fs/promises";
import type { Database } from "../db/pool.js";
import type { Session } from "../db/session.js";
import { transaction } from "../db/transaction.js";
import { type Emit, silent } from "../events.js";
import { sql, trusted } from "../sql/text.js";
import { checkIdentity, checkMayInstall, checkMayUse, UNKNOWN_SYSTEM } from "./identity.js";
import { type Probe, probeJournal, readMeta } from "./probe.js";
import { readJournal } from "./read.js";
import type { JournalMeta, JournalState } from "./state.js";

/**
 * Installs the journal unless it is there, and returns its row. Idempotent, and safe when many run at once.
 * Throws `identity` (a copy, a newer format) or `privilege` (with the GRANT to ask for).
 */
export async function ensureJournal(db: Database, emit: Emit = silent): Promise<JournalMeta> {
  const probe = await probeJournal(db);
  if (probe.installed) return checkedMeta(db, probe);
  checkMayInstall(probe);
  const schema = await readFile(new URL("./schema.sql", import.meta.url), "utf8");
  return db.borrow((session) =>
    transaction(session, {}, async () => {
      // Waited for, unlike the runners' lock: its holder only writes catalog rows for some milliseconds and waits for
      // nobody, and no revision of ours (no CREATE INDEX CONCURRENTLY, which would wait for our snapshot) can run
      // before the journal is there.
      await session.run(sql`select pg_advisory_xact_lock(hashtextextended('changeover install', 0))`);
      const now = await probeJournal(session);
      if (now.installed) return checkedMeta(session, now);
      await session.run(trusted(schema, "reviewed"));
      await session.run(sql`insert into changeover.meta (format, system_identifier, database) values (1, $1, $2)`, [
        now.systemIdentifier ?? UNKNOWN_SYSTEM,
        now.database,
      ]);
      emit({ kind: "journal-installed" });
      return readMeta(session);
    }),
  );
}

/**
 * The journal for commands that only read: the empty state where there is none, and SELECT rights are enough.
 * Throws `identity` and `privilege` like `ensureJournal`.
 */
export async function loadJournal(db: Database): Promise<JournalState> {
  const probe = await probeJournal(db);
  const journal = await readJournal(db);
  if (journal.meta !== null) checkIdentity(journal.meta, probe);
  return journal;
}

async function checkedMeta(db: Database | Session, probe: Probe): Promise<JournalMeta> {
  checkMayUse(probe, "write");
  const meta = await readMeta(db);
  checkIdentity(meta, probe);
  return meta;
}
