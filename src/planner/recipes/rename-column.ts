/**
 * rename_column: a second column under the new name, kept in step with the old one in both directions by triggers, filled,
 * given every index and constraint that the old one has; then the old one goes and the twins take its names.
 */
import type { RenameColumn } from "../../change/change.js";
import type { GateCondition } from "../../revisions/revision.js";
import { ident, qualified } from "../../sql/identifier.js";
import { sql } from "../../sql/text.js";
import { addColumn, dropColumn } from "../column.js";
import { fillOf } from "../fill.js";
import { differs, mirrorSteps } from "../mirror.js";
import { planNames, twinName } from "../naming.js";
import { addNotNull } from "../not-null.js";
import { forgetSightings, renameSights, sightingSteps } from "../sightings.js";
import { analyze, createIndex, ddl, dropIndex, stepName, validate } from "../steps.js";
import { surroundingsOf } from "../surroundings.js";
import { dropTriggers } from "../triggers.js";
import { addForeignKey, addTwinCheck, createTwinIndex, lockedTables, renamed, twinIndexes } from "../twins.js";
import type { Draft, Recipe, RecipeInput } from "./recipe.js";
import { dropForeignKeys, dropOldColumn, notNullTwinName } from "./rename-column.contract.js";
import { renameFindings, renameHazards } from "./rename-column.findings.js";
import { renameRefusals } from "./rename-column.preflight.js";

type Input = RecipeInput<RenameColumn>;

export const renameColumn: Recipe<RenameColumn> = {
  nothingToDo: (change, table) => {
    const names = new Set(table.columns.map((c) => c.name));
    return !names.has(change.column) && names.has(change.to)
      ? `Column ${change.to} is there and ${change.column} is not: the change is made.`
      : null;
  },
  scope: (change) => ({ table: change.table, columns: [change.column], added: change.to, notNull: null }),
  fillWrites: (change) => change.to,
  refusals: renameRefusals,
  findings: renameFindings,
  hazards: renameHazards,
  revisions: (input) => [
    expand(input),
    dualWrite(input),
    fill(input),
    ...indexes(input),
    ...foreignKeys(input),
    validation(input),
    ...dropForeignKeys(input),
    dropOldColumn(input),
  ],
};

const OLD_CODE_MIRRORED = [true, "what it writes is mirrored to the new column"] as const;

function expand({ change, table, column }: Input): Draft {
  return {
    phase: "expand",
    lane: "trunk",
    runner: "transactional",
    name: "add-column",
    title: `add column ${change.to}, like ${change.column}`,
    deploy: {
      oldCode: [true, "the added column is nullable and has no default"],
      newCode: [false, "nothing keeps the new column in step yet"],
    },
    upgrade: addColumn(table, column, change.to),
    downgrade: [dropColumn(table, change.to)],
  };
}

function dualWrite({ change, table, column, slug }: Input): Draft {
  const names = planNames(slug);
  const sights = renameSights(names, change.column, change.to);
  const renaming = { from: change.column, to: change.to };
  const checks = surroundingsOf(table, change.column).checks;
  return {
    phase: "dual-write",
    lane: "trunk",
    runner: "transactional",
    name: "mirror",
    title: `keep ${change.column} and ${change.to} in step`,
    deploy: { oldCode: OLD_CODE_MIRRORED, newCode: [false, "existing rows are not filled yet"] },
    // A trigger function that names the new column writes it, whoever runs it.
    undoGate: [...newSideQuiet(change), { kind: "functions", table: change.table, column: change.to }],
    upgrade: [
      ...mirrorSteps(table, column, change.to, names),
      ...sightingSteps(table, slug, names, sights),
      ...(column.notNull ? addNotNull(table, change.to, notNullTwinName(table, column)) : []),
      ...checks.map((check) =>
        ddl(stepName("add", check.name), "ACCESS EXCLUSIVE", [table], addTwinCheck(table, check, renaming), {
          title: `twin of ${check.name}`,
        }),
      ),
    ],
    downgrade: [
      dropTriggers(table, [names.syncInsert, names.syncUpdate, ...sights.map((s) => s.trigger)], names.syncFunction),
      forgetSightings(slug),
      // Without the triggers its values go stale, and a later fill would take them for new code's: begin anew.
      dropColumn(table, change.to),
      ...addColumn(table, column, change.to),
    ],
  };
}

