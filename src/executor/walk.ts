/** The way to a target, up or down: decide, lock, decide again, check, run; until it is reached or something stands in it. */
import type { Session } from "../db/session.js";
import { ChangeoverError, isChangeoverError } from "../errors.js";
import type { Direction } from "../journal/journal.js";
import type { Revision } from "../revisions/revision.js";
import type { Decision } from "./decision.js";
import type { Executor, Outcome } from "./executor.js";
import { RunLocks } from "./locks.js";
import { runRevision } from "./run.js";

export type Decided = {
  readonly decision: Decision;
  /** what its runner asks once more under the locks of its revision; undefined: nothing */
  readonly afterLocksOf: (revision: Revision) => ((session: Session) => Promise<void>) | undefined;
};

export type Way = {
  readonly direction: Direction;
  /** from the journal as it is now */
  decide(): Promise<Decided>;
  lockNames(revision: Revision): readonly string[];
  /** under its locks, of a revision that nobody has begun; throws what stands against it */
  check(revision: Revision): Promise<void>;
  /** under its locks: what of it there is to run */
  toRun(revision: Revision): Promise<Revision>;
  /** under its locks, whether somebody has begun it or not */
  note?(revision: Revision): Promise<void>;
};

/** Throws every refusal, what `check` throws, and what a runner throws. */
export async function walk(executor: Executor, way: Way): Promise<Outcome> {
  const ran: Revision[] = [];
  const locks = new RunLocks(executor);
  let shut: string | null = null;
  try {
    for (;;) {
      if (executor.signal.aborted)
        throw new ChangeoverError("interrupted", "Interrupted.", {
          hint: "Run the same command again: it goes on from here.",
        });
      const { decision, afterLocksOf } = await way.decide();
      if (decision.kind === "refuse") throw decision.error;
      if (decision.kind === "done") return { ran, notices: decision.notices, stopped: null };
      if (decision.kind !== "run") return { ran, notices: [], stopped: { kind: decision.kind, error: decision.error } };
      const { revision, again } = decision;
      const { lock, fresh } = await locks.take(way.lockNames(revision));
      // Another runner may have done it while we waited.
      if (fresh) continue;
      if (!again) await way.check(revision);
      await way.note?.(revision);
      try {
        const ctx = { ...executor, lock, afterLocks: afterLocksOf(revision) };
        await runRevision(ctx, await way.toRun(revision), way.direction, executor);
      } catch (error) {
        if (!isChangeoverError(error, "gate")) throw error;
        // Shut since it was decided: decided again, as there may be something else to do.
        if (shut === revision.id) return { ran, notices: [], stopped: { kind: "wait", error } };
        shut = revision.id;
        continue;
      }
      ran.push(revision);
    }
  } finally {
    await locks.release();
  }
}
