/**
 * A step that is to be run for each leaf of a partitioned table, as the steps that are left to do: read from the catalog when it
 * runs, and again after it ran, because leaves come and go. Every one of them can be cut off anywhere and be done again.
 */
import { createHash } from "node:crypto";
import type { Queryable } from "../db/session.js";
import type { Revision, Step } from "../revisions/revision.js";
import { clipName, ident, MAX_NAME_BYTES, type QualifiedName, qualified } from "../sql/identifier.js";
import { literal } from "../sql/literal.js";
import { loadParser, type Node, parseStatements } from "../sql/parser.js";
import { droppedBy, retarget, retargetIndex } from "../sql/retarget.js";
import { sql, trusted } from "../sql/text.js";

type Partition = QualifiedName & {
  readonly relation: number;
  readonly parent: number;
  /** partitioned itself */
  readonly branch: boolean;
  /** its index under its parent's, where it is attached already */
  readonly attached: string | null;
};

/** A catalog change under locks that stop writers for a moment, on one partition. */
const ATTACH_MS = 400;
const CATALOG_MS = 10_000;

/** What is to be run before the step itself, and whether that is to be run as it stands then. */
export async function leafSteps(
  db: Queryable,
  revision: Pick<Revision, "id">,
  step: Step,
): Promise<{ readonly steps: readonly Step[]; readonly itself: boolean }> {
  const table = step.each;
  if (table === undefined) return { steps: [], itself: true };
  await loadParser();
  const node = parseStatements(step.sql)[0]?.node ?? {};
  const created = nameOf(node.IndexStmt, "idxname");
  if (created !== null) return { steps: await indexSteps(db, revision, step, table, created), itself: false };
  const dropped = droppedBy(step.sql);
  if (dropped !== null) return { steps: await leftovers(db, revision, step, table, dropped), itself: true };
  const leaves = (await partitionsOf(db, table, null)).filter(({ branch }) => !branch);
  const steps = leaves.map((leaf) => over(step, leaf, { sql: retarget(step.sql, table, leaf), done: null }));
  return { steps, itself: true };
}

/**
 * The name of a leaf's index: the leaf's, then the index's own, then what tells it from the one that it stands in for. It is the
 * last that it is given: a plan ends without renaming the indexes of hundreds of leaves.
 */
export function leafIndexName(revision: string, table: string, partition: string, index: string): string {
  const own = index.replace(/^changeover_/, "");
  const tail = own.startsWith(`${table}_`) ? own.slice(table.length + 1) : own;
  const mark = createHash("sha256").update(`${revision} ${partition} ${index}`).digest("hex").slice(0, 8);
  return `${clipName(`${partition}_${tail}`, MAX_NAME_BYTES - 9)}_${mark}`;
}

async function indexSteps(
  db: Queryable,
  { id }: Pick<Revision, "id">,
  step: Step,
  table: QualifiedName,
  index: string,
): Promise<Step[]> {
  const root = { schema: table.schema, name: index };
  const partitions = await partitionsOf(db, table, root);
  const constraint = await db.maybeOne<{ definition: string }>(
    sql`select pg_get_constraintdef(k.oid) as definition from pg_constraint k
         where k.conindid = to_regclass($1) and k.contype = 'u' and k.conrelid = to_regclass($2)`,
    [qualified(root), qualified(table)],
  );
  const nameIn = (one: Partition): QualifiedName => ({
    schema: one.schema,
    name: one.attached ?? leafIndexName(id, table.name, one.name, index),
  });
  const parents = new Map(partitions.map((one) => [one.relation, nameIn(one)]));
  return partitions
    .filter(({ attached }) => attached === null)
    .flatMap((one) => {
      const name = nameIn(one);
      const made = one.branch
        ? [branchIndex(step, one, name, table, constraint?.definition ?? null)]
        : leafIndex(step, one, name, table, constraint !== null);
      return [...made, attach(step, one, name, parents.get(one.parent) ?? root)];
    });
}

/** Of a partition that has partitions: nothing is built. */
function branchIndex(
  step: Step,
  one: Partition,
  name: QualifiedName,
  table: QualifiedName,
  constraint: string | null,
): Step {
  const create = retargetIndex(step.sql, table, { schema: one.schema, name: one.name, index: name.name, branch: true });
  const text =
    constraint === null
      ? create
      : sql`alter table only ${qualified(one)} add constraint ${ident(name.name)} ${trusted(constraint, "server")}`;
  return brief(
    over(step, one, { sql: text, done: sql`select to_regclass(${literal(qualified(name))}) is not null` }),
    one,
  );
}

