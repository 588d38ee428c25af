/**
 * What an engineer declares: one risky change to one column, in one `change.yaml`. Values only; `parse.ts` reads them.
 */
import type { QualifiedName } from "../sql/identifier.js";

/**
 * What to do about the user's own row triggers, which would fire for every row that the backfill touches (and overwrite
 * every `updated_at`): refuse the plan, let them fire, or bypass them for the batch alone.
 */
export type OnUserTriggers = "refuse" | "fire" | "bypass";

type Common = {
  readonly table: QualifiedName;
  readonly column: string;
  /** hazards accepted by name */
  readonly allow: readonly string[];
  readonly onUserTriggers: OnUserTriggers;
  /** how long the old side must be quiet before it may be dropped; 0: no waiting */
  readonly soakSeconds: number;
};

export type RenameColumn = Common & { readonly kind: "rename_column"; readonly to: string };

export type SetNotNull = Common & {
  readonly kind: "set_not_null";
  /** a SQL expression over the row's other columns, for rows (and writers) that give NULL; null: NULLs are only listed */
  readonly fill: string | null;
  /** instead of `fill`: code that computes the value for rows that hold NULL; null: there is none */
  readonly transform: Transform | null;
};

/** Computes a row's value from those of its columns that it asked for. May be called again for the same row. */
export type RowTransform = (
  row: Readonly<Record<string, unknown>>,
  context: { readonly signal: AbortSignal },
) => unknown;

export type Transform = {
  readonly columns: readonly string[];
  readonly row: RowTransform;
  /** the file that exports it, and what identifies its text; null: of a change that was read from no file */
  readonly source: { readonly module: string; readonly checksum: string } | null;
};

export type ChangeType = Common & {
  readonly kind: "change_type";
  /** a type's name as SQL knows it, e.g. `numeric(12, 2)`, `app.mood` */
  readonly type: string;
  /** a SQL expression over the column (its old value) that gives the new value; null: a cast to the new type */
  readonly using: string | null;
  /** a SQL expression over the column (its new value) that gives the old value back; null: a cast to the old type */
  readonly reverse: string | null;
  /** a SQL expression without columns: what the old side gets where `reverse` fails; null: NULL */
  readonly fallback: string | null;
};

export type Change = RenameColumn | SetNotNull | ChangeType;
export type ChangeKind = Change["kind"];
export const CHANGE_KINDS: readonly ChangeKind[] = ["rename_column", "set_not_null", "change_type"];
