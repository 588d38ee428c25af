/**
 * The page on which a batch fails, row by row: what fails alone is noted and passed, in the transaction that moves the
 * slice on. Its rows are locked at once and without waiting; what a row waits for (its triggers and foreign keys may ask for
 * more) ends with the transaction's age as in a batch, because who waits for one row may hold what the next ones ask for.
 */
import type { OwnedSession } from "../../db/session.js";
import { ServerError } from "../../db/sqlstate.js";
import type { FailedRow } from "../../journal/quarantine.js";
import { advanceText, isDone, type Lease } from "../../journal/slices.js";
import { sql } from "../../sql/text.js";
import { type BatchResult, type BatchTimes, openBatch } from "../batch.js";
import { pagesIn, replaceIn } from "../range.js";
import { type FillRevision, type Seen, seenText } from "../statements.js";
import type { Portion } from "../transform/portion.js";
import { noteFailing } from "./note.js";
import { tryPage } from "./try-page.js";
import { judgeRows } from "./verdict.js";

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
    };

/**
 * `known`: rows that earlier transactions over this page have tried, which it adds to. `portion`: of a transform, what it
 * gave for rows of the page. Rolls back whatever it does not commit.
 */
export async function runPage(
  session: OwnedSession,
  revision: FillRevision,
  lease: Lease,
  page: number,
  times: BatchTimes,
  known: Set<string>,
  portion: Portion | null = null,
): Promise<PageResult> {
  let stage: "around" | "work" = "around";
  let sent: { readonly sent?: string } = {};
  try {
    const held = await openBatch(session, revision, lease, times);
    if ("kind" in held) return held;
    stage = "work";
    const started = performance.now();
    const { tried, left, more } = await tryPage(session, revision, page, times, known, portion);
    stage = "around";
    const verdict = judgeRows(tried);
    const said = await noteFailing(session, revision, lease.part?.relation ?? 0, verdict.blame, verdict.failed);
    if ("sqlstate" in said) {
      await session.run(sql`rollback`);
      return { kind: "stopped", failure: said };
    }
    const window = [page, page + 1] as const;
    const { hot, wal } = await session.one<Seen>(seenText(revision.fill, false));
    const next = Math.max(lease.next, window[1]);
    const aside = replaceIn(lease.aside, window, left || more ? [window] : []);
    const done = verdict.filled + verdict.failed.length;
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
