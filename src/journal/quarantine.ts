/**
 * Rows that could not be filled: noted by the batch that met them, and settled by whoever mends, deletes or skips them. A
 * row is known by its key's values, because names (`id=42`) of two rows may read alike where values hold commas.
 */
import type { Queryable, Session } from "../db/session.js";
import { sql } from "../sql/text.js";
import type { RowFailure } from "./state.js";

export type RowKey = readonly (string | null)[];

/** A row as a batch notes it. */
export type FailedRow = RowFailure & { readonly values: RowKey; readonly page: number };

export type QuarantinedRow = FailedRow & {
  readonly id: number;
  /** the table, or the leaf of it, in which it stood */
  readonly relation: number;
  readonly revision: string;
  readonly plan: string;
  /** when it failed first */
  readonly notedAt: Date;
  /** the next batch on its page tries it again */
  readonly retrying: boolean;
  /** null: it waits for someone to settle it */
  readonly settled: "skipped" | null;
  readonly settledBy: string | null;
  readonly settledAt: Date | null;
  readonly reason: string | null;
};

/**
 * Notes rows of a relation, in the transaction that moves their slice on, and returns those that were not known before. A
 * row that was skipped stays so.
 */
export async function noteRows(
  session: Session,
  revision: string,
  relation: number,
  rows: readonly FailedRow[],
): Promise<FailedRow[]> {
  const fresh = await session.query<{ key: string; again: boolean }>(
    sql`with known as (select key from changeover.quarantine where revision = $1 and relation = $3::oid)
        insert into changeover.quarantine (revision, relation, key, name, page, sqlstate, message)
        select $1, $3::oid, n."values", n.key, n.page, n.sqlstate, n.message
          from jsonb_to_recordset($2::jsonb) as n ("values" text[], key text, page bigint, sqlstate text, message text)
        on conflict (revision, relation, key) do update
           set name = excluded.name, page = excluded.page, sqlstate = excluded.sqlstate, message = excluded.message,
               retrying = false
         where quarantine.settled is null
     returning to_json(key)::text as key, key in (select key from known) as again`,
    [revision, JSON.stringify(rows), relation],
  );
  const again = new Set(fresh.filter((row) => row.again).map((row) => row.key));
  return rows.filter((row) => !again.has(JSON.stringify(row.values)));
}

/** How many rows of a fill wait for someone to settle them. */
export async function countUnsettled(db: Queryable, revision: string): Promise<number> {
  const { n } = await db.one<{ n: number }>(
    sql`select count(*) as n from changeover.quarantine where revision = $1 and settled is null`,
    [revision],
  );
  return n;
}

/** The rows of one fill, or of all; those that wait first, in the order in which they were noted. */
export function readQuarantine(db: Queryable, revision: string | null = null): Promise<QuarantinedRow[]> {
  return db.query<QuarantinedRow>(
    sql`select q.id, q.revision, q.relation, coalesce(r.plan, '') as plan, q.key as "values", q.name as key, q.page, q.sqlstate, q.message,
               q.noted_at as "notedAt", q.retrying, q.settled, q.settled_by as "settledBy", q.settled_at as "settledAt", q.reason
          from changeover.quarantine q join changeover.revision r on r.id = q.revision
         where $1::text is null or q.revision = $1
         order by r.sequence, q.settled is not null, q.id`,
    [revision],
  );
}

/** Pages of a relation that hold noted rows, ascending. */
export async function quarantinedPages(db: Queryable, revision: string, relation: number): Promise<number[]> {
  const rows = await db.query<{ page: number }>(
    sql`select distinct page from changeover.quarantine where revision = $1 and relation = $2::oid order by 1`,
    [revision, relation],
  );
  return rows.map(({ page }) => page);
}

/** Rows that nothing is left to do for: filled or deleted since. Those that were skipped meanwhile stay. */
export async function dropRows(db: Queryable, ids: readonly number[]): Promise<number> {
  return db.run(sql`delete from changeover.quarantine where id = any ($1::bigint[]) and settled is null`, [ids]);
}

/** They may stay as they are. Returns those that had not been skipped before. */
export async function skipRows(
  session: Session,
  ids: readonly number[],
  word: { readonly actor: string; readonly reason: string },
): Promise<number> {
  return session.run(
    sql`update changeover.quarantine
           set settled = 'skipped', retrying = false, settled_by = $2, settled_at = clock_timestamp(), reason = $3
         where id = any ($1::bigint[]) and settled is null`,
    [ids, word.actor, word.reason],
  );
}

/**
 * Puts the pages of rows back on the slices that have passed them, so that the next batches try them again; `ids` null: of
 * all that wait. To be called in a transaction. They stay on record until they are filled. A worker that has such a slice
 * loses it (another fence), or its next batch would write back the pages as it knows them. Returns how many rows they are.
 */
export async function retryRows(session: Session, revision: string, ids: readonly number[] | null): Promise<number> {
  // Slices before rows, as a batch takes them.
  await session.query(sql`select from changeover.slice where revision = $1 order by number for no key update`, [
    revision,
  ]);
  const { n } = await session.one<{ n: number }>(
    sql`with again as (
          update changeover.quarantine
             set retrying = true, settled = null, settled_by = null, settled_at = null, reason = null
           where revision = $1 and case when $2::bigint[] is null then settled is null else id = any ($2::bigint[]) end
       returning relation, page),
        home as (
          select p.page, min(s.number) as number
            from (select distinct relation, page from again) p
            join changeover.slice s on s.revision = $1 and s.relation = p.relation and p.page >= s.lo and p.page < s.hi
           group by p.relation, p.page),
        back as (
          update changeover.slice s
             set state = 'due', aside = s.aside || h.pages, fence = s.fence + 1, worker = null, lease_until = null,
                 error = null, attempts = 0, not_before = null
            from (select number, jsonb_agg(jsonb_build_array(page, page + 1) order by page) as pages from home group by number) h
           where s.revision = $1 and s.number = h.number)
        select count(*) as n from again`,
    [revision, ids],
  );
  return n;
}
