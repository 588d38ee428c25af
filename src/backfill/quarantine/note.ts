/** Rows that fail, noted in the transaction that moves the slice past them. */
import type { Session } from "../../db/session.js";
import { countUnsettled, type FailedRow, noteRows } from "../../journal/quarantine.js";
import type { RowFailure } from "../../journal/state.js";
import { pageOf } from "../range.js";
import { type FillRevision, keyName } from "../statements.js";
import type { TableRow } from "./rows.js";
import { type Trouble, tooMany, UNSETTLED_MOST, type Verdict } from "./verdict.js";

export type Failing = { readonly row: TableRow; readonly trouble: Trouble };

/** Returns those that were not known before; or says why the slice has to stop instead. */
export async function noteFailing(
  session: Session,
  revision: FillRevision,
  relation: number,
  blame: Verdict["blame"],
  failing: readonly Failing[],
): Promise<FailedRow[] | RowFailure> {
  const rows = failing.map((one) => failedRow(revision, one));
  const [first] = rows;
  if (first === undefined) return [];
  const failure = { key: first.key, sqlstate: first.sqlstate, message: first.message };
  if (blame === "statement") return failure;
  const fresh = await noteRows(session, revision.id, relation, rows);
  return (await countUnsettled(session, revision.id)) > UNSETTLED_MOST ? tooMany(failure) : fresh;
}

function failedRow({ fill }: FillRevision, { row, trouble }: Failing): FailedRow {
  const key = keyName(fill.key, row.key, row.tid);
  // A message may hold the whole value, and a zero byte, which no text of the server can.
  const message = [...trouble.message.replaceAll("\0", "")].slice(0, 500).join("");
  return { values: row.key, key, page: pageOf(row.tid), sqlstate: trouble.sqlstate, message };
}
