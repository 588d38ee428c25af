/** What change_type finds on the table and how it treats each, and what it has to ask for. */
import type { Table } from "../../catalog/snapshot.js";
import type { HazardName } from "../../change/hazards.js";
import { cannotFail, checkExpression } from "../../sql/expression.js";
import { qualified } from "../../sql/identifier.js";
import { conversionOf, isEnumCast } from "../conversion.js";
import { type Hazard, hazard } from "../hazards.js";
import { losesInSilence } from "../lossy.js";
import type { Finding } from "../plan.js";
import { finding } from "../preflight.js";
import { surroundingsOf } from "../surroundings.js";
import { canBeRewritten, twinIndexes } from "../twins.js";
import { viewTree } from "../views.js";
import type { TypeInput } from "./change-type.pair.js";

export function typeHazards({ change, table, column, target }: TypeInput): Hazard[] {
  const around = surroundingsOf(table, column.name);
  const some = (name: HazardName, objects: readonly string[]) => (objects.length === 0 ? [] : [hazard(name, objects)]);
  const conversion = conversionOf(change, column, target.column);
  const seen = `${column.type} becomes ${target.column.type}`;
  const bare = (type: string) => type.replace(/\(.*\)/, "").trim();
  // Only its length or precision: what clients see is the same type.
  const sameType = bare(column.type) === bare(target.column.type);
  const views = viewTree(table, column.name).map(({ view }) => `view ${qualified(view)}`);
  const typed = sameType ? [] : [hazard("client-type-change", [seen, ...views])];
  const int4 = column.type === "integer" && !sameType ? [hazard("int4-parameters")] : [];
  const functions = around.functions.map((f) => `${qualified(f.function)}(${f.arguments})`);
  if (target.metadataOnly) return [hazard("prepared-statements"), ...typed, ...some("functions-by-type", functions)];
  return [
    hazard("column-order"),
    hazard("prepared-statements"),
    hazard("positional-copy"),
    ...int4,
    ...typed,
    ...some(
      "unique-twin-upsert",
      twinIndexes(table, column.name).flatMap((index) => (index.unique ? [index.name] : [])),
    ),
    ...some("functions-by-type", functions),
    ...some("lossy-cast", conversion.cast && losesInSilence(column.type, target.column.type) ? [seen] : []),
    ...some("fallible-index", fallibleIndexes(table, column.name)),
    ...some("identity-sequence", column.identitySequence === null ? [] : [qualified(column.identitySequence)]),
    ...some(
      "session-dependent",
      target.unsteady
        .filter((key) => !isEnumCast(change, key, column, target.column))
        .map((key) => `${key}: ${change[key] ?? "the cast"}`),
    ),
    ...some(
      "published-table",
      around.publications.map((p) => p.name),
    ),
  ];
}

/**
 * Also between integers: an expression over the old type overflows for a value that itself still fits. What it does for the
 * values that are there is not asked: a write brings others.
 */
function fallibleIndexes(table: Table, column: string): string[] {
  const may = (expression: string | null) =>
    expression !== null && canBeRewritten(expression) && mentions(expression, column) && !cannotFail(expression);
  return twinIndexes(table, column)
    .filter((index) => may(index.predicate) || index.keys.some((key) => may(key.expression)))
    .map((index) => index.name);
}

const mentions = (expression: string, column: string) => checkExpression(expression).columns.includes(column);

const VIEW_HAS = "with its owner, grants, options, comments and defaults; those over it too";

export function typeFindings({ table, column, target }: TypeInput): Finding[] {
  const views = viewTree(table, column.name).map(({ view }) =>
    finding(
      "view",
      qualified(view),
      "carried",
      `dropped and made again, from its own text, as the column's type changes: ${VIEW_HAS}`,
    ),
  );
  if (target.metadataOnly)
    return [
      finding("column", column.name, "kept", "its values are stored alike in both types: the catalog alone changes"),
      ...views,
    ];
  const around = surroundingsOf(table, column.name);
  const twin = "built again over the new type, under this name from the switch on";
  const found: Finding[] = [
    ...views,
    ...twinIndexes(table, column.name).map((i) => finding("index", i.name, "carried", `${twin} (CONCURRENTLY)`)),
    ...around.uniques.map((c) => finding("unique constraint", c.name, "carried", "from its twin index")),
    ...around.checks.map((c) => finding("check", c.name, "carried", "twin NOT VALID, then validated")),
    ...around.foreignKeys.map((c) =>
      finding("foreign key", c.name, "carried", "twin NOT VALID after the fill, then validated"),
    ),
  ];
  if (column.notNull)
    found.push(finding("not null", column.name, "carried", "enforced beside it, settled at the drop"));
  if (column.default !== null)
    found.push(finding("default", column.default, "carried", "converted, and moved at the switch"));
  if (column.identity !== null)
    found.push(
      finding(
        "identity",
        `generated ${column.identity}`,
        "carried",
        "moves at the switch, with its sequence as that stands, which counts as far as the new type once the old one is gone",
      ),
    );
  for (const sequence of column.ownedSequences)
    found.push(finding("sequence", qualified(sequence), "carried", "owned by the new column from the switch on"));
  for (const { name } of around.statistics)
    found.push(
      finding("statistics", qualified(name), "carried", "made over the new column, under this name from the switch on"),
    );
  if (column.comment !== null) found.push(finding("comment", column.name, "carried", "set at expand"));
  for (const given of column.grants)
    found.push(
      finding("column grant", `${given.privilege} to ${given.grantee ?? "PUBLIC"}`, "carried", "given at expand"),
    );
  if (column.storage !== null || column.compression !== null)
    found.push(finding("storage", column.name, "kept", "the new type's own: storage and compression are set anew"));
  for (const f of table.functions.filter((f) => f.onTrigger))
    found.push(finding("trigger function", qualified(f.function), "kept", "sessions compile it again at the switch"));
  const others = table.indexes.filter((i) => !i.columns.includes(column.name)).length;
  if (others > 0) found.push(finding("index", `${others} without ${column.name}`, "kept", "not touched"));
  return found;
}
