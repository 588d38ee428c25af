/**
 * Rows that a verify has found, put right: the side that is not the authority gets what the other one gives. A row is written
 * under its lock, and only as it was found; its former values are kept in the event log, in the same transaction.
 */
import type { Database } from "../../db/pool.js";
import type { Session } from "../../db/session.js";
import type { Emit } from "../../events.js";
import { apartAfter, type Finding } from "../../journal/findings.js";
import { readLimits } from "../../journal/limits.js";
import { recordEvent } from "../../journal/plans.js";
import { sleep } from "../../sleep.js";
import { sql } from "../../sql/text.js";
import { beginText } from "../batch.js";
import { startPace } from "../pace/pace.js";
import { isLeafGone, partOf } from "../part.js";
import { attempt } from "../quarantine/rows.js";
import { DEFAULT_LEASE_MS } from "../slice.js";
import { type FillRevision, mendText, sidesText } from "../statements.js";
import type { Declared } from "../throttle/declared.js";
import { Throttles } from "../throttle/throttle.js";
import { Outage, type ReadOptions } from "./reading.js";
import { sidesOf, stateAt } from "./second.js";

export type Repair = ReadOptions & {
  readonly verification: number;
  readonly emit: Emit;
  readonly actor: string;
  /** which side is right, as it was told */
  readonly authority: {
    readonly side: string;
    readonly sets: string;
    readonly by: "forth" | "back";
    readonly why: string;
  };
  /** signals of people's own */
  readonly declared?: Declared;
  /** to be called first in every transaction: throws when somebody else has taken the plan over */
  readonly fence: (session: Session) => Promise<void>;
};

export type MendedRow = {
  readonly key: string;
  /** as they were */
  readonly old: string | null;
  readonly new: string | null;
  /** what the column that was written holds now */
  readonly is: string | null;
};

export type Repaired = {
  readonly rows: number;
  /** of the first ones */
  readonly mended: readonly MendedRow[];
  /** left as they were, and why: the first ones */
  readonly left: readonly { readonly key: string; readonly why: string }[];
  /** how many of these there are */
  readonly leftRows: number;
};

const ROWS = 100;
const TOLD = 100;
const POLL_MS = 500;

/** Goes through all rows that were found not in step; who has locked one keeps it as it is. Aborted: what was done so far. */
export async function repairFill(db: Database, revision: FillRevision, repair: Repair): Promise<Repaired> {
  const outage = new Outage(repair);
  const throttle = new Throttles(db, repair.emit, repair.declared).of(revision);
  let done: Repaired = { rows: 0, mended: [], left: [], leftRows: 0 };
  let after = 0;
  while (!repair.signal.aborted) {
    try {
      const { paused, opens } = await readLimits(db, revision.plan);
      const held = paused || opens !== null || (await throttle.answer()).grade === "wait";
      if (held) {
        await sleep(POLL_MS, repair.signal);
        continue;
      }
      const findings = await apartAfter(db, repair.verification, after, ROWS);
      if (findings.length === 0) break;
      const batch = await repairPart(db, revision, repair, findings);
      outage.over();
      after = batch.last;
      done = {
        rows: done.rows + batch.mended.length,
        mended: [...done.mended, ...batch.mended].slice(0, TOLD),
        left: [...done.left, ...batch.left].slice(0, TOLD),
        leftRows: done.leftRows + batch.left.length,
      };
    } catch (error) {
      await outage.survive(error, startPace(1));
    }
  }
  return done;
}

type Batch = { readonly mended: MendedRow[]; readonly left: { key: string; why: string }[]; readonly last: number };

/** The first of them that stand in one part. */
async function repairPart(
  db: Database,
  revision: FillRevision,
  repair: Repair,
  findings: readonly Finding[],
): Promise<Batch> {
  const relation = findings[0]?.relation ?? 0;
  const end = findings.findIndex((one) => one.relation !== relation);
  const own = end < 0 ? findings : findings.slice(0, end);
  const part = await partOf(db, revision, relation);
  const gone = (): Batch => ({
    mended: [],
    left: own.map(({ name }) => ({ key: name, why: "its partition has gone" })),
    last: own.at(-1)?.n ?? 0,
  });
  if (part === null) return gone();
  return db
    .borrow((session) => repairBatch(session, part.revision, repair, own))
    .catch((error: unknown) => {
      if (!isLeafGone(part.revision, error)) throw error;
      return gone();
    });
}

async function repairBatch(
  session: Session,
  revision: FillRevision,
  repair: Repair,
  findings: readonly Finding[],
): Promise<Batch> {
  const { targetMs = 250, authority } = repair;
  const { ms } = await session.one<{ ms: number }>(
    sql`select setting::int as ms from pg_settings where name = 'deadlock_timeout'`,
  );
  const times = { targetMs, leaseMs: DEFAULT_LEASE_MS, deadlockTimeoutMs: ms, patience: 8 };
  await session.run(beginText(revision, times));
  try {
    await repair.fence(session);
    // What it gives the old side must not come back to the new one as another value.
    if (authority.by === "back") await session.run(sql`set local changeover.backfill = 'repair'`);
    const batch: Batch = { mended: [], left: [], last: 0 };
    const began = performance.now();
    let last = 0;
    for (const finding of findings) {
      // What a row waits for must end before the deadlock check of whoever waits for an earlier one.
      if (last > 0 && performance.now() - began > Math.min(targetMs, ms / 2)) break;
      const said = await attempt(session, () => repairRow(session, revision, repair, finding));
      if ("error" in said) batch.left.push({ key: finding.name, why: `${said.error.sqlstate} ${said.error.message}` });
      else if (typeof said.value === "string") batch.left.push({ key: finding.name, why: said.value });
      else batch.mended.push(said.value);
      last = finding.n;
    }
    if (batch.mended.length > 0) await audit(session, revision, repair, batch);
    await session.run(sql`commit`);
    return { ...batch, last };
  } catch (error) {
    await session.run(sql`rollback`).catch(() => undefined);
    throw error;
  }
}

/** Or why it was left as it is. */
async function repairRow(
  session: Session,
  revision: FillRevision,
  { authority }: Repair,
  finding: Finding,
): Promise<MendedRow | string> {
  const sides = await sidesOf(session, revision);
  const row = await session.maybeOne<{ tid: string; image: string; old: string | null; new: string | null }>(
    sql`${sidesText(revision.fill, finding.key, sides, null)} for no key update skip locked`,
  );
  if (row === null) return "it is locked by somebody, or gone";
  if (row.image !== finding.image) return "it was changed since it was found";
  if ((await stateAt(session, revision, row.tid)) !== 0) return "it is in step by now, or was skipped";
  const set = mendText(revision.fill, authority.sets, authority.by);
  const mended = set === null ? null : await session.maybeOne<{ tid: string; is: string | null }>(set, [row.tid]);
  if (mended === null) return "nothing says what it should hold, or a trigger has passed over it";
  if ((await stateAt(session, revision, mended.tid)) === 0) {
    await session.run(sql`rollback to savepoint changeover_row`);
    return "it would not be in step either way: another trigger changes it, or the value does not convert";
  }
  return { key: finding.name, old: row.old, new: row.new, is: mended.is };
}

/** Whole values, of every row: nothing that was overwritten is lost. */
function audit(session: Session, { id, plan }: FillRevision, { actor, authority }: Repair, { mended }: Batch) {
  const { side, sets, why } = authority;
  return recordEvent(session, {
    actor,
    kind: "rows-repaired",
    plan,
    revision: id,
    data: { authority: side, why, column: sets, rows: mended.length, former: mended },
  });
}
