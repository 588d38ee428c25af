/**
 * Partitioned tables: the reviewed files name the parent alone, and what has to be done to each leaf is found when it runs.
 * What PostgreSQL carries to the partitions by itself (columns, triggers, checks, NOT NULL) needs no word of ours; indexes are
 * built, and constraints validated, leaf by leaf. What sets a partition apart from its parent is refused by name.
 */
import type { Constraint, Index, Table } from "../catalog/snapshot.js";
import type { Change } from "../change/change.js";
import type { Step } from "../revisions/revision.js";
import { ident, qualified } from "../sql/identifier.js";
import { join, type SqlText, sql } from "../sql/text.js";
import { twinName } from "./naming.js";
import type { Refusal } from "./plan.js";
import { refusal } from "./preflight.js";
import type { RecipeInput } from "./recipes/recipe.js";
import { ddl, longRunning, regclass, stepName } from "./steps.js";
import { surroundingsOf } from "./surroundings.js";
import { createTwinIndex, type Renaming, renamed } from "./twins.js";

const LIKE_PARENT =
  "Make it like its parent, or detach the partition, for the time of the change; or change this table by hand.";

export function partitionRefusals(table: Table, column: string): Refusal[] {
  const object = qualified(table);
  if (table.partitions === null) return [];
  const { keyColumns, differences } = table.partitions;
  const found: Refusal[] = [];
  if (keyColumns.includes(column)) {
    found.push(
      refusal(
        "partition-key",
        `${object}.${column}`,
        `${column} is in a partition key of ${object}: a row's partition hangs on it, and a key's column can be neither dropped nor retyped.`,
        "Make a table that is partitioned by the new column, and move the rows to it.",
      ),
    );
  }
  for (const { kind, partition, name, columns } of differences) {
    if (kind === "unwalkable") {
      found.push(
        refusal(
          "partition-unwalkable",
          partition,
          `Partition ${partition} is ${name}: its rows cannot be walked by page.`,
          "Detach it for the time of the change, and change it by hand.",
        ),
      );
    } else if (kind === "owner") {
      found.push(
        refusal(
          "partition-owner",
          partition,
          `Partition ${partition} belongs to ${name}, whose tables this role may not fill and index.`,
          `Give it the owner of ${object}: ALTER TABLE ${partition} OWNER TO ${ident(table.owner)}.`,
        ),
      );
    } else if (columns.length === 0 || columns.includes(column)) {
      found.push(
        refusal(
          "partition-differs",
          `${partition} ${name}`,
          `Partition ${partition} has what ${object} does not have: ${kind} ${name}.`,
          LIKE_PARENT,
        ),
      );
    }
  }
  return found;
}

/** Which of its twins no partitioned table can be given. */
export function partitionedTwinRefusals({
  table,
  column,
  snapshot,
}: Pick<RecipeInput<Change>, "table" | "column" | "snapshot">): Refusal[] {
  if (table.partitions === null) return [];
  const keys = snapshot.serverVersion >= 180_000 ? [] : surroundingsOf(table, column.name).foreignKeys;
  const identity = refusal(
    "partitioned-identity",
    `${qualified(table)}.${column.name}`,
    `${column.name} is an identity column, and a partitioned table's cannot be moved from column to column.`,
    "Give it a default from a sequence instead: ALTER COLUMN … DROP IDENTITY, SET DEFAULT nextval(…).",
  );
  return [
    ...(column.identity === null ? [] : [identity]),
    ...keys.map((key) =>
      refusal(
        "partitioned-foreign-key",
        key.name,
        `Before PostgreSQL 18 a partitioned table cannot be given a foreign key without a look at every row under locks that stop writers: ${key.name} cannot have a twin.`,
        "Drop it first, and add it again after the change; or upgrade to PostgreSQL 18.",
      ),
    ),
  ];
}

/**
 * A twin index of a partitioned table: the parent's, which is INVALID until every leaf has its own; then the leaves', built one
 * after another and attached. A unique constraint is one from the start: none can be made of a partitioned index.
 */
export function createPartitionedIndex(
  table: Table,
  index: Index,
  renaming: Renaming,
  unique: Constraint | null,
): Step[] {
  const name = { schema: table.schema, name: twinName(index.name) };
  const title = `twin of ${index.name}`;
  const parent =
    unique === null
      ? createTwinIndex(sql`only ${qualified(table)}`, index, renaming, false)
      : addUnique(table, index, unique, renaming);
  return [
    ddl(stepName("create", name.name), unique === null ? "SHARE" : "ACCESS EXCLUSIVE", [{ ...table }], parent, {
      title: `${title}, INVALID until each partition has its own`,
      done: sql`select ${regclass(name)} is not null`,
    }),
    {
      ...longRunning(
        stepName("build", name.name),
        "build",
        [{ mode: "SHARE UPDATE EXCLUSIVE", table: { schema: table.schema, name: table.name } }],
        createTwinIndex(qualified(table), index, renaming),
        {
          title,
          done: sql`select coalesce((select i.indisvalid from pg_catalog.pg_index i where i.indexrelid = ${regclass(name)}), false)`,
        },
      ),
      each: { schema: table.schema, name: table.name },
    },
  ];
}

function addUnique(table: Table, index: Index, unique: Constraint, renaming: Renaming): SqlText {
  const columns = (names: readonly string[]) => join(names.map((column) => ident(renamed(column, renaming))));
  const keys = columns(index.keys.flatMap((key) => (key.column === null ? [] : [key.column])));
  const include = index.include.length === 0 ? sql`` : sql` include (${columns(index.include)})`;
  const nulls = index.nullsNotDistinct ? sql` nulls not distinct` : sql``;
  return sql`alter table only ${qualified(table)} add constraint ${ident(twinName(unique.name))} unique${nulls} (${keys})${include}`;
}

/** None of it can be dropped CONCURRENTLY; what was built and not attached yet goes with it. */
export function dropPartitionedIndex(table: Table, index: Index, unique: Constraint | null): Step {
  const name = { schema: table.schema, name: twinName(index.name) };
  const self = { schema: table.schema, name: table.name };
  const text =
    unique === null
      ? sql`drop index if exists ${qualified(name)}`
      : sql`alter table ${qualified(table)} drop constraint if exists ${ident(twinName(unique.name))}`;
  return {
    ...ddl(stepName("drop", name.name), "ACCESS EXCLUSIVE", [self], text, {
      title: "with those of the partitions",
      done: sql`select ${regclass(name)} is null`,
    }),
    each: self,
  };
}

/** The parent's own validation reads nothing then, and holds no lock on all leaves while one is read. */
export function byLeaf(step: Step, table: Table): Step {
  if (table.partitions === null) return step;
  return {
    ...step,
    title: step.title === "" ? "leaf by leaf, then of the whole, which reads nothing" : step.title,
    each: { schema: table.schema, name: table.name },
  };
}
