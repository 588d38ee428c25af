/** The revisions by which a new column gets the twins of what hangs on the old one; every kind that adds a column has them. */
import type { Constraint, Index, Table } from "../../catalog/snapshot.js";
import type { GateCondition, Step } from "../../revisions/revision.js";
import { ident, qualified } from "../../sql/identifier.js";
import { sql } from "../../sql/text.js";
import { addStatistics, dropStatistics } from "../extended-statistics.js";
import { twinName } from "../naming.js";
import { byLeaf, createPartitionedIndex, dropPartitionedIndex } from "../partitions.js";
import { analyze, constraintIs, constraintIsGone, createIndex, ddl, dropIndex, stepName, validate } from "../steps.js";
import { surroundingsOf } from "../surroundings.js";
import { addForeignKey, createTwinIndex, lockedTables, type Renaming, twinIndexes } from "../twins.js";
import type { Draft } from "./recipe.js";

type Twins = Renaming & { readonly deploy: Draft["deploy"]; readonly undoGate?: readonly GateCondition[] };

/** After the fill: an index on the new column would make every update of the fill a non-HOT one. */
export function buildIndexes(
  table: Table,
  twins: Twins & {
    readonly title: string;
    /** unique constraints that their indexes become at once, under the twin's name: for a switch that only renames */
    readonly attach?: readonly Constraint[];
  },
): Draft[] {
  const indexes = twinIndexes(table, twins.from);
  if (indexes.length === 0) return [];
  return [
    {
      phase: "backfill",
      lane: "tail",
      runner: "autocommit",
      name: "index",
      title: twins.title,
      deploy: twins.deploy,
      undoGate: twins.undoGate ?? [],
      ...(table.partitions === null
        ? buildAndAttach(table, twins, indexes, twins.attach ?? [])
        : {
            upgrade: indexes.flatMap((index) => createPartitionedIndex(table, index, twins, uniqueOf(table, index))),
            downgrade: indexes.map((index) => dropPartitionedIndex(table, index, uniqueOf(table, index))),
          }),
    },
  ];
}

function buildAndAttach(table: Table, twins: Renaming, indexes: readonly Index[], attached: readonly Constraint[]) {
  const plain = indexes.filter((index) => !attached.some((constraint) => constraint.name === index.constraint));
  return {
    upgrade: [
      ...indexes.map((index) =>
        createIndex(
          table,
          twinName(index.name),
          createTwinIndex(qualified(table), index, twins),
          `twin of ${index.name}`,
        ),
      ),
      ...attached.map((constraint) => attachUnique(table, constraint)),
    ],
    downgrade: [
      ...attached.map((constraint) => dropConstraint(table, twinName(constraint.name))),
      ...plain.map((index) => dropIndex(table, twinName(index.name))),
    ],
  };
}

function uniqueOf(table: Table, index: Index): Constraint | null {
  return table.constraints.find((c) => c.kind === "unique" && c.name === index.constraint) ?? null;
}

function attachUnique(table: Table, constraint: Constraint): Step {
  const twin = twinName(constraint.name);
  return ddl(
    stepName("attach", constraint.name),
    "ACCESS EXCLUSIVE",
    [table],
    sql`alter table ${qualified(table)} add constraint ${ident(twin)} unique using index ${ident(twinName(constraint.index ?? constraint.name))}`,
    { title: "the index is there: no scan", done: constraintIs(table, twin) },
  );
}

/** Also where it is gone already. */
export function dropConstraint(table: Table, name: string): Step {
  return ddl(
    stepName("drop", name),
    "ACCESS EXCLUSIVE",
    [table],
    sql`alter table ${qualified(table)} drop constraint if exists ${ident(name)}`,
    { done: constraintIsGone(table, name) },
  );
}

/** After the fill, each in a transaction of its own: before it, every row of the fill would look up and lock its parent. */
export function addForeignKeys(table: Table, twins: Twins): Draft[] {
  return surroundingsOf(table, twins.from).foreignKeys.map((key) => {
    const tables = lockedTables(table, key);
    return {
      phase: "backfill",
      lane: "tail",
      runner: "transactional",
      name: stepName("foreign-key", key.name),
      title: `add the twin of foreign key ${key.name}`,
      deploy: twins.deploy,
      upgrade: [
        ddl("add-foreign-key", "SHARE ROW EXCLUSIVE", tables, addForeignKey(table, key, twinName(key.name), twins)),
      ],
      downgrade: [
        ddl(
          "drop-foreign-key",
          "ACCESS EXCLUSIVE",
          tables,
          sql`alter table ${qualified(table)} drop constraint if exists ${ident(twinName(key.name))}`,
        ),
      ],
    };
  });
}

export function validateTwins(
  table: Table,
  twins: Twins & {
    readonly title: string;
    /** the twin of NOT NULL; null: none */
    readonly notNull: string | null;
    /** the twins of the checks are there */
    readonly checks: boolean;
  },
): Draft {
  const { checks, foreignKeys, statistics } = surroundingsOf(table, twins.from);
  const expressions = twinIndexes(table, twins.from).some((index) => index.keys.some((key) => key.expression !== null));
  return {
    phase: "backfill",
    lane: "tail",
    runner: "autocommit",
    name: "validate",
    title: twins.title,
    deploy: twins.deploy,
    upgrade: [
      ...(twins.notNull === null ? [] : [byLeaf(validate(table, twins.notNull), table)]),
      ...(twins.checks ? checks.filter((check) => check.validated) : []).map((check) =>
        byLeaf(validate(table, twinName(check.name)), table),
      ),
      ...foreignKeys
        .filter((key) => key.validated)
        .map((key) => validate(table, twinName(key.name), key.foreign === null ? {} : { parent: key.foreign.table })),
      ...addStatistics(table, twins),
      analyze(table, twins.to, expressions || statistics.length > 0),
    ],
    downgrade: dropStatistics(table, twins.from),
  };
}

export function dropKey(table: Table, key: Constraint): Step {
  const text = sql`alter table ${qualified(table)} drop constraint if exists ${ident(key.name)}`;
  return ddl(stepName("drop", key.name), "ACCESS EXCLUSIVE", lockedTables(table, key), text, {
    done: constraintIsGone(table, key.name),
  });
}

export function restoreKey(table: Table, key: Constraint): Step[] {
  const there = constraintIs(table, key.name);
  const add = ddl(
    stepName("add", key.name),
    "SHARE ROW EXCLUSIVE",
    lockedTables(table, key),
    addForeignKey(table, key, key.name, null),
    { done: there },
  );
  const parent = key.foreign === null ? {} : { parent: key.foreign.table };
  return key.validated ? [add, validate(table, key.name, parent)] : [add];
}
