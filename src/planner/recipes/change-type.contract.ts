/** The contract of change_type: the old side is let go, the sides swap their names (and can swap back), the old one goes. */
import type { Constraint, Table } from "../../catalog/snapshot.js";
import type { ChangeType } from "../../change/change.js";
import type { GateCondition, Step } from "../../revisions/revision.js";
import { ident, qualified } from "../../sql/identifier.js";
import { literal } from "../../sql/literal.js";
import { type SqlText, sql, trusted } from "../../sql/text.js";
import { conversionOf } from "../conversion.js";
import { restoreIdentity } from "../identity.js";
import { dropInStepFunction, typeMirrorSteps } from "../mirror-type.js";
import { planNames, twinName } from "../naming.js";
import { addNotNull, addNotNullCheck, notNullTwinName, oldNotNullName, settleNotNull } from "../not-null.js";
import { ownSequences, widenSequences } from "../sequences.js";
import { beginSightings, forgetSightings, forgetUnmirrored, renameSights, sightingSteps } from "../sightings.js";
import { constraintIs, constraintIsGone, ddl, plain, regclass, stepName, validate } from "../steps.js";
import { surroundingsOf } from "../surroundings.js";
import { dropTriggers } from "../triggers.js";
import { addTwinChecks } from "../twins.js";
import { createViews, dropViews, viewTree } from "../views.js";
import { identity, identityAtEnd } from "./change-type.identity.js";
import { pairOf, READY_FOR_BOTH, type TypeInput } from "./change-type.pair.js";
import { defaults, marks, recompile, swapNames } from "./change-type.switch.js";
import type { Draft } from "./recipe.js";
import { dropConstraint, dropKey, restoreKey } from "./twin-revisions.js";

const GATE: GateCondition[] = [{ kind: "backfill" }, { kind: "verified" }, { kind: "settled" }, { kind: "confirmed" }];

/** From the confirm on, up to the switch: what runs is ready for either type. */
const READY: Draft["deploy"] = {
  oldCode: [false, "its release is confirmed gone"],
  newCode: READY_FOR_BOTH,
};

/**
 * Where a value may not convert, its twin constraints would have failed the writes of code that knows the old type alone.
 * That is confirmed gone now.
 */
export function constrain(input: TypeInput): Draft[] {
  const { change, table, column, target } = input;
  if (conversionOf(change, column, target.column).total) return [];
  const shadow = twinName(change.column);
  const { checks } = surroundingsOf(table, change.column);
  const twins = checks.map((check) => twinName(check.name));
  const notNull = column.notNull ? notNullTwinName(table, column) : null;
  const names = [...(notNull === null ? [] : [notNull]), ...twins];
  if (names.length === 0) return [];
  const added = (step: Step, name: string): Step => ({ ...step, done: constraintIs(table, name) });
  return [
    {
      phase: "contract",
      lane: "tail",
      runner: "autocommit",
      name: "constrain",
      title: "constrain the new type as the old one is",
      deploy: READY,
      gate: GATE,
      upgrade: [
        ...(notNull === null ? [] : addNotNull(table, shadow, notNull).map((step) => added(step, notNull))),
        ...addTwinChecks(table, checks, { from: change.column, to: shadow }).map((step, n) =>
          added(step, twins[n] ?? ""),
        ),
        ...(notNull === null ? [] : [validate(table, notNull)]),
        ...checks.filter((check) => check.validated).map((check) => validate(table, twinName(check.name))),
      ],
      downgrade: names.map((name) => dropConstraint(table, name)),
    },
  ];
}

/**
 * After the switch the old side takes what `reverse` gives, which may be NULL or break a rule: it is let go beforehand.
 * Every write is still judged, by the twins. The undo brings the rules back and proves them, under weak locks.
 */
