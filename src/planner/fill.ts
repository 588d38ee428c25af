/** The statements that walk and fill a table, as the backfill will run them. */
import type { Table } from "../catalog/snapshot.js";
import type { Fill, FillTransform } from "../revisions/revision.js";
import { ident, qualified } from "../sql/identifier.js";
import { join, type SqlText, sql, trusted } from "../sql/text.js";
import { chooseWay } from "./strategy.js";

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
  /** instead of `set`: computed outside of the server */
  readonly transform?: TransformPart;
};

export type TransformPart = Pick<FillTransform, "module" | "checksum" | "columns" | "type"> & {
  /** what it computes */
  readonly column: string;
};

const WINDOW = sql`ctid >= $1::tid and ctid < $2::tid`;

export function fillOf(table: Table, parts: FillParts): Fill {
  const name = qualified(table);
  const key = keyOf(table);
  const keyText =
    key.length === 0 ? sql`array[ctid::text]` : sql`array[${join(key.map((column) => sql`${ident(column)}::text`))}]`;
  return {
    table: { schema: table.schema, name: table.name },
    ...chooseWay(parts.transform?.module ?? null),
    transform: parts.transform === undefined ? null : transformOf(name, keyText, parts.due, parts.transform),
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

/**
 * Between the two no lock is held and no transaction is open. A row is known by its place and the transaction that wrote it:
 * whoever writes it meanwhile makes another version of it, which is due again and read anew. The arrays come from
 * sub-selects, which keeps their lengths from the planner: with a thousand rows in sight it may choose a hash join over
 * the whole table or over every NULL that an index knows, for every batch; for ten it goes by their places.
 */
function transformOf(name: SqlText, key: SqlText, due: SqlText, part: TransformPart): FillTransform {
  const { module, checksum, columns, type } = part;
  const column = ident(part.column);
  return {
    ...{ module, checksum, columns, type },
    cursor: sql`select ${key} as key, ctid, xmin, ${join(columns.map(ident))} from ${name}
where ${WINDOW} and ${due} and hashtid(ctid) & $3::integer = $4::integer`,
    write: sql`with mine as materialized (
  select t.ctid as tid, w.value
  from unnest((select $1::tid[]), (select $2::text[]), (select $3::text[])) as w (tid, version, value)
  join ${name} as t on t.ctid = w.tid
  where t.${column} is null and t.xmin::text = w.version
  for no key update of t skip locked)
update ${name} as t set ${column} = mine.value::${trusted(type, "server")} from mine where t.ctid = mine.tid`,
  };
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
