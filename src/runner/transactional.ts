/** A revision in one transaction: all its steps and its row in the journal, or nothing. */

import type { Session } from "../db/session.js";
import { isConnectionError } from "../db/sqlstate.js";
import {
  type Direction,
  finishRevision,
  recordEvent,
  removeRevision,
  startRevision,
  startUndo,
} from "../journal/journal.js";
import { readMirror, recordMirror } from "../journal/mirror.js";
import type { Revision, Step } from "../revisions/revision.js";
import { loadParser } from "../sql/parser.js";
import { sql } from "../sql/text.js";
import { fenced, type RunnerContext } from "./context.js";
import { underLoad } from "./ddl.js";
import { parking } from "./failure.js";
import { leadingOverViews, lockAll, setLockTimeout } from "./locking.js";
import { locksOf } from "./modes.js";
import { stepsTimeout } from "./patience.js";
import { hasCommitted } from "./settle.js";
import { stepsFor } from "./steps.js";
import { watched } from "./watch.js";

/**
 * Applies (or undoes) a transactional revision under load. Needs the journal. Throws `blocked` when someone has to see why
 * it did not go; `lock`, `interrupted` and connection errors leave nothing behind, and the next run starts afresh.
 */
export async function runTransactional(ctx: RunnerContext, revision: Revision, direction: Direction): Promise<void> {
  const began = ctx.ddl.now();
  const { id, plan, title } = revision;
  const steps = await stepsFor(ctx, revision, direction);
  const locks = locksOf(steps);
  const at = { step: steps[0]?.name ?? revision.name };
  if (direction === "upgrade") ctx.emit({ kind: "revision-started", revision: id, plan, title });
  await parking(
    ctx,
    revision,
    direction,
    () => at.step,
    () =>
      underLoad(
        ctx,
        {
          revision: id,
          step: () => at.step,
          locks,
          stepTimeoutMs: stepsTimeout(steps.map((step) => step.lockTimeoutMs)),
        },
        (lockTimeoutMs) => attempt(ctx, { revision, direction, steps, at, lockTimeoutMs }),
      ),
  );
  const ms = ctx.ddl.now() - began;
  ctx.emit({ kind: direction === "upgrade" ? "revision-done" : "revision-undone", revision: id, plan, title, ms });
}

type Work = {
  readonly revision: Revision;
  readonly direction: Direction;
  readonly steps: readonly Step[];
  /** the step that is running */
  readonly at: { step: string };
  readonly lockTimeoutMs: number;
};

async function attempt(ctx: RunnerContext, work: Work): Promise<void> {
  // A session for each attempt: a cancel that comes late, or a setting that a hand-written step makes, ends with it.
  const session = await ctx.db.open(`ddl ${work.revision.id}`);
  let transactionId: string | null = null;
  try {
    await watched(ctx, { pid: session.pid, maxQueued: ctx.ddl.maxQueued }, () =>
      fenced(ctx, session, {}, async () => {
        const { xid } = await session.one<{ xid: string }>(sql`select pg_current_xact_id()::text as xid`);
        transactionId = xid;
        await carryOut(ctx, session, work);
      }),
    );
  } catch (error) {
    if (transactionId === null || !isConnectionError(error)) throw error;
    if (!(await hasCommitted(ctx, transactionId, work.revision.id, work.direction))) throw error;
  } finally {
    await session.close();
  }
}

async function carryOut(ctx: RunnerContext, session: Session, work: Work): Promise<void> {
  const { revision, direction } = work;
  const { id, plan } = revision;
  const mirrored = plan !== null && (revision.phase === "dual-write" || revision.phase === "contract");
  const stamps = mirrored ? (await readMirror(session, plan)).stamps : {};
  const before = direction === "downgrade" ? await startUndo(session, id, ctx.actor) : null;
  if (direction === "upgrade") await startRevision(session, revision, ctx.actor);
  // Before the locks: nobody is to wait for the parser's loading.
  await loadParser();
  // Parked before it ever committed: there is nothing to undo but the row.
  const steps = before === "blocked" || before === "running" ? [] : work.steps;
  const over = await leadingOverViews(session, steps);
  const began = ctx.ddl.now();
  if (over > 0) await setLockTimeout(session, work.lockTimeoutMs / locksOf(steps.slice(0, over)).length);
  for (const step of steps.slice(0, over)) await carryOutStep(ctx, session, work, step);
  const left = work.lockTimeoutMs - (ctx.ddl.now() - began);
  const allHeld = await lockAll(session, locksOf(steps.slice(over)), left, ctx.ddl.now);
  if (steps.length > 0) await ctx.afterLocks?.(session);
  for (const step of steps.slice(over)) await carryOutStep(ctx, session, work, step);
  // Some lock came only with its step.
  if (!allHeld) await ctx.afterLocks?.(session);
  if (direction === "upgrade") await finishRevision(session, id);
  else await removeRevision(session, id);
  if (mirrored) await recordMirror(session, plan, stamps);
  await recordEvent(session, {
    actor: ctx.actor,
    kind: direction === "upgrade" ? "revision-done" : "revision-undone",
    plan,
    revision: id,
  });
}

async function carryOutStep(ctx: RunnerContext, session: Session, { revision, at }: Work, step: Step): Promise<void> {
  at.step = step.name;
  const began = ctx.ddl.now();
  ctx.emit({ kind: "step-started", revision: revision.id, step: step.name, sql: step.sql });
  await session.query(sql`select set_config('statement_timeout', $1, true)`, [String(step.statementTimeoutMs)]);
  await session.run(step.sql);
  ctx.emit({ kind: "step-done", revision: revision.id, step: step.name, ms: ctx.ddl.now() - began });
}
