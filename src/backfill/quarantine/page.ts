/**
 * The page on which a batch fails, row by row: what fails alone is noted and passed, in the transaction that moves the
 * slice on. Its rows are locked at once and without waiting; what a row waits for (its triggers and foreign keys may ask for
 * more) ends with the transaction's age as in a batch, because who waits for one row may hold what the next ones ask for.
 */
import type { OwnedSession } from "../../db/session.js";
import { ServerError } from "../../db/sqlstate.js";
import { countUnsettled, type FailedRow, noteRows } from "../../journal/quarantine.js";
import { advanceText, isDone, type Lease } from "../../journal/slices.js";
import type { RowFailure } from "../../journal/state.js";
import { sql } from "../../sql/text.js";
import { type BatchResult, type BatchTimes, openBatch } from "../batch.js";
import { pagesIn, replaceIn } from "../range.js";
import { type FillRevision, keyName, type Seen, seenText } from "../statements.js";
import { tryPage } from "./try-page.js";
import { judgeRows, tooMany, UNSETTLED_MOST, type Verdict } from "./verdict.js";

export type PageResult =
  | Exclude<BatchResult, { kind: "moved" }>
  /** committed; `noted`: rows that were not known to fail; `more`: rows of the page are left that there was no time for, by now on the lease's `aside` */
  | {
      readonly kind: "passed";
      readonly lease: Lease;
      readonly noted: readonly FailedRow[];
      /** filled */
      readonly rows: number;
      readonly hot: number;
      readonly walBytes: number;
      readonly ms: number;
      readonly more: boolean;
      readonly done: boolean;
    }
  /** rolled back: no row is to blame */
  | { readonly kind: "stopped"; readonly failure: RowFailure };

/** `known`: rows that earlier transactions over this page have tried, which it adds to. Rolls back whatever it does not commit. */
export async function runPage(
  session: OwnedSession,
  revision: FillRevision,
  lease: Lease,
  page: number,
  times: BatchTimes,
  known: Set<string>,
): Promise<PageResult> {
  let stage: "around" | "work" = "around";
  let sent: { readonly sent?: string } = {};
  try {
    const held = await openBatch(session, revision, lease, times);
    if ("kind" in held) return held;
    stage = "work";
    const started = performance.now();
    const { tried, left, more } = await tryPage(session, revision, page, times, known);
    stage = "around";
    const verdict = judgeRows(tried);
    const noted = verdict.failed.map((one) => failedRow(revision, one, page));
    const said = await note(session, revision, verdict.blame, noted);
    if ("sqlstate" in said) {
      await session.run(sql`rollback`);
      return { kind: "stopped", failure: said };
    }
    const window = [page, page + 1] as const;
    const { hot, wal } = await session.one<Seen>(seenText(revision.fill, false));
    const next = Math.max(lease.next, window[1]);
    const aside = replaceIn(lease.aside, window, left || more ? [window] : []);
    const done = verdict.filled + noted.length;
    const progress = done > 0 || next > lease.next || pagesIn(aside) < pagesIn(lease.aside);
    const to = {
      next,
      aside,
      ahead: 0,
      rows: verdict.filled,
      hot: Math.max(0, hot - held.hot),
      wal: (wal - held.wal) / Math.max(1, held.workers),
      progress,
      leaseMs: times.leaseMs,
      holder: times.holder,
    };
    sent = { sent: held.xid };
    await session.run(sql`${advanceText(lease, to)};\ncommit`);
    const counted = { ...lease, batches: lease.batches + 1, aside, ahead: 0 };
    const moved = progress ? { ...counted, next, attempts: 0 } : counted;
    const written = { rows: to.rows, hot: to.hot, walBytes: to.wal, ms: performance.now() - started };
    return { kind: "passed", lease: moved, noted: said, ...written, more, done: isDone(lease, to) };
  } catch (error) {
    await session.run(sql`rollback`).catch(() => undefined);
    if (error instanceof ServerError) return { kind: "failed", stage, error, ...sent };
    throw error;
  }
}

/** Notes them, and returns those that were not known before; or says why the slice has to stop instead. */
async function note(
  session: OwnedSession,
  { id }: FillRevision,
  blame: Verdict["blame"],
  rows: readonly FailedRow[],
): Promise<FailedRow[] | RowFailure> {
  const [first] = rows;
  if (first === undefined) return [];
  const failure = { key: first.key, sqlstate: first.sqlstate, message: first.message };
  if (blame === "statement") return failure;
  const fresh = await noteRows(session, id, rows);
  return (await countUnsettled(session, id)) > UNSETTLED_MOST ? tooMany(failure) : fresh;
}

function failedRow({ fill }: FillRevision, { row, trouble }: Verdict["failed"][number], page: number): FailedRow {
  const key = keyName(fill.key, row.key, row.tid);
  // A message may hold the whole value.
  return {
    values: row.key,
    key,
    page,
    sqlstate: trouble.sqlstate,
    message: [...trouble.message].slice(0, 500).join(""),
  };
}
