/** Between two batches: as long as the plan's limits and the throttle ask for, both of which may change meanwhile. */
import type { Database } from "../../db/pool.js";
import { type Limits, type LimitsNow, readLimits } from "../../journal/limits.js";
import { type Lease, renewLease } from "../../journal/slices.js";
import { sleep } from "../../sleep.js";
import type { Throttle } from "../throttle/throttle.js";
import { type Batch, restAfter } from "./limit.js";

/** So often it looks whether it still has to. */
const LOOK_MS = 500;

type Deps = {
  readonly db: Database;
  readonly plan: string | null;
  readonly leaseMs: number;
  readonly throttle: Throttle;
  readonly signal: AbortSignal;
};

/** False: the lease was lost meanwhile. */
export async function rest(
  { db, plan, leaseMs, throttle, signal }: Deps,
  batch: Batch & { readonly limits: Limits; readonly lease: Lease; readonly done: boolean },
): Promise<boolean> {
  const began = performance.now();
  let limits: Limits & Partial<LimitsNow> = batch.limits;
  for (;;) {
    const { grade } = await throttle.answer();
    // Slower: at work half of the time.
    const asked = Math.max(restAfter(batch, limits), grade === "slower" ? batch.ms : 0);
    const left = grade === "wait" ? Number.POSITIVE_INFINITY : asked - (performance.now() - began);
    // Of a pause the next batch is told, and of a window that has closed, and gives the slice back.
    if (left <= 0 || signal.aborted || limits.paused || (limits.opens ?? null) !== null) return true;
    // A slice that is done waits for nobody: the next one is not begun meanwhile.
    if (batch.done && grade === "wait") return true;
    await sleep(Math.min(left, LOOK_MS), signal);
    if (left <= LOOK_MS) return true;
    if (!batch.done && !(await renewLease(db, batch.lease, leaseMs))) return false;
    limits = await readLimits(db, plan);
  }
}
