/**
 * set_not_null. With `fill`: from dual-write on no NULL gets in (writers who send one get the fill), the old NULLs are
 * filled, the constraint is validated, and contract makes it the column's own once nobody sends NULL any more. Without:
 * writers who send NULL are only noted and the NULLs only looked for; the constraint comes when the evidence is there. So
 * it is with a `transform`, as no trigger can call one: but its NULLs are filled, and again those that are written
 * meanwhile, by workers, until nobody writes one any more.
 */
import { notNullName } from "../../catalog/names.js";
import type { SetNotNull } from "../../change/change.js";
import type { GateCondition } from "../../revisions/revision.js";
import { rewriteColumns } from "../../sql/expression.js";
import { ident, qualified } from "../../sql/identifier.js";
import { dollarQuote } from "../../sql/literal.js";
import { sql, trusted } from "../../sql/text.js";
import { fillOf, type TransformPart } from "../fill.js";
import { type PlanNames, planNames, twinName } from "../naming.js";
import { addNotNull, addNotNullCheck, removeNotNull, settleNotNull } from "../not-null.js";
import { forgetSightings, nullSights, sightingSteps } from "../sightings.js";
import { ddl, plain, validate } from "../steps.js";
import { dropTriggers } from "../triggers.js";
import type { Draft, Recipe, RecipeInput } from "./recipe.js";
import { fillColumns, setNotNullFindings, setNotNullHazards, setNotNullRefusals } from "./set-not-null.preflight.js";

type Input = RecipeInput<SetNotNull>;

export const setNotNull: Recipe<SetNotNull> = {
  nothingToDo: (change, table) => {
    const column = table.columns.find((c) => c.name === change.column);
    return column?.notNull === true && column.notNullConstraint?.validated !== false
      ? `Column ${change.column} is NOT NULL: the change is made.`
      : null;
  },
  scope: (change) => ({
    table: change.table,
    columns: [change.column, ...fillColumns(change)],
    added: null,
    notNull: change.column,
  }),
  fillWrites: (change) => (change.fill === null && change.transform === null ? null : change.column),
  refusals: setNotNullRefusals,
  findings: setNotNullFindings,
  hazards: setNotNullHazards,
  revisions: (input) =>
    input.change.fill === null
      ? [
          noteNulls(input),
          input.change.transform === null ? lookForNulls(input) : fill(input),
          constrain(input),
          validation(input, "contract"),
          settle(input),
        ]
      : [dualWrite(input), fill(input), validation(input, "backfill"), settle(input)],
};

function constraintOf({ table, change }: Input): { twin: string; final: string } {
  const final = notNullName(table.name, change.column);
  return { twin: twinName(final), final };
}

function gateOf(change: SetNotNull): GateCondition[] {
  return [
    { kind: "backfill" },
    change.transform === null ? { kind: "verified" } : { kind: "verified", since: "confirm" },
    { kind: "settled" },
    { kind: "confirmed" },
    { kind: "quiet", side: "old", soakSeconds: change.soakSeconds },
  ];
}

const MEANWHILE = {
  filled: "a NULL that it sends is filled",
  noted: "a NULL that it sends is noted, and filled later",
};
const NEW_NEVER_NULL = [true, "it never sends NULL"] as const;

function dualWrite(input: Input): Draft {
  const { change, table, slug } = input;
  const names = planNames(slug);
  const { twin } = constraintOf(input);
  return {
    phase: "dual-write",
    lane: "trunk",
    runner: "transactional",
    name: "guard",
    title: `fill ${change.column} for writers that send NULL, refuse NULL otherwise`,
    deploy: { oldCode: [true, "a NULL that it sends is filled"], newCode: NEW_NEVER_NULL },
    upgrade: [...guard(input, names), ...addNotNull(table, change.column, twin)],
    downgrade: [
      dropTriggers(table, triggersOf(names, change), names.syncFunction),
      forgetSightings(slug),
      ...removeNotNull(table, change.column, twin),
    ],
  };
}

/** The fill trigger and the sightings; made again when contract is undone. */
function guard({ change, table, slug }: Input, names: PlanNames) {
  const sights = sightingSteps(table, slug, names, nullSights(names, change.column));
  if (change.fill === null) return sights;
  const value = rewriteColumns(trusted(change.fill, "parsed"), (column) => sql`new.${ident(column)}`);
  const column = ident(change.column);
  const fn = sql`changeover.${ident(names.syncFunction)}`;
  const body = sql`
begin
  new.${column} := (${value});
  return new;
end
`;
  return [
    plain(
      "fill-function",
      sql`create or replace function ${fn}() returns trigger language plpgsql as ${dollarQuote(body)}`,
    ),
    // Plain BEFORE UPDATE: an update of other columns of a row that still holds NULL must be filled, or the constraint,
    // which is enforced on every update, refuses it.
    ddl(
      "fill-trigger",
      "SHARE ROW EXCLUSIVE",
      [table],
      sql`create trigger ${ident(names.syncInsert)} before insert or update on ${qualified(table)}
  for each row when (new.${column} is null) execute function ${fn}();
alter table ${qualified(table)} enable always trigger ${ident(names.syncInsert)}`,
    ),
    ...sights,
  ];
}

