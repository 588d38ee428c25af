/** What working on a slice takes, and how it may end. */
import type { Database } from "../db/pool.js";
import type { Emit } from "../events.js";
import type { Lane } from "./lane.js";
import type { Throttle } from "./throttle/throttle.js";

export type SliceDeps = {
  readonly db: Database;
  readonly lane: Lane;
  readonly throttle: Throttle;
  readonly emit: Emit;
  /** aborted: the batch at hand is finished, and the slice given back */
  readonly signal: AbortSignal;
  readonly targetMs?: number | undefined;
  readonly leaseMs?: number | undefined;
};

/** aborted, waiting, retry: given back, to go on from where it stands. lost: somebody else has it. */
export type SliceOutcome = "done" | "blocked" | "paused" | "aborted" | "waiting" | "retry" | "restarted" | "lost";
