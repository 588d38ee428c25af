import pc from "picocolors";
import type { ChangeReport, DemoReport } from "../../app/demo/report.js";
import { count } from "../../gates/words.js";
import { milliseconds } from "./units.js";

/** The demo's report: a block a change, figures that line up, and a verdict. */
export function renderDemo(report: DemoReport): string {
  const head = `PostgreSQL ${report.serverVersion}, ${count(report.rows)} rows, ${Math.round(report.seconds)} s in all`;
  const verdict = report.ok
    ? pc.green("every write went through, every row is in step")
    : pc.red("something that has to be zero is not: see above");
  return ["", head, ...report.changes.map(changeBlock), "", verdict].join("\n");
}

function changeBlock(change: ChangeReport): string {
  const rows: [string, string, boolean?][] = [
    ...change.phases.map(({ phase, ms }): [string, string] => [phase, milliseconds(ms)]),
    ["rows filled", `${count(change.rowsFilled)}, ${count(change.rowsPerSecond)} rows/s`],
    [
      "longest stall seen by the applications",
      `${milliseconds(change.longestStall.ms)} (${change.longestStall.during})`,
    ],
    ["writes made", count(change.writes)],
    ["writes failed", count(change.writesFailed), change.writesFailed === 0],
    ["writes lost", count(change.writesLost), change.writesLost === 0],
    ["rows not in step", count(change.rowsNotInStep), change.rowsNotInStep === 0],
    ["updated_at changed by us", count(change.updatedAtChanged), change.updatedAtChanged === 0],
  ];
  const width = Math.max(...rows.map(([label]) => label.length));
  return [
    "",
    `${pc.bold(change.plan)}  ${change.change}`,
    ...rows.map(
      ([label, value, good]) =>
        `  ${label.padEnd(width)}  ${good === undefined ? value : good ? pc.green(value) : pc.red(value)}`,
    ),
    ...change.failures.map((failure) => pc.red(`  ${failure}`)),
  ].join("\n");
}
