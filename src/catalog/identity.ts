/** The sequences of a table's identity columns; asked for only where there is such a column. */
import type { Session } from "../db/session.js";
import { query } from "./queries.js";
import type { Column, IdentitySequence } from "./snapshot.js";

/** A column as its own query yields it. */
export type PlainColumn = Omit<Column, "identitySequence">;

/** Runs inside the caller's transaction; `oid` is the relation's. */
export async function withSequences(session: Session, oid: number, columns: readonly PlainColumn[]): Promise<Column[]> {
  const rows = columns.some((column) => column.identity !== null)
    ? await session.query<IdentitySequence & { readonly column: string }>(query("identity"), [oid])
    : [];
  return columns.map((column) => {
    const row = rows.find((one) => one.column === column.name);
    if (row === undefined) return { ...column, identitySequence: null };
    const { column: _, ...identitySequence } = row;
    return { ...column, identitySequence };
  });
}
