/**
 * What one batch of a transform writes: rows read with a cursor, in a short transaction of their own, and their values,
 * computed with no transaction open. As many rows as fit in a portion, whatever the window holds, so that memory stays
 * the same; the batch then comes back for the rest.
 */
import type { OwnedSession } from "../../db/session.js";
import { transaction } from "../../db/transaction.js";
import type { RowKey } from "../../journal/quarantine.js";
import type { RowFailure } from "../../journal/state.js";
import type { FillTransform } from "../../revisions/revision.js";
import { qualified } from "../../sql/identifier.js";
import { sql } from "../../sql/text.js";
import { type BatchTimes, lockTimeoutOf } from "../batch.js";
import type { Step } from "../pace/stride.js";
import { after } from "../quarantine/rows.js";
import { tid } from "../range.js";
import { type CodedTransform, cursorText, type FillRevision, keyName } from "../statements.js";
import { compute, type Failed, hangs, type ReadRow, type Written } from "./compute.js";

export type Portion = {
  readonly written: readonly Written[];
  readonly failed: readonly Failed[];
  /** the address from which the step goes on; null: it has been gone over */
  readonly next: string | null;
};

/** Rows at most, and bytes about, that are read before any of them is written. */
const MOST_ROWS = 1_000;
const MOST_BYTES = 4 * 1024 * 1024;
const FIRST_READ = 16;

/** What of its work is done under a lease: `hung` means the slice has to stop at that row. */
export type Prepared = Portion | { readonly hung: RowFailure };

/** `from`: the address where the step goes on; null: at its beginning. Throws what reading throws. */
export async function prepare(
  session: OwnedSession,
  revision: FillRevision,
  transform: CodedTransform,
  { step, from, times, signal }: { step: Step; from: string | null; times: BatchTimes; signal: AbortSignal },
): Promise<Prepared> {
  const { rows, more } = await readRows(session, revision, transform, step, from, times);
  const rowMs = times.leaseMs / 3;
  const limits = { budgetMs: Math.min(4 * times.targetMs, times.leaseMs / 6), rowMs, signal };
  const { written, failed, taken, hung } = await compute(transform.compute, rows, transform.type, limits);
  const stuck = rows[taken];
  if (hung && stuck !== undefined && taken === 0)
    return { hung: hangs(keyName(revision.fill.key, stuck.key, stuck.tid), rowMs) };
  const last = rows[taken - 1];
  const next = stuck !== undefined ? stuck.tid : more && last !== undefined ? after(last.tid) : null;
  return { written, failed, next };
}

async function readRows(
  session: OwnedSession,
  revision: FillRevision,
  transform: FillTransform,
  { window, of, at }: Step,
  from: string | null,
  times: BatchTimes,
): Promise<{ readonly rows: ReadRow[]; readonly more: boolean }> {
  const options = {
    readOnly: true,
    lockTimeoutMs: lockTimeoutOf(times),
    statementTimeoutMs: Math.max(1_000, 8 * times.targetMs * times.patience),
    // What a row reads like must not depend on who reads it.
    settings: { row_security: "off", DateStyle: "ISO", IntervalStyle: "postgres", TimeZone: "UTC" },
  };
  const params = [from ?? tid(window[0]), tid(window[1]), of - 1, at, revision.id];
  return transaction(session, options, async () => {
    await session.run(sql`lock table only ${qualified(revision.fill.table)} in access share mode`);
    const cursor = session.cursor(cursorText(revision.fill, transform), params);
    const rows: ReadRow[] = [];
    let bytes = 0;
    let more = true;
    // A few first: how many more fit is told by how long those are.
    for (let ask = FIRST_READ; more && rows.length < MOST_ROWS && bytes < MOST_BYTES; ) {
      const read = await cursor.read(ask);
      for (const one of read) {
        rows.push(rowOf(one, transform.columns));
        bytes += bytesOf(one);
      }
      more = read.length === ask;
      const fits = Math.floor((MOST_BYTES - bytes) / Math.max(1, bytes / Math.max(1, rows.length)));
      ask = Math.max(1, Math.min(4 * ask, MOST_ROWS - rows.length, fits));
    }
    await cursor.close();
    return { rows, more };
  });
}

function rowOf([key, place, version, ...values]: readonly unknown[], columns: readonly string[]): ReadRow {
  return {
    key: key as RowKey,
    tid: String(place),
    version: String(version),
    values: Object.fromEntries(columns.map((column, n) => [column, values[n]])),
  };
}

/** About: what is long is text or bytes, or what was read from such. */
function bytesOf(values: readonly unknown[]): number {
  return values.reduce<number>((sum, value) => {
    if (typeof value === "string" || value instanceof Uint8Array) return sum + value.length;
    return sum + (typeof value === "object" && value !== null ? JSON.stringify(value).length : 8);
  }, 0);
}
