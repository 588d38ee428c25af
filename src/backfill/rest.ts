/** Between two batches: as long as the plan's limits ask for, which people may change meanwhile. */
import type { Database } from "../db/pool.js";
import { type Limits, readLimits } from "../journal/limits.js";
import { type Lease, renewLease } from "../journal/slices.js";
import { sleep } from "../sleep.js";
import { type Batch, restAfter } from "./limit.js";

/** So often it looks whether it still has to. */
const LOOK_MS = 500;

type Deps = {
  readonly db: Database;
  readonly plan: string | null;
  readonly leaseMs: number;
  readonly signal: AbortSignal;
};

/** False: the lease was lost meanwhile. */
export async function rest(
  { db, plan, leaseMs, signal }: Deps,
  batch: Batch & { readonly limits: Limits; readonly lease: Lease; readonly done: boolean },
): Promise<boolean> {
  const began = performance.now();
  let { limits } = batch;
  for (;;) {
    const left = restAfter(batch, limits) - (performance.now() - began);
    if (left <= 0 || signal.aborted) return true;
    await sleep(Math.min(left, LOOK_MS), signal);
    if (left <= LOOK_MS) return true;
    if (!batch.done && !(await renewLease(db, batch.lease, leaseMs))) return false;
    limits = await readLimits(db, plan);
  }
}
