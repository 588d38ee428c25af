/** A fill's bounds: taken once, and again when a part's file is another one, or its leaves are others. */
import type { Database } from "../db/pool.js";
import type { Session } from "../db/session.js";
import { transaction } from "../db/transaction.js";
import type { Emit } from "../events.js";
import {
  type HeapFile,
  insertFill,
  type PartsChange,
  readHeapFile,
  readPartNames,
  replaceParts,
} from "../journal/fill-parts.js";
import { type QualifiedName, qualified } from "../sql/identifier.js";
import { sql } from "../sql/text.js";
import { slicesOf } from "./range.js";
import type { FillRevision } from "./statements.js";

export type SeedOptions = {
  /** pages of the smallest slice, for tests on small tables */
  readonly minSlicePages?: number | undefined;
};

/**
 * Cuts the table, or each of its leaves, into slices, unless that was done before. To be called after the dual-write has
 * committed: rows on later pages are the sync trigger's. The revision's row must exist. True: seeded now.
 */
export async function seedFill(
  db: Database,
  revision: FillRevision,
  emit: Emit,
  options: SeedOptions = {},
): Promise<boolean> {
  const { seeded, pages, slices } = await db.borrow((session) =>
    withFiles(session, revision.fill.table, async (files) => {
      const pages = sumOf(files);
      const cut = files.map((file) => ({ ...file, slices: slicesOf(file.pages, options.minSlicePages, pages) }));
      const slices = cut.reduce((sum, file) => sum + file.slices.length, 0);
      return { seeded: await insertFill(session, revision.id, cut), pages, slices };
    }),
  );
  if (seeded) emit({ kind: "fill-started", revision: revision.id, plan: revision.plan, pages, slices });
  return seeded;
}

/**
 * Takes the bounds again where they do not hold any more; does nothing when somebody else has, or when a leaf has but another
 * name. Returns how many parts came, or came again.
 */
export async function restartFill(db: Database, revision: FillRevision, emit: Emit): Promise<number> {
  const table = revision.parent ?? revision.fill.table;
  const change = await db.borrow((session) =>
    withFiles(session, table, async (files) => {
      // Slices keep the size that the first seeding chose (only a test asks for another than the default).
      const { smallest } = await session.one<{ smallest: number | null }>(
        sql`select max(hi - lo) as smallest from changeover.slice where revision = $1`,
        [revision.id],
      );
      const pages = sumOf(files);
      return replaceParts(session, revision.id, files, (file) => slicesOf(file.pages, smallest ?? undefined, pages));
    }),
  );
  const reason = reasonOf(change, table);
  if (reason !== null) emit({ kind: "fill-restarted", revision: revision.id, plan: revision.plan, reason });
  return change.added + change.replaced;
}

function reasonOf({ added, gone, replaced }: PartsChange, table: QualifiedName): string | null {
  const many = (n: number, one: string) => `${n} ${one}${n === 1 ? "" : "s"}`;
  // A table that was dropped and made again is a part that went and one that came.
  const files = replaced + (added === 1 && gone === 1 ? 1 : 0);
  const said = [
    ...(files === 0
      ? []
      : [`the file of ${qualified(table)} was replaced (VACUUM FULL, CLUSTER, TRUNCATE or a rewrite)`]),
    ...(added === 0 || files > replaced ? [] : [`${qualified(table)} has ${many(added, "new partition")}`]),
    ...(gone === 0 || files > replaced ? [] : [`${many(gone, "partition")} of ${qualified(table)} went`]),
  ];
  return said.length === 0 ? null : said.join("; ");
}

const sumOf = (files: readonly HeapFile[]) => files.reduce((sum, file) => sum + file.pages, 0);

/** Runs `work` while the table and its leaves keep their files. */
async function withFiles<T>(
  session: Session,
  table: QualifiedName,
  work: (files: readonly HeapFile[]) => Promise<T>,
): Promise<T> {
  // Waits behind a running rewrite; nobody waits for this transaction in turn. The server locks the leaves along.
  return transaction(session, { lockTimeoutMs: 60_000, statementTimeoutMs: 0 }, async () => {
    await session.run(sql`lock table ${qualified(table)} in access share mode`);
    const files: HeapFile[] = [];
    for (const part of await readPartNames(session, table)) files.push(await readHeapFile(session, part));
    return work(files);
  });
}
