/** A fill's reviewed statements, wrapped so that their columns have names, whatever the file calls them. */
import type { RowKey } from "../journal/quarantine.js";
import { hotUpdates, walPosition } from "../journal/slices.js";
import { writes } from "../revisions/fills.js";
import type { Fill, FillTransform, Revision } from "../revisions/revision.js";
import { ident, type QualifiedName, qualified } from "../sql/identifier.js";
import { integer, literal } from "../sql/literal.js";
import { join, type SqlText, sql, trusted } from "../sql/text.js";
import type { Compute } from "./transform/compute.js";

/** What the backfill needs to know of a revision. */
export type FillRevision = Pick<Revision, "id" | "plan" | "scope"> & {
  readonly fill: Fill;
  /** of a fill with a transform: its code, where it has to be run; without it rows can be looked for, and none filled */
  readonly compute?: Compute | undefined;
  /** the partitioned table of which `fill.table` is a leaf; see `overPart` */
  readonly parent?: QualifiedName;
};

/** It only looks for rows: each one found is an error. */
export function looksOnly({ fill }: FillRevision): boolean {
  return !writes(fill);
}

export type CodedTransform = FillTransform & { readonly compute: Compute };

/** The transform with its code; null: the fill has none. Throws where nobody has given its code. */
export function transformOf({ id, fill, compute }: FillRevision): CodedTransform | null {
  if (fill.transform === null) return null;
  if (compute === undefined) throw new Error(`revision ${id} is filled by code that was not loaded`);
  return { ...fill.transform, compute };
}

/** A statement of a file may end in a semicolon, which has no place inside another statement. */
function inner(text: SqlText): SqlText {
  return trusted(text.replace(/[;\s]+$/, ""), "reviewed");
}

export type Seen = { readonly n: number; readonly hot: number; readonly wal: number };

/**
 * One row `hot` and `wal` as `Held` has them, and `n`: the window's due rows where `left` is
 * asked for, else 0.
 */
export function seenText(fill: Fill, left: boolean): SqlText {
  const now = sql`${hotUpdates(fill.table)} as hot, ${walPosition} as wal`;
  return left ? sql`select l.n, ${now} from (\n${leftText(fill)}\n) as l` : sql`select 0::bigint as n, ${now}`;
}

/** One row `n`. */
export function leftText(fill: Fill): SqlText {
  return sql`select w.n::bigint as n from (
${inner(fill.left)}
) as w (n)`;
}

/** What stands in quarantine is not looked at again until somebody has it tried. */
const outsideQuarantineOf = (table: QualifiedName, revision: SqlText) =>
  sql`not exists (select from changeover.quarantine q where q.revision = ${revision} and q.relation = ${oidOf(table)} and q.key = w.key and not q.retrying)`;

const oidOf = (table: QualifiedName) => sql`${literal(qualified(table))}::regclass`;

/** Of the revision $3. */
const notQuarantined = ({ table }: Fill) => outsideQuarantineOf(table, sql`$3`);

/** Rows `key` (text[]) and `tid`, in the table's order; none that stands in the quarantine of the revision $3. */
export function dueText(fill: Fill): SqlText {
  return sql`select w.key, w.tid::text as tid from (
${inner(fill.due)}
) as w (key, tid) where ${notQuarantined(fill)} order by w.tid`;
}

/**
 * Rows of `key` (text[]), place, version and the columns that the transform reads, in the table's order; none that stands
 * in the quarantine of the revision $5.
 */
export function cursorText({ table }: Fill, { cursor, columns }: FillTransform): SqlText {
  const values = columns.map((_, n) => ident(`c${n + 1}`));
  return sql`select w.key, w.tid::text as tid, w.version::text as version, ${join(values.map((value) => sql`w.${value}`))} from (
${inner(cursor)}
) as w (${join([sql`key`, sql`tid`, sql`version`, ...values])}) where ${outsideQuarantineOf(table, sql`$5`)} order by w.tid`;
}

/** Rows `page`: the pages that hold such rows, ascending. */
export function duePagesText(fill: Fill): SqlText {
  return sql`select distinct ((w.tid::text::point)[0])::bigint as page from (
${inner(fill.due)}
) as w (key, tid) where ${notQuarantined(fill)} order by 1`;
}

/**
 * All rows of the window that stand in no quarantine, due or not, in the shape of `dueText`: a row whose expression fails
 * fails `due` as well where that asks for the expression's value, and takes the window's other rows with it.
 */
export function rowsText(fill: Fill): SqlText {
  return sql`select w.key, w.tid::text as tid from (
select ${keyText(fill)} as key, ctid as tid from only ${qualified(fill.table)} where ctid >= $1::tid and ctid < $2::tid
) as w (key, tid) where ${notQuarantined(fill)} order by w.tid`;
}

/** As the planner's own statements give it. */
function keyText({ key }: Fill): SqlText {
  return key.length === 0
    ? sql`array[ctid::text]`
    : sql`array[${join(key.map((column) => sql`${ident(column)}::text`))}]`;
}

/** Locks those of the rows $1 (tid[]) that nobody has locked, and gives their `tid`. */
export function lockText(fill: Fill): SqlText {
  return sql`select ctid::text as tid from only ${qualified(fill.table)} where ctid = any ($1::tid[]) for no key update skip locked`;
}

