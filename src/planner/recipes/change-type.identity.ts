/** The identity of a column that changes its type: moved at the switch, and back; it counts further once the old side is gone. */
import type { Step } from "../../revisions/revision.js";
import { ident, qualified } from "../../sql/identifier.js";
import { sql } from "../../sql/text.js";
import { moveIdentity, standInForIdentity, widenIdentity } from "../identity.js";
import { boundsMeanwhile, boundsOver } from "../identity-bounds.js";
import { twinName } from "../naming.js";
import { setNotNull } from "../not-null.js";
import { ddl } from "../steps.js";
import type { TypeInput } from "./change-type.pair.js";

/** After the names are swapped. */
export function identity({ change, table, column, target }: TypeInput, way: "switch" | "back"): Step[] {
  const sequence = column.identitySequence;
  if (sequence === null) return [];
  const sides = { from: twinName(change.column), to: change.column };
  const release = (side: string, server: Step["server"]) =>
    ddl(
      "release-not-null",
      "ACCESS EXCLUSIVE",
      [table],
      sql`alter table ${qualified(table)} alter column ${ident(side)} drop not null`,
      { server },
    );
  if (way === "switch") {
    const bounds = boundsMeanwhile(sequence, target.column.type);
    return [
      ...setNotNull(table, change.column),
      ...moveIdentity(table, column, { ...sides, held: "either", bounds }),
      // The old side takes what `reverse` gives, which may be NULL.
      release(sides.from, {}),
    ];
  }
  // Before 18 the new side was to have no more than its check.
  return [...standInForIdentity(table, column, sides), release(sides.from, { below: 18 })];
}

export function identityAtEnd({ table, column, target }: TypeInput): Step[] {
  const sequence = column.identitySequence;
  if (sequence === null) return [];
  const { type } = target.column;
  return widenIdentity(table, column, boundsMeanwhile(sequence, type), boundsOver(sequence, type));
}
