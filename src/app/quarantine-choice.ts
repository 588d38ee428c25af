/** Which rows somebody means, and what becomes of those that are skipped. Pure. */
import { ChangeoverError } from "../errors.js";
import { listed } from "../gates/words.js";
import type { QuarantinedRow } from "../journal/quarantine.js";
import { nearest } from "../revisions/nearest.js";

/** `names` null: all that wait. Throws `not-found` with every name that no row has. */
export function chosenRows(
  plan: string,
  known: readonly QuarantinedRow[],
  names: readonly string[] | null,
): readonly QuarantinedRow[] {
  if (names === null) return known.filter((row) => row.settled === null);
  const missing = names.filter((name) => !known.some((row) => row.key === name));
  const [first] = missing;
  if (first === undefined) return known.filter((row) => names.includes(row.key));
  const near = nearest(
    first,
    known.map((row) => row.key),
  );
  throw new ChangeoverError("not-found", `No row ${listed(missing)} of ${plan} is in quarantine.`, {
    hint:
      near.length > 0 ? `Did you mean ${near.join(" or ")}?` : `See them: changeover backfill quarantine list ${plan}`,
  });
}

/** A row without a key is known by its place alone, where another one may stand tomorrow. Throws `refused`. */
export function refuseNameless(rows: readonly QuarantinedRow[]): void {
  const nameless = rows.filter((row) => row.key.startsWith("ctid="));
  if (nameless.length === 0) return;
  throw new ChangeoverError("refused", "Rows of a table without a key cannot be skipped: nothing tells them again.", {
    details: nameless.slice(0, 5).map((row) => `${row.key}: ${row.message} (SQLSTATE ${row.sqlstate})`),
    hint: "Mend or delete them, then changeover worker --drain.",
  });
}

/** What comes of a skipped row later, by the kind of the change. */
export function skipNote(kind: string): string {
  if (kind === "set_not_null") {
    return "Skipped is not filled: the plan's validation (SQLSTATE 23502 or 23514) fails on such a row until it is mended or deleted, and nothing goes beyond it before.";
  }
  return "Skipped is not filled: the new column stays NULL there for whoever reads it, and once the old column is dropped its value is gone. Where the column is NOT NULL or has a check, the validation of the new one (SQLSTATE 23502 or 23514) fails on such a row until it is mended or deleted.";
}