/** Waits for the lock of the row $1: what a transform's write asks for first. */
export function holdOneText(fill: Fill): SqlText {
  return sql`select from only ${qualified(fill.table)} where ctid = $1::tid for no key update`;
}

/** The `tid` of the row with this key, through the key's index: the values take their columns' types. */
export function placeText(fill: Fill, values: RowKey): SqlText {
  return sql`select ctid::text as tid from only ${qualified(fill.table)} where ${placeOf(fill, values)}`;
}

function placeOf(fill: Fill, values: RowKey): SqlText {
  const equal = fill.key.map((column, n) => sql`${ident(column)} = ${literal(values[n] ?? "")}`);
  return join(equal, " and ");
}

/** One row `rows`, `mismatches`, `lost`; the last is 0 where the change can lose nothing, and its statement counts none. */
export function verifyText(fill: Fill): SqlText {
  return sql`select w.rows::bigint as rows, w.mismatches::bigint as mismatches,
       coalesce((to_jsonb(w) ->> 'lost')::bigint, 0) as lost from (
${inner(fill.verify)}
) as w (rows, mismatches)`;
}

const skipped = ({ table }: Fill) =>
  sql`exists (select from changeover.quarantine q where q.revision = $3 and q.relation = ${oidOf(table)} and q.settled = 'skipped' and q.key = w.key)`;

/** Rows `key` (text[]), `state` and `skipped` (of the revision $3): those that are not in step, or in step with no way back. */
function foundText(fill: Fill): SqlText {
  return sql`select w.key, coalesce((to_jsonb(w) ->> 'state')::integer, 0) as state, ${skipped(fill)} as skipped from (
${inner(fill.mismatches)}
) as w (key)`;
}

/** Rows `state`; none that was skipped of the revision $3. */
export function stateText(fill: Fill): SqlText {
  return sql`select f.state from (${foundText(fill)}) f where not f.skipped`;
}

/**
 * Keeps what a window of the verification $4 holds, a row that was met before once, and $5 rows at most. One row:
 * `suspects` that were not known, those `beyond` the room there is, and rows `skipped`.
 */
export function keepText(fill: Fill): SqlText {
  return sql`with found as materialized (${foundText(fill)}),
kept as (
  insert into changeover.finding as known (verification, relation, key, name, state)
  select $4::bigint, ${oidOf(fill.table)}, f.key, ${nameText(fill)}, f.state from found f where not f.skipped limit $5::integer
  on conflict (verification, relation, key) do update set state = least(known.state, excluded.state), settled = false
  returning state, xmax = 0 as fresh)
select (select count(*) from kept where state = 0 and fresh) as suspects,
       (select count(*) from found where state = 0 and not skipped)
         - (select count(*) from (select state from found where not skipped limit $5::integer) room where state = 0) as beyond,
       (select count(*) from found where state = 0 and skipped) as skipped`;
}

/** As `keyName` gives it, of a row `f`. */
function nameText({ key }: Fill): SqlText {
  if (key.length === 0) return sql`'ctid=' || f.key[1]`;
  const parts = key.map((column, n) => sql`${literal(`${column}=`)} || coalesce(f.key[${integer(n + 1)}], 'NULL')`);
  return join(parts, " || ', ' || ");
}

/** The columns of the two sides; null: there is none. */
export type Sides = { readonly old: string | null; readonly new: string | null };

/** One row: `tid` of the row with this key, `image` of its two sides, and these as text, `most` characters of each. */
export function sidesText(fill: Fill, key: RowKey, { old, new: fresh }: Sides, most: number | null): SqlText {
  const text = (column: string | null) => (column === null ? sql`null` : sql`${ident(column)}::text`);
  const cut = (column: string | null) => (most === null ? text(column) : sql`left(${text(column)}, ${integer(most)})`);
  const place = fill.key.length === 0 ? sql`ctid = ${literal(key[0] ?? "")}::tid` : placeOf(fill, key);
  return sql`select ctid::text as tid, md5(jsonb_build_array(${text(old)}, ${text(fresh)})::text) as image,
       ${cut(old)} as "old", ${cut(fresh)} as "new" from only ${qualified(fill.table)} where ${place}`;
}

/** Sets the column of the row at $1 to what the other side gives; its `tid` then, and what the column `is`. Null: nothing gives it. */
export function mendText(fill: Fill, column: string, by: "forth" | "back"): SqlText | null {
  const value = fill[by];
  if (value === null) return null;
  return sql`update only ${qualified(fill.table)} set ${ident(column)} = (
${inner(value)}
) where ctid = $1::tid returning ctid::text as tid, ${ident(column)}::text as "is"`;
}

/** A row's name to people: `id=42`, `tenant=a, id=42`; its ctid where the table has no key. */
export function keyName(columns: readonly string[], values: readonly (string | null)[], tid: string | null): string {
  if (columns.length === 0) return `ctid=${tid ?? values[0] ?? "?"}`;
  return columns.map((column, n) => `${column}=${values[n] ?? "NULL"}`).join(", ");
}
