/** Short read transactions over a window, in which the table keeps its file; and what to do when one fails. */
import type { Database } from "../../db/pool.js";
import type { Session } from "../../db/session.js";
import { isConnectionError, isContention, sqlstateOf } from "../../db/sqlstate.js";
import { transaction } from "../../db/transaction.js";
import { type HeapFile, readHeapFile, readPartNames } from "../../journal/fill-parts.js";
import type { PageRange } from "../../journal/slices.js";
import { sleep } from "../../sleep.js";
import { qualified, sameName } from "../../sql/identifier.js";
import { sql } from "../../sql/text.js";
import { DEFAULT_TARGET_MS, type Pace, shrink } from "../pace/pace.js";
import { tid } from "../range.js";
import type { FillRevision } from "../statements.js";

export type ReadOptions = {
  readonly signal: AbortSignal;
  /** of a window's execution; default 250 */
  readonly targetMs?: number;
  /** how long the database may be out of reach, or the table locked, before the error is thrown */
  readonly outageMs?: number;
};

/** The table's file as it is now. */
export function fileOf(db: Database, revision: FillRevision, targetMs?: number): Promise<HeapFile> {
  return db.borrow((session) => reading(session, revision, targetMs, () => readHeapFile(session, revision.fill.table)));
}

/** What `work` reads of a window, and how long it took; `moved-away`: the table has another file than `filenode`. */
export function readWindow<T>(
  db: Database,
  revision: FillRevision,
  place: { readonly filenode: number; readonly window: PageRange; readonly targetMs: number | undefined },
  work: (session: Session, params: readonly [string, string]) => Promise<T>,
): Promise<{ readonly value: T; readonly ms: number } | "moved-away"> {
  return db.borrow((session) =>
    sameFile(session, revision, place, async () => {
      const started = performance.now();
      const value = await work(session, [tid(place.window[0]), tid(place.window[1])]);
      return { value, ms: performance.now() - started };
    }),
  );
}

type Same = {
  readonly filenode: number;
  readonly targetMs: number | undefined;
  /** default true */
  readonly readOnly?: boolean;
  /** all that `work` reads is of one moment */
  readonly oneMoment?: boolean;
};

/** One transaction in which the table keeps its file; `moved-away`: that is another one by now. */
export function sameFile<T>(
  session: Session,
  revision: FillRevision,
  same: Same,
  work: () => Promise<T>,
): Promise<T | "moved-away"> {
  return reading(
    session,
    revision,
    same.targetMs,
    async () => {
      const { filenode } = await session.one<{ filenode: number }>(
        sql`select pg_relation_filenode($1::regclass) as filenode`,
        [qualified(revision.fill.table)],
      );
      return filenode === same.filenode ? work() : "moved-away";
    },
    same,
  );
}

/** `plain`: the table has no leaves, and one file. */
export type Files = { readonly files: readonly HeapFile[]; readonly plain: boolean };

/** A transaction that may write, and in which the table and its leaves keep their files, whichever those are. */
export function onFiles<T>(session: Session, revision: FillRevision, work: (files: Files) => Promise<T>): Promise<T> {
  const { table } = revision.fill;
  const filesNow = async (): Promise<Files> => {
    const [one, ...more] = await readPartNames(session, table);
    if (one !== undefined && more.length === 0 && sameName(one, table)) {
      return { files: [await readHeapFile(session, one)], plain: true };
    }
    // The server locks the leaves along; they are read as they are then.
    await session.run(sql`lock table ${qualified(table)} in access share mode`);
    const files: HeapFile[] = [];
    for (const part of await readPartNames(session, table)) files.push(await readHeapFile(session, part));
    return { files, plain: false };
  };
  return reading(session, revision, undefined, async () => work(await filesNow()), { readOnly: false });
}

function reading<T>(
  session: Session,
  revision: FillRevision,
  targetMs = DEFAULT_TARGET_MS,
  work: () => Promise<T>,
  { readOnly = true, oneMoment = false }: { readonly readOnly?: boolean; readonly oneMoment?: boolean } = {},
) {
  const options = {
    readOnly,
    isolation: oneMoment ? ("repeatable read" as const) : ("read committed" as const),
    lockTimeoutMs: 400,
    statementTimeoutMs: Math.max(1_000, 8 * targetMs),
    // Rows that a policy hides would pass for right: with row_security off the server says so instead.
    settings: { row_security: "off" },
  };
  return transaction(session, options, async () => {
    await session.run(sql`lock table only ${qualified(revision.fill.table)} in access share mode`);
    return work();
  });
}

/** Decides after each failed read: wait and try again (with a smaller window after a timeout), or throw. */
export class Outage {
  #since: number | null = null;
  readonly #options: ReadOptions;

  constructor(options: ReadOptions) {
    this.#options = options;
  }

  over(): void {
    this.#since = null;
  }

  async survive(error: unknown, pace: Pace): Promise<Pace> {
    const slow = sqlstateOf(error) === "57014";
    if (!slow && !isConnectionError(error) && !isContention(error)) throw error;
    this.#since ??= performance.now();
    if (performance.now() - this.#since > (this.#options.outageMs ?? 60_000)) throw error;
    if (slow && pace.pages > 1) return shrink(pace);
    await sleep(250, this.#options.signal);
    return pace;
  }
}
