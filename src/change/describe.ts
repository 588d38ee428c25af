import { ident, qualified } from "../sql/identifier.js";
import type { Change, SetNotNull } from "./change.js";

const LONGEST_FILL = 60;

/**
 * A change in one line: `rename_column app.orders.total to amount`. Names are as the catalog will have them, quoted where
 * SQL needs it, so that a reader sees what folding made of `Total`.
 */
export function describeChange(change: Change): string {
  const column = `${qualified(change.table)}.${ident(change.column)}`;
  switch (change.kind) {
    case "rename_column":
      return oneLine(`rename_column ${column} to ${ident(change.to)}`);
    case "set_not_null":
      return oneLine(`set_not_null ${column}${becomes(change)}`);
    case "change_type": {
      const using = change.using === null ? "" : `, using ${clip(oneLine(change.using))}`;
      return oneLine(`change_type ${column} to ${change.type}${using}`);
    }
  }
}

function becomes({ fill, transform }: SetNotNull): string {
  if (transform !== null) return `, NULLs become what a transform of ${transform.columns.map(ident).join(", ")} gives`;
  return fill === null ? "" : `, NULLs become ${clip(oneLine(fill))}`;
}

function clip(text: string): string {
  const characters = [...text];
  return characters.length <= LONGEST_FILL ? text : `${characters.slice(0, LONGEST_FILL - 1).join("")}…`;
}

/** Also a name may hold a line break, and this line goes into headers of files. */
function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, " ").trim();
}
