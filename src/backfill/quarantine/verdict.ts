/** What a page's rows, tried one by one, say: which of them fail, or that none of them is to blame. Pure. */
import type { RowFailure } from "../../journal/state.js";
import type { TableRow } from "./rows.js";

/** A row that is still due after it was filled; 09000 is triggered_action_exception. */
export const UNDONE = {
  sqlstate: "09000",
  message: "still due after it was filled: a trigger undoes or suppresses it, or someone writes past the sync triggers",
} as const;

/** Of so many unsettled rows of one fill it is not the rows. */
export const UNSETTLED_MOST = 1_000;

export type Trouble = { readonly sqlstate: string; readonly message: string };

export type Tried = {
  readonly row: TableRow;
  /** rows that its statement wrote: one, or none where it was not due, or a trigger suppressed it */
  readonly filled: number;
  /** null: none */
  readonly trouble: Trouble | null;
};

export type Verdict = {
  /** statement: it fails for whatever reason lies outside of the rows (a missing privilege or object), so that none is noted */
  readonly blame: "rows" | "statement";
  readonly failed: readonly (Tried & { readonly trouble: Trouble })[];
  readonly filled: number;
};

/** Privileges, missing objects, wrong types: class 42, and their like in 3F and 0A. Where another row could be filled, it is the row. */
export const isOutside = ({ sqlstate }: Pick<Trouble, "sqlstate">): boolean => /^(?:42|3F|0A)/.test(sqlstate);

export function judgeRows(tried: readonly Tried[]): Verdict {
  const failed = tried.flatMap((one) => (one.trouble === null ? [] : [{ ...one, trouble: one.trouble }]));
  const filled = tried.reduce((sum, one) => sum + (one.trouble === null ? one.filled : 0), 0);
  const outside = filled === 0 && failed.length > 0 && failed.every(({ trouble }) => isOutside(trouble));
  return { blame: outside ? "statement" : "rows", failed, filled };
}

/** Instead of a quarantine that holds the table. */
export function tooMany(first: RowFailure): RowFailure {
  return {
    ...first,
    message: `more than ${UNSETTLED_MOST} rows fail, so that it is the expression rather than the rows; the last one: ${first.message}`,
  };
}
