/** A slice is given back after what may pass, to be tried again later by whoever comes. */
import type { Database } from "../db/pool.js";
import type { ServerError } from "../db/sqlstate.js";
import type { Emit } from "../events.js";
import { backOff, type Lease } from "../journal/slices.js";
import { sleep } from "../sleep.js";
import { delay, isWorthAWord } from "./pace/patience.js";
import type { FillRevision } from "./statements.js";

const MOST_MS = 30_000;
/** A cut takes pooled connections, too, one after the other. */
const TRIES = 5;

type Deps = { readonly db: Database; readonly emit: Emit; readonly signal: AbortSignal };

/** When not even that gets through, its lease runs out by itself. */
export async function retryLater(
  { db, emit, signal }: Deps,
  { id, plan }: FillRevision,
  lease: Lease,
  { sqlstate, message }: ServerError,
): Promise<void> {
  const waitMs = delay(lease.attempts, MOST_MS);
  emit({ kind: "slice-retry", revision: id, plan, slice: lease.slice, sqlstate, message, waitMs });
  for (let n = 0; n < TRIES; n += 1) {
    const written = await backOff(db, lease, waitMs, null).catch(() => null);
    if (written !== null) return;
    await sleep(50 * 2 ** n, signal);
  }
}

/** Given back because what is left is locked (by whom, `waiting` says) or was so a moment ago. False: the lease was lost. */
export function waitFor({ db, emit }: Deps, revision: string, lease: Lease, waiting: string | null): Promise<boolean> {
  if (waiting !== null && (waiting !== lease.waiting || isWorthAWord(lease.attempts))) {
    emit({ kind: "notice", message: `Slice ${lease.slice} of ${revision} waits: ${waiting}.` });
  }
  return backOff(db, lease, waiting === null ? 100 : delay(lease.attempts, 5_000), waiting);
}
