/** Single rows of a page, inside of the caller's transaction: which are due, and what one says to being filled. */
import type { Session } from "../../db/session.js";
import { isContention, ServerError } from "../../db/sqlstate.js";
import type { RowKey } from "../../journal/quarantine.js";
import type { PageRange } from "../../journal/slices.js";
import { sql } from "../../sql/text.js";
import { mayPass } from "../batch.js";
import { pageOf, tid } from "../range.js";
import { dueText, type FillRevision, rowsText } from "../statements.js";

export type TableRow = { readonly key: RowKey; readonly tid: string };

/** The window's due rows that stand in no quarantine. Throws what the expression says of any of its rows. */
export function dueRows(session: Session, { id, fill }: FillRevision, window: PageRange): Promise<TableRow[]> {
  return session.query<TableRow>(dueText(fill), [tid(window[0]), tid(window[1]), id]);
}

/**
 * The page's rows to be tried: those that are due or, where that cannot be asked because the expression of one fails, all
 * of them (`sure` false).
 */
export async function rowsToTry(session: Session, revision: FillRevision, page: number) {
  const due = await attempt(session, () => dueRows(session, revision, [page, page + 1]));
  if ("value" in due) return { sure: true, rows: due.value };
  if (isContention(due.error)) throw due.error;
  const params = [tid(page), tid(page + 1), revision.id];
  return { sure: false, rows: await session.query<TableRow>(rowsText(revision.fill), params) };
}

/** Asks for one row alone, whether or not it stands in quarantine; an error is its expression's. */
export async function isDue(session: Session, revision: FillRevision, row: TableRow): Promise<boolean | ServerError> {
  const params = [row.tid, after(row.tid), NO_REVISION];
  const seen = await attempt(session, () => session.query(dueText(revision.fill), params));
  return "value" in seen ? seen.value.length > 0 : seen.error;
}

const NO_REVISION = "";

/** The row address that follows on the same page. */
export function after(place: string): string {
  const offset = Number(place.slice(place.indexOf(",") + 1, -1));
  return `(${pageOf(place)},${offset + 1})`;
}

/**
 * What the server says to it, with everything before it kept. Throws what is not about the row at hand: a lost connection,
 * a timeout, a server that has run out of something.
 */
export async function attempt<T>(
  session: Session,
  work: () => Promise<T>,
): Promise<{ readonly value: T } | { readonly error: ServerError }> {
  await session.run(sql`savepoint changeover_row`);
  try {
    const value = await work();
    await session.run(sql`release savepoint changeover_row`);
    return { value };
  } catch (error) {
    if (!(error instanceof ServerError) || (mayPass(error) && !isContention(error))) throw error;
    await session.run(sql`rollback to savepoint changeover_row; release savepoint changeover_row`);
    return { error };
  }
}
