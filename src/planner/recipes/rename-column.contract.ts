/** The contract of rename_column: the old column goes, and its twins take its names. */
import type { Column, Table } from "../../catalog/snapshot.js";
import type { RenameColumn } from "../../change/change.js";
import type { GateCondition, Step } from "../../revisions/revision.js";
import { ident, qualified } from "../../sql/identifier.js";
import { integer, literal } from "../../sql/literal.js";
import { join, type SqlText, sql, trusted } from "../../sql/text.js";
import { nameStatistics } from "../extended-statistics.js";
import { moveIdentity } from "../identity.js";
import { planNames, twinName } from "../naming.js";
import { notNullTwinName, oldNotNullName, setNotNull, settleNotNull } from "../not-null.js";
import { ownSequences } from "../sequences.js";
import { forgetSightings, renameSights } from "../sightings.js";
import { ddl } from "../steps.js";
import { surroundingsOf } from "../surroundings.js";
import { dropTriggers } from "../triggers.js";
import { twinIndexes, uniqueUsingTwin } from "../twins.js";
import type { Draft, RecipeInput } from "./recipe.js";
import { turnedViews } from "./rename-column.views.js";
import { dropKey, restoreKey } from "./twin-revisions.js";

type Input = RecipeInput<RenameColumn>;

function gateOf(change: RenameColumn): GateCondition[] {
  return [
    { kind: "backfill" },
    { kind: "verified" },
    { kind: "settled" },
    { kind: "confirmed" },
    { kind: "quiet", side: "old", soakSeconds: change.soakSeconds },
    { kind: "functions", table: change.table, column: change.column },
  ];
}

/**
 * Dropping a column drops its foreign keys, which takes ACCESS EXCLUSIVE on the referenced tables as well: each key goes
 * beforehand, on its own. The twin has been enforcing the same.
 */
export function dropForeignKeys({ change, table }: Input): Draft[] {
  const keys = surroundingsOf(table, change.column).foreignKeys;
  if (keys.length === 0) return [];
  return [
    {
      phase: "contract",
      lane: "tail",
      runner: "autocommit",
      name: "drop-foreign-keys",
      title: `drop the foreign keys of ${change.column}; their twins stand`,
      deploy: { oldCode: [false, "its release is confirmed gone"], newCode: [true, "the new column is complete"] },
      gate: gateOf(change),
      gone: turnedViews(table, change),
      upgrade: keys.map((key) => dropKey(table, key)),
      downgrade: keys.flatMap((key) => restoreKey(table, key)),
    },
  ];
}

export function dropOldColumn({ change, table, column, slug }: Input): Draft {
  const names = planNames(slug);
  const triggers = [
    names.syncInsert,
    names.syncUpdate,
    ...renameSights(names, change.column, change.to, column.identity).map((s) => s.trigger),
  ];
  const around = surroundingsOf(table, change.column);
  return {
    phase: "contract",
    lane: "tail",
    runner: "transactional",
    name: "drop",
    title: `drop ${change.column}; its twins take its names`,
    deploy: { oldCode: [false, `column ${change.column} is gone`], newCode: [true, "the change is complete"] },
    gate: gateOf(change),
    irreversible: `column ${change.column} was dropped; rename ${change.to} back with a new plan`,
    gone: [...around.foreignKeys.map((key) => ({ kind: "constraint", name: key.name })), ...turnedViews(table, change)],
    upgrade: [
      dropTriggers(table, triggers, names.syncFunction),
      ...replicaIdentity(change, table, column),
      ...ownSequences(table, column, change.to),
      ...(column.identity === null ? [] : setNotNull(table, change.to)),
      ...moveIdentity(table, column, { from: change.column, to: change.to, held: "identity" }),
      ddl(
        "drop-column",
        "ACCESS EXCLUSIVE",
        [table],
        sql`alter table ${qualified(table)} drop column ${ident(change.column)}`,
        {
          title: "with its indexes and constraints",
        },
      ),
      ...(column.notNull
        ? settleNotNull(table, change.to, notNullTwinName(table, column), oldNotNullName(table, column))
        : []),
      ...takeNames(change, table, column),
      forgetSightings(slug),
    ],
    downgrade: [],
  };
}

/** Before the old index goes, and with it what tells a subscriber's rows apart: never a moment without. */
function replicaIdentity(change: RenameColumn, table: Table, column: Column): Step[] {
  const { index } = table.replicaIdentity;
  if (index === null || !twinIndexes(table, change.column).some(({ name }) => name === index)) return [];
  const self = sql`alter table ${qualified(table)}`;
  const notNull = column.notNull ? setNotNull(table, change.to) : [];
  return [
    ...notNull,
    ddl(
      "replica-identity",
      "ACCESS EXCLUSIVE",
      [table],
      sql`${self} replica identity using index ${ident(twinName(index))}`,
    ),
  ];
}

/** Indexes and constraints come out under the names that they had, with their comments, marks and the default. */
function takeNames(change: RenameColumn, table: Table, column: Column): Step[] {
  const around = surroundingsOf(table, change.column);
  const self = qualified(table);
  const statements: SqlText[] = [
    ...(table.partitions === null ? around.uniques.map((unique) => uniqueUsingTwin(table, unique)) : []),
    ...around.indexes.map(
      (index) => sql`alter index ${ident(table.schema)}.${ident(twinName(index.name))} rename to ${ident(index.name)}`,
    ),
    ...[...(table.partitions === null ? [] : around.uniques), ...around.checks, ...around.foreignKeys].map(
      (c) => sql`alter table ${self} rename constraint ${ident(twinName(c.name))} to ${ident(c.name)}`,
    ),
    ...twinIndexes(table, change.column).flatMap((index) => [
      ...index.statisticsTargets.map(
        (s) =>
          sql`alter index ${ident(table.schema)}.${ident(index.name)} alter column ${integer(s.position)} set statistics ${integer(s.target)}`,
      ),
      ...(index.clustered ? [sql`alter table ${self} cluster on ${ident(index.name)}`] : []),
      ...(index.comment === null
        ? []
        : [sql`comment on index ${ident(table.schema)}.${ident(index.name)} is ${literal(index.comment)}`]),
    ]),
    ...[...around.uniques, ...around.checks, ...around.foreignKeys].flatMap((c) =>
      c.comment === null ? [] : [sql`comment on constraint ${ident(c.name)} on ${self} is ${literal(c.comment)}`],
    ),
  ];
  statements.push(...nameStatistics(table, change.column));
  if (column.default !== null) {
    statements.push(
      sql`alter table ${self} alter column ${ident(change.to)} set default ${trusted(column.default, "server")}`,
    );
  }
  if (statements.length === 0) return [];
  return [
    ddl("take-names", "ACCESS EXCLUSIVE", [table], join(statements, ";\n"), {
      title: "what was the old column's is the new one's",
    }),
  ];
}
