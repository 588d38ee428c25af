/** What set_not_null finds on the table, and what it refuses or has to ask for. */
import { notNullName } from "../../catalog/names.js";
import type { SetNotNull } from "../../change/change.js";
import { cannotFail, checkExpression, isNeverNull } from "../../sql/expression.js";
import { qualified } from "../../sql/identifier.js";
import { trusted } from "../../sql/text.js";
import { type Hazard, hazard } from "../hazards.js";
import { twinName } from "../naming.js";
import type { Finding, Refusal } from "../plan.js";
import { finding, refusal } from "../preflight.js";
import type { RecipeInput } from "./recipe.js";

type Input = RecipeInput<SetNotNull>;

/** The other columns that the fill expression, or the transform, reads. */
export function fillColumns(change: SetNotNull): string[] {
  if (change.transform !== null) return change.transform.columns.filter((c) => c !== change.column).sort();
  if (change.fill === null) return [];
  return [...new Set(checkExpression(change.fill).columns)].filter((c) => c !== change.column).sort();
}

export function setNotNullRefusals({ change, table, column }: Input): Refusal[] {
  const object = `${qualified(table)}.${column.name}`;
  const found: Refusal[] = [];
  const no = (name: string, message: string, hint: string) => found.push(refusal(name, object, message, hint));
  if (column.generated !== null) {
    no(
      "generated-column",
      `${object} is generated: its value cannot be filled.`,
      "Change the generation expression so that it never yields NULL.",
    );
  }
  if (column.domainConstrained) {
    no(
      "constrained-domain",
      `${object} is of a domain with constraints of its own.`,
      "Change the domain, or this table by hand.",
    );
  }
  if (column.notNullConstraint?.validated === false) {
    no(
      "not-valid-not-null",
      `${object} has a NOT NULL constraint that is not validated.`,
      `Drop it, or fill the NULLs and VALIDATE CONSTRAINT ${column.notNullConstraint.name}.`,
    );
  }
  if (change.transform !== null && table.partitions !== null) {
    no(
      "partitioned-transform",
      `${qualified(table)} is partitioned: its rows are filled leaf by leaf, by SQL alone.`,
      "Give a fill that is an SQL expression; or detach each partition, change it, and attach it again.",
    );
  }
  const name = notNullName(table.name, column.name);
  const taken = table.constraints.find((c) => c.name === name || c.name === twinName(name));
  if (taken !== undefined && taken.kind !== "not null") {
    no(
      "name-taken",
      `${object}: constraint ${taken.name} has the name that NOT NULL takes.`,
      "Rename that constraint.",
    );
  }
  const reader = change.transform === null ? "fill" : "transform";
  for (const reads of fillColumns(change)) {
    const other = table.columns.find((c) => c.name === reads);
    if (other === undefined) {
      found.push(
        refusal(
          "column-not-found",
          `${qualified(table)}.${reads}`,
          `${reader} reads ${reads}, which ${qualified(table)} does not have.`,
          "Name columns of this table alone.",
          "not-found",
        ),
      );
    } else if (other.generated !== null && change.transform === null) {
      no(
        "fill-reads-generated",
        `fill reads ${reads}, a generated column, which has no value yet when a trigger runs.`,
        "Use the columns that it is generated from.",
      );
    }
  }
  return found;
}

export function setNotNullHazards({ change, table }: Input): Hazard[] {
  if (change.fill === null) return [];
  const notNull = new Set(table.columns.filter((c) => c.notNull).map((c) => c.name));
  const fill = trusted(change.fill, "parsed");
  // The trigger cannot guard it: a row that is left NULL breaks the constraint, and the write fails as well.
  return isNeverNull(fill, notNull) && cannotFail(fill) ? [] : [hazard("fill-may-be-null", [change.fill])];
}

function becomes({ fill, transform }: SetNotNull): string {
  if (transform !== null)
    return `NULLs become what ${transform.source?.module ?? "the transform"} makes of ${transform.columns.join(", ")}`;
  return fill === null ? "NULLs are listed, not filled" : `NULLs become ${fill}`;
}

export function setNotNullFindings({ change, table, column }: Input): Finding[] {
  const found = [finding("column", column.name, "kept", becomes(change))];
  if (column.default !== null)
    found.push(finding("default", column.default, "kept", "applies to inserts that omit the column"));
  const around = table.indexes.filter((i) => i.columns.includes(column.name)).length;
  if (around > 0) found.push(finding("index", `${around} over ${column.name}`, "kept", "filled rows get new entries"));
  for (const p of table.publications) found.push(finding("publication", p.name, "kept", "publishes the filled rows"));
  return found;
}
