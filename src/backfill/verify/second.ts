/**
 * The second look: a row that was found not in step counts when it is so again, looked at by its key, once every transaction
 * has ended that might have held it at the first. What a writer has not committed is neither a mismatch nor in step.
 */
import type { Database } from "../../db/pool.js";
import type { Session } from "../../db/session.js";
import { transaction } from "../../db/transaction.js";
import { readPartNames } from "../../journal/fill-parts.js";
import { type Finding, FOUND_MOST, type FoundState, type Second, settle, unsettled } from "../../journal/findings.js";
import { verifiedFiles } from "../../journal/verification-files.js";
import { sleep } from "../../sleep.js";
import { integer } from "../../sql/literal.js";
import { sql } from "../../sql/text.js";
import { isLeafGone, partOf } from "../part.js";
import { after, attempt } from "../quarantine/rows.js";
import { type FillRevision, type Sides, sidesText, stateText } from "../statements.js";
import { sameFile } from "./reading.js";

export type SecondLook = {
  readonly verification: number;
  readonly targetMs: number | undefined;
  readonly signal: AbortSignal;
  /** how long a transaction that was open at the first look is waited for */
  readonly waitMs: number;
};

const ROWS = 100;
/** Of a value so much is kept. */
const CHARACTERS = 1_000;

/** `moved-away`: a file is another one, and what was found in the old one means nothing; or a leaf has gone, or its name. */
export async function lookAgain(
  db: Database,
  revision: FillRevision,
  look: SecondLook,
): Promise<"settled" | "moved-away" | "aborted"> {
  let waited = false;
  const room: Room = { 0: FOUND_MOST, 2: FOUND_MOST };
  for (;;) {
    if (look.signal.aborted) return "aborted";
    const findings = await unsettled(db, look.verification, ROWS);
    if (findings.length === 0) return "settled";
    if (!waited) await writersGone(db, revision, look);
    waited = true;
    const seconds = await lookInPart(db, revision, look, findings, room);
    if (seconds === "moved-away") return seconds;
    await db.borrow((session) => transaction(session, {}, () => settle(session, look.verification, seconds)));
  }
}

type Room = Record<FoundState, number>;
type Seen = { readonly finding: Finding; readonly second: Second };

/** Those of the findings that stand in the same part as the first one. */
async function lookInPart(
  db: Database,
  revision: FillRevision,
  { verification, targetMs }: SecondLook,
  findings: readonly Finding[],
  room: Room,
): Promise<Seen[] | "moved-away"> {
  const relation = findings[0]?.relation ?? 0;
  const part = await partOf(db, revision, relation);
  const file = (await verifiedFiles(db, verification)).find((one) => one.relation === relation);
  if (part === null || file === undefined) return "moved-away";
  const same = { filenode: file.filenode, targetMs, oneMoment: true };
  const look = db.borrow((session) =>
    sameFile(session, part.revision, same, async () => {
      const sides = await sidesOf(session, part.revision);
      const seen: Seen[] = [];
      for (const finding of findings.filter((one) => one.relation === relation)) {
        const second = await lookAt(session, part.revision, sides, finding, room);
        if (second !== null) room[second.state] -= 1;
        seen.push({ finding, second });
      }
      return seen;
    }),
  );
  return look.catch((error: unknown) => {
    if (!isLeafGone(part.revision, error)) throw error;
    return "moved-away" as const;
  });
}

/** Waits for those that hold a lock on the table now with which a row is locked or written, but not for ever. */
async function writersGone(db: Database, revision: FillRevision, { signal, waitMs }: SecondLook): Promise<void> {
  const params = [(await readPartNames(db, revision.fill.table)).map(({ relation }) => relation)];
  let left = (await db.query<{ v: string }>(WRITERS, params)).map(({ v }) => v);
  const end = performance.now() + waitMs;
  while (left.length > 0 && performance.now() < end && !signal.aborted) {
    await sleep(50, signal);
    const now = new Set((await db.query<{ v: string }>(WRITERS, params)).map(({ v }) => v));
    left = left.filter((one) => now.has(one));
  }
}

/** An autovacuum takes none of these. */
const WRITERS = sql`select distinct l.virtualtransaction as v from pg_locks l
   where l.locktype = 'relation' and l.granted and l.relation = any ($1::oid[])
     and l.database = (select oid from pg_database where datname = current_database())
     and l.mode in ('RowShareLock', 'RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')`;

/** At the switch the two columns swap their names. */
export async function sidesOf(session: Session, { plan, scope }: FillRevision): Promise<Sides & { switched: boolean }> {
  const { switched } = await session.one<{ switched: boolean }>(
    sql`select exists (select from changeover.revision where plan = $1 and phase = 'contract' and name = 'switch'
                        and state in ('done', 'undoing')) as switched`,
    [plan],
  );
  const own = scope?.columns[0] ?? null;
  if (scope?.notNull != null) return { old: null, new: scope.notNull, switched };
  const other = scope?.added ?? null;
  return switched ? { old: other, new: own, switched } : { old: own, new: other, switched };
}

async function lookAt(
  session: Session,
  revision: FillRevision,
  sides: Sides & { readonly switched: boolean },
  { key }: Finding,
  room: Readonly<Record<FoundState, number>>,
): Promise<Second> {
  const row = await session.maybeOne<{ tid: string; image: string; old: string | null; new: string | null }>(
    sidesText(revision.fill, key, sides, CHARACTERS),
  );
  if (row === null) return null;
  const state = await stateAt(session, revision, row.tid);
  if (state === null) return null;
  const { tid, image } = row;
  if (room[state] <= 0) return { state, image, old: null, new: null, due: null, problem: null };
  const due = await dueAt(session, revision, sides.switched, tid);
  return { state, image, old: row.old, new: row.new, ...due };
}

/** Null: in step, or skipped. */
export async function stateAt(session: Session, { id, fill }: FillRevision, tid: string): Promise<0 | 2 | null> {
  const row = await session.maybeOne<{ state: number }>(stateText(fill), [tid, after(tid), id]);
  return row === null ? null : row.state === 2 ? 2 : 0;
}

/** What the side that follows should hold; the expression may fail for this very row. */
async function dueAt(session: Session, { fill }: FillRevision, switched: boolean, tid: string) {
  const text = switched ? fill.back : fill.forth;
  if (text === null) return { due: null, problem: null };
  const said = await attempt(session, () =>
    session.maybeOne<{ due: string | null }>(
      sql`select left(w.value::text, ${integer(CHARACTERS)}) as due from (${text}) as w (value)`,
      [tid],
    ),
  );
  if ("error" in said) return { due: null, problem: `${said.error.sqlstate} ${said.error.message}`.slice(0, 500) };
  return { due: said.value?.due ?? null, problem: null };
}
