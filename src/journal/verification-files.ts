/** The files that a verification goes over, each cut into parts: of its table, or of each leaf of a partitioned one. */
import type { Queryable, Session } from "../db/session.js";
import { sql } from "../sql/text.js";
import type { CutFile } from "./fill-parts.js";
import { recount } from "./findings.js";
import type { PageRange } from "./slices.js";

export type VerifiedFile = {
  readonly relation: number;
  readonly filenode: number;
  readonly pages: number;
  readonly extended: boolean;
};

export async function verifiedFiles(db: Queryable, id: number): Promise<VerifiedFile[]> {
  return db.query<VerifiedFile>(
    sql`select relation::int8 as relation, filenode::int8 as filenode, pages, extended
          from changeover.verification_file where verification = $1 order by relation`,
    [id],
  );
}

/** To be gone over as well. */
export async function addFiles(session: Session, id: number, files: readonly CutFile[]): Promise<void> {
  await session.run(
    sql`insert into changeover.verification_file (verification, relation, filenode, pages)
        select $1, * from unnest($2::oid[], $3::oid[], $4::bigint[])`,
    [id, files.map((file) => file.relation), files.map((file) => file.filenode), files.map((file) => file.pages)],
  );
  for (const { relation, slices } of files) await addParts(session, id, relation, slices);
  await sumUp(session, id);
}

/** Leaves that went: what was found in them counts no more, what was compared does. */
export async function forgetFiles(session: Session, id: number, relations: readonly number[]): Promise<void> {
  if (relations.length === 0) return;
  for (const table of [sql`finding`, sql`verification_file`]) {
    await session.run(sql`delete from changeover.${table} where verification = $1 and relation = any ($2::oid[])`, [
      id,
      relations,
    ]);
  }
  await sumUp(session, id);
  await recount(session, id);
}

/** The file that a leaf has by now. */
export async function renewFile(session: Session, id: number, relation: number, filenode: number): Promise<void> {
  await session.run(
    sql`update changeover.verification_file set filenode = $3 where verification = $1 and relation = $2::oid`,
    [id, relation, filenode],
  );
}

/** It goes on to pages that the file has grown by, once. */
export async function extendFile(session: Session, id: number, file: VerifiedFile, pages: number): Promise<void> {
  const extended = await session.run(
    sql`update changeover.verification_file set pages = $3, extended = true
         where verification = $1 and relation = $2::oid and not extended`,
    [id, file.relation, pages],
  );
  if (extended === 0) return;
  await addParts(session, id, file.relation, [[file.pages, pages]]);
  await sumUp(session, id);
}

async function sumUp(session: Session, id: number): Promise<void> {
  await session.run(
    sql`update changeover.verification v
           set pages = (select coalesce(sum(pages), 0) from changeover.verification_file where verification = $1),
               walked = (select coalesce(sum(next - lo), 0) from changeover.verification_part where verification = $1)
         where id = $1`,
    [id],
  );
}

async function addParts(session: Session, id: number, relation: number, parts: readonly PageRange[]): Promise<void> {
  await session.run(
    sql`insert into changeover.verification_part (verification, number, relation, lo, hi, next)
        select $1, number + (select coalesce(max(number), 0) from changeover.verification_part where verification = $1), $4::oid, lo, hi, lo
          from unnest($2::bigint[], $3::bigint[]) with ordinality as range (lo, hi, number)`,
    [id, parts.map(([lo]) => lo), parts.map(([, hi]) => hi), relation],
  );
}
