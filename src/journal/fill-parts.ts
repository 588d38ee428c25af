/** What a fill walks: the files of its table, or of the leaves of a partitioned one, each cut into slices. */
import type { Queryable, Session } from "../db/session.js";
import { ChangeoverError } from "../errors.js";
import { type QualifiedName, qualified } from "../sql/identifier.js";
import { literal } from "../sql/literal.js";
import { sql } from "../sql/text.js";
import { tellWorkers } from "./control.js";
import type { PageRange } from "./slices.js";

/** A relation with rows of its own: the table itself, or a leaf. */
export type PartName = QualifiedName & { readonly relation: number };

/** The file behind a relation at one moment. Only true for as long as the transaction holds a lock on it. */
export type HeapFile = {
  readonly relation: number;
  readonly filenode: number;
  readonly pages: number;
  readonly rowsEstimated: number;
};

/** A file, and the ranges of its pages that are to be walked. */
export type CutFile = HeapFile & { readonly slices: readonly PageRange[] };

/**
 * The table itself or, of a partitioned one, its leaves as they are now, by name; those that are being detached do not count.
 * Takes no lock. Throws `blocked` for a leaf whose rows cannot be walked.
 */
export async function readPartNames(db: Queryable, table: QualifiedName): Promise<PartName[]> {
  const found = await db.query<PartName & { readonly how: string | null }>(
    sql`with recursive tree (relation) as (
          select ${literal(qualified(table))}::regclass::oid
          union
          select i.inhrelid from tree t
            join pg_class p on p.oid = t.relation and p.relkind = 'p'
            join pg_inherits i on i.inhparent = t.relation and not i.inhdetachpending)
        select c.oid::int8 as relation, n.nspname::text as schema, c.relname::text as name,
               case when c.relkind <> 'r' then 'is no table' when m.amname <> 'heap' then 'is stored by ' || m.amname end as how
          from tree t join pg_class c on c.oid = t.relation join pg_namespace n on n.oid = c.relnamespace
          left join pg_am m on m.oid = c.relam
         where c.relkind <> 'p' order by n.nspname, c.relname`,
  );
  const odd = found.find((part) => part.how !== null);
  if (odd === undefined) return found.map(({ relation, schema, name }) => ({ relation, schema, name }));
  throw new ChangeoverError("blocked", `${qualified(odd)} ${odd.how}: its rows cannot be walked by page.`, {
    where: qualified(table),
    hint: `Detach it, then run the same command again: ALTER TABLE … DETACH PARTITION ${qualified(odd)}`,
  });
}

/** Reads it; the caller's transaction must hold a lock on the table. */
export async function readHeapFile(session: Session, table: QualifiedName): Promise<HeapFile> {
  const name = literal(qualified(table));
  const { density: known, ...file } = await session.one<HeapFile & { readonly density: number | null }>(
    sql`select c.oid::int8 as relation, pg_relation_filenode(c.oid) as filenode,
               pg_relation_size(c.oid, 'main') / current_setting('block_size')::int as pages,
               case when c.reltuples > 0 and c.relpages > 0 then c.reltuples::float8 / c.relpages end as density
          from pg_class c where c.oid = ${name}::regclass`,
  );
  const density = known ?? (await countedDensity(session, table, file.pages));
  return { ...file, rowsEstimated: Math.round(density * file.pages) };
}

/** Rows a page over the first pages, for a table that was never analyzed. */
async function countedDensity(session: Session, table: QualifiedName, pages: number): Promise<number> {
  if (pages === 0) return 0;
  const { rows } = await session.one<{ rows: number }>(
    sql`select count(*) as rows from only ${qualified(table)} where ctid < '(16,0)'::tid`,
  );
  return rows / Math.min(16, pages);
}

/** False: it was seeded before. The revision's row must exist. */
export async function insertFill(session: Session, revision: string, files: readonly CutFile[]): Promise<boolean> {
  const inserted = await session.run(
    sql`insert into changeover.fill (revision, pages, rows_estimated) values ($1, 0, 0) on conflict (revision) do nothing`,
    [revision],
  );
  if (inserted === 1) {
    await addParts(session, revision, files, 0);
    await tellWorkers(session, revision);
  }
  return inserted === 1;
}

export type PartsChange = {
  /** leaves that came */
  readonly added: number;
  /** leaves that went */
  readonly gone: number;
  /** whose file is another one (VACUUM FULL, CLUSTER, TRUNCATE) */
  readonly replaced: number;
};

