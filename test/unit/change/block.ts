/** The block that a bad file is answered with, for tables of what people get to read. */
import { parseChange } from "../../../src/change/parse.js";
import { isChangeoverError } from "../../../src/errors.js";

export const RENAME = "change: rename_column\ntable: app.orders\ncolumn: total\n";
export const NOT_NULL = "change: set_not_null\ntable: app.orders\ncolumn: total\n";

/** A file, and: where and message, then the hint or the details. */
export type BadFile = readonly [string, readonly string[]];

/** `loadParser()` must have been awaited. */
export function blockOf(text: string): string[] {
  try {
    parseChange(text, "change.yaml");
  } catch (error) {
    if (!isChangeoverError(error, "change-invalid")) throw error;
    return [`${error.where}: ${error.message}`, ...(error.hint === undefined ? [] : [error.hint]), ...error.details];
  }
  throw new Error("it was read");
}
