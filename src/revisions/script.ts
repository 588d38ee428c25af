/** What a revision would run, as SQL for a DBA to read (or, at their own risk, to run by hand): `--sql`. */
import { printCondition, printLock, printTimeout } from "./conditions.js";
import { printText } from "./notation.js";
import type { Fill, Revision, Step } from "./revision.js";
import { closeStatement } from "./statement.js";

export type Direction = "upgrade" | "downgrade";

/**
 * One direction of a revision alone. `major`: of the server that it is for; steps for others are left out. The journal is
 * not written by it, and what a fill does window by window stands in it as comments.
 */
export function printScript(revision: Revision, direction: Direction, major: number): string {
  const { runner, fill } = revision;
  const steps = revision[direction].filter(
    ({ server: { from, below } }) => major >= (from ?? 0) && major < (below ?? 1e9),
  );
  const conditions = direction === "upgrade" ? revision.gate : revision.undoGate;
  const local = runner === "transactional";
  const body = [
    ...steps.flatMap((step) => ["", ...stepLines(step, local)]),
    ...(fill !== null && direction === "upgrade" ? ["", ...fillLines(fill)] : []),
  ];
  return [
    `-- Running ${direction} ${passage(revision, direction)}, ${printText(revision.title)}`,
    ...(revision.file === null ? [] : [`-- ${printText(revision.file)}`]),
    ...(conditions.length === 0 ? [] : [`-- gate: ${conditions.map(printCondition).join(", ")}`]),
    ...(body.length === 0 ? ["-- nothing but the journal's record"] : []),
    ...(local && steps.length > 0 ? ["begin;", ...body, "", "commit;"] : body),
  ].join("\n");
}

/** As Alembic writes it: two blanks at the base. */
function passage({ id, parents }: Revision, direction: Direction): string {
  const from = parents.join(", ");
  return direction === "upgrade" ? `${from} -> ${id}` : `${id} -> ${from}`;
}

function stepLines(step: Step, local: boolean): string[] {
  const locks = step.locks.length === 0 ? "no table lock" : step.locks.map(printLock).join(", ");
  const set = local ? "set local" : "set";
  return [
    `-- ${step.name}${step.title === "" ? "" : `: ${printText(step.title)}`}`,
    `-- lock: ${locks}; work: ${step.work}`,
    `${set} lock_timeout = '${timeout(step.lockTimeoutMs)}'; ${set} statement_timeout = '${timeout(step.statementTimeoutMs)}';`,
    closeStatement(step.sql),
  ];
}

function timeout(ms: number): string {
  return ms === 0 ? "0" : printTimeout(ms);
}

function fillLines({ batch, left, userTriggers }: Fill): string[] {
  const triggers = userTriggers === "bypass" ? "; user triggers are bypassed" : "";
  return [
    `-- in short transactions, window of pages by window ($1, $2: its first tid, and the one after its last)${triggers}:`,
    ...closeStatement(batch ?? left)
      .split("\n")
      .map((line) => `--   ${line}`),
  ];
}
