/** Verifications: passes that compare the two sides of every row, kept so that they can go on where they stood. */
import type { Queryable, Session } from "../db/session.js";
import { type SqlText, sql } from "../sql/text.js";
import { dropFindings } from "./findings.js";
import type { Stamps, Verification } from "./state.js";

export type VerificationRow = Verification & {
  readonly id: number;
  readonly pages: number;
  readonly walked: number;
  readonly suspects: number;
};

/** Part of the table's pages that a pass has gone over. */
export const COMPARED = sql`case when pages = 0 then 1 else least(1, walked::float8 / pages) end`;

/** Of `changeover.verification`, as values. */
export const VERIFICATION = sql`id, pages, walked, rows, suspects, mismatches, skipped, keys, lost,
  lost_keys as "lostKeys", mirror, ${COMPARED} as fraction, started_at as "startedAt", finished_at as "finishedAt"`;

/** Whoever begins or ends a verification of the revision comes one at a time, to the end of its transaction. False: it is gone. */
export async function holdVerifications(session: Session, revision: string): Promise<boolean> {
  const text = sql`select 1 as one from changeover.revision where id = $1 for no key update`;
  return (await session.maybeOne(text, [revision])) !== null;
}

/**
 * The unfinished verification, to go on with where its files are still the same. One that began before the revision was done
 * proves nothing about rows that were filled later, and one that began under other triggers nothing about rows that passed
 * them meanwhile: neither is gone on with.
 */
export async function openVerification(
  db: Queryable,
  revision: string,
  mirror: Stamps,
): Promise<VerificationRow | null> {
  return db.maybeOne<VerificationRow>(
    sql`select ${VERIFICATION} from changeover.verification v
         where revision = $1 and mirror = $2::jsonb and finished_at is null and ${AFTER_FILL} order by id desc limit 1`,
    [revision, JSON.stringify(mirror)],
  );
}

const AFTER_FILL = sql`not exists (select from changeover.revision r where r.id = v.revision and r.finished_at > v.started_at)`;

/** The last verification, if that has found all in step under the same triggers; null: it has not. */
export async function soundVerification(
  db: Queryable,
  revision: string,
  mirror: Stamps,
): Promise<VerificationRow | null> {
  return db.maybeOne<VerificationRow>(
    sql`select ${VERIFICATION} from changeover.verification v
         where id = (select max(id) from changeover.verification where revision = $1)
           and mirror = $2::jsonb and finished_at is not null and mismatches = 0 and ${AFTER_FILL}`,
    [revision, JSON.stringify(mirror)],
  );
}

/** It is unfinished again: for leaves that came since. */
export async function reopenVerification(session: Session, id: number): Promise<void> {
  await session.run(sql`update changeover.verification set finished_at = null where id = $1`, [id]);
}

/** Begins one, in place of every unfinished one; what finished ones found goes with the next. Its files are to be added. */
export async function startVerification(session: Session, revision: string, mirror: Stamps): Promise<VerificationRow> {
  await session.run(sql`delete from changeover.verification where revision = $1 and finished_at is null`, [revision]);
  await dropFindings(session, revision);
  return session.one<VerificationRow>(
    sql`insert into changeover.verification (revision, pages, mirror) values ($1, 0, $2::jsonb) returning ${VERIFICATION}`,
    [revision, JSON.stringify(mirror)],
  );
}

/**
 * The leaves with rows that a verification `v` of the plan has not gone over, by name: attached since, or made since and
 * written to. Only the rows of the former can have passed the triggers, but the catalog does not tell which they are.
 */
export function unseenLeaves(plan: SqlText): SqlText {
  return sql`array(
    with recursive tree (relation, root) as (
      select c.oid, c.oid from changeover.plan p
        join pg_namespace n on n.nspname = p.table_schema join pg_class c on c.relnamespace = n.oid and c.relname = p.table_name
       where p.slug = ${plan}
      union all
      select i.inhrelid, t.root from tree t
        join pg_class c on c.oid = t.relation and c.relkind = 'p'
        join pg_inherits i on i.inhparent = t.relation and not i.inhdetachpending)
    select format('%I.%I', n.nspname, c.relname)
      from tree t join pg_class c on c.oid = t.relation join pg_namespace n on n.oid = c.relnamespace
     where c.oid <> t.root and c.relkind <> 'p'
       and not exists (select from changeover.verification_file f where f.verification = v.id and f.relation = c.oid)
       and (c.relkind <> 'r' or pg_relation_size(c.oid) > 0)
     order by 1)`;
}

/**
 * Null: somebody else has ended it, or begun another. All in step: the triggers as they stood when it began are the ones to
 * trust from here on.
 */
export async function finishVerification(session: Session, id: number): Promise<VerificationRow | null> {
  return session.maybeOne<VerificationRow>(
    sql`with verification as (
          update changeover.verification v set finished_at = clock_timestamp()
           where id = $1 and finished_at is null
             and not exists (select from changeover.verification_part p where p.verification = v.id and p.next < p.hi)
             and not exists (select from changeover.finding f where f.verification = v.id and not f.settled)
           returning *),
        trusted as (
          update changeover.plan p set mirror = v.mirror
            from verification v join changeover.revision r on r.id = v.revision
           where p.slug = r.plan and v.mismatches = 0)
        select ${VERIFICATION} from verification`,
    [id],
  );
}

/** Null: it is not there any more. */
export async function readVerification(db: Queryable, id: number): Promise<VerificationRow | null> {
  return db.maybeOne<VerificationRow>(sql`select ${VERIFICATION} from changeover.verification where id = $1`, [id]);
}

/** The newest verification of a revision, finished or not. */
export async function latestVerification(db: Queryable, revision: string): Promise<VerificationRow | null> {
  return db.maybeOne<VerificationRow>(
    sql`select ${VERIFICATION} from changeover.verification where revision = $1 order by id desc limit 1`,
    [revision],
  );
}

/** By fill revision: the newest verification of each that was ever verified. */
export async function latestVerifications(db: Queryable): Promise<Map<string, Verification>> {
  const found = await db.query<VerificationRow & { revision: string }>(
    sql`select distinct on (v.revision) v.revision, ${VERIFICATION}, ${unseenLeaves(sql`r.plan`)} as unseen
          from changeover.verification v
          join (select id as of_revision, plan from changeover.revision) r on r.of_revision = v.revision
         order by v.revision, v.id desc`,
  );
  return new Map(found.map((row) => [row.revision, row]));
}
