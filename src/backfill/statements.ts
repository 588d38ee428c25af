/** A fill's reviewed statements, wrapped so that their columns have names, whatever the file calls them. */
import { hotUpdates, walPosition } from "../journal/slices.js";
import type { Fill, Revision } from "../revisions/revision.js";
import { type SqlText, sql, trusted } from "../sql/text.js";

/** What the backfill needs to know of a revision. */
export type FillRevision = Pick<Revision, "id" | "plan" | "scope"> & { readonly fill: Fill };

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

/** Rows `key` (text[]) and `tid`, in the table's order. */
export function dueText(fill: Fill): SqlText {
  return sql`select w.key, w.tid::text as tid from (
${inner(fill.due)}
) as w (key, tid) order by w.tid`;
}

/** Rows `page`: the pages that hold due rows, ascending. */
export function duePagesText(fill: Fill): SqlText {
  return sql`select distinct ((w.tid::text::point)[0])::bigint as page from (
${inner(fill.due)}
) as w (key, tid) order by 1`;
}

/** One row `rows`, `mismatches`, `lost`; the last is 0 where the change can lose nothing, and its statement counts none. */
export function verifyText(fill: Fill): SqlText {
  return sql`select w.rows::bigint as rows, w.mismatches::bigint as mismatches,
       coalesce((to_jsonb(w) ->> 'lost')::bigint, 0) as lost from (
${inner(fill.verify)}
) as w (rows, mismatches)`;
}

/** Rows `key` (text[]). */
export function mismatchesText(fill: Fill): SqlText {
  return sql`select w.key from (
${inner(fill.mismatches)}
) as w (key)`;
}

/** A row's name to people: `id=42`, `tenant=a, id=42`; its ctid where the table has no key. */
export function keyName(columns: readonly string[], values: readonly (string | null)[], tid: string | null): string {
  if (columns.length === 0) return `ctid=${tid ?? values[0] ?? "?"}`;
  return columns.map((column, n) => `${column}=${values[n] ?? "NULL"}`).join(", ");
}
