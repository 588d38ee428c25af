/** What of a table change_type cannot carry over to the new type: refused by name, before anything runs. */
import type { FunctionSource, Snapshot, Table } from "../../catalog/snapshot.js";
import { qualified } from "../../sql/identifier.js";
import { conversionOf } from "../conversion.js";
import { boundsFit, canBeIdentity } from "../identity-bounds.js";
import { twinName } from "../naming.js";
import { partitionedTwinRefusals } from "../partitions.js";
import type { Refusal } from "../plan.js";
import { refusal } from "../preflight.js";
import { surroundingsOf } from "../surroundings.js";
import { twinIndexes } from "../twins.js";
import type { TypeInput } from "./change-type.pair.js";
import { carriedViews } from "./change-type.views.js";
import { BY_HAND, twinRefusals } from "./twin-refusals.js";

export function typeRefusals(input: TypeInput): Refusal[] {
  const { table, column, target } = input;
  // The server carries what hangs on the column along, or says that it does not.
  if (target.metadataOnly)
    return [
      ...twinRefusals(table, column).filter(({ name }) => IN_PLACE_TOO.has(name)),
      ...identityRefusals(input),
      ...carriedViews(input),
    ];
  return [
    ...identityRefusals(input),
    ...shadowRefusals(input),
    ...twinRefusals(table, column),
    ...partitionedTwinRefusals(input),
    ...carriedViews(input),
    ...uniqueRefusals(input),
    ...replicaRefusals(input),
    ...keyRefusals(input),
    ...impossibleTwins(input),
    ...functionRefusals(input.snapshot, table),
  ];
}

/** ALTER COLUMN TYPE refuses these, or changes what others rely on. */
const IN_PLACE_TOO: ReadonlySet<string> = new Set([
  "primary-key-column",
  "referenced-column",
  "generated-column",
  "generated-from-column",
  "policy-column",
  "trigger-column",
  "publication-columns",
]);

function shadowRefusals({ change, table, target }: TypeInput): Refusal[] {
  const object = `${qualified(table)}.${change.column}`;
  const found: Refusal[] = [];
  const { domainConstrained, typeKind, type } = target.column;
  if (domainConstrained)
    found.push(
      refusal(
        "constrained-domain",
        object,
        `${type} is a domain with constraints; adding such a column scans or rewrites the table.`,
        BY_HAND,
      ),
    );
  if (typeKind === "composite")
    found.push(
      refusal(
        "composite-column",
        object,
        `${type} is a composite type, and IS NULL asks its fields: a value with an empty field would count as not given.`,
        "Choose a type of one value.",
      ),
    );
  for (const key of target.nullGives) {
    found.push(
      refusal(
        "null-conversion",
        object,
        `\`${key}\` makes a value of NULL, or fails for it: a column that holds none would not be told from one that is not filled.`,
        "Let NULL stay NULL (leave out coalesce); give a value to those rows by a change of their own.",
      ),
    );
  }
  return found;
}

/**
 * Two values that become one would fail a write on the other side's unique index: also two that the old type cannot hold,
 * where both become the fallback, or NULL and NULLs are not distinct.
 */
function uniqueRefusals({ change, table, column, target }: TypeInput): Refusal[] {
  const distinct = conversionOf(change, column, target.column).injective && change.fallback === null;
  return twinIndexes(table, column.name)
    .filter((index) => index.unique && (!distinct || index.nullsNotDistinct))
    .map((index) =>
      refusal(
        "unique-conversion",
        index.name,
        `Unique index ${index.name} covers ${column.name}: two values that differ may be one in the other type, and writes would fail on its twin.`,
        BY_HAND,
      ),
    );
}

/** ALTER TYPE refuses the same. */
function identityRefusals({ table, column, target }: TypeInput): Refusal[] {
  const { identitySequence: sequence } = column;
  const { type } = target.column;
  if (sequence === null || (canBeIdentity(type) && boundsFit(sequence, type))) return [];
  const object = `${qualified(table)}.${column.name}`;
  if (!canBeIdentity(type))
    return [
      refusal(
        "identity-type",
        object,
        `${object} is an identity column, and one of type ${type} there cannot be.`,
        `Choose smallint, integer or bigint; or give up the identity first (ALTER TABLE … ALTER COLUMN ${column.name} DROP IDENTITY) and have a default or the application give the values.`,
      ),
    ];
  return [
    refusal(
      "identity-type",
      object,
      `The identity of ${object} counts from ${sequence.start} between ${sequence.min} and ${sequence.max}, beyond what ${type} holds.`,
      `Set its bounds first: ALTER TABLE … ALTER COLUMN ${column.name} SET MINVALUE …, SET MAXVALUE ….`,
    ),
  ];
}

/** While both types stand, rows are told apart by an index whose column the old side may leave empty. */
function replicaRefusals({ table, column }: TypeInput): Refusal[] {
  const { index } = table.replicaIdentity;
  if (!twinIndexes(table, column.name).some(({ name }) => name === index)) return [];
  return [
    refusal(
      "replica-identity",
      index ?? "",
      `The table's replica identity is index ${index}, which covers the column.`,
      "Give the table another identity for the time of the change: ALTER TABLE … REPLICA IDENTITY DEFAULT, or FULL.",
    ),
  ];
}

/** A key between different types is kept for integers alone, whose comparison needs no cast. */
function keyRefusals({ change, table, column, target }: TypeInput): Refusal[] {
  if (conversionOf(change, column, target.column).injective) return [];
  return surroundingsOf(table, column.name).foreignKeys.map((key) =>
    refusal(
      "foreign-key-type",
      key.name,
      `Foreign key ${key.name} would reference ${key.foreign === null ? "a column" : qualified(key.foreign.table)} of another type.`,
      BY_HAND,
    ),
  );
}

function impossibleTwins({ target }: TypeInput): Refusal[] {
  return target.impossible.map(({ what, name, message }) =>
    refusal("twin-impossible", name, `The ${what} of ${name} cannot be made over the new type: ${message}.`, BY_HAND),
  );
}

/** Sessions have to compile them again at the switch, which only their owner can bring about. */
function functionRefusals({ role }: Snapshot, table: Table): Refusal[] {
  const foreign = (f: FunctionSource) =>
    f.onTrigger && f.language === "plpgsql" && !role.superuser && f.owner !== role.name && f.owner !== table.owner;
  return table.functions
    .filter(foreign)
    .map((f) =>
      refusal(
        "trigger-function-owner",
        qualified(f.function),
        `Trigger function ${qualified(f.function)} belongs to ${f.owner}: ${role.name} cannot have sessions compile it again at the switch, and it would fail every write.`,
        `Run as a role that owns it, or give it to ${table.owner}.`,
      ),
    );
}

/** Said here, because the copy on which the type is tried cannot be made beside it. */
export function shadowTaken(table: Table, column: string): Refusal | null {
  const shadow = twinName(column);
  if (!table.columns.some((c) => c.name === shadow)) return null;
  return refusal(
    "name-taken",
    `${qualified(table)}.${shadow}`,
    `Column ${shadow} exists already beside ${column}.`,
    "It is what an unfinished change of type leaves: undo that plan, or drop the column.",
  );
}
