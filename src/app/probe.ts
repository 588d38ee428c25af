/**
 * `plan --probe`: the plan's own batch statements on a copy of about a hundredth of the table's pages, spread over it, with
 * the table's indexes and storage parameters and the plan's sync triggers. All of it is one transaction that is rolled back: the copy is a
 * table of a scratch schema that nobody else ever sees, so its locks harm nobody, and whatever ends us leaves nothing.
 * Of the table itself it asks no more than a SELECT does. (A temporary table would write no WAL to be measured.)
 */
import { randomBytes } from "node:crypto";
import { tid } from "../backfill/range.js";
import { leftText } from "../backfill/statements.js";
import type { Table } from "../catalog/snapshot.js";
import type { Database } from "../db/pool.js";
import type { Session } from "../db/session.js";
import { ServerError, SQLSTATE } from "../db/sqlstate.js";
import { transaction } from "../db/transaction.js";
import { ChangeoverError } from "../errors.js";
import { type PlanInput, planChange } from "../planner/planner.js";
import type { Fill, RevisionBody } from "../revisions/revision.js";
import { runsOn } from "../runner/steps.js";
import { ident, type QualifiedName, qualified } from "../sql/identifier.js";
import { literal } from "../sql/literal.js";
import { join, type SqlText, sql, trusted } from "../sql/text.js";
import { type Measured, type Probe, project } from "./probe-projection.js";
import { attempt } from "./rehearse.js";

const MOST_ROWS = 50_000;
const MOST_MS = 5_000;
/** Smaller tables are tried as a whole. */
const LEAST_PAGES = 256;
const CHUNK_PAGES = 16;
const WINDOW_PAGES = 64;

/** Rows that a policy hides would be missing from the sample: the server is to say so instead. */
const OPTIONS = { lockTimeoutMs: 1_000, statementTimeoutMs: 2 * MOST_MS, settings: { row_security: "off" } };

/** Thrown to roll the transaction back with its answer. */
class Done {
  readonly measured: Measured;
  constructor(measured: Measured) {
    this.measured = measured;
  }
}

/**
 * Null: the plan fills no rows. Throws `usage` for what is no plain table, `privilege` for a role that may make no
 * schema (CREATE on the database), and what the statements throw.
 */
export async function probeFill(db: Database, input: PlanInput): Promise<Probe | null> {
  const { table } = input.snapshot;
  if (table === null) return null;
  if (table.kind !== "table") {
    throw new ChangeoverError("usage", `A probe takes a plain table, and ${qualified(table)} is a ${table.kind} one.`, {
      hint: `Without --probe: changeover plan ${input.slug}`,
    });
  }
  const schema = `changeover_probe_${randomBytes(6).toString("hex")}`;
  const revisions = plannedFor(schema, input, table);
  const fill = revisions.find((revision) => revision.fill?.batch != null)?.fill ?? null;
  if (fill === null) return null;
  const session = await db.open("probe");
  try {
    await transaction(session, OPTIONS, async () => {
      throw new Done(await measure(session, table, fill, revisions));
    });
    throw new Error("a probe always ends its transaction");
  } catch (error) {
    if (error instanceof Done) return project(error.measured);
    if (!(error instanceof ServerError) || error.sqlstate !== SQLSTATE.insufficientPrivilege) throw error;
    throw new ChangeoverError("privilege", "The plan cannot be tried on a copy of a part of the table.", {
      details: [error.message],
      hint: "Connect as a role with CREATE on the database, and the rights to read the table and to run the plan.",
      cause: error,
    });
  } finally {
    await session.close();
  }
}

/** The same plan for a table of this name in the scratch schema, alone: what hangs on the real one stays there. */
function plannedFor(schema: string, input: PlanInput, table: Table): readonly RevisionBody[] {
  const alone = { triggers: [], functions: [], publications: [], incomingForeignKeys: [], dependentViews: [] };
  const constraints = table.constraints.filter(({ kind }) => kind !== "foreign key");
  const planned = planChange({
    ...input,
    change: { ...input.change, table: { schema, name: table.name } },
    snapshot: { ...input.snapshot, table: { ...table, ...alone, constraints, schema } },
    impossibleViews: [],
    openPlans: [],
  });
  if (planned.kind === "refused") throw new Error(`the copy is refused: ${planned.refusals[0]?.message}`);
  return planned.kind === "plan" ? planned.plan.revisions : [];
}

async function measure(
  session: Session,
  table: Table,
  fill: Fill,
  revisions: readonly RevisionBody[],
): Promise<Measured> {
  const { pages, minimal, fullPages, databaseBytes } = await session.one<{
    pages: number;
    minimal: boolean;
    fullPages: boolean;
    databaseBytes: number;
  }>(
    sql`select pg_relation_size(${literal(qualified(table))}::regclass) / current_setting('block_size')::int as pages,
               current_setting('wal_level') = 'minimal' as minimal, current_setting('full_page_writes')::boolean as "fullPages",
               pg_database_size(current_database()) as "databaseBytes"`,
  );
  await makeCopy(session, table, fill.table);
  const sampled = await copySample(session, table, fill.table, pages);
  const skipped = await prepare(session, fill.table, revisions);
  const before = await sizes(session, fill.table);
  const work = await fillCopy(session, fill, before.pages);
  const after = await sizes(session, fill.table);
  return {
    ...work,
    pages,
    heapBytes: pages * after.block,
    sampledPages: sampled * (before.pages === 0 ? 1 : work.donePages / before.pages),
    heapGrowth: after.heap - before.heap,
    indexGrowth: after.indexes - before.indexes,
    logged: !minimal && table.persistence === "permanent",
    fullPages,
    databaseBytes,
    triggers: skipped === null,
    userTriggers: table.triggers.length > 0,
    skipped,
  };
}

