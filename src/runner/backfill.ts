/** A fill revision from its start to its end: started, seeded, worked in this process, and marked done after its last row. */
import { availableParallelism, hostname } from "node:os";
import { type DrainOptions, drainFill, seedFill } from "../backfill/fill.js";
import type { Session } from "../db/session.js";
import { ChangeoverError } from "../errors.js";
import { countSlices } from "../journal/fills.js";
import { finishRevision, recordEvent, startRevision } from "../journal/journal.js";
import { retryBlocked } from "../journal/slices.js";
import type { RowFailure } from "../journal/state.js";
import type { Revision } from "../revisions/revision.js";
import { fenced, type RunnerContext, stopReason } from "./context.js";
import { parking } from "./failure.js";

export type FillOptions = Partial<Pick<DrainOptions, "concurrency" | "targetMs" | "leaseMs" | "pollMs" | "progressMs">>;

/**
 * Runs a fill to its end, together with whoever else works on its slices; slices that an earlier run left blocked are
 * tried again. Throws `blocked` (parked in the journal, naming the rows that fail), and, leaving the revision running to
 * be gone on with, `paused`, `interrupted`, `lock` and connection errors. Needs the journal.
 */
export async function runFill(ctx: RunnerContext, revision: Revision, options: FillOptions = {}): Promise<void> {
  const { id, plan, title, fill } = revision;
  if (fill === null) throw new ChangeoverError("internal", `Revision ${id} has no rows to fill.`);
  const began = ctx.ddl.now();
  ctx.emit({ kind: "revision-started", revision: id, plan, title });
  await ctx.db.borrow((session) => fenced(ctx, session, {}, () => start(ctx, session, revision)));
  await parking(
    ctx,
    revision,
    "upgrade",
    () => "fill",
    async () => {
      const work = { id, plan, scope: revision.scope, fill };
      await seedFill(ctx.db, work, ctx.emit);
      const drained = await drainFill(ctx.db, work, {
        concurrency: Math.min(4, availableParallelism()),
        worker: `${hostname()}:${process.pid}`,
        ...options,
        emit: ctx.emit,
        signal: AbortSignal.any([ctx.signal, ctx.lock.lost]),
      });
      if (drained.kind === "blocked") throw blockedBy(revision, drained.failures);
      if (drained.kind === "paused") throw pausedError(plan ?? id);
      if (drained.kind === "aborted") throw stopReason(ctx) ?? stoppedElsewhere(id);
      await ctx.db.borrow((session) => fenced(ctx, session, {}, () => finish(ctx, session, revision)));
    },
  );
  ctx.emit({ kind: "revision-done", revision: id, plan, title, ms: ctx.ddl.now() - began });
}

async function start(ctx: RunnerContext, session: Session, revision: Revision): Promise<void> {
  await startRevision(session, revision, ctx.actor);
  await retryBlocked(session, revision.id);
}

async function finish(ctx: RunnerContext, session: Session, { id, plan }: Revision): Promise<void> {
  const counts = await countSlices(session, id);
  if (counts === null || counts.due + counts.leased + counts.blocked > 0) {
    throw new ChangeoverError("internal", `Fill ${id} was to be finished with slices that are not done.`);
  }
  await finishRevision(session, id);
  await recordEvent(session, { actor: ctx.actor, kind: "revision-done", plan, revision: id });
}

function blockedBy(revision: Revision, failures: readonly RowFailure[]): ChangeoverError {
  const [first] = failures;
  const more = failures.length > 1 ? ` and ${failures.length - 1} more` : "";
  // Without a batch it writes nothing: it looks for rows that should not be there.
  const what = revision.fill?.batch === null ? "A row has to be settled" : "A row cannot be filled";
  return new ChangeoverError("blocked", `${what}: ${first?.key ?? "unknown"}${more}.`, {
    where: `${revision.fill?.table.schema}.${revision.fill?.table.name}`,
    hint: "Mend or delete the row, then run the same command again: it goes on where it stopped.",
    details: failures.map(({ key, sqlstate, message }) => `${key}: ${message} (SQLSTATE ${sqlstate})`),
  });
}

function pausedError(plan: string): ChangeoverError {
  return new ChangeoverError("paused", `The backfill of ${plan} is paused.`, {
    hint: `changeover backfill resume ${plan}`,
  });
}

function stoppedElsewhere(id: string): ChangeoverError {
  return new ChangeoverError("lock", `Revision ${id} is not running any more: someone has begun to undo it.`, {
    hint: "Look at changeover status.",
  });
}
