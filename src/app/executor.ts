/** The executor as a command needs it: this folder, this database, this command's patience. */
import { availableParallelism } from "node:os";
import type { Executor } from "../executor/executor.js";
import type { Revision } from "../revisions/revision.js";
import { DEFAULT_DDL_POLICY } from "../runner/context.js";
import type { AppContext } from "./context.js";
import { loadTransform } from "./transform.js";

export type Patience = {
  /** milliseconds to wait for another runner */
  readonly lockWaitMs: number;
  /** milliseconds to try for a table's lock before the revision is parked; null: the default, half an hour */
  readonly deadlineMs: number | null;
};

export function executorFor(
  app: AppContext,
  folder: readonly Revision[],
  patience: Patience,
  concurrency: number | null,
): Executor {
  const { deadlineMs, lockWaitMs } = patience;
  return {
    db: app.database(),
    emit: app.emit,
    actor: app.actor,
    signal: app.signal,
    lockWaitMs,
    ddl: { ...DEFAULT_DDL_POLICY, now: app.now, ...(deadlineMs === null ? {} : { deadlineMs }) },
    concurrency: concurrency ?? defaultConcurrency(),
    declared: app.config.throttle,
    folder,
    computeOf: (revision) => loadTransform(app, revision),
  };
}

export function defaultConcurrency(): number {
  return Math.min(4, availableParallelism());
}