function triggersOf(names: PlanNames, change: SetNotNull): string[] {
  return [
    ...(change.fill === null ? [] : [names.syncInsert]),
    ...nullSights(names, change.column).map((s) => s.trigger),
  ];
}

function fill(input: Input): Draft {
  const { change, table, userTriggers } = input;
  const column = ident(change.column);
  return {
    phase: "backfill",
    lane: "tail",
    runner: "backfill",
    name: "fill",
    title: `fill the NULLs of ${change.column}`,
    deploy: { oldCode: [true, MEANWHILE[change.fill === null ? "noted" : "filled"]], newCode: NEW_NEVER_NULL },
    upgrade: [],
    downgrade: [],
    fill: fillOf(table, {
      due: sql`${column} is null`,
      apart: sql`${column} is null`,
      forth: change.fill === null ? null : sql`(${trusted(change.fill, "parsed")})`,
      back: null,
      userTriggers,
      ...(change.fill === null
        ? { set: null, transform: transformPart(input) }
        : { set: sql`${column} = (${trusted(change.fill, "parsed")})` }),
    }),
  };
}

function transformPart({ change, column }: Input): TransformPart {
  const { transform } = change;
  if (transform === null || transform.source === null) throw new Error("a transform is planned from its module");
  const { columns, source } = transform;
  return { ...source, columns, column: change.column, type: column.inputType };
}

function validation(input: Input, phase: "backfill" | "contract"): Draft {
  const { twin } = constraintOf(input);
  const old =
    phase === "backfill"
      ? ([true, "a NULL that it sends is filled"] as const)
      : ([false, "a NULL that it sends is refused"] as const);
  return {
    phase,
    lane: "tail",
    runner: "autocommit",
    name: "validate",
    title: `validate that ${input.change.column} holds no NULL`,
    deploy: { oldCode: old, newCode: NEW_NEVER_NULL },
    ...(phase === "contract" ? { gate: gateOf(input.change) } : {}),
    upgrade: [validate(input.table, twin)],
    downgrade: [],
  };
}

function settle(input: Input): Draft {
  const { change, table, slug } = input;
  const names = planNames(slug);
  const { twin, final } = constraintOf(input);
  const self = qualified(table);
  return {
    phase: "contract",
    lane: "tail",
    runner: "transactional",
    name: "set-not-null",
    title: `make ${change.column} NOT NULL`,
    deploy: { oldCode: [false, "a NULL that it sends is refused"], newCode: NEW_NEVER_NULL },
    gate: gateOf(change),
    upgrade: [
      ...settleNotNull(table, change.column, twin, final),
      dropTriggers(table, triggersOf(names, change), names.syncFunction),
      forgetSightings(slug),
    ],
    // At three in the morning the way back is the guard, at once. Before 18 the NOT NULL stands behind it until dual-write is
    // undone, and makes the way forward short; the check is there again for the validation that dual-write leads to.
    downgrade: [
      ddl(
        "rename-constraint",
        "ACCESS EXCLUSIVE",
        [table],
        sql`alter table ${self} rename constraint ${ident(final)} to ${ident(twin)}`,
        { server: { from: 18 } },
      ),
      addNotNullCheck(table, change.column, twin),
      ...guard(input, names),
    ],
  };
}

function noteNulls(input: Input): Draft {
  const { change, table, slug } = input;
  const names = planNames(slug);
  return {
    phase: "dual-write",
    lane: "trunk",
    runner: "transactional",
    name: "note",
    title: `note who still sends NULL for ${change.column}`,
    deploy: {
      oldCode: [true, change.transform === null ? "NULLs are only noted" : MEANWHILE.noted],
      newCode: NEW_NEVER_NULL,
    },
    upgrade: guard(input, names),
    downgrade: [dropTriggers(table, triggersOf(names, change), null), forgetSightings(slug)],
  };
}

function lookForNulls({ change, table }: Input): Draft {
  const column = ident(change.column);
  return {
    phase: "backfill",
    lane: "tail",
    runner: "backfill",
    name: "look",
    title: `look for NULLs in ${change.column}`,
    deploy: { oldCode: [true, "NULLs are only noted"], newCode: NEW_NEVER_NULL },
    upgrade: [],
    downgrade: [],
    fill: fillOf(table, {
      due: sql`${column} is null`,
      set: null,
      apart: sql`${column} is null`,
      forth: null,
      back: null,
      userTriggers: "none",
    }),
  };
}

function constrain(input: Input): Draft {
  const { change, table } = input;
  const { twin } = constraintOf(input);
  return {
    phase: "contract",
    lane: "tail",
    runner: "transactional",
    name: "constrain",
    title: `refuse NULL in ${change.column} from here on`,
    deploy: { oldCode: [false, "a NULL that it sends is refused"], newCode: NEW_NEVER_NULL },
    gate: gateOf(change),
    upgrade: addNotNull(table, change.column, twin),
    downgrade: removeNotNull(table, change.column, twin),
  };
}
