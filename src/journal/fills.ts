/** Fills: a relation's pages cut into slices, what has been done of them, and how fast. */
import type { Queryable, Session } from "../db/session.js";
import { type QualifiedName, qualified } from "../sql/identifier.js";
import { literal } from "../sql/literal.js";
import { sql } from "../sql/text.js";
import { tellWorkers } from "./control.js";
import type { PageRange } from "./slices.js";
import { opensText } from "./windows.js";

/** The file behind a table at one moment. Only true for as long as the transaction holds a lock on the table. */
export type HeapFile = { readonly filenode: number; readonly pages: number; readonly rowsEstimated: number };

/** Reads it; the caller's transaction must hold a lock on the table. */
export async function readHeapFile(session: Session, table: QualifiedName): Promise<HeapFile> {
  const name = literal(qualified(table));
  const file = await session.one<HeapFile & { readonly density: number | null }>(
    sql`select pg_relation_filenode(c.oid) as filenode,
               pg_relation_size(c.oid, 'main') / current_setting('block_size')::int as pages,
               case when c.reltuples > 0 and c.relpages > 0 then c.reltuples::float8 / c.relpages end as density
          from pg_class c where c.oid = ${name}::regclass`,
  );
  const density = file.density ?? (await countedDensity(session, table, file.pages));
  return { filenode: file.filenode, pages: file.pages, rowsEstimated: Math.round(density * file.pages) };
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
export async function insertFill(
  session: Session,
  revision: string,
  file: HeapFile,
  slices: readonly PageRange[],
): Promise<boolean> {
  const inserted = await session.run(
    sql`insert into changeover.fill (revision, filenode, pages, rows_estimated) values ($1, $2, $3, $4)
        on conflict (revision) do nothing`,
    [revision, file.filenode, file.pages, file.rowsEstimated],
  );
  if (inserted === 1) {
    await insertSlices(session, revision, slices, 0);
    await tellWorkers(session, revision);
  }
  return inserted === 1;
}

/**
 * Takes the bounds again because the table's file is another one (VACUUM FULL, CLUSTER, TRUNCATE). False: somebody else
 * has done so. The new slices' fences start above all old ones, so that no worker of an old slice passes for one of these.
 */
export async function replaceFill(
  session: Session,
  revision: string,
  file: HeapFile,
  slices: readonly PageRange[],
): Promise<boolean> {
  const changed = await session.maybeOne(
    sql`select 1 as one from changeover.fill where revision = $1 and filenode <> $2 for update`,
    [revision, file.filenode],
  );
  if (changed === null) return false;
  await session.run(
    sql`update changeover.fill set filenode = $2, pages = $3, rows_estimated = $4 where revision = $1`,
    [revision, file.filenode, file.pages, file.rowsEstimated],
  );
  const old = await session.query<{ fence: number }>(
    sql`delete from changeover.slice where revision = $1 returning fence`,
    [revision],
  );
  await session.run(
    sql`with old as (delete from changeover.sweep where revision = $1) delete from changeover.sample where revision = $1`,
    [revision],
  );
  // All rows are looked at again. A ctid names another row in another file, or none.
  await session.run(
    sql`delete from changeover.quarantine where revision = $1 and (settled is null or name like 'ctid=%')`,
    [revision],
  );
  await insertSlices(session, revision, slices, Math.max(0, ...old.map(({ fence }) => fence)) + 1);
  return true;
}

/** Further slices after the last one, for pages that have to be gone over again. */
export async function appendSlices(session: Session, revision: string, slices: readonly PageRange[]): Promise<void> {
  await insertSlices(session, revision, slices, 0);
}

async function insertSlices(session: Session, revision: string, slices: readonly PageRange[], fence: number) {
  await session.run(
    sql`insert into changeover.slice (revision, number, lo, hi, next, state, fence)
        select $1, number + (select coalesce(max(number), 0) from changeover.slice where revision = $1), lo, hi, lo, 'due', $4
          from unnest($2::bigint[], $3::bigint[]) with ordinality as range (lo, hi, number)`,
    [revision, slices.map(([lo]) => lo), slices.map(([, hi]) => hi), fence],
  );
}

/** Why the fill is slower than it could be, for as long as that may last; `reason` null: nobody is in its way. */
export async function noteSlow(db: Queryable, revision: string, reason: string | null, forMs: number): Promise<void> {
  await db.run(
    sql`update changeover.fill set slow = $2, slow_until = clock_timestamp() + $3::int * interval '1 ms' where revision = $1`,
    [revision, reason, forMs],
  );
}

/** Why its workers hold back, for as long as that may last; null: they do not. */
export async function noteThrottle(
  db: Queryable,
  revision: string,
  { grade, reason }: { readonly grade: "go" | "slower" | "wait"; readonly reason: string | null },
  forMs: number,
): Promise<void> {
  await db.run(
    sql`update changeover.fill
           set throttle = $2, throttle_until = clock_timestamp() + $3::int * interval '1 ms', held = $4 where revision = $1`,
    [revision, reason, forMs, grade === "wait"],
  );
}

/** What a fill's run decides on; null: it was not seeded. */
export type FillCounts = {
  readonly due: number;
  readonly leased: number;
  readonly blocked: number;
  readonly done: number;
  /** rows that wait for someone to settle them */
  readonly quarantined: number;
  readonly paused: boolean;
  /** when the plan's next window opens; null: it may work now */
  readonly opens: string | null;
  /** the revision is still to be run: not done, not being undone */
  readonly running: boolean;
};

export async function countSlices(db: Queryable, revision: string): Promise<FillCounts | null> {
  return db.maybeOne<FillCounts>(
    sql`select count(*) filter (where s.state = 'due') as due, count(*) filter (where s.state = 'leased') as leased,
               count(*) filter (where s.state = 'blocked') as blocked, count(*) filter (where s.state = 'done') as done,
               (select count(*) from changeover.quarantine q where q.revision = f.revision and q.settled is null) as quarantined,
               bool_or(p.paused_at is not null) as paused, max(${opensText(sql`p.limits`)}) as opens, bool_and(r.state = 'running') as running
          from changeover.fill f
          join changeover.revision r on r.id = f.revision
          left join changeover.plan p on p.slug = r.plan
          left join changeover.slice s on s.revision = f.revision
         where f.revision = $1 group by f.revision`,
    [revision],
  );
}

export { readFills } from "./progress.js";
export { recordSample } from "./samples.js";
