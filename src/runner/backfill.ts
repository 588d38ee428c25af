/** A fill revision from its start to its end: started, seeded, worked in this process, and marked done after its last row. */
import { availableParallelism, hostname } from "node:os";
import { type Drained, type DrainOptions, drainFill, seedFill } from "../backfill/fill.js";
import type { Session } from "../db/session.js";
import { ChangeoverError } from "../errors.js";
import { tellWorkers } from "../journal/control.js";
import { countSlices } from "../journal/fills.js";
import { finishRevision, recordEvent, startRevision } from "../journal/journal.js";
import { pausedError } from "../journal/paused.js";
import { retryRows } from "../journal/quarantine.js";
import { retryBlocked } from "../journal/slices.js";
import { writes } from "../revisions/fills.js";
import type { Revision } from "../revisions/revision.js";
import { fenced, type RunnerContext, stopReason } from "./context.js";
import { parking } from "./failure.js";

export type FillOptions = Partial<
  Pick<DrainOptions, "concurrency" | "targetMs" | "leaseMs" | "pollMs" | "bell" | "progressMs" | "declared">
>;

/**
 * Runs a fill to its end, together with whoever else works on its slices; what an earlier run left unfilled (rows in
 * quarantine, slices that stopped) is tried again. Throws `blocked` (parked in the journal, naming the rows that fail), and, leaving the revision running to
 * be gone on with, `paused`, `interrupted`, `lock` and connection errors. Needs the journal.
 */
export async function runFill(ctx: RunnerContext, revision: Revision, options: FillOptions = {}): Promise<void> {
  const { id, plan, title, fill } = revision;
  if (fill === null) throw new ChangeoverError("internal", `Revision ${id} has no rows to fill.`);
  // Before anything is written down: without its code there is nothing to begin here. Where others work the slices, it is theirs.
  const compute = options.concurrency === 0 ? null : ((await ctx.computeOf?.(revision)) ?? null);
  const began = ctx.ddl.now();
  ctx.emit({ kind: "revision-started", revision: id, plan, title });
  await ctx.db.borrow((session) => fenced(ctx, session, {}, () => start(ctx, session, revision)));
  await parking(
    ctx,
    revision,
    "upgrade",
    () => "fill",
    async () => {
      const work = { id, plan, scope: revision.scope, fill, compute: compute ?? undefined };
      await seedFill(ctx.db, work, ctx.emit);
      const drained = await drainFill(ctx.db, work, {
        concurrency: Math.min(4, availableParallelism()),
        worker: `${hostname()}:${process.pid}`,
        ...options,
        emit: ctx.emit,
        signal: AbortSignal.any([ctx.signal, ctx.lock.lost]),
      });
      if (drained.kind === "blocked") throw blockedBy(revision, drained);
      if (drained.kind === "paused") throw pausedError(plan ?? id, { by: null, opens: drained.opens ?? null });
      if (drained.kind === "aborted") throw stopReason(ctx) ?? stoppedElsewhere(id);
      await ctx.db.borrow((session) => fenced(ctx, session, {}, () => finish(ctx, session, revision)));
    },
  );
  ctx.emit({ kind: "revision-done", revision: id, plan, title, ms: ctx.ddl.now() - began });
}

async function start(ctx: RunnerContext, session: Session, revision: Revision): Promise<void> {
  await startRevision(session, revision, ctx.actor);
  await retryBlocked(session, revision.id);
  await retryRows(session, revision.id, null);
  await tellWorkers(session, revision.id);
}

async function finish(ctx: RunnerContext, session: Session, { id, plan }: Revision): Promise<void> {
  const counts = await countSlices(session, id);
  if (counts === null || counts.due + counts.leased + counts.blocked + counts.quarantined > 0) {
    throw new ChangeoverError(
      "internal",
      `Fill ${id} was to be finished with slices that are not done, or rows that nobody has settled.`,
    );
  }
  await finishRevision(session, id);
  await recordEvent(session, { actor: ctx.actor, kind: "revision-done", plan, revision: id });
}

function blockedBy(revision: Revision, { failures, quarantined, stopped }: Drained & { kind: "blocked" }) {
  const [first] = failures;
  const more = quarantined > 1 ? ` and ${quarantined - 1} more` : "";
  // Without a batch it writes nothing: it looks for rows that should not be there.
  const what = revision.fill !== null && !writes(revision.fill) ? "A row has to be settled" : "A row cannot be filled";
  const untold = quarantined - failures.length;
  const skip = `changeover backfill quarantine skip ${revision.plan ?? revision.id} --row ROW --reason "…"`;
  return new ChangeoverError("blocked", `${what}: ${first?.key ?? "unknown"}${more}.`, {
    where: `${revision.fill?.table.schema}.${revision.fill?.table.name}`,
    hint:
      stopped > 0
        ? "Mend what is named, then run the same command again: it goes on where it stopped."
        : `All other rows are filled. Mend or delete ${quarantined === 1 ? "it" : "them"} and run the same command again, or let a row stay as it is: ${skip}`,
    details: [
      ...failures.map(({ key, sqlstate, message }) => `${key}: ${message} (SQLSTATE ${sqlstate})`),
      ...(untold > 0
        ? [`and ${untold} more: changeover backfill quarantine list ${revision.plan ?? ""}`.trimEnd()]
        : []),
    ],
  });
}

function stoppedElsewhere(id: string): ChangeoverError {
  return new ChangeoverError("lock", `Revision ${id} is not running any more: someone has begun to undo it.`, {
    hint: "Look at changeover status.",
  });
}
