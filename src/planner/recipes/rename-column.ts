/**
 * rename_column: a second column under the new name, kept in step with the old one in both directions by triggers, filled,
 * given every index and constraint that the old one has; then the old one goes and the twins take its names.
 */
import type { RenameColumn } from "../../change/change.js";
import type { GateCondition } from "../../revisions/revision.js";
import { ident } from "../../sql/identifier.js";
import { sql } from "../../sql/text.js";
import { addColumn, dropColumn } from "../column.js";
import { fillOf } from "../fill.js";
import { differs, mirrorSteps } from "../mirror.js";
import { planNames } from "../naming.js";
import { addNotNull, notNullTwinName } from "../not-null.js";
import { forgetSightings, renameSights, sightingSteps } from "../sightings.js";
import { surroundingsOf } from "../surroundings.js";
import { dropTriggers } from "../triggers.js";
import { addTwinChecks, twinIndexes } from "../twins.js";
import type { Draft, Recipe, RecipeInput } from "./recipe.js";
import { dropForeignKeys, dropOldColumn } from "./rename-column.contract.js";
import { renameFindings, renameHazards } from "./rename-column.findings.js";
import { renameRefusals } from "./rename-column.preflight.js";
import { turnViews } from "./rename-column.views.js";
import { addForeignKeys, buildIndexes, validateTwins } from "./twin-revisions.js";

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
    ...turnViews(input),
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
  const sights = renameSights(names, change.column, change.to, column.identity);
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
      ...addTwinChecks(table, checks, renaming),
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
      forth: oldSide,
      back: newSide,
      userTriggers,
    }),
  };
}

const NOT_VALIDATED: Draft["deploy"] = {
  oldCode: OLD_CODE_MIRRORED,
  newCode: [false, "its constraints are not validated yet"],
};

function indexes({ change, table }: Input): Draft[] {
  return buildIndexes(table, {
    from: change.column,
    to: change.to,
    title: `build the indexes of ${change.to}`,
    deploy: NOT_VALIDATED,
    // New code's ON CONFLICT would fail without its unique index.
    undoGate: twinIndexes(table, change.column).some((index) => index.unique) ? newSideQuiet(change) : [],
  });
}

function foreignKeys({ change, table }: Input): Draft[] {
  return addForeignKeys(table, { from: change.column, to: change.to, deploy: NOT_VALIDATED });
}

function validation({ change, table, column }: Input): Draft {
  return validateTwins(table, {
    from: change.column,
    to: change.to,
    title: `validate the constraints of ${change.to}, gather its statistics`,
    notNull: column.notNull ? notNullTwinName(table, column) : null,
    checks: true,
    deploy: {
      oldCode: OLD_CODE_MIRRORED,
      newCode: [true, "the new column is filled, indexed and constrained like the old one"],
    },
  });
}
