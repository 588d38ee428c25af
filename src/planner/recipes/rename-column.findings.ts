/** What rename_column finds on the table and how it treats each, and what it has to ask for. */

import type { RenameColumn } from "../../change/change.js";
import { qualified } from "../../sql/identifier.js";
import { type Hazard, hazard } from "../hazards.js";
import { TWIN_PREFIX } from "../naming.js";
import type { Finding } from "../plan.js";
import { finding } from "../preflight.js";
import { surroundingsOf } from "../surroundings.js";
import { twinIndexes } from "../twins.js";
import { replacements } from "../views.js";
import type { RecipeInput } from "./recipe.js";

type Input = RecipeInput<RenameColumn>;

export function renameHazards({ table, column }: Input): Hazard[] {
  const around = surroundingsOf(table, column.name);
  const found: Hazard[] = [hazard("column-order"), hazard("prepared-statements"), hazard("positional-copy")];
  if (column.default !== null && !column.notNull) found.push(hazard("explicit-null", [`default ${column.default}`]));
  if (column.identitySequence !== null) found.push(hazard("identity-sequence", [qualified(column.identitySequence)]));
  const uniques = twinIndexes(table, column.name).filter((index) => index.unique);
  if (uniques.length > 0)
    found.push(
      hazard(
        "unique-twin-upsert",
        uniques.map((index) => index.name),
      ),
    );
  if (around.functions.length > 0) {
    found.push(
      hazard(
        "functions-by-name",
        around.functions.map((f) => `${qualified(f.function)}(${f.arguments})`),
      ),
    );
  }
  if (around.publications.length > 0)
    found.push(
      hazard(
        "published-table",
        around.publications.map((p) => p.name),
      ),
    );
  return found;
}

export function renameFindings({ change, table, column }: Input): Finding[] {
  const around = surroundingsOf(table, column.name);
  const twin = "built again over the new column, under this name at the end";
  const found: Finding[] = [
    ...twinIndexes(table, column.name).map((i) => finding("index", i.name, "carried", `${twin} (CONCURRENTLY)`)),
    ...around.uniques.map((c) => finding("unique constraint", c.name, "carried", "from its twin index, at the end")),
    ...around.checks.map((c) =>
      finding("check", c.name, "carried", c.validated ? "twin NOT VALID, then validated" : "twin NOT VALID, as it is"),
    ),
    ...around.foreignKeys.map((c) =>
      finding("foreign key", c.name, "carried", "twin NOT VALID after the fill, then validated"),
    ),
    ...table.incomingForeignKeys
      .filter((k) => !k.columns.includes(column.name))
      .map((k) => finding("incoming foreign key", k.name, "kept", "references other columns")),
    ...replacements(table, { from: column.name, to: change.to }).map(({ view }) =>
      finding(
        "view",
        qualified(view.view),
        "carried",
        `reads ${change.to} from the end of the backfill on, under the names that it gives; replaced where it stands`,
      ),
    ),
    ...table.dependentViews
      .filter((v) => v.columns.length > 0 && !v.columns.includes(column.name))
      .map((v) => finding("view", qualified(v.view), "kept", "reads other columns")),
    ...table.policies
      .filter((p) => !p.columns.includes(column.name))
      .map((p) => finding("policy", p.name, "kept", "mentions other columns")),
    ...table.publications.map((p) =>
      finding("publication", p.name, "kept", "publishes the new column as well, from expand on"),
    ),
  ];
  if (column.notNull)
    found.push(finding("not null", column.name, "carried", "enforced from dual-write on, validated after the fill"));
  if (column.default !== null)
    found.push(
      finding(
        "default",
        column.default,
        "carried",
        "moves at contract; until then the old column's applies to both, and an insert that names neither counts as old code's",
      ),
    );
  if (column.identity !== null)
    found.push(
      finding(
        "identity",
        `generated ${column.identity}`,
        "carried",
        column.identity === "always"
          ? "moves at contract, with its sequence as that stands; no insert names it, so inserts do not tell old code from new"
          : "moves at contract, with its sequence as that stands; until then an insert that names neither counts as old code's",
      ),
    );
  for (const sequence of column.ownedSequences)
    found.push(finding("sequence", qualified(sequence), "carried", "owned by the new column from contract on"));
  for (const { name } of around.statistics)
    found.push(
      finding("statistics", qualified(name), "carried", "made over the new column, under this name from contract on"),
    );
  if (column.comment !== null) found.push(finding("comment", column.name, "carried", "set at expand"));
  for (const given of column.grants)
    found.push(
      finding("column grant", `${given.privilege} to ${given.grantee ?? "PUBLIC"}`, "carried", "given at expand"),
    );
  const others = table.indexes.filter(
    (i) => !i.columns.includes(column.name) && !i.name.startsWith(TWIN_PREFIX),
  ).length;
  if (others > 0) found.push(finding("index", `${others} without ${change.column}`, "kept", "not touched"));
  return found;
}
