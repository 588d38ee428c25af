/** Rows that a verification has found: each once, and counted when a second look has found it so as well. */
import type { Queryable, Session } from "../db/session.js";
import { integer } from "../sql/literal.js";
import { sql } from "../sql/text.js";
import type { RowKey } from "./quarantine.js";

/** More than these are only counted, at first sight: the journal is not to grow with a table that is wrong as a whole. */
export const FINDINGS_MOST = 100_000;
/** Of so many of a state the values are kept, and can be asked for. */
export const FOUND_MOST = 1_000;
/** Of so many the verification's own row keeps the names. */
const NAMED = 20;

/** 0: not in step. 2: in step, but the old side cannot hold what the new one does. */
export type FoundState = 0 | 2;

export type Finding = {
  /** the table, or the leaf of it, in which it stood */
  readonly relation: number;
  readonly key: RowKey;
  readonly n: number;
  /** `id=42` */
  readonly name: string;
  readonly state: FoundState;
  readonly image: string | null;
};

export type FoundRow = {
  readonly key: string;
  /** the two sides, as text; null: NULL */
  readonly old: string | null;
  readonly new: string | null;
  /** what the side that follows should hold; null: NULL, or see `problem` */
  readonly due: string | null;
  /** why that cannot be told; null: it can */
  readonly problem: string | null;
};

/** What a second look says of one; null: in step, skipped, or gone. */
export type Second = {
  readonly state: FoundState;
  readonly image: string;
  readonly old: string | null;
  readonly new: string | null;
  readonly due: string | null;
  readonly problem: string | null;
} | null;

export async function findingsOf(db: Queryable, id: number): Promise<number> {
  const { n } = await db.one<{ n: number }>(
    sql`select count(*) as n from (select from changeover.finding where verification = $1 limit ${integer(FINDINGS_MOST)}) f`,
    [id],
  );
  return n;
}

/** What the revision's verifications have found. */
export async function dropFindings(session: Session, revision: string): Promise<void> {
  await session.run(
    sql`delete from changeover.finding f using changeover.verification v where v.id = f.verification and v.revision = $1`,
    [revision],
  );
}

/** Those that nobody has looked at again, the first ones first. */
export async function unsettled(db: Queryable, id: number, most: number): Promise<Finding[]> {
  return db.query<Finding>(
    sql`select relation::int8 as relation, key, n, name, state, image from changeover.finding
         where verification = $1 and not settled order by n limit $2::int`,
    [id, most],
  );
}

/** Rows not in step, in their order, after the one with the number `after`. */
export async function apartAfter(db: Queryable, id: number, after: number, most: number): Promise<Finding[]> {
  return db.query<Finding>(
    sql`select relation::int8 as relation, key, n, name, state, image from changeover.finding
         where verification = $1 and state = 0 and settled and n > $2 order by n limit $3::int`,
    [id, after, most],
  );
}

/** What the second look has said; who looks at the same time says the same. To be called in a transaction. */
export async function settle(
  session: Session,
  id: number,
  seconds: readonly { readonly finding: Finding; readonly second: Second }[],
): Promise<void> {
  for (const { finding, second } of seconds) {
    const params = [id, finding.key, finding.relation];
    if (second === null) {
      await session.run(
        sql`delete from changeover.finding where verification = $1 and key = $2::text[] and relation = $3::oid and not settled`,
        params,
      );
      continue;
    }
    await session.run(
      sql`update changeover.finding
             set settled = true, state = $4, image = $5, old_side = $6, new_side = $7, due = $8, problem = $9
           where verification = $1 and key = $2::text[] and relation = $3::oid and not settled`,
      [...params, second.state, second.image, second.old, second.new, second.due, second.problem],
    );
  }
  await recount(session, id);
}

/** What has been found, summed up. */
export async function recount(session: Session, id: number): Promise<void> {
  await session.run(
    sql`update changeover.verification v
           set mismatches = v.beyond + f.apart, lost = f.lost, keys = f.keys, lost_keys = f.lost_keys
          from (select count(*) filter (where state = 0) as apart, count(*) filter (where state = 2) as lost,
                       coalesce(jsonb_agg(name order by n) filter (where state = 0 and place <= $2), '[]') as keys,
                       coalesce(jsonb_agg(name order by n) filter (where state = 2 and place <= $2), '[]') as lost_keys
                  from (select *, row_number() over (partition by state order by n) as place
                          from changeover.finding where verification = $1 and settled) one) f
         where v.id = $1 and v.finished_at is null`,
    [id, NAMED],
  );
}

/** The first rows that were found in this state, `FOUND_MOST` at most, with the values that were kept of them. */
export async function foundRows(db: Queryable, id: number, state: FoundState, most: number): Promise<FoundRow[]> {
  return db.query<FoundRow>(
    sql`select name as key, old_side as "old", new_side as "new", due, problem from changeover.finding
         where verification = $1 and state = $2 and settled order by n limit $3::int`,
    [id, state, Math.min(most, FOUND_MOST)],
  );
}

/** The first ones of the plan's newest verification, as many as its row names. */
export async function foundOfPlan(db: Queryable, plan: string, state: FoundState): Promise<FoundRow[]> {
  const newest = await db.maybeOne<{ id: number }>(
    sql`select v.id from changeover.verification v join changeover.revision r on r.id = v.revision
         where r.plan = $1 order by v.id desc limit 1`,
    [plan],
  );
  return newest === null ? [] : foundRows(db, newest.id, state, NAMED);
}
