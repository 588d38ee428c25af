/** Verifications: passes that compare the two sides of every row, kept so that they can go on where they stood. */
import type { Queryable } from "../db/session.js";
import { sql } from "../sql/text.js";
import type { Stamps, Verification } from "./state.js";

export type VerificationRow = Verification & {
  readonly id: number;
  readonly filenode: number;
  readonly pages: number;
  readonly next: number;
};

const COLUMNS = sql`id, filenode, pages, next, rows, mismatches, skipped, keys, lost, mirror, started_at as "startedAt", finished_at as "finishedAt"`;

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
    sql`select ${COLUMNS} from changeover.verification v
         where revision = $1 and filenode = $2 and mirror = $3::jsonb and finished_at is null
           and not exists (select from changeover.revision r where r.id = v.revision and r.finished_at > v.started_at)
         order by id desc limit 1`,
    [revision, filenode, JSON.stringify(mirror)],
  );
}

/** Begins one, in place of every unfinished one. */
export async function startVerification(
  db: Queryable,
  revision: string,
  file: { readonly filenode: number; readonly pages: number },
  mirror: Stamps,
): Promise<VerificationRow> {
  return db.one<VerificationRow>(
    sql`with stale as (delete from changeover.verification where revision = $1 and finished_at is null)
        insert into changeover.verification (revision, filenode, pages, mirror) values ($1, $2, $3, $4::jsonb) returning ${COLUMNS}`,
    [revision, file.filenode, file.pages, JSON.stringify(mirror)],
  );
}

export type VerifiedWindow = {
  /** where the pass stood, and stands now */
  readonly from: number;
  readonly next: number;
  readonly rows: number;
  readonly mismatches: number;
  readonly skipped: number;
  readonly keys: readonly string[];
  readonly lost: number;
};

/** Null: somebody else has moved (or dropped) this pass meanwhile. */
export async function advanceVerification(
  db: Queryable,
  id: number,
  window: VerifiedWindow,
  keep: number,
): Promise<VerificationRow | null> {
  return db.maybeOne<VerificationRow>(
    sql`update changeover.verification
           set next = $3, rows = rows + $4, mismatches = mismatches + $5, skipped = skipped + $9, lost = lost + $8,
               keys = (select coalesce(jsonb_agg(key order by n), '[]')
                         from jsonb_array_elements(keys || $6::jsonb) with ordinality as k (key, n) where n <= $7::int)
         where id = $1 and next = $2 and finished_at is null
     returning ${COLUMNS}`,
    [
      id,
      window.from,
      window.next,
      window.rows,
      window.mismatches,
      JSON.stringify(window.keys),
      keep,
      window.lost,
      window.skipped,
    ],
  );
}

/** The pass goes on to pages that the table has grown by. */
export async function extendVerification(db: Queryable, id: number, pages: number): Promise<VerificationRow | null> {
  return db.maybeOne<VerificationRow>(
    sql`update changeover.verification set pages = $2 where id = $1 and finished_at is null returning ${COLUMNS}`,
    [id, pages],
  );
}

/** All in step: the triggers as they stood when it began are the ones to trust from here on. */
export async function finishVerification(db: Queryable, id: number): Promise<VerificationRow | null> {
  return db.maybeOne<VerificationRow>(
    sql`with verification as (
          update changeover.verification set finished_at = clock_timestamp()
           where id = $1 and next >= pages and finished_at is null returning *),
        trusted as (
          update changeover.plan p set mirror = v.mirror
            from verification v join changeover.revision r on r.id = v.revision
           where p.slug = r.plan and v.mismatches = 0)
        select ${COLUMNS} from verification`,
    [id],
  );
}

/** The newest verification of a revision, finished or not. */
export async function latestVerification(db: Queryable, revision: string): Promise<Verification | null> {
  return db.maybeOne<VerificationRow>(
    sql`select ${COLUMNS} from changeover.verification where revision = $1 order by id desc limit 1`,
    [revision],
  );
}

/** By fill revision: the newest verification of each that was ever verified. */
export async function latestVerifications(db: Queryable): Promise<Map<string, Verification>> {
  const found = await db.query<VerificationRow & { revision: string }>(
    sql`select distinct on (revision) revision, ${COLUMNS} from changeover.verification order by revision, id desc`,
  );
  return new Map(found.map((row) => [row.revision, row]));
}
