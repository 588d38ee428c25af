/**
 * change_type: a shadow column of the new type, kept in step with the old one in both directions by triggers, filled, and
 * given every index and constraint that the old one has. At the switch the two swap their names, in one short
 * transaction that can be undone for as long as the old column is kept; then that goes.
 */
import type { ChangeType } from "../../change/change.js";
import { ident, qualified } from "../../sql/identifier.js";
import { sql, trusted } from "../../sql/text.js";
import { addColumn, dropColumn } from "../column.js";
import { applied } from "../conversion.js";
import { fillOf } from "../fill.js";
import { dropInStepFunction, inStep, typeMirrorSteps } from "../mirror-type.js";
import { twinName } from "../naming.js";
import { addNotNull, notNullTwinName } from "../not-null.js";
import { beginSightings, forgetSightings, forgetUnmirrored } from "../sightings.js";
import { ddl, plain } from "../steps.js";
import { surroundingsOf } from "../surroundings.js";
import { dropTriggers } from "../triggers.js";
import { addTwinChecks } from "../twins.js";
import { createViews, dropViews, viewTree } from "../views.js";
import { constrain, dropOld, relax, switchSides } from "./change-type.contract.js";
import { typeFindings, typeHazards } from "./change-type.findings.js";
import { pairOf, READY_FOR_BOTH, type TypeInput } from "./change-type.pair.js";
import { typeRefusals } from "./change-type.preflight.js";
import type { Draft, Recipe, RecipeInput } from "./recipe.js";
import { addForeignKeys, buildIndexes, validateTwins } from "./twin-revisions.js";

export const changeType: Recipe<ChangeType> = {
  nothingToDo: (change, table, target) => {
    const column = table.columns.find((c) => c.name === change.column);
    return target !== null && column?.type === target.column.type && column.collation === target.column.collation
      ? `Column ${change.column} is of type ${column.type}: the change is made.`
      : null;
  },
  scope: (change, target) => ({
    table: change.table,
    columns: [change.column],
    added: target?.metadataOnly === true ? null : twinName(change.column),
    notNull: null,
  }),
  fillWrites: (change, target) => (target?.metadataOnly === true ? null : twinName(change.column)),
  refusals: (input) => typeRefusals(known(input)),
  findings: (input) => typeFindings(known(input)),
  hazards: (input) => typeHazards(known(input)),
  revisions: (input) => {
    const all = known(input);
    if (all.target.metadataOnly) return [inPlace(all)];
    return [
      expand(all),
      dualWrite(all),
      fill(all),
      ...indexes(all),
      ...addForeignKeys(all.table, { from: all.change.column, to: twinName(all.change.column), deploy: OLD_TYPE }),
      validation(all),
      ...constrain(all),
      ...relax(all),
      switchSides(all),
      dropOld(all),
    ];
  },
};

function known(input: RecipeInput<ChangeType>): TypeInput {
  const { target, ...others } = input;
  if (target === null) throw new Error("a change of type is planned with what the server says of it");
  return { ...others, target };
}

/** Until the switch the column is what it was. */
const OLD_TYPE: Draft["deploy"] = {
  oldCode: [true, "the column keeps its type until the switch; what is written is converted beside it"],
  newCode: READY_FOR_BOTH,
};

function inPlace({ change, table, column, target }: TypeInput): Draft {
  const both = [true, "the values stay as they are"] as const;
  const views = viewTree(table, change.column);
  return {
    phase: "expand",
    lane: "trunk",
    runner: "transactional",
    name: "alter-type",
    title: `make ${change.column} ${target.column.type}; the catalog alone changes`,
    deploy: { oldCode: both, newCode: both },
    irreversible: `back to ${column.type} every row would have to be looked at under a lock that stops everybody: plan that as a change of its own`,
    upgrade: [
      ...dropViews(views),
      ddl(
        "alter-type",
        "ACCESS EXCLUSIVE",
        [table],
        sql`alter table ${qualified(table)} alter column ${ident(change.column)} type ${trusted(target.column.type, "server")}`,
        { title: "no rewrite, no scan: the values are stored alike" },
      ),
      ...createViews(views),
    ],
    downgrade: [],
  };
}

