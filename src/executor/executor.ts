/** What carrying out a graph needs, and what came of it. */
import type { Declared } from "../backfill/throttle/declared.js";
import type { Database } from "../db/pool.js";
import type { ChangeoverError } from "../errors.js";
import type { Emit } from "../events.js";
import type { Revision } from "../revisions/revision.js";
import type { DdlPolicy, RunnerContext } from "../runner/context.js";
import type { Bell } from "../sleep.js";

export type Executor = {
  readonly db: Database;
  readonly emit: Emit;
  readonly actor: string;
  readonly signal: AbortSignal;
  /** how long to wait for another runner, in milliseconds */
  readonly lockWaitMs: number;
  readonly ddl: DdlPolicy;
  /** slices at once where a backfill is run in this process */
  readonly concurrency: number;
  /** how often a fill looks for slices that others work on, in milliseconds; for tests */
  readonly pollMs?: number | undefined;
  /** of a fill whose slices somebody works in this process: rings when there may be none left */
  readonly bellOf?: ((revision: string) => Bell) | undefined;
  /** what people added to the server's signals, for a backfill in this process */
  readonly declared?: Declared | undefined;
  /** the folder's revisions */
  readonly folder: readonly Revision[];
  /** as its runners are given it */
  readonly computeOf?: RunnerContext["computeOf"];
};

export type Outcome = {
  readonly ran: readonly Revision[];
  readonly notices: readonly string[];
  /** why it ended before the target; null: it is reached */
  readonly stopped: { readonly kind: "wait" | "blocked"; readonly error: ChangeoverError } | null;
};
