/** The statements that walk and fill a table, as the backfill will run them. */
import type { Table } from "../catalog/snapshot.js";
import type { Fill } from "../revisions/revision.js";
import { ident, qualified } from "../sql/identifier.js";
import { join, type SqlText, sql } from "../sql/text.js";

export type FillParts = {
  /** rows that the backfill has to touch, over the table's columns */
  readonly due: SqlText;
  /** what it sets; null: rows that are due are only looked for */
  readonly set: SqlText | null;
  /** rows that are not in step */
  readonly apart: SqlText;
  /** where a row can be more than in step or not: 0 not in step, 1 in step, 2 in step but with no way back */
  readonly state?: SqlText;
  /** what the side that follows should hold, over the table's columns: from the old side, from the new one; null: nothing says */
  readonly forth: SqlText | null;
  readonly back: SqlText | null;
  readonly userTriggers: Fill["userTriggers"];
};

const WINDOW = sql`ctid >= $1::tid and ctid < $2::tid`;

export function fillOf(table: Table, parts: FillParts): Fill {
  const name = qualified(table);
  const key = keyOf(table);
  const keyText =
    key.length === 0 ? sql`array[ctid::text]` : sql`array[${join(key.map((column) => sql`${ident(column)}::text`))}]`;
  return {
    table: { schema: table.schema, name: table.name },
    strategy: "ctid",
    userTriggers: parts.userTriggers,
    key,
    batch: parts.set === null ? null : batch(name, parts.set, parts.due),
    left: sql`select count(*) from ${name} where ${WINDOW} and ${parts.due}`,
    due: sql`select ${keyText} as key, ctid from ${name} where ${WINDOW} and ${parts.due}`,
    one: parts.set === null ? null : sql`update ${name} set ${parts.set} where ctid = $1::tid and ${parts.due}`,
    verify:
      parts.state === undefined
        ? sql`select count(*) as rows, count(*) filter (where ${parts.apart}) as apart from ${name} where ${WINDOW}`
        : sql`select count(*) as rows, count(*) filter (where s = 0) as apart, count(*) filter (where s = 2) as lost
from (select ${parts.state} as s from ${name} where ${WINDOW} offset 0) looked`,
    mismatches:
      parts.state === undefined
        ? sql`select ${keyText} as key from ${name} where ${WINDOW} and ${parts.apart}`
        : sql`select key, state
from (select ${keyText} as key, ${parts.state} as state from ${name} where ${WINDOW} offset 0) looked where state <> 1`,
    forth: valueText(name, parts.forth),
    back: valueText(name, parts.back),
  };
}

const valueText = (name: SqlText, value: SqlText | null) =>
  value === null ? null : sql`select ${value} as value from ${name} where ctid = $1::tid`;

/**
 * Rows that an application has locked are passed over, not waited for: the window is looked at again. One pass takes the
 * rows whose address has the remainder $4 of $3 + 1; read through a TID range, as a plain TID scan prunes no page.
 */
function batch(name: SqlText, set: SqlText, due: SqlText): SqlText {
  return sql`update ${name} set ${set}
where ctid = any (array(
  select ctid from ${name} where ${WINDOW} and ${due} and hashtid(ctid) & $3::integer = $4::integer
  for no key update skip locked))`;
}

/** What names a row to people: the primary key, or else a unique key without NULLs. */
export function keyOf(table: Table): readonly string[] {
  const plain = table.indexes.filter(
    (i) => i.unique && i.valid && i.predicate === null && i.keys.every((k) => k.column !== null),
  );
  const notNull = new Set(table.columns.filter((c) => c.notNull).map((c) => c.name));
  const chosen = plain.find((i) => i.primary) ?? plain.find((i) => i.keys.every((k) => notNull.has(k.column ?? "")));
  return chosen?.keys.flatMap((k) => (k.column === null ? [] : [k.column])) ?? [];
}
