/** Names: which are ours, which the server would have given itself, and how an object is printed in one line. */
import { clipName, MAX_NAME_BYTES, nameBytes } from "../sql/identifier.js";

/** Made by changeover: a twin that waits for its final name, or a trigger. */
export function isOurs(name: string): boolean {
  return name.startsWith("changeover_") || name.startsWith("~~changeover");
}

/** The name that PostgreSQL 18 gives a NOT NULL constraint of its own making, where nothing has that name yet. */
export function notNullName(table: string, column: string): string {
  return joinedName(table, column, "not_null");
}

/**
 * Whether PostgreSQL 18 would name a NOT NULL constraint so by itself: `<table>_<column>_not_null`, with a number behind
 * it where that was taken. Names that it gave say nothing, and older servers have none.
 */
export function isDefaultNotNullName(name: string, table: string, column: string): boolean {
  const number = /_not_null([1-9][0-9]*)?$/.exec(name)?.[1] ?? "";
  return name === joinedName(table, column, `not_null${number}`);
}

/** After makeObjectName in the server's indexcmds.c: the longer of the two names is cut first, by whole characters. */
function joinedName(table: string, column: string, label: string): string {
  const room = MAX_NAME_BYTES - nameBytes(label) - 2;
  let tableBytes = nameBytes(table);
  let columnBytes = nameBytes(column);
  while (tableBytes + columnBytes > room) {
    if (tableBytes > columnBytes) tableBytes -= 1;
    else columnBytes -= 1;
  }
  return `${clipName(table, tableBytes)}_${clipName(column, columnBytes)}_${label}`;
}

/** A name with a blank, a quote or an invisible character in it is quoted, so that it stays one word on one line. */
export function printName(name: string): string {
  return /^[^\s"\p{C}]+$/u.test(name) ? name : JSON.stringify(name);
}
