/**
 * A revision whose statements cannot run in a transaction. Each is an intent in the journal, the statement, and a done in
 * the journal; a run that died anywhere between is taken up by asking the database what is done.
 */
import type { Session } from "../db/session.js";
import { isConnectionError, ServerError, SQLSTATE, sqlstateOf } from "../db/sqlstate.js";
import { ChangeoverError } from "../errors.js";
import {
  type Direction,
  finishRevision,
  recordEvent,
  removeRevision,
  startRevision,
  startUndo,
  stepDone,
  stepIntent,
} from "../journal/journal.js";
import type { Revision, Step } from "../revisions/revision.js";
import { qualified } from "../sql/identifier.js";
import { sql } from "../sql/text.js";
import { fenced, type RunnerContext } from "./context.js";
import { underLoad } from "./ddl.js";
import { parking } from "./failure.js";
import { healIndex, waitForPredecessor } from "./heal.js";
import { leafSteps } from "./leaves.js";
import { lockAll } from "./locking.js";
import { isGentle, locksOf } from "./modes.js";
import { stepsFor } from "./steps.js";
import { tellingWaits } from "./waits.js";
import { watched } from "./watch.js";

/**
 * Applies (or undoes) an autocommit revision step by step. Needs the journal. Throws `blocked` when someone has to see why
 * it did not go; after `lock`, `interrupted` and connection errors the next run goes on where this one stood.
 */
export async function runAutocommit(ctx: RunnerContext, revision: Revision, direction: Direction): Promise<void> {
  const began = ctx.ddl.now();
  const { id, plan, title } = revision;
  const steps = await stepsFor(ctx, revision, direction);
  await inJournal(ctx, (session) =>
    direction === "upgrade" ? startRevision(session, revision, ctx.actor) : startUndo(session, id, ctx.actor),
  );
  if (direction === "upgrade") ctx.emit({ kind: "revision-started", revision: id, plan, title });
  const at = { step: steps[0]?.name ?? revision.name };
  await parking(
    ctx,
    revision,
    direction,
    () => at.step,
    async () => {
      for (const [index, step] of steps.entries()) {
        at.step = step.name;
        await runStep(ctx, { revision, direction, step, last: index === steps.length - 1 });
      }
      if (steps.length === 0) await inJournal(ctx, (session) => end(ctx, session, revision, direction));
    },
  );
  const ms = ctx.ddl.now() - began;
  ctx.emit({ kind: direction === "upgrade" ? "revision-done" : "revision-undone", revision: id, plan, title, ms });
}

/** So often leaves may come or go under one step. */
const ROUNDS = 5;

type Work = {
  readonly revision: Revision;
  readonly direction: Direction;
  readonly step: Step;
  readonly last: boolean;
};

async function runStep(ctx: RunnerContext, work: Work): Promise<void> {
  const { revision, direction, step, last } = work;
  const began = ctx.ddl.now();
  // A hand-written statement may have no query to ask. What the journal has as done is not run again; what was begun and
  // not recorded is.
  if (step.done === null && (await wasDone(ctx, work))) return;
  await inJournal(ctx, (session) => stepIntent(session, revision.id, direction, step.name));
  await waitForPredecessor(ctx, revision.id);
  ctx.emit({ kind: "step-started", revision: revision.id, step: step.name, sql: step.sql });
  if (step.each === undefined) await carryOut(ctx, work);
  else await carryOutEach(ctx, work);
  if (step.done !== null && !(await isDone(ctx, step))) {
    throw new ChangeoverError("blocked", `Step ${step.name} ran without an error, but its check says it is not done.`, {
      where: revision.file ?? `revision ${revision.id}`,
      hint: "Look at what the check asks for, settle it, and run the same command again.",
      details: [step.done],
    });
  }
  await inJournal(ctx, async (session) => {
    await stepDone(session, revision.id, direction, step.name);
    if (last) await end(ctx, session, revision, direction);
  });
  ctx.emit({ kind: "step-done", revision: revision.id, step: step.name, ms: ctx.ddl.now() - began });
}

async function carryOut(ctx: RunnerContext, work: Work): Promise<void> {
  const { revision, step } = work;
  const gentle = isGentle(step);
  // A gentle statement keeps nobody out, so there is nobody to look for and no time to keep.
  await underLoad(
    ctx,
    {
      revision: revision.id,
      step: () => step.name,
      locks: gentle ? [] : locksOf([step]),
      stepTimeoutMs: step.lockTimeoutMs,
    },
    (lockTimeoutMs) => attempt(ctx, work, gentle ? null : Math.ceil(lockTimeoutMs / Math.max(1, step.locks.length))),
  );
}

