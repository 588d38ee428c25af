/** Sequences that a column owns, as serial's does: dropped with it, unless another one owns them by then. */
import type { Column } from "../catalog/snapshot.js";
import type { Step } from "../revisions/revision.js";
import { ident, type QualifiedName, qualified } from "../sql/identifier.js";
import { join, sql } from "../sql/text.js";
import { ddl, SEVERAL_TABLES_MS } from "./steps.js";

/** `owner`: the column of the same table that they belong to from here on. */
export function ownSequences(table: QualifiedName, column: Column, owner: string): Step[] {
  if (column.ownedSequences.length === 0) return [];
  const statements = column.ownedSequences.map(
    (sequence) => sql`alter sequence ${qualified(sequence)} owned by ${qualified(table)}.${ident(owner)}`,
  );
  return [underTwoLocks(ddl("own-sequences", "ACCESS EXCLUSIVE", [table], join(statements, ";\n")))];
}

/**
 * A session that has called nextval holds a lock on the sequence to its transaction's end, and may want the table next: as
 * with two tables, nobody may wait past deadlock_timeout.
 */
export const underTwoLocks = (step: Step): Step => ({ ...step, lockTimeoutMs: SEVERAL_TABLES_MS });

/** A serial's sequence counts as far as its column's type did: it would run out where that did. */
export function widenSequences(table: QualifiedName, column: Column, type: string): Step[] {
  if (column.ownedSequences.length === 0 || type !== "bigint") return [];
  const statements = column.ownedSequences.map((sequence) => sql`alter sequence ${qualified(sequence)} as bigint`);
  return [underTwoLocks(ddl("widen-sequences", "ACCESS EXCLUSIVE", [table], join(statements, ";\n")))];
}
