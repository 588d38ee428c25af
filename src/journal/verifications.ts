/** Verifications: passes that compare the two sides of every row, kept so that they can go on where they stood. */
import type { Queryable, Session } from "../db/session.js";
import { sql } from "../sql/text.js";
import type { PageRange } from "./slices.js";
import type { Stamps, Verification } from "./state.js";

export type VerificationRow = Verification & {
  readonly id: number;
  readonly filenode: number;
  readonly pages: number;
  readonly walked: number;
  readonly extended: boolean;
  readonly suspects: number;
};

/** Part of the table's pages that a pass has gone over. */
export const COMPARED = sql`case when pages = 0 then 1 else least(1, walked::float8 / pages) end`;

/** Of `changeover.verification`, as values. */
export const VERIFICATION = sql`id, filenode, pages, walked, extended, rows, suspects, mismatches, skipped, keys, lost,
  lost_keys as "lostKeys", mirror, ${COMPARED} as fraction, started_at as "startedAt", finished_at as "finishedAt"`;

/** Whoever begins or ends a verification of the revision comes one at a time, to the end of its transaction. False: it is gone. */
export async function holdVerifications(session: Session, revision: string): Promise<boolean> {
  const text = sql`select 1 as one from changeover.revision where id = $1 for no key update`;
  return (await session.maybeOne(text, [revision])) !== null;
}

/**
 * The unfinished verification of this file, to go on with. One that began before the revision was done proves nothing
 * about rows that were filled later, and one that began under other triggers nothing about rows that passed them meanwhile:
 * neither is gone on with.
 */
export async function openVerification(
  db: Queryable,
  revision: string,
  filenode: number,
  mirror: Stamps,
): Promise<VerificationRow | null> {
  return db.maybeOne<VerificationRow>(
    sql`select ${VERIFICATION} from changeover.verification v
         where revision = $1 and filenode = $2 and mirror = $3::jsonb and finished_at is null
           and not exists (select from changeover.revision r where r.id = v.revision and r.finished_at > v.started_at)
         order by id desc limit 1`,
    [revision, filenode, JSON.stringify(mirror)],
  );
}

/** Begins one, in place of every unfinished one; what finished ones found goes with the next. */
export async function startVerification(
  session: Session,
  revision: string,
  file: { readonly filenode: number; readonly pages: number },
  parts: readonly PageRange[],
  mirror: Stamps,
): Promise<VerificationRow> {
  await session.run(sql`delete from changeover.verification where revision = $1 and finished_at is null`, [revision]);
  await session.run(
    sql`delete from changeover.finding f using changeover.verification v where v.id = f.verification and v.revision = $1`,
    [revision],
  );
  const pass = await session.one<VerificationRow>(
    sql`insert into changeover.verification (revision, filenode, pages, mirror) values ($1, $2, $3, $4::jsonb)
        returning ${VERIFICATION}`,
    [revision, file.filenode, file.pages, JSON.stringify(mirror)],
  );
  await addParts(session, pass.id, parts);
  return pass;
}

/** The pass goes on to pages that the table has grown by, once. */
export async function extendVerification(session: Session, id: number, pages: number): Promise<void> {
  const pass = await session.maybeOne<{ from: number }>(
    sql`with was as (select id, pages from changeover.verification where id = $1 and finished_at is null and not extended)
        update changeover.verification v set pages = $2, extended = true from was where v.id = was.id
        returning was.pages as from`,
    [id, pages],
  );
  if (pass !== null) await addParts(session, id, [[pass.from, pages]]);
}

async function addParts(session: Session, id: number, parts: readonly PageRange[]): Promise<void> {
  await session.run(
    sql`insert into changeover.verification_part (verification, number, lo, hi, next)
        select $1, number + (select coalesce(max(number), 0) from changeover.verification_part where verification = $1), lo, hi, lo
          from unnest($2::bigint[], $3::bigint[]) with ordinality as range (lo, hi, number)`,
    [id, parts.map(([lo]) => lo), parts.map(([, hi]) => hi)],
  );
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
    sql`select distinct on (revision) revision, ${VERIFICATION} from changeover.verification order by revision, id desc`,
  );
  return new Map(found.map((row) => [row.revision, row]));
}
