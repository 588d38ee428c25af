/**
 * Where a slice stands when its worker cannot know: the connection was lost while a COMMIT was sent, or the server has come
 * back from a crash without what it had not yet written (a batch does not wait for the disk; its rows and the cursor go
 * together). The journal's row tells, once the transaction is over; the fence keeps it right whatever is said before.
 */
import type { Database } from "../db/pool.js";
import { isConnectionError, ServerError } from "../db/sqlstate.js";
import type { Emit } from "../events.js";
import { type Lease, readLease } from "../journal/slices.js";
import { sleep } from "../sleep.js";
import { sql } from "../sql/text.js";
import type { Lane } from "./lane.js";
import type { FillRevision } from "./statements.js";

/** unknown: the server does not say any more, or a server that came after it never knew. */
export type Fate = "committed" | "aborted" | "unknown";

const POLL_MS = 100;

/** Waits until it is over, for as long as `patienceMs`. Throws the connection error when the server stays away for so long. */
export async function fateOf(db: Database, xid: string, patienceMs: number): Promise<Fate> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      const { status } = await db.one<{ status: string | null }>(sql`select pg_xact_status($1::xid8) as status`, [xid]);
      if (status === "committed" || status === "aborted") return status;
      if (status === null || performance.now() >= deadline) return "unknown";
    } catch (error) {
      // 22023: a number that has not been given out, since a crash has taken back that it ever was.
      if (error instanceof ServerError && error.sqlstate === "22023") return "unknown";
      if (!isConnectionError(error) || performance.now() >= deadline) throw error;
    }
    await sleep(POLL_MS);
  }
}

export type Resumed = Lease | "done" | "lost";

/** The lease as the journal has it, if it is still ours; `xid`: of a COMMIT whose answer never came. */
export async function resumeLease(
  {
    db,
    lane,
    emit,
    leaseMs,
  }: { readonly db: Database; readonly lane: Lane; readonly emit: Emit; readonly leaseMs: number },
  { id, plan }: FillRevision,
  lease: Lease,
  xid: string | null,
): Promise<Resumed> {
  if (xid !== null) {
    await lane.drop();
    const fate = await fateOf(db, xid, leaseMs);
    emit({ kind: "commit-settled", revision: id, plan, slice: lease.slice, xid, fate });
  } else {
    emit({
      kind: "notice",
      message: `Slice ${lease.slice} of ${id} goes on from where the journal has it: the server came back without its last batches.`,
    });
  }
  const found = await readLease(db, lease);
  return found ?? "lost";
}
