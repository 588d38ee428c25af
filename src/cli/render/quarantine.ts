/** Rows in quarantine, in columns. */
import type { QuarantineEntry } from "../../app/quarantine.js";
import { counted } from "../../gates/words.js";
import { table } from "./table.js";
import { clean, colorsFor, type RenderOptions } from "./text.js";

const HEAD = ["PLAN", "ROW", "SINCE", "SQLSTATE", "STATE", "MESSAGE"];

/** A line a row, and what to do about those that wait. */
export function renderQuarantine(entries: readonly QuarantineEntry[], options: RenderOptions): string {
  if (entries.length === 0) return "no row is in quarantine";
  const rows = entries.map((one) => [
    one.plan,
    one.row,
    one.since.toISOString().slice(0, 16).replace("T", " "),
    one.sqlstate,
    one.state,
    one.skipped === null ? one.message : `${one.message} (by ${one.skipped.by}: ${one.skipped.reason})`,
  ]);
  const [head = "", ...lines] = table([HEAD, ...rows], { width: options.width, indent: 0 });
  return [colorsFor(options).dim(head), ...lines, ...advice(entries)].join("\n");
}

function advice(entries: readonly QuarantineEntry[]): string[] {
  const waiting = entries.filter((one) => one.state === "waiting");
  const [first] = waiting;
  if (first === undefined) return [];
  return [
    "",
    `${counted(waiting.length, "row")} ${waiting.length === 1 ? "waits" : "wait"}: mend or delete ${waiting.length === 1 ? "it" : "them"}, then changeover worker --drain.`,
    `One may stay as it is: changeover backfill quarantine skip ${first.plan} --row ${quoted(first.row)} --reason "…"`,
  ];
}

/** As a shell takes it. */
function quoted(row: string): string {
  return /^[\w./=:@%+-]+$/.test(row) ? row : `'${clean(row).replaceAll("'", "'\\''")}'`;
}