function leafIndex(
  step: Step,
  one: Partition,
  name: QualifiedName,
  table: QualifiedName,
  constrained: boolean,
): Step[] {
  const regclass = sql`to_regclass(${literal(qualified(name))})`;
  const create = over(step, one, {
    sql: retargetIndex(step.sql, table, { schema: one.schema, name: one.name, index: name.name, branch: false }),
    done: sql`select coalesce((select i.indisvalid and i.indisready from pg_index i where i.indexrelid = ${regclass}), false)`,
    heals: name,
  });
  if (!constrained) return [create];
  const constraint = over(step, one, {
    sql: sql`alter table ${qualified(one)} add constraint ${ident(name.name)} unique using index ${ident(name.name)}`,
    done: sql`select exists (select from pg_constraint k where k.conindid = ${regclass} and k.contype = 'u')`,
  });
  return [create, brief(constraint, one)];
}

function attach(step: Step, one: Partition, index: QualifiedName, parent: QualifiedName): Step {
  const attached = over(step, one, {
    sql: sql`alter index ${qualified(parent)} attach partition ${qualified(index)}`,
    done: sql`select exists (select from pg_inherits where inhrelid = to_regclass(${literal(qualified(index))}) and inhparent = to_regclass(${literal(qualified(parent))}))`,
  });
  return brief(attached, one);
}

/** What a run that was cut off has built and not attached: it would stay when the parent's goes. */
async function leftovers(
  db: Queryable,
  { id }: Pick<Revision, "id">,
  step: Step,
  table: QualifiedName,
  index: string,
): Promise<Step[]> {
  const steps: Step[] = [];
  for (const one of await partitionsOf(db, table, null)) {
    const name = { schema: one.schema, name: leafIndexName(id, table.name, one.name, index) };
    const loose = await db.maybeOne<{ constraint: string | null }>(
      sql`select (select k.conname from pg_constraint k where k.conindid = c.oid and k.contype = 'u') as constraint
            from pg_class c where c.oid = to_regclass($1) and not exists (select from pg_inherits where inhrelid = c.oid)`,
      [qualified(name)],
    );
    if (loose === null) continue;
    const done = sql`select to_regclass(${literal(qualified(name))}) is null`;
    const strong = one.branch || loose.constraint !== null;
    const text =
      loose.constraint !== null
        ? sql`alter table only ${qualified(one)} drop constraint ${ident(loose.constraint)}`
        : sql`drop index ${strong ? sql`` : sql`concurrently `}if exists ${qualified(name)}`;
    const dropped = over(step, one, { sql: text, done });
    steps.push(strong ? brief(dropped, one) : gentle(dropped, one));
  }
  return steps;
}

/** The step over one partition. */
function over(step: Step, one: QualifiedName, parts: Partial<Pick<Step, "sql" | "done" | "heals">>): Step {
  const { each: _, ...rest } = step;
  const table = { schema: one.schema, name: one.name };
  return { ...rest, heals: null, ...parts, locks: step.locks.map(({ mode }) => ({ mode, table })) };
}

function brief(step: Step, { schema, name }: QualifiedName): Step {
  const locks = [{ mode: "ACCESS EXCLUSIVE", table: { schema, name } }] as const;
  return { ...step, locks, lockTimeoutMs: ATTACH_MS, statementTimeoutMs: CATALOG_MS };
}

function gentle(step: Step, { schema, name }: QualifiedName): Step {
  const locks = [{ mode: "SHARE UPDATE EXCLUSIVE", table: { schema, name } }] as const;
  return { ...step, locks, lockTimeoutMs: 0, statementTimeoutMs: 0 };
}

function nameOf(node: unknown, field: string): string | null {
  const name = (node as Node | undefined)?.[field];
  return typeof name === "string" ? name : null;
}

/** Parents before their partitions; `index`: the one under whose parts theirs are looked for. */
async function partitionsOf(db: Queryable, table: QualifiedName, index: QualifiedName | null): Promise<Partition[]> {
  return db.query<Partition>(
    sql`with recursive tree (relation, parent, level, own_index) as (
          select to_regclass($1)::oid, null::oid, 0, to_regclass($2)::oid
          union all
          select i.inhrelid, i.inhparent, t.level + 1,
                 (select x.indexrelid from pg_index x join pg_inherits h on h.inhrelid = x.indexrelid
                   where x.indrelid = i.inhrelid and h.inhparent = t.own_index)
            from tree t join pg_inherits i on i.inhparent = t.relation and not i.inhdetachpending)
        select c.oid::int8 as relation, t.parent::int8 as parent, n.nspname::text as schema, c.relname::text as name,
               c.relkind = 'p' as branch, (select k.relname::text from pg_class k where k.oid = t.own_index) as attached
          from tree t join pg_class c on c.oid = t.relation join pg_namespace n on n.oid = c.relnamespace
         where t.level > 0 and c.relkind in ('r', 'p') order by t.level, n.nspname, c.relname`,
    [qualified(table), index === null ? null : qualified(index)],
  );
}
