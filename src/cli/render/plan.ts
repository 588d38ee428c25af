/** What `plan` prints: everything a reviewer wants to know before the files are read. */
import { basename } from "node:path";
import { count, counted, listed, span } from "../../gates/words.js";
import type { Planned } from "../../planner/plan.js";
import { printTimeout } from "../../revisions/conditions.js";
import { describeStrategy, writes } from "../../revisions/fills.js";
import type { Revision, Step } from "../../revisions/revision.js";
import { qualified } from "../../sql/identifier.js";
import { splitStatements } from "../../sql/split.js";
import { table } from "./table.js";
import { clean, clip, colorsFor, displayWidth, type RenderOptions, wrap } from "./text.js";
import { bytes } from "./units.js";

type FullPlan = Extract<Planned, { kind: "plan" }>["plan"];

export type PlanView = {
  readonly plan: FullPlan;
  readonly revisions: readonly { readonly file: string; readonly revision: Revision }[];
  /** the server's major: statements for others are only counted */
  readonly major: number;
};

export function renderPlan({ plan, revisions, major }: PlanView, options: RenderOptions): string {
  const colors = colorsFor(options);
  const { rows, heapBytes, walBytes, seconds } = plan.estimate;
  const heading = (text: string) => ["", colors.bold(text)];
  return [
    `${colors.bold(plan.slug)}  ${clean(plan.summary)}`,
    ...heading("Revisions"),
    ...revisions.flatMap(({ file, revision }, n) => [
      ...(n === 0 ? [] : [""]),
      ...revisionLines(file, revision, major, options),
    ]),
    ...heading("Found on the table"),
    ...(plan.findings.length === 0
      ? ["  nothing that mentions the column"]
      : table(
          plan.findings.map(({ kind, name, treatment, how }) => [kind, name, treatment, how]),
          { ...options, indent: 2 },
        )),
    ...heading("Hazards"),
    ...(plan.hazards.length === 0 ? ["  none"] : plan.hazards.flatMap((hazard) => hazardLines(hazard, options))),
    ...heading("Which code may run when"),
    ...deployLines(
      revisions.map(({ revision }) => revision),
      options,
    ),
    ...heading("Estimate"),
    `  ${counted(rows, "row")} on ${bytes(heapBytes)} of heap; about ${bytes(walBytes)} of WAL`,
    `  fill about ${span(seconds.fill)}, indexes ${span(seconds.indexes)}, validation ${span(seconds.validate)}`,
  ].join("\n");
}

function revisionLines(file: string, revision: Revision, major: number, options: RenderOptions): string[] {
  const colors = colorsFor(options);
  const { phase, runner, title, gate, fill, upgrade } = revision;
  const steps = upgrade.filter(({ server: { from, below } }) => major >= (from ?? 0) && major < (below ?? 1e9));
  const others = upgrade.length - steps.length;
  return [
    `  ${colors.cyan(revision.id)}  ${[...new Set([phase, runner])].join(", ")}  ${colors.dim(clean(basename(file)))}`,
    ...indented(title, 4, options),
    ...(gate.length === 0
      ? []
      : indented(`gate: ${listed(gate.map(({ kind }) => kind))}`, 4, options).map(colors.yellow)),
    ...groups(steps).flatMap((group) => groupLines(group, options)),
    ...(fill === null
      ? []
      : indented(
          `${writes(fill) ? "updates rows" : "looks for rows"} in short transactions; user triggers: ${fill.userTriggers}; strategy: ${describeStrategy(fill)}`,
          6,
          options,
        ).map(colors.dim)),
    ...(others === 0 ? [] : [colors.dim(`      (and ${counted(others, "statement")} for other major versions)`)]),
  ];
}

/** Statements in a row that lock, cost and wait alike. */
function groups(steps: readonly Step[]): (readonly [Step, ...Step[]])[] {
  const found: [Step, ...Step[]][] = [];
  for (const step of steps) {
    const last = found.at(-1);
    if (last !== undefined && factsOf(last[0]) === factsOf(step)) last.push(step);
    else found.push([step]);
  }
  return found;
}

function groupLines(group: readonly [Step, ...Step[]], options: RenderOptions): string[] {
  return [
    ...group.map((step) => statementLine(step, options)),
    ...indented(factsOf(group[0]), 8, options).map(colorsFor(options).dim),
  ];
}

/** The first statement of a step, on one line; the files have them whole. */
function statementLine(step: Step, options: RenderOptions): string {
  const [first, ...more] = splitStatements(step.sql);
  const rest = more.length === 0 ? "" : ` (+${count(more.length)} more)`;
  const text = clean((first?.text ?? step.sql).replace(/\s+/g, " "));
  return `      ${clip(text, options.width - 6 - displayWidth(rest), options)}${rest}`;
}

const WORK: Record<Step["work"], string> = {
  catalog: "catalog only",
  scan: "scans the table",
  build: "builds an index",
  rows: "writes rows",
};

function factsOf({ locks, work, lockTimeoutMs }: Step): string {
  if (locks.length === 0) return `no table lock; ${WORK[work]}`;
  const held = locks.map(({ mode, table: name }) => `${mode} on ${qualified(name)}`).join(", ");
  return `${held}; ${WORK[work]}; ${lockTimeoutMs === 0 ? "no lock timeout" : `lock timeout ${printTimeout(lockTimeoutMs)}`}`;
}

function hazardLines(hazard: FullPlan["hazards"][number], options: RenderOptions): string[] {
  const objects = hazard.objects.length === 0 ? "" : `: ${hazard.objects.join(", ")}`;
  return [
    ...indented(`${hazard.name} (${hazard.notice ? "notice" : "allowed"})${objects}`, 2, options).map(
      colorsFor(options).yellow,
    ),
    ...indented(hazard.sentence, 4, options),
  ];
}

/** Where the answer changes, and at the end. */
function deployLines(revisions: readonly Revision[], options: RenderOptions): string[] {
  const colors = colorsFor(options);
  const may = (side: { allowed: boolean; reason: string }) => (side.allowed ? "yes" : `no: ${side.reason}`);
  const all = revisions.flatMap(({ phase, name, deploy }) =>
    deploy === null ? [] : [[`${phase}/${name}`, may(deploy.oldCode), may(deploy.newCode)]],
  );
  const rows = all.filter((row, n) => {
    const before = all[n - 1];
    return before === undefined || before[1] !== row[1] || before[2] !== row[2];
  });
  return table([["after", "old code", "new code"], ...rows], {
    ...options,
    indent: 2,
    paint: (text) => text.replace(/^(yes|no)\b/, (word) => (word === "yes" ? colors.green(word) : colors.red(word))),
  });
}

function indented(text: string, by: number, options: RenderOptions): string[] {
  return wrap(text, options.width - by).map((line) => " ".repeat(by) + line);
}
