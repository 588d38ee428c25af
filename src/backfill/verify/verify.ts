/** Compares the two sides of every row, window by window, each in a read transaction of its own. */
import type { Database } from "../../db/pool.js";
import type { Session } from "../../db/session.js";
import { isConnectionError } from "../../db/sqlstate.js";
import { ChangeoverError } from "../../errors.js";
import type { Emit } from "../../events.js";
import { readLimits } from "../../journal/limits.js";
import { mirrorBroken, readMirror } from "../../journal/mirror.js";
import type { PageRange } from "../../journal/slices.js";
import type { Verification } from "../../journal/state.js";
import {
  advanceVerification,
  extendVerification,
  finishVerification,
  openVerification,
  startVerification,
  type VerificationRow,
} from "../../journal/verifications.js";
import { outsideWords } from "../../journal/windows.js";
import { sleep } from "../../sleep.js";
import { integer } from "../../sql/literal.js";
import { sql } from "../../sql/text.js";
import { DEFAULT_TARGET_MS, nextPace, startPace } from "../pace/pace.js";
import { type FillRevision, keyName, mismatchesText, skippedText, verifyText } from "../statements.js";
import { Throttles } from "../throttle/throttle.js";
import { fileOf, Outage, type ReadOptions, readWindow } from "./reading.js";

export type VerifyOptions = ReadOptions & {
  readonly emit: Emit;
  /** how long a window with mismatches is left alone before it is looked at again */
  readonly recheckMs?: number;
};

/** Of so many mismatches the keys are kept. */
const KEYS = 20;
const RECHECKS = 2;
/** While the server shows distress it looks so often whether it still does. */
const HELD_BACK_MS = 500;

/**
 * Goes on with an unfinished pass over the same file, or begins one. Aborted: the pass so far, without `finishedAt`, to be
 * gone on with next time. A table that gets another file on the way is begun again. Throws `internal` when another
 * verification of the revision takes the pass away, and `drift` where the plan's triggers do not stand.
 */
export async function verifyFill(db: Database, revision: FillRevision, options: VerifyOptions): Promise<Verification> {
  const plan = revision.plan ?? revision.id;
  const outage = new Outage(options);
  let pass = await begin(db, revision);
  let pace = startPace();
  let extended = false;
  let told: string | null = null;
  const throttle = new Throttles(db, options.emit).of(revision);
  while (!options.signal.aborted) {
    try {
      const { opens } = await readLimits(db, revision.plan);
      if (opens !== null && opens !== told) {
        options.emit({ kind: "notice", message: `The verify of ${plan} is ${outsideWords(opens)}.` });
      }
      told = opens;
      const { grade } = opens === null ? await throttle.answer() : { grade: "wait" };
      if (grade === "wait") {
        await sleep(HELD_BACK_MS, options.signal);
        continue;
      }
      if (pass.next >= pass.pages) {
        const { pages, filenode } = await fileOf(db, revision, options.targetMs);
        if (filenode === pass.filenode && (pages <= pass.pages || extended)) {
          const finished = held(await finishVerification(db, pass.id));
          options.emit({ kind: "verify-done", plan, rows: finished.rows, mismatches: finished.mismatches });
          return verdict(finished);
        }
        // Rows that came meanwhile are the triggers' work, which is worth one look; more would never end.
        extended = filenode === pass.filenode;
        pass = extended ? held(await extendVerification(db, pass.id, pages)) : await begin(db, revision);
        continue;
      }
      const window = [pass.next, Math.min(pass.next + pace.pages, pass.pages)] as const;
      const seen = await lookAt(db, revision, pass, window, options);
      outage.over();
      if (seen === "moved-away") {
        pass = await begin(db, revision);
        extended = false;
        continue;
      }
      pace = nextPace(pace, { pages: window[1] - window[0], ms: seen.ms }, options.targetMs ?? DEFAULT_TARGET_MS);
      pass = held(await advanceVerification(db, pass.id, { from: window[0], next: window[1], ...seen.value }, KEYS));
      const { rows, mismatches } = pass;
      options.emit({ kind: "verify-progress", plan, rows, mismatches, fraction: pass.next / pass.pages });
      if (grade === "slower") await sleep(seen.ms, options.signal);
    } catch (error) {
      pace = await outage.survive(error, pace);
      // The write that failed may have been carried out.
      if (isConnectionError(error)) pass = await begin(db, revision).catch(() => pass);
    }
  }
  return verdict(pass);
}

async function begin(db: Database, revision: FillRevision): Promise<VerificationRow> {
  const plan = revision.plan ?? revision.id;
  const { faults, stamps } = await readMirror(db, plan);
  if (faults.length > 0) throw mirrorBroken(plan, faults);
  const file = await fileOf(db, revision);
  return (
    (await openVerification(db, revision.id, file.filenode, stamps)) ??
    (await startVerification(db, revision.id, file, stamps))
  );
}

/** One window, looked at again before a mismatch counts. */
async function lookAt(
  db: Database,
  revision: FillRevision,
  pass: VerificationRow,
  window: PageRange,
  options: VerifyOptions,
) {
  const place = { filenode: pass.filenode, window, targetMs: options.targetMs };
  for (let look = 0; ; look += 1) {
    const seen = await readWindow(db, revision, place, async (session, tids) => {
      const counts = await session.one<{ rows: number; mismatches: number; lost: number }>(
        verifyText(revision.fill),
        tids,
      );
      const apart = await apartOf(session, revision, tids, counts.mismatches);
      const named = apart.mismatches > 0 && look >= RECHECKS;
      const keys = named ? await keysOf(session, revision, tids, KEYS - pass.keys.length) : [];
      return { ...counts, ...apart, keys };
    });
    if (seen === "moved-away" || seen.value.mismatches === 0 || look >= RECHECKS) return seen;
    await sleep(options.recheckMs ?? 200, options.signal);
  }
}

/** Of rows that are not in step, those that someone has skipped: looked for only where there are any, in one snapshot. */
async function apartOf(session: Session, revision: FillRevision, tids: readonly string[], mismatches: number) {
  if (mismatches === 0) return { mismatches, skipped: 0 };
  const params = [...tids, revision.id];
  return session.one<{ mismatches: number; skipped: number }>(skippedText(revision.fill), params);
}

async function keysOf(session: Session, revision: FillRevision, tids: readonly string[], most: number) {
  if (most <= 0) return [];
  const rows = await session.query<{ key: (string | null)[] }>(
    sql`${mismatchesText(revision.fill)} limit ${integer(most)}`,
    [...tids, revision.id],
  );
  return rows.map(({ key }) => keyName(revision.fill.key, key, null));
}

function held(pass: VerificationRow | null): VerificationRow {
  if (pass !== null) return pass;
  throw new ChangeoverError("internal", "Another verification of the same rows is running.", {
    hint: "Let that one end, or run this one again to go on with it.",
  });
}

function verdict({
  startedAt,
  finishedAt,
  rows,
  mismatches,
  skipped,
  keys,
  lost,
  mirror,
}: VerificationRow): Verification {
  return { startedAt, finishedAt, rows, mismatches, skipped, keys, lost, mirror };
}