async function makeCopy(session: Session, table: Table, copy: QualifiedName): Promise<void> {
  const { options, method } = await session.one<{ options: string[] | null; method: string }>(
    sql`select c.reloptions as options, a.amname as method from pg_class c join pg_am a on a.oid = c.relam
         where c.oid = ${literal(qualified(table))}::regclass`,
  );
  const unlogged = table.persistence === "unlogged" ? sql`unlogged ` : sql``;
  await session.run(sql`create schema ${ident(copy.schema)}`);
  await session.run(
    sql`create ${unlogged}table ${qualified(copy)} (like ${qualified(table)} including all) using ${ident(method)}`,
  );
  // As the server printed them: a name and a value each.
  const set = (options ?? []).map((option) => {
    const [name = "", ...value] = option.split("=");
    return sql`${ident(name)} = ${literal(value.join("="))}`;
  });
  if (set.length > 0) await session.run(sql`alter table ${qualified(copy)} set (${join(set)})`);
}

/** Rows of pages spread over the whole table; how many pages they were of. */
async function copySample(session: Session, table: Table, copy: QualifiedName, pages: number): Promise<number> {
  const columns = join(table.columns.filter(({ generated }) => generated === null).map(({ name }) => ident(name)));
  const wanted = Math.min(pages, Math.max(LEAST_PAGES, Math.ceil(pages / 100)));
  const chunks = Math.ceil(wanted / CHUNK_PAGES);
  const began = performance.now();
  let [sampled, rows] = [0, 0];
  for (let n = 0; n < chunks && rows < MOST_ROWS && performance.now() - began < MOST_MS; n += 1) {
    const lo = wanted === pages ? n * CHUNK_PAGES : Math.floor((n * (pages - CHUNK_PAGES)) / Math.max(1, chunks - 1));
    const hi = Math.min(lo + CHUNK_PAGES, pages);
    rows += await session.run(
      sql`insert into ${qualified(copy)} (${columns}) overriding system value
          select ${columns} from only ${qualified(table)} where ctid >= ${literal(tid(lo))}::tid and ctid < ${literal(tid(hi))}::tid`,
    );
    sampled += hi - lo;
  }
  return sampled;
}

/** The column, and the triggers that keep it in step; null, or why the server would not have all of it on the copy. */
async function prepare(
  session: Session,
  copy: QualifiedName,
  revisions: readonly RevisionBody[],
): Promise<string | null> {
  let skipped: string | null = null;
  for (const { phase, upgrade } of revisions) {
    if (phase !== "expand" && phase !== "dual-write") continue;
    for (const step of upgrade) {
      // What locks another table (a foreign key's) would make its writers wait.
      if (
        step.locks.some(({ table }) => table.schema !== copy.schema) ||
        !runsOn(step, Math.floor(session.serverVersion / 10_000))
      )
        continue;
      const refused = await attempt(session, step.sql);
      if (refused !== null) skipped = refused.message;
    }
  }
  return skipped;
}

async function sizes(session: Session, copy: QualifiedName) {
  const oid = sql`${literal(qualified(copy))}::regclass`;
  const block = sql`current_setting('block_size')::int`;
  return session.one<{ heap: number; indexes: number; pages: number; block: number }>(
    sql`select pg_relation_size(${oid}) as heap, pg_indexes_size(${oid}) as indexes, ${block} as block,
               pg_relation_size(${oid}) / ${block} as pages`,
  );
}

/** Node by node, the least of what the server says of a statement that we ask for. */
type Explained = {
  readonly "WAL Bytes"?: number;
  readonly "Actual Rows": number;
  readonly Plans?: readonly Explained[];
};

async function fillCopy(session: Session, fill: Fill, pages: number) {
  const began = performance.now();
  const batch = sql`explain (analyze, wal, timing off, summary off, format json) ${asStatement(fill.batch)}`;
  let [rows, walBytes, batches, donePages] = [0, 0, 0, 0];
  await session.run(sql`set local changeover.backfill = 'on'`);
  while (donePages < pages && performance.now() - began < MOST_MS) {
    const window = [tid(donePages), tid(Math.min(donePages + WINDOW_PAGES, pages))] as const;
    const [row] = await session.query<Record<"QUERY PLAN", readonly [{ Plan: Explained }]>>(batch, [...window, 0, 0]);
    const top = row?.["QUERY PLAN"][0].Plan;
    walBytes += top?.["WAL Bytes"] ?? 0;
    // The update gives no rows; its scan gives those that it wrote.
    rows += Math.round(top?.Plans?.find(isScan)?.["Actual Rows"] ?? 0);
    await session.query(leftText(fill), [...window]);
    batches += 1;
    donePages = Math.min(donePages + WINDOW_PAGES, pages);
  }
  return { rows, walBytes, batches, donePages, ms: performance.now() - began };
}

const isScan = (node: object) => !("Subplan Name" in node);

function asStatement(text: SqlText | null): SqlText {
  return trusted((text ?? "").replace(/[;\s]+$/, ""), "reviewed");
}