/** What takes the new side away waits until nobody writes it. */
function newSideQuiet(change: RenameColumn): GateCondition[] {
  return [{ kind: "idle", side: "new", soakSeconds: change.soakSeconds }];
}

function fill({ change, table, column, userTriggers }: Input): Draft {
  const oldSide = ident(change.column);
  const newSide = ident(change.to);
  return {
    phase: "backfill",
    lane: "tail",
    runner: "backfill",
    name: "fill",
    title: `fill ${change.to} from ${change.column}`,
    deploy: { oldCode: OLD_CODE_MIRRORED, newCode: [false, "its indexes and constraints are not complete yet"] },
    upgrade: [],
    downgrade: [],
    fill: fillOf(table, {
      // Never `is distinct from`: what new code wrote meanwhile is not the backfill's to overwrite.
      due: sql`${newSide} is null and ${oldSide} is not null`,
      set: sql`${newSide} = ${oldSide}`,
      apart: differs(column, oldSide, newSide),
      userTriggers,
    }),
  };
}

/** After the fill: an index on the new column would make every update of the fill a non-HOT one. */
function indexes({ change, table }: Input): Draft[] {
  const twins = twinIndexes(table, change.column);
  if (twins.length === 0) return [];
  const renaming = { from: change.column, to: change.to };
  return [
    {
      phase: "backfill",
      lane: "tail",
      runner: "autocommit",
      name: "index",
      title: `build the indexes of ${change.to}`,
      deploy: { oldCode: OLD_CODE_MIRRORED, newCode: [false, "its constraints are not validated yet"] },
      // New code's ON CONFLICT would fail without its unique index.
      undoGate: twins.some((index) => index.unique) ? newSideQuiet(change) : [],
      upgrade: twins.map((index) =>
        createIndex(table, twinName(index.name), createTwinIndex(table, index, renaming), `twin of ${index.name}`),
      ),
      downgrade: twins.map((index) => dropIndex(table, twinName(index.name))),
    },
  ];
}

/** After the fill, each in a transaction of its own: before it, every row of the fill would look up and lock its parent. */
function foreignKeys({ change, table }: Input): Draft[] {
  const renaming = { from: change.column, to: change.to };
  return surroundingsOf(table, change.column).foreignKeys.map((key) => {
    const tables = lockedTables(table, key);
    const columns = key.columns.map((column) => renamed(column, renaming));
    return {
      phase: "backfill",
      lane: "tail",
      runner: "transactional",
      name: stepName("foreign-key", key.name),
      title: `add the twin of foreign key ${key.name}`,
      deploy: { oldCode: OLD_CODE_MIRRORED, newCode: [false, "its constraints are not validated yet"] },
      upgrade: [
        ddl("add-foreign-key", "SHARE ROW EXCLUSIVE", tables, addForeignKey(table, key, twinName(key.name), columns)),
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

function validation({ change, table, column }: Input): Draft {
  const { checks, foreignKeys: keys } = surroundingsOf(table, change.column);
  const expressions = twinIndexes(table, change.column).some((index) =>
    index.keys.some((key) => key.expression !== null),
  );
  return {
    phase: "backfill",
    lane: "tail",
    runner: "autocommit",
    name: "validate",
    title: `validate the constraints of ${change.to}, gather its statistics`,
    deploy: {
      oldCode: OLD_CODE_MIRRORED,
      newCode: [true, "the new column is filled, indexed and constrained like the old one"],
    },
    upgrade: [
      ...(column.notNull ? [validate(table, notNullTwinName(table, column))] : []),
      ...checks.filter((check) => check.validated).map((check) => validate(table, twinName(check.name))),
      ...keys
        .filter((key) => key.validated)
        .map((key) => validate(table, twinName(key.name), key.foreign === null ? {} : { parent: key.foreign.table })),
      analyze(table, change.to, expressions),
    ],
    downgrade: [],
  };
}