/**
 * Takes the bounds again where they do not hold any more: of a part with another file all rows are looked at again, one that
 * is gone is forgotten, one that came is added. Does nothing where somebody else has done so. `cut` gives a file's slices. The new
 * slices' fences start above all old ones, so that no worker of an old slice passes for one of these.
 */
export async function replaceParts(
  session: Session,
  revision: string,
  files: readonly HeapFile[],
  cut: (file: HeapFile) => readonly PageRange[],
): Promise<PartsChange> {
  const fill = await session.maybeOne(sql`select 1 as one from changeover.fill where revision = $1 for update`, [
    revision,
  ]);
  const known = await session.query<{ relation: number; filenode: number }>(
    sql`select relation::int8 as relation, filenode from changeover.fill_part where revision = $1`,
    [revision],
  );
  const before = new Map(known.map((part) => [part.relation, part.filenode]));
  const now = new Set(files.map((file) => file.relation));
  const stale = files.filter((file) => before.get(file.relation) !== file.filenode);
  const gone = known.filter((part) => !now.has(part.relation)).map((part) => part.relation);
  const added = stale.filter((file) => !before.has(file.relation)).length;
  const change = { added, gone: gone.length, replaced: stale.length - added };
  if (fill === null || stale.length + gone.length === 0) return { added: 0, gone: 0, replaced: 0 };
  const out = [...gone, ...stale.map((file) => file.relation)];
  const { fence } = await session.one<{ fence: number }>(
    sql`select coalesce(max(fence), 0) + 1 as fence from changeover.slice where revision = $1`,
    [revision],
  );
  const slices = await session.run(
    sql`delete from changeover.slice where revision = $1 and relation = any ($2::oid[])`,
    [revision, out],
  );
  await session.run(sql`delete from changeover.fill_part where revision = $1 and relation = any ($2::oid[])`, [
    revision,
    out,
  ]);
  // What was done of them counts no more; the rate begins anew.
  if (slices > 0) {
    await session.run(
      sql`with old as (delete from changeover.sweep where revision = $1) delete from changeover.sample where revision = $1`,
      [revision],
    );
  }
  // All rows are looked at again. A ctid names another row in another file, or none.
  await session.run(
    sql`delete from changeover.quarantine
         where revision = $1 and relation = any ($2::oid[]) and (settled is null or name like 'ctid=%' or relation = any ($3::oid[]))`,
    [revision, out, gone],
  );
  await addParts(
    session,
    revision,
    stale.map((file) => ({ ...file, slices: cut(file) })),
    fence,
  );
  return change;
}

async function addParts(session: Session, revision: string, files: readonly CutFile[], fence: number): Promise<void> {
  await session.run(
    sql`insert into changeover.fill_part (revision, relation, filenode, pages, rows_estimated)
        select $1, * from unnest($2::oid[], $3::oid[], $4::bigint[], $5::bigint[])`,
    [
      revision,
      files.map((file) => file.relation),
      files.map((file) => file.filenode),
      files.map((file) => file.pages),
      files.map((file) => file.rowsEstimated),
    ],
  );
  await session.run(
    sql`update changeover.fill f set pages = p.pages, rows_estimated = p.rows
          from (select coalesce(sum(pages), 0) as pages, coalesce(sum(rows_estimated), 0) as rows from changeover.fill_part where revision = $1) p
         where f.revision = $1`,
    [revision],
  );
  for (const { relation, slices } of files) await insertSlices(session, revision, relation, slices, fence);
}

/** Further slices after the last one, for pages that have to be gone over again. */
export async function appendSlices(
  session: Session,
  revision: string,
  relation: number,
  slices: readonly PageRange[],
): Promise<void> {
  await insertSlices(session, revision, relation, slices, 0);
}

async function insertSlices(
  session: Session,
  revision: string,
  relation: number,
  slices: readonly PageRange[],
  fence: number,
): Promise<void> {
  if (slices.length === 0) return;
  await session.run(
    sql`insert into changeover.slice (revision, number, relation, lo, hi, next, state, fence)
        select $1, number + (select coalesce(max(number), 0) from changeover.slice where revision = $1), $5::oid, lo, hi, lo, 'due', $4
          from unnest($2::bigint[], $3::bigint[]) with ordinality as range (lo, hi, number)`,
    [revision, slices.map(([lo]) => lo), slices.map(([, hi]) => hi), fence, relation],
  );
}
