/** What becomes of a revision that cannot go on: parked in the journal with the reason, and told to whoever ran it. */
import { isConnectionError, ServerError, SQLSTATE } from "../db/sqlstate.js";
import { ChangeoverError, isChangeoverError } from "../errors.js";
import { blockRevision, type Direction, recordEvent, startRevision } from "../journal/journal.js";
import type { Revision } from "../revisions/revision.js";
import { fenced, type RunnerContext } from "./context.js";

/**
 * The `blocked` error that someone has to see, or null for what the next run simply takes up again: an interruption, a lost
 * lock, a lost connection.
 */
export function asBlocked(error: unknown, revision: Revision, step: string): ChangeoverError | null {
  if (isChangeoverError(error, "blocked")) return error;
  if (!(error instanceof ServerError) || isConnectionError(error)) return null;
  const where = `${revision.file ?? `revision ${revision.id}`}, step ${step}`;
  const details = [error.detail, error.context].filter((line) => line !== undefined);
  if (error.sqlstate === SQLSTATE.uniqueViolation) {
    return new ChangeoverError("blocked", `Duplicate keys: ${error.message} (SQLSTATE ${error.sqlstate}).`, {
      where,
      hint: "Change or remove the rows with the key below, then run the same command again.",
      details,
      cause: error,
    });
  }
  return new ChangeoverError("blocked", `The server refused it: ${error.message} (SQLSTATE ${error.sqlstate}).`, {
    where,
    hint: error.hint ?? "Settle what the server names, then run the same command again.",
    details,
    cause: error,
  });
}

/**
 * Writes the reason into the journal, in a transaction of its own, and throws it. The undo of a transactional revision has
 * changed nothing when it fails: the revision stays as it was, and only the event log tells.
 */
export async function park(
  ctx: RunnerContext,
  revision: Revision,
  direction: Direction,
  reason: ChangeoverError,
): Promise<never> {
  const where = reason.where === undefined ? [] : [reason.where];
  const blocked = {
    code: reason.cause instanceof ServerError ? reason.cause.sqlstate : reason.code,
    message: reason.message,
    hint: reason.hint ?? null,
    details: [...where, ...reason.details],
  };
  await ctx.db.borrow((session) =>
    fenced(ctx, session, {}, async () => {
      if (revision.runner === "transactional") {
        if (direction === "upgrade") {
          await startRevision(session, revision, ctx.actor);
          await blockRevision(session, revision.id, blocked);
        }
      } else {
        await blockRevision(session, revision.id, blocked);
      }
      await recordEvent(session, {
        actor: ctx.actor,
        kind: "revision-blocked",
        plan: revision.plan,
        revision: revision.id,
        data: { direction, ...blocked },
      });
    }),
  );
  ctx.emit({ kind: "revision-blocked", revision: revision.id, plan: revision.plan, reason: reason.message });
  throw reason;
}

/** Runs a revision's work; what someone has to see is parked, everything else is thrown as it came. */
export async function parking(
  ctx: RunnerContext,
  revision: Revision,
  direction: Direction,
  step: () => string,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    const reason = asBlocked(error, revision, step());
    if (reason === null) throw error;
    await park(ctx, revision, direction, reason);
  }
}