/** Leaves come and go: what is left to do is looked up again until it is done, or nothing more can be done about it. */
async function carryOutEach(ctx: RunnerContext, work: Work): Promise<void> {
  const { revision, step } = work;
  for (let round = 1; !(await isDone(ctx, step)); round += 1) {
    const { steps, itself } = await leafSteps(ctx.db, revision, step);
    try {
      for (const one of steps) {
        ctx.emit({ kind: "step-started", revision: revision.id, step: step.name, sql: one.sql });
        await carryOut(ctx, { ...work, step: one });
      }
      if (itself) await carryOut(ctx, work);
    } catch (error) {
      const gone = [SQLSTATE.undefinedTable, SQLSTATE.undefinedObject] as const;
      if (round >= ROUNDS || !gone.some((state) => state === sqlstateOf(error))) throw error;
    }
    if (round >= ROUNDS || (steps.length === 0 && !itself)) return;
  }
}

/** @param lockTimeoutMs null: as long as it takes, but for a lost lock or an interruption */
async function attempt(ctx: RunnerContext, work: Work, lockTimeoutMs: number | null): Promise<void> {
  const { revision, step } = work;
  if (step.heals !== null) await healIndex(ctx, revision.id, step.heals);
  if (await isDone(ctx, step)) return;
  const session = await ctx.db.open(`ddl ${revision.id}`);
  try {
    await session.query(sql`select set_config('lock_timeout', $1, false), set_config('statement_timeout', $2, false)`, [
      String(lockTimeoutMs ?? 0),
      String(lockTimeoutMs === null ? 0 : step.statementTimeoutMs),
    ]);
    // Such a statement cannot be fenced itself: the least that can be done is to ask right before it.
    await fenced(ctx, session, {}, async () => ctx.afterLocks?.(session));
    const maxQueued = lockTimeoutMs === null ? null : ctx.ddl.maxQueued;
    const tree = lockTimeoutMs !== null && revision.plan !== null && (await hasPartitions(session, step));
    const at = { revision: revision.id, step: step.name, tables: step.locks.map(({ table }) => table) };
    await tellingWaits(ctx, at, session.pid, () =>
      watched(ctx, { pid: session.pid, maxQueued }, () =>
        tree ? atOnce(ctx, session, step, lockTimeoutMs) : session.run(step.sql),
      ),
    );
  } catch (error) {
    if (!(error instanceof ServerError) || isConnectionError(error)) throw error;
    // A predecessor may have finished it a moment ago, so that ours found nothing left to do.
    if (await isDone(ctx, step)) return;
    // An INVALID unique index already refuses the application's duplicates: it must not stay while someone looks into it.
    if (step.heals !== null) await healIndex(ctx, revision.id, step.heals);
    throw error;
  } finally {
    await session.close();
  }
}

async function hasPartitions(session: Session, { locks }: Step): Promise<boolean> {
  const { some } = await session.one<{ some: boolean }>(
    sql`select exists (select from pg_class where relkind = 'p' and oid in (select to_regclass(t) from unnest($1::text[]) t)) as some`,
    [locks.map(({ table }) => qualified(table))],
  );
  return some;
}

/** Over a table and its partitions: all locks first, within one time, or the last ones would be waited for while the first are held. */
function atOnce(ctx: RunnerContext, session: Session, step: Step, lockTimeoutMs: number): Promise<unknown> {
  return fenced(ctx, session, {}, async () => {
    await lockAll(session, locksOf([step]), lockTimeoutMs, ctx.ddl.now);
    await session.run(step.sql);
  });
}

async function isDone(ctx: RunnerContext, step: Step): Promise<boolean> {
  if (step.done === null) return false;
  return Object.values(await ctx.db.one(step.done))[0] === true;
}

async function wasDone(ctx: RunnerContext, { revision, direction, step }: Work): Promise<boolean> {
  const row = await ctx.db.maybeOne(
    sql`select from changeover.step where revision = $1 and direction = $2 and name = $3 and state = 'done'`,
    [revision.id, direction, step.name],
  );
  return row !== null;
}

async function end(ctx: RunnerContext, session: Session, revision: Revision, direction: Direction): Promise<void> {
  const { id, plan } = revision;
  if (direction === "upgrade") await finishRevision(session, id);
  else await removeRevision(session, id);
  const kind = direction === "upgrade" ? "revision-done" : "revision-undone";
  await recordEvent(session, { actor: ctx.actor, kind, plan, revision: id });
}

async function inJournal(ctx: RunnerContext, work: (session: Session) => Promise<unknown>): Promise<void> {
  await ctx.db.borrow((session) => fenced(ctx, session, {}, work));
}
