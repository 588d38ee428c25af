/**
 * Compares the two sides of every row: in windows, each in a short transaction of its own, by several lanes and processes at
 * once; what is found is looked at again, and counted once.
 */
import type { Database } from "../../db/pool.js";
import { sqlstateOf } from "../../db/sqlstate.js";
import { ChangeoverError } from "../../errors.js";
import type { Emit } from "../../events.js";
import { latestVerification, readVerification, type VerificationRow } from "../../journal/verifications.js";
import { startPace } from "../pace/pace.js";
import type { FillRevision } from "../statements.js";
import type { Declared } from "../throttle/declared.js";
import { Throttles } from "../throttle/throttle.js";
import { type Begin, beginOrJoin, conclude, takenBack } from "./begin.js";
import { type LaneOptions, walkLane } from "./lane.js";
import { Outage, type ReadOptions } from "./reading.js";
import { lookAgain } from "./second.js";

export type VerifyOptions = ReadOptions &
  Pick<Begin, "minPartPages"> &
  Pick<LaneOptions, "leaseMs" | "pollMs"> & {
    readonly emit: Emit;
    /** windows at once in this process, as far as the plan's workers allow; default 1 */
    readonly concurrency?: number | undefined;
    /** how long, before the second look, a transaction is waited for that may hold a row; default a minute */
    readonly waitMs?: number;
    /** what people added to the server's signals */
    readonly declared?: Declared | undefined;
  };

const WAIT_MS = 60_000;

/**
 * Goes on with an unfinished pass over the same file, together with whoever is at it, or begins one. Aborted: the pass so
 * far, without `finishedAt`, to be gone on with next time. A table that gets another file on the way, or one of whose leaves
 * does, is begun again; leaves that come are gone over as well, those that go are forgotten. Throws `drift` where the plan's triggers do not stand, `not-yet` where the plan was taken back, `interrupted` before it began.
 */
export async function verifyFill(
  db: Database,
  revision: FillRevision,
  options: VerifyOptions,
): Promise<VerificationRow> {
  const pass = (await verifyWhileDue(db, revision, options)) ?? (await latestVerification(db, revision.id));
  if (pass !== null) return pass;
  throw new ChangeoverError("interrupted", "Interrupted before the verify began.", {
    hint: "Run the same command again.",
  });
}

/** The same, as long as `due` says so. Null: it is not due (any more), or was aborted. */
export async function verifyWhileDue(
  db: Database,
  revision: FillRevision,
  options: VerifyOptions & Begin,
): Promise<VerificationRow | null> {
  const outage = new Outage(options);
  while (!options.signal.aborted) {
    try {
      const pass = await beginOrJoin(db, revision, options);
      if (pass === null) return null;
      const done = await once(db, revision, pass, options);
      outage.over();
      if (done !== null) return done;
    } catch (error) {
      if (isGone(error)) throw takenBack(revision.plan ?? revision.id);
      await outage.survive(error, startPace(1));
    }
  }
  return null;
}

/** A column, a function or the table: the plan was taken back, or brought to its end, while its rows were compared. */
const isGone = (error: unknown) => /^(42703|42883|42P01)$/.test(sqlstateOf(error) ?? "");

/** Null: there is more to do, or it has to begin again, or it was interrupted. */
async function once(
  db: Database,
  revision: FillRevision,
  pass: VerificationRow,
  options: VerifyOptions,
): Promise<VerificationRow | null> {
  const { signal, emit, targetMs, waitMs = WAIT_MS } = options;
  if (!(await walk(db, revision, pass, options))) return null;
  const look = { verification: pass.id, targetMs, signal, waitMs };
  if ((await lookAgain(db, revision, look)) !== "settled") return null;
  const end = await conclude(db, revision, pass, options);
  if (end === "more") return null;
  if (end !== "over") {
    emit({ kind: "verify-done", plan: revision.plan ?? revision.id, rows: end.rows, mismatches: end.mismatches });
    return end;
  }
  const known = await readVerification(db, pass.id);
  return known?.finishedAt == null ? null : known;
}

/** False: it did not come to its end. */
async function walk(db: Database, revision: FillRevision, pass: VerificationRow, options: VerifyOptions) {
  const stop = new AbortController();
  const told = new Set<string>();
  const throttles = new Throttles(db, options.emit, options.declared);
  const lane: LaneOptions = {
    ...options,
    signal: AbortSignal.any([options.signal, stop.signal]),
    throttle: throttles.of(revision),
    onHeld: (why) => {
      if (told.has(why)) return;
      told.add(why);
      options.emit({ kind: "notice", message: `The verify of ${revision.plan} ${why}` });
    },
  };
  const lanes = Array.from({ length: options.concurrency ?? 1 }, async (_, n) => {
    const end = await walkLane(db, revision, pass, n, lane).catch((error: unknown) => {
      stop.abort();
      throw error;
    });
    if (end === "moved-away") stop.abort();
    return end;
  });
  const ends = await Promise.allSettled(lanes);
  await throttles.close();
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return ends.every((end) => end.status === "fulfilled" && end.value === "walked");
}