export function relax(input: TypeInput): Draft[] {
  const { change, table, column } = input;
  const { checks, foreignKeys } = surroundingsOf(table, change.column);
  const upgrade = [
    ...checks.map((check) => dropConstraint(table, check.name)),
    ...foreignKeys.map((key) => dropKey(table, key)),
    ...(column.notNull && column.identity === null ? [dropNotNull(table, column.name)] : []),
  ];
  // An identity's NOT NULL goes with it, at the switch; its way back begins there, and ends here.
  if (upgrade.length === 0 && column.identity === null) return [];
  return [
    {
      phase: "contract",
      lane: "tail",
      runner: "autocommit",
      name: "relax",
      title:
        upgrade.length === 0
          ? `nothing to let go: the way back from the switch ends here, where ${change.column} gets its identity again`
          : `let the old type of ${change.column} go from its constraints; their twins stand`,
      deploy: READY,
      gate: GATE,
      upgrade,
      downgrade: [
        ...(column.notNull ? restoreNotNull(input) : []),
        ...restoreIdentity(table, column),
        ...checks.flatMap((check) => restoreCheck(table, check)),
        ...foreignKeys.flatMap((key) => [...restoreKey(table, key), ...restoreComment(table, key)]),
      ],
    },
  ];
}

const notNullIs = (table: Table, column: string, wanted: boolean) =>
  sql`select attnotnull = ${wanted ? sql`true` : sql`false`} from pg_catalog.pg_attribute where attrelid = ${regclass(table)} and attname = ${literal(column)}`;

function dropNotNull(table: Table, column: string): Step {
  const text = sql`alter table ${qualified(table)} alter column ${ident(column)} drop not null`;
  return ddl("drop-not-null", "ACCESS EXCLUSIVE", [table], text, { done: notNullIs(table, column, false) });
}

function restoreNotNull({ table, column }: TypeInput): Step[] {
  const final = oldNotNullName(table, column);
  const proof = twinName(`${column.name}_given`);
  const before18 = { below: 18 };
  const self = sql`alter table ${qualified(table)}`;
  return [
    { ...addNotNullCheck(table, column.name, proof), done: constraintIs(table, proof) },
    validate(table, proof, { server: before18 }),
    ddl("set-not-null", "ACCESS EXCLUSIVE", [table], sql`${self} alter column ${ident(column.name)} set not null`, {
      title: "no scan: the validated check is the proof",
      server: before18,
      done: notNullIs(table, column.name, true),
    }),
    ddl("drop-not-null-check", "ACCESS EXCLUSIVE", [table], sql`${self} drop constraint if exists ${ident(proof)}`, {
      server: before18,
      done: constraintIsGone(table, proof),
    }),
    ddl(
      "add-not-null",
      "ACCESS EXCLUSIVE",
      [table],
      sql`${self} add constraint ${ident(final)} not null ${ident(column.name)} not valid`,
      { server: { from: 18 }, done: constraintIs(table, final) },
    ),
    validate(table, final, { server: { from: 18 } }),
  ];
}

function restoreCheck(table: Table, check: Constraint): Step[] {
  const inherit = check.noInherit ? sql` no inherit` : sql``;
  const text = sql`alter table ${qualified(table)} add constraint ${ident(check.name)} check (${trusted(check.expression ?? "", "server")})${inherit} not valid`;
  return [
    ddl(stepName("add", check.name), "ACCESS EXCLUSIVE", [table], text, { done: constraintIs(table, check.name) }),
    ...(check.validated ? [validate(table, check.name)] : []),
    ...restoreComment(table, check),
  ];
}

function restoreComment(table: Table, { name, comment }: Constraint): Step[] {
  if (comment === null) return [];
  const text = sql`comment on constraint ${ident(name)} on ${qualified(table)} is ${literal(comment)}`;
  const said = sql`pg_catalog.obj_description(c.oid, 'pg_constraint') = ${literal(comment)}`;
  return [
    ddl(stepName("comment", name), "SHARE UPDATE EXCLUSIVE", [table], text, { done: constraintIs(table, name, said) }),
  ];
}

