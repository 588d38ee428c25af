/** Tries a page's due rows one after another, inside of the transaction that will note what fails. */
import type { Session } from "../../db/session.js";
import { isContention } from "../../db/sqlstate.js";
import type { FillTransform } from "../../revisions/revision.js";
import { qualified } from "../../sql/identifier.js";
import { type BatchTimes, lockTimeoutOf } from "../batch.js";
import { type FillRevision, lockText } from "../statements.js";
import type { Portion } from "../transform/portion.js";
import { writeRows } from "../transform/write.js";
import { attempt, dueRows, isDue, rowsToTry, type TableRow } from "./rows.js";
import { type Tried, type Trouble, UNDONE } from "./verdict.js";

export type TriedPage = {
  readonly tried: readonly Tried[];
  /** rows that somebody else has locked, or moved meanwhile: still due */
  readonly left: boolean;
  /** there was no time for all of them */
  readonly more: boolean;
};

/** `known`: rows that earlier transactions have tried, which it adds to. */
export async function tryPage(
  session: Session,
  revision: FillRevision,
  page: number,
  times: BatchTimes,
  known: Set<string>,
  portion: Portion | null = null,
): Promise<TriedPage> {
  const { one, transform } = revision.fill;
  const fillOne =
    one !== null
      ? (row: TableRow) => attempt(session, () => session.run(one, [row.tid]))
      : transform !== null && portion !== null
        ? (row: TableRow) => writeOne(session, transform, portion, row)
        : null;
  if (fillOne === null) {
    const trouble = { sqlstate: "23502", message: `${nullColumn(revision)} is NULL` };
    const rows = await dueRows(session, revision, [page, page + 1]);
    return { tried: rows.map((row) => ({ row, filled: 0, trouble })), left: false, more: false };
  }
  const began = performance.now();
  // What a row waits for later must end before the deadlock check of whoever waits for an earlier one.
  const deadline = began + times.deadlockTimeoutMs * 0.9 - lockTimeoutOf(times);
  const all = await rowsToTry(session, revision, page);
  const rows = all.rows.filter((row) => !known.has(identity(row)));
  const tids = rows.map((row) => row.tid);
  const mine = new Set((await session.query<{ tid: string }>(lockText(revision.fill), [tids])).map((row) => row.tid));
  const tried: Tried[] = [];
  const passed = rows.filter((row) => !mine.has(row.tid));
  let more = false;
  for (const row of rows.filter(({ tid }) => mine.has(tid))) {
    more = tried.length > 0 && performance.now() > deadline;
    if (more) break;
    const said = await fillOne(row);
    if (said === null) {
      passed.push(row);
      continue;
    }
    if ("value" in said) tried.push({ row, filled: said.value, trouble: null });
    else if ("trouble" in said) tried.push({ row, filled: 0, trouble: said.trouble });
    else if (isContention(said.error)) passed.push(row);
    else tried.push({ row, filled: 0, trouble: said.error });
    known.add(identity(row));
  }
  const undone = await undoneOf(session, revision, page, tried, new Set(all.rows.map((row) => row.tid)));
  return {
    tried: undone,
    left: await anyDue(session, revision, passed, all.sure),
    more: more || portion?.next != null,
  };
}

/** null: it is not the row that the transform was called for, or there was no time to call it. */
async function writeOne(session: Session, transform: FillTransform, portion: Portion, row: TableRow) {
  const failed = portion.failed.find((one) => one.row.tid === row.tid);
  if (failed !== undefined) return { trouble: failed.trouble };
  const written = portion.written.find((one) => one.tid === row.tid);
  return written === undefined ? null : attempt(session, () => writeRows(session, transform, [written]));
}

/** Where the table has no key its place tells a row, until it is filled. */
const identity = ({ key }: TableRow) => JSON.stringify(key);

/** Rows that were filled and are due all the same, or that the statement passed over although nobody had moved them. */
async function undoneOf(
  session: Session,
  revision: FillRevision,
  page: number,
  tried: readonly Tried[],
  before: ReadonlySet<string>,
): Promise<Tried[]> {
  const quiet = tried.filter((one) => one.trouble === null);
  if (quiet.length === 0) return [...tried];
  const now = await rowsToTry(session, revision, page);
  const found = new Map<Tried, { row: TableRow; trouble: Trouble }>();
  for (const row of now.rows) {
    const one = quiet.find((each) => !found.has(each) && isSame(revision, each, row, before));
    if (one === undefined) continue;
    const due = now.sure || (await isDue(session, revision, row));
    if (due !== false) found.set(one, { row, trouble: due === true ? UNDONE : due });
  }
  return tried.map((one) => ({ ...one, ...found.get(one) }));
}

/** Without a key, a place on the page that was not there before is that of a version of ours. */
function isSame({ fill }: FillRevision, { row, filled }: Tried, now: TableRow, before: ReadonlySet<string>): boolean {
  if (filled === 0) return now.tid === row.tid;
  return fill.key.length === 0 ? !before.has(now.tid) : identity(now) === identity(row);
}

async function anyDue(session: Session, revision: FillRevision, rows: readonly TableRow[], sure: boolean) {
  if (sure) return rows.length > 0;
  for (const row of rows) if ((await isDue(session, revision, row)) !== false) return true;
  return false;
}

function nullColumn({ scope, fill }: FillRevision): string {
  const column = scope?.notNull ?? null;
  return column === null ? qualified(fill.table) : `column "${column}"`;
}
