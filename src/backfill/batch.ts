/**
 * One short transaction: rows of a window filled, and the slice's cursor moved with them.
 *
 * The statement is the revision's reviewed text. Its best shape, by measurement (1 M rows of 130 B, primary key and two
 * indexes, sync trigger, 512-page windows, 2 workers; thousand rows a second on PostgreSQL 18 / 14):
 *     update t set b = a where ctid = any (array(
 *       select ctid from t where ctid >= $1 and ctid < $2 and <due> for no key update skip locked))     103 / 130
 *     update t set b = a where ctid >= $1 and ctid < $2 and <due>      (waits for locked rows)        107 / 108
 *     with due as (select ctid … skip locked) update t … from due where t.ctid = due.ctid               85 /  95
 *     one UPDATE of the whole table                                                                     92 /  99
 * The join is planned as a hash over a sequential scan of the whole table for every window, so its cost grows with the
 * table. The array is an InitPlan (LockRows over a TID range scan) under a plain TID scan, whatever the statistics say.
 */
import type { OwnedSession } from "../db/session.js";
import { isContention, ServerError, sqlstateOf } from "../db/sqlstate.js";
import { type Limits, limitsFrom } from "../journal/limits.js";
import type { FailedRow } from "../journal/quarantine.js";
import {
  advanceText,
  type Held,
  type Holder,
  holdText,
  isDone,
  type Lease,
  type PageRange,
} from "../journal/slices.js";
import type { RowFailure } from "../journal/state.js";
import { qualified } from "../sql/identifier.js";
import { integer } from "../sql/literal.js";
import { type SqlText, sql } from "../sql/text.js";
import type { Step } from "./pace/stride.js";
import { isLeafGone } from "./part.js";
import { noteFailing } from "./quarantine/note.js";
import { pagesIn, rangesOf, replaceIn, tid } from "./range.js";
import { duePagesText, type FillRevision, looksOnly, type Seen, seenText } from "./statements.js";
import type { Portion } from "./transform/portion.js";
import { writeRows } from "./transform/write.js";

export type BatchTimes = {
  /** the session that works; null: not known; absent: the lease keeps the one it names */
  readonly holder?: Holder | null;
  readonly targetMs: number;
  readonly leaseMs: number;
  readonly deadlockTimeoutMs: number;
  /** times 4 targets may a statement run; more than 1 only where a single page takes longer than that */
  readonly patience: number;
};

/** Why nothing can be done under a lease. */
export type Refused =
  /** the lease is somebody else's, or the revision does not run any more */
  | { readonly kind: "lost" }
  | { readonly kind: "paused" }
  /** the journal has the slice elsewhere than the lease says: a crash of the server has taken batches back */
  | { readonly kind: "behind" }
  /** the table's file is another one: the page numbers mean nothing any more */
  | { readonly kind: "moved-away" };

export type BatchResult =
  | Refused
  /** committed; `left`: pages of what the step closed that still have due rows, by now on the lease's `aside` */
  | {
      readonly kind: "moved";
      readonly lease: Lease;
      readonly rows: number;
      /** of its updates, those that stayed on their page */
      readonly hot: number;
      /** the transaction's */
      readonly xid: string;
      /** bytes that the whole server wrote meanwhile */
      readonly wal: number;
      /** of these, this worker's share */
      readonly walBytes: number;
      readonly limits: Limits;
      /** slices of this fill that were worked on */
      readonly workers: number;
      readonly left: PageRange[];
      readonly ms: number;
      readonly done: boolean;
      /** of a transform: rows that were not known to fail */
      readonly noted: readonly FailedRow[];
    }
  /** rolled back: no row is to blame */
  | { readonly kind: "stopped"; readonly failure: RowFailure }
  | Failed;

/** The server said no, or nothing any more. */
export type Failed = {
  readonly kind: "failed";
  /** work: in the statement that fills rows; around: in what surrounds it */
  readonly stage: "around" | "work";
  readonly error: ServerError;
  /** the transaction, once its COMMIT was sent */
  readonly sent?: string;
};

/**
 * `work` null only puts the pages aside, for when their rows cannot be had now. Rolls back whatever it does not commit.
 */
export async function runBatch(
  session: OwnedSession,
  revision: FillRevision,
  lease: Lease,
  step: Step,
  times: BatchTimes,
  work: Work | null = "fill",
): Promise<BatchResult> {
  let stage: "around" | "work" = "around";
  let sent: { readonly sent?: string } = {};
  try {
    const before = await openBatch(session, revision, lease, times);
    if ("kind" in before) return before;
    stage = "work";
    const started = performance.now();
    const rows = await fillRows(session, revision, step, work);
    const { hot, wal, left } = await look(session, revision, step, work !== null);
    const ms = performance.now() - started;
    stage = "around";
    const failing = work === null || work === "fill" ? [] : work.failed;
    const noted = await noteFailing(session, revision, lease.part?.relation ?? 0, "rows", failing);
    if ("sqlstate" in noted) {
      await session.run(sql`rollback`);
      return { kind: "stopped", failure: noted };
    }
    const next = Math.max(lease.next, step.closes?.[1] ?? 0);
    const aside = step.closes === null ? lease.aside : replaceIn(lease.aside, step.closes, left);
    const progress = rows + failing.length > 0 || next > lease.next || pagesIn(aside) < pagesIn(lease.aside);
    const ahead = step.closes === null ? lease.ahead + (step.window[1] - step.window[0]) / step.of : 0;
    const written = { rows, hot: Math.max(0, hot - before.hot), wal: (wal - before.wal) / Math.max(1, before.workers) };
    const to = { next, aside, ahead, ...written, progress, leaseMs: times.leaseMs, holder: times.holder };
    sent = { sent: before.xid };
    await session.run(sql`${advanceText(lease, to)};\ncommit`);
    const counted = { ...lease, batches: lease.batches + 1, aside, ahead };
    const moved = progress ? { ...counted, next, attempts: 0 } : counted;
    const done = isDone(lease, to);
    const limits = limitsFrom(before.limits, before.now);
    const seen = {
      hot: to.hot,
      xid: before.xid,
      wal: wal - before.wal,
      walBytes: to.wal,
      limits,
      workers: before.workers,
    };
    return { kind: "moved", lease: moved, rows, ...seen, left, ms, done, noted };
  } catch (error) {
    await session.run(sql`rollback`).catch(() => undefined);
    if (error instanceof ServerError) return { kind: "failed", stage, error, ...sent };
    throw error;
  }
}