/** Of the new type, with what of the old one's attributes does not hang on its type. */
function shadowOf({ column, target }: TypeInput) {
  const { type, collation } = target.column;
  return { ...column, type, collation, storage: null, compression: null };
}

function expand(input: TypeInput): Draft {
  const { change, table, target } = input;
  const shadow = twinName(change.column);
  return {
    phase: "expand",
    lane: "trunk",
    runner: "transactional",
    name: "add-column",
    title: `add ${change.column} as ${target.column.type}, beside it`,
    deploy: {
      oldCode: [true, "the added column is nullable and has no default"],
      newCode: OLD_TYPE.newCode,
    },
    upgrade: addColumn(table, shadowOf(input), shadow),
    downgrade: [dropColumn(table, shadow)],
  };
}

function dualWrite(input: TypeInput): Draft {
  const { change, table, column, slug } = input;
  const pair = pairOf(input, false);
  const { names, shadow, conversion } = pair;
  const renaming = { from: change.column, to: shadow };
  // A twin that a converted value might not satisfy would fail the application's write.
  const twins = conversion.total;
  return {
    phase: "dual-write",
    lane: "trunk",
    runner: "transactional",
    name: "mirror",
    title: `keep ${change.column} in both types, in step`,
    deploy: OLD_TYPE,
    upgrade: [
      ...typeMirrorSteps(table, pair),
      beginSightings(slug),
      ...(twins && column.notNull ? addNotNull(table, shadow, notNullTwinName(table, column)) : []),
      ...(twins ? addTwinChecks(table, surroundingsOf(table, change.column).checks, renaming) : []),
    ],
    downgrade: [
      dropTriggers(table, [names.syncInsert, names.syncUpdate, names.noteUnmirrored], names.syncFunction),
      plain("drop-in-step-function", dropInStepFunction(pair)),
      forgetSightings(slug),
      forgetUnmirrored(slug),
      // Without the triggers its values go stale, and a later fill would take them for filled: begin anew.
      dropColumn(table, shadow),
      ...addColumn(table, shadowOf(input), shadow),
    ],
  };
}

function fill(input: TypeInput): Draft {
  const { change, table, userTriggers, target } = input;
  const pair = pairOf(input, false);
  const [own, shadow] = [ident(change.column), ident(pair.shadow)];
  const value = applied(pair.conversion.using, own);
  const unfilled = sql`${shadow} is null and ${own} is not null`;
  return {
    phase: "backfill",
    lane: "tail",
    runner: "backfill",
    name: "fill",
    title: `fill ${change.column} as ${target.column.type}`,
    deploy: OLD_TYPE,
    upgrade: [],
    downgrade: [],
    fill: fillOf(table, {
      // A value that becomes NULL is filled already.
      due: pair.conversion.total ? unfilled : sql`${unfilled} and (${value}) is not null`,
      set: sql`${shadow} = (${value})`,
      apart: sql`${inStep(pair)} = 0`,
      // Of both it is the column that has the name that counts, before the switch and after it.
      forth: sql`(${value})`,
      back: sql`(${applied(pair.conversion.reverse, own)})`,
      state: inStep(pair),
      userTriggers,
    }),
  };
}

function indexes({ change, table }: TypeInput): Draft[] {
  return buildIndexes(table, {
    from: change.column,
    to: twinName(change.column),
    title: `build the indexes of ${change.column} over its new type`,
    deploy: OLD_TYPE,
    // Constraints already, so that the switch has only to rename them.
    attach: surroundingsOf(table, change.column).uniques,
  });
}

function validation(input: TypeInput): Draft {
  const { change, table, column } = input;
  const { conversion } = pairOf(input, false);
  return validateTwins(table, {
    from: change.column,
    to: twinName(change.column),
    title: `validate the constraints over the new type, gather its statistics`,
    notNull: conversion.total && column.notNull ? notNullTwinName(table, column) : null,
    checks: conversion.total,
    deploy: OLD_TYPE,
  });
}
