/** A fill's bounds: taken once, and again when the table's file is another one. */
import type { Database } from "../db/pool.js";
import type { Session } from "../db/session.js";
import { transaction } from "../db/transaction.js";
import type { Emit } from "../events.js";
import { type HeapFile, insertFill, readHeapFile, replaceFill } from "../journal/fills.js";
import { type QualifiedName, qualified } from "../sql/identifier.js";
import { sql } from "../sql/text.js";
import { slicesOf } from "./range.js";
import type { FillRevision } from "./statements.js";

export type SeedOptions = {
  /** pages of the smallest slice, for tests on small tables */
  readonly minSlicePages?: number | undefined;
};

/**
 * Cuts the table into slices, unless that was done before. To be called after the dual-write has committed: rows on later
 * pages are the sync trigger's. The revision's row must exist. True: seeded now.
 */
export async function seedFill(
  db: Database,
  revision: FillRevision,
  emit: Emit,
  options: SeedOptions = {},
): Promise<boolean> {
  const { seeded, file, slices } = await db.borrow((session) =>
    withFile(session, revision.fill.table, async (file) => {
      const slices = slicesOf(file.pages, options.minSlicePages);
      return { seeded: await insertFill(session, revision.id, file, slices), file, slices };
    }),
  );
  if (seeded) {
    const { id, plan } = revision;
    emit({ kind: "fill-started", revision: id, plan, pages: file.pages, slices: slices.length });
  }
  return seeded;
}

/** Takes the bounds again from the table's present file; does nothing when somebody else has. */
export async function restartFill(db: Database, revision: FillRevision, emit: Emit): Promise<void> {
  const restarted = await db.borrow((session) =>
    withFile(session, revision.fill.table, async (file) => {
      // Slices keep the size that the first seeding chose (only a test asks for another than the default).
      const { smallest } = await session.one<{ smallest: number | null }>(
        sql`select max(hi - lo) as smallest from changeover.slice where revision = $1`,
        [revision.id],
      );
      return replaceFill(session, revision.id, file, slicesOf(file.pages, smallest ?? undefined));
    }),
  );
  if (restarted) {
    emit({
      kind: "fill-restarted",
      revision: revision.id,
      plan: revision.plan,
      reason: `the file of ${qualified(revision.fill.table)} was replaced (VACUUM FULL, CLUSTER, TRUNCATE or a rewrite)`,
    });
  }
}

/** Runs `work` while the table keeps its file. */
async function withFile<T>(session: Session, table: QualifiedName, work: (file: HeapFile) => Promise<T>): Promise<T> {
  // Waits behind a running rewrite; nobody waits for this transaction in turn.
  return transaction(session, { lockTimeoutMs: 60_000, statementTimeoutMs: 0 }, async () => {
    await session.run(sql`lock table only ${qualified(table)} in access share mode`);
    return work(await readHeapFile(session, table));
  });
}