export function switchSides(input: TypeInput): Draft {
  const { change, table, column, slug } = input;
  const [before, after] = [pairOf(input, false), pairOf(input, true)];
  const sights = oldSights(change, slug);
  const around = surroundingsOf(table, change.column);
  const views = viewTree(table, change.column);
  const functionChange = (text: SqlText) =>
    plain("drop-in-step-function", text, { title: "made again for the swapped sides" });
  return {
    phase: "contract",
    lane: "tail",
    runner: "transactional",
    name: "switch",
    title: `${change.column} becomes ${input.target.column.type}; the old one is kept in step beside it`,
    deploy: {
      oldCode: [false, "the column has its new type"],
      newCode: [true, "the column has its new type"],
    },
    gate: GATE,
    undoGate: [{ kind: "reversible" }],
    scope: { table: change.table, columns: [change.column], added: twinName(change.column), notNull: change.column },
    gone: [...around.checks, ...around.foreignKeys].map(({ name }) => ({ kind: "constraint", name })),
    upgrade: [
      ...dropViews(views),
      ...swapNames(input, "switch"),
      ...defaults(input, "switch"),
      ...ownSequences(table, column, column.name),
      ...identity(input, "switch"),
      ...marks(input, "switch"),
      functionChange(dropInStepFunction(before)),
      ...typeMirrorSteps(table, after),
      forgetSightings(slug),
      forgetUnmirrored(slug),
      ...sightingSteps(table, slug, after.names, sights),
      ...createViews(views),
      recompile(input),
    ],
    downgrade: [
      ...dropViews(views),
      dropTriggers(
        table,
        sights.map((sight) => sight.trigger),
        null,
      ),
      ...swapNames(input, "back"),
      ...defaults(input, "back"),
      ...ownSequences(table, column, column.name),
      ...identity(input, "back"),
      ...marks(input, "back"),
      functionChange(dropInStepFunction(after)),
      ...typeMirrorSteps(table, before),
      forgetSightings(slug),
      forgetUnmirrored(slug),
      beginSightings(slug),
      ...createViews(views),
      recompile(input),
    ],
  };
}

/** From the switch on: nobody's code knows the name that the old side has then, but the evidence is asked for all the same. */
function oldSights(change: ChangeType, slug: string) {
  return renameSights(planNames(slug), twinName(change.column), change.column).filter((sight) => sight.side === "old");
}

export function dropOld(input: TypeInput): Draft {
  const { change, table, column, slug, target } = input;
  const pair = pairOf(input, true);
  const { names } = pair;
  const triggers = [
    names.syncInsert,
    names.syncUpdate,
    names.noteUnmirrored,
    ...oldSights(change, slug).map((sight) => sight.trigger),
  ];
  return {
    phase: "contract",
    lane: "tail",
    runner: "transactional",
    name: "drop",
    title: `drop the old ${change.column}`,
    deploy: { oldCode: [false, "the column has its new type"], newCode: [true, "the column has its new type"] },
    gate: [...GATE, { kind: "quiet", side: "old", soakSeconds: change.soakSeconds }],
    irreversible: `the old values are gone; change the type back with a new plan`,
    // What was read of the column is another column's now.
    scope: { table: change.table, columns: [], added: pair.shadow, notNull: null },
    upgrade: [
      dropTriggers(table, triggers, names.syncFunction),
      plain("drop-in-step-function", dropInStepFunction(pair)),
      ddl(
        "drop-column",
        "ACCESS EXCLUSIVE",
        [table],
        sql`alter table ${qualified(table)} drop column ${ident(pair.shadow)}`,
        { title: "with its indexes and constraints" },
      ),
      ...widenSequences(table, column, target.column.type),
      ...identityAtEnd(input),
      ...(column.notNull
        ? settleNotNull(table, change.column, notNullTwinName(table, column), oldNotNullName(table, column))
        : []),
      forgetSightings(slug),
      forgetUnmirrored(slug),
    ],
    downgrade: [],
  };
}
