/** One revision by its runner. */
import type { Direction } from "../journal/journal.js";
import type { Revision } from "../revisions/revision.js";
import { runAutocommit } from "../runner/autocommit.js";
import { runFill } from "../runner/backfill.js";
import type { RunnerContext } from "../runner/context.js";
import { runTransactional } from "../runner/transactional.js";
import type { Executor } from "./executor.js";

/** Returns when it is done; throws `blocked`, `paused`, `interrupted`, and what its statements throw. */
export async function runRevision(
  ctx: RunnerContext,
  revision: Revision,
  direction: Direction,
  { concurrency, pollMs, bellOf, declared }: Pick<Executor, "concurrency" | "pollMs" | "bellOf" | "declared">,
): Promise<void> {
  if (revision.runner === "autocommit") return runAutocommit(ctx, revision, direction);
  // What a fill has written stays when it is undone: the sync keeps it right, or its column goes. Only the record goes.
  if (revision.runner === "transactional" || direction === "downgrade")
    return runTransactional(ctx, revision, direction);
  const poll = pollMs === undefined ? {} : { pollMs };
  return runFill(ctx, revision, { concurrency, ...poll, bell: bellOf?.(revision.id), declared });
}