/** "fill": by the revision's own statement. Of a transform, what it gave. */
export type Work = "fill" | Pick<Portion, "written" | "failed">;

function fillRows(session: OwnedSession, { fill }: FillRevision, step: Step, work: Work | null): Promise<number> {
  if (work === null) return Promise.resolve(0);
  if (work !== "fill")
    return fill.transform === null ? Promise.resolve(0) : writeRows(session, fill.transform, work.written);
  return fill.batch === null ? Promise.resolve(0) : session.run(fill.batch, paramsOf(step));
}

/** Begins a transaction that holds the slice to its end; or says why not, with nothing left open. */
export async function openBatch(
  session: OwnedSession,
  revision: FillRevision,
  lease: Lease,
  times: BatchTimes,
): Promise<Held | Refused> {
  // Simple protocol, several statements at once: the text holds only names, integers and quoted literals.
  const hold = holdText(lease, revision.fill.table, revision.parent ?? null);
  const text = sql`${beginText(revision, times)};\n${hold}`;
  let held: Held | undefined;
  try {
    [held] = await session.query<Held>(text);
  } catch (error) {
    if (!isLeafGone(revision, error)) throw error;
    await session.run(sql`rollback`);
    return { kind: "moved-away" };
  }
  const refused = refusal(held, lease);
  if (held !== undefined && refused === null) return held;
  await session.run(sql`rollback`);
  return refused ?? { kind: "lost" };
}

function refusal(held: Held | undefined, lease: Lease): Refused | null {
  if (held === undefined) return { kind: "lost" };
  if (held.batches !== lease.batches) return { kind: "behind" };
  if (held.paused) return { kind: "paused" };
  // TRUNCATE and rewrites give the table a new file; the lock keeps this one until our end.
  return held.same_file ? null : { kind: "moved-away" };
}

const paramsOf = ({ window, of, at }: Step) => [tid(window[0]), tid(window[1]), of - 1, at];

/** After the update: how many of its rows stayed on their page, and what is left of the pages that the step closes. */
async function look(session: OwnedSession, revision: FillRevision, { closes }: Step, fill: boolean) {
  if (closes === null || !fill) {
    const { hot, wal } = await session.one<Seen>(seenText(revision.fill, false));
    return { hot, wal, left: closes === null ? [] : [closes] };
  }
  const params = [tid(closes[0]), tid(closes[1])];
  const { hot, wal, n } = await session.one<Seen>(seenText(revision.fill, true), params);
  if (n === 0) return { hot, wal, left: [] };
  const pages = await session.query<{ page: number }>(duePagesText(revision.fill), [...params, revision.id]);
  // A row that was filled between the two statements has left no page: then nothing is due any more.
  const left = rangesOf(pages.map(({ page }) => page).filter((page) => page >= closes[0] && page < closes[1]));
  return { hot, wal, left };
}

/**
 * Every wait of ours must end before a deadlock check of an application that waits for us: the age of the transaction
 * plus its lock_timeout stays below deadlock_timeout, so that it is ours that gives up. A slow single page may
 * take longer; then its statements still wait for no lock longer than before.
 */
export function beginText(revision: FillRevision, times: BatchTimes): SqlText {
  const lockTimeout = lockTimeoutOf(times);
  const statement = Math.min(4 * times.targetMs, times.deadlockTimeoutMs * 0.9) * times.patience;
  const bypass = revision.fill.userTriggers === "bypass" ? sql`set local session_replication_role = replica;` : sql``;
  // Rows that a policy hides would silently stay unfilled: with row_security off the server says so instead.
  // A frozen client must not keep its rows locked, nor its slice from being taken over.
  // Not waiting for the disk loses nothing: the cursor is in the same transaction, and what comes after is in the log after.
  return sql`begin isolation level read committed read write;
set local lock_timeout = ${integer(lockTimeout)};
set local statement_timeout = ${integer(Math.max(100, Math.floor(statement)))};
set local idle_in_transaction_session_timeout = ${integer(Math.floor(times.leaseMs / 2))};
set local row_security = off;
set local changeover.backfill = 'on';
set local synchronous_commit = off;
${bypass}
set constraints all immediate;
lock table only ${qualified(revision.fill.table)} in ${looksOnly(revision) ? sql`access share` : sql`row exclusive`} mode`;
}

export function lockTimeoutOf({ deadlockTimeoutMs }: BatchTimes): number {
  return Math.max(10, Math.floor(Math.min(300, deadlockTimeoutMs * 0.3)));
}

/** What may pass by itself. */
export function mayPass(error: ServerError): boolean {
  return isContention(error) || isLost(error) || sqlstateOf(error) === "57014" || error.sqlstate.startsWith("53");
}

/** The connection is gone or going: 25P03 is the server's answer to a client that stood still in a transaction. */
export function isLost(error: ServerError): boolean {
  return error.sqlstate.startsWith("08") || /^(57P0[1-5]|25P03|53300)$/.test(error.sqlstate);
}
