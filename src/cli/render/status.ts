/** `status` on a terminal: one block a plan, readable at 80 columns. */

import { once } from "../../gates/answer.js";
import { bytes, count, counted, listed, timeLeft } from "../../gates/words.js";
import type { GateJson, PlanReport, PlanState, StatusReport } from "../../status/schema.js";
import { describeLimits } from "./limits.js";
import { type Runner, runnerLines } from "./runners.js";
import {
  type Colors,
  clean,
  clip,
  colorsFor,
  command,
  displayWidth,
  labelled,
  pad,
  percent,
  progressBar,
  type RenderOptions,
  wrap,
} from "./text.js";
import { foundLine } from "./verify.js";

type RevisionState = PlanReport["revisions"][number]["state"];

export function renderStatus(report: StatusReport, options: RenderOptions): string {
  const blocks = report.plans.map((plan) => planLines(plan, runnersOf(report, plan.plan), options));
  blocks.push(...report.declared.map((one) => declaredLines(one, options)));
  if (blocks.length === 0) blocks.push(["There are no plans."]);
  if (report.problems.length > 0) blocks.push(problemLines(report.problems, options));
  blocks.push(trunkLines(report, options));
  return blocks.map((lines) => lines.map((line) => line.trimEnd()).join("\n")).join("\n\n");
}

/** Those that are at a plan that is shown are told there, all others with the trunk. */
function runnersOf({ plans, runners }: StatusReport, slug: string | null): Runner[] {
  const shown = plans.map((one) => one.plan);
  return runners.filter(({ plan }) => (plan !== null && shown.includes(plan) ? plan : null) === slug);
}

function planLines(plan: PlanReport, runners: readonly Runner[], options: RenderOptions): string[] {
  const colors = colorsFor(options);
  const { pointOfNoReturn, command: undoCommand, cost, gate: undoGate } = plan.undo;
  return [
    `${colors.bold(clean(plan.plan))}  ${PAINT[plan.state](colors)(STATE[plan.state])}${plan.phase === null || plan.state === "done" ? "" : `, in phase ${plan.phase}`}`,
    ...wrap(plan.change, options.width - 2).map((line) => `  ${colors.dim(line)}`),
    ...revisionLines(plan.revisions, options),
    ...backfillLines(plan.backfill, options),
    ...verificationLines(plan.verification, options),
    ...runnerLines(runners, options),
    ...plan.gates.flatMap(({ revision, ...gate }) => gateLines(`gate of ${revision}`, gate, options)),
    ...codeLines(plan.deploy, options),
    ...(undoCommand === null ? [] : [command("undo", undoCommand, options)]),
    ...(cost === null ? [] : labelled("", cost, options)),
    ...(pointOfNoReturn === null || plan.state === "undone"
      ? []
      : labelled(
          undoCommand === null ? "undo" : "",
          `${pointOfNoReturn.passed ? "No way back: " : `No way back from ${pointOfNoReturn.revision} on: `}${pointOfNoReturn.reason}.`.replace(
            "..",
            ".",
          ),
          options,
        )),
    ...(plan.undo.readiness === null ? [] : labelled("", plan.undo.readiness, options)),
    ...(undoGate === null || undoGate.open ? [] : gateLines("gate of undo", undoGate, options)),
    ...(plan.why === null || runners.some(({ wait }) => wait?.why === plan.why)
      ? []
      : labelled("why", plan.why, options)),
    ...(plan.next === null ? [] : [command("next", plan.next, options)]),
  ];
}

/** While it goes on, how far it is; then only where it has found rows: that all is in step the gate says. */
function verificationLines(verification: PlanReport["verification"], options: RenderOptions): string[] {
  if (verification === null) return [];
  const { rows, mismatches, found, fraction } = verification;
  if (verification.finishedAt === null) {
    const far = `${progressBar(fraction, 20, options)} ${percent(fraction)} of the table, ${counted(rows, "row")} compared`;
    return labelled("verify", far, options);
  }
  if (mismatches === 0) return [];
  const shown = found.slice(0, 3);
  return [
    ...labelled("verify", `${counted(rows, "row")}, ${count(mismatches)} not in step`, options),
    ...shown.flatMap((row) => labelled("", foundLine(row), options)),
    ...(mismatches > shown.length
      ? labelled("", `and ${counted(mismatches - shown.length, "more", "more")}`, options)
      : []),
  ];
}

const STATE: Record<PlanState, string> = {
  planned: "planned",
  running: "running",
  waiting: "waiting (gate)",
  blocked: "blocked",
  paused: "paused",
  done: "done",
  undone: "undone",
};

const PAINT: Record<PlanState, (colors: Colors) => (text: string) => string> = {
  planned: (colors) => colors.dim,
  running: (colors) => colors.cyan,
  waiting: (colors) => colors.yellow,
  blocked: (colors) => colors.red,
  paused: (colors) => colors.yellow,
  done: (colors) => colors.green,
  undone: (colors) => colors.dim,
};

const MARKS: Record<RevisionState, readonly [unicode: string, ascii: string]> = {
  pending: ["·", "."],
  running: ["▸", ">"],
  blocked: ["✗", "!"],
  done: ["✓", "+"],
  undoing: ["↩", "<"],
};

/** `2026-03-04T05:06:07.000Z` → `2026-03-04 05:06` */
const minute = (iso: string) => iso.slice(0, 16).replace("T", " ");

/** Mark, id, phase, name, and what the journal says; the name gives way where the terminal is narrow. */
export function revisionLines(revisions: PlanReport["revisions"], options: RenderOptions): string[] {
  const rows = revisions.map(({ id, phase, name, state, startedAt, finishedAt }) => ({
    mark: MARKS[state][options.unicode ? 0 : 1],
    id,
    phase: phase ?? "",
    name: clean(name),
    state: `${state}${finishedAt !== null ? ` ${minute(finishedAt)}` : startedAt !== null ? ` since ${minute(startedAt)}` : ""}`,
  }));
  const widest = (of: (row: (typeof rows)[number]) => string) =>
    Math.max(0, ...rows.map((row) => displayWidth(of(row))));
  const phase = widest((row) => row.phase);
  const taken = 4 + 12 + 2 + phase + 2 + 2 + widest((row) => row.state);
  const name = Math.max(
    8,
    Math.min(
      widest((row) => row.name),
      options.width - taken,
    ),
  );
  return rows.map(
    (row) =>
      `  ${row.mark} ${row.id}  ${pad(row.phase, phase)}  ${pad(clip(row.name, name, options), name)}  ${row.state}`,
  );
}

function backfillLines(backfill: PlanReport["backfill"], options: RenderOptions): string[] {
  if (backfill === null) return [];
  const { rowsDone, fraction, rowsPerSecond, eta, endless, slow, limits, throttle, workers } = backfill;
  const { failures, quarantined, skipped, hotShare, walBytesPerRow, sweeping } = backfill;
  const written = [
    ...(hotShare === null ? [] : [`${Math.round(hotShare * 100)} % HOT`]),
    ...(walBytesPerRow === null ? [] : [`${bytes(walBytesPerRow)} of WAL a row`]),
  ];
  const said = fraction === 1 ? null : describeLimits(limits);
  const limited = said === null ? [] : labelled("limits", said, options);
  const { strategy } = backfill;
  const way = strategy === null || fraction === 1 ? [] : labelled("strategy", strategy, options);
  if (backfill.rowsEstimated === null) return [...way, ...limited];
  const shown = failures.slice(0, FAILURES_SHOWN);
  const more = quarantined - shown.length;
  const done = `${percent(fraction)} of the table, ${counted(rowsDone, "row")} written`;
  const pace = [
    ...(rowsPerSecond === null ? [] : [`${count(rowsPerSecond)} rows/s`]),
    ...(eta === null ? [] : [timeLeft(eta)]),
    ...(fraction === 1 ? [] : [workers.length === 0 ? "no worker" : counted(workers.length, "worker")]),
  ];
  return [
    ...labelled("backfill", `${progressBar(fraction, 20, options)} ${done}`, options),
    ...(pace.length === 0 ? [] : labelled("", pace.join(", "), options)),
    ...(sweeping === null ? [] : labelled("", `looks for rows that are due again, ${percent(sweeping)}`, options)),
    ...(written.length === 0 ? [] : labelled("", written.join(", "), options)),
    ...(endless === null
      ? []
      : [
          ...labelled("endless", endless.why, options, colorsFor(options).red),
          ...labelled("", endless.remedy, options),
        ]),
    ...way,
    ...limited,
    ...(slow === null ? [] : labelled("slow", `dead rows are kept for ${slow}`, options, colorsFor(options).yellow)),
    ...(throttle === null ? [] : labelled("throttled", throttle, options, colorsFor(options).yellow)),
    ...shown.flatMap(({ key, sqlstate, message }) =>
      labelled("failed", `${key}: ${sqlstate} ${message}`, options, colorsFor(options).red),
    ),
    ...(more > 0 ? [command("", `changeover backfill quarantine list   # ${count(more)} more`, options)] : []),
    ...(skipped === 0 ? [] : labelled("skipped", `${counted(skipped, "row")}, by hand`, options)),
  ];
}

const FAILURES_SHOWN = 5;

/** Each condition with its evidence; what to do about those that are not met. One line while the backfill goes on. */
function gateLines(title: string, gate: GateJson, options: RenderOptions): string[] {
  const colors = colorsFor(options);
  const missing = gate.conditions.filter((one) => !one.met && one.overridden === null).map((one) => one.kind);
  if (missing.includes("backfill")) {
    return wrap(`${title}: shut (${listed(missing)}); it is judged once the backfill is done`, options.width - 4).map(
      (line, n) => (n === 0 ? `  ${line}` : `    ${line}`),
    );
  }
  const [met, unmet, opened] = options.unicode ? ["✓", "✗", "!"] : ["+", "-", "!"];
  const kind = Math.max(...gate.conditions.map((one) => one.kind.length));
  const indent = " ".repeat(4 + kind + 4);
  return [
    `  ${title}: ${gate.open ? colors.green("open") : colors.yellow("shut")}`,
    ...gate.conditions.flatMap((one) => {
      const mark = one.met ? colors.green(met) : one.overridden === null ? colors.red(unmet) : colors.yellow(opened);
      const texts = [
        one.evidence,
        ...(one.overridden === null
          ? []
          : [
              `Opened by ${one.overridden.by} at ${minute(one.overridden.at)}${one.overridden.reason === null ? "" : `: ${one.overridden.reason}`}.`,
            ]),
        ...(one.met || one.overridden !== null || one.hint === null ? [] : [one.hint]),
      ];
      const [first, ...further] = texts.flatMap((text) => wrap(text, options.width - indent.length));
      return [`    ${mark} ${pad(one.kind, kind)}  ${first ?? ""}`, ...further.map((line) => indent + line)];
    }),
  ];
}

function codeLines({ oldCode, newCode }: PlanReport["deploy"], options: RenderOptions): string[] {
  const may = (code: { allowed: boolean; reason: string }) =>
    `${code.allowed ? "may run" : "must not run"}: ${code.reason}`;
  return [...labelled("old code", may(oldCode), options), ...labelled("new code", may(newCode), options)];
}

/** A change that nobody has planned has nothing that could stand anywhere. */
function declaredLines({ plan, file, next }: StatusReport["declared"][number], options: RenderOptions): string[] {
  const colors = colorsFor(options);
  return [
    `${colors.bold(clean(plan))}  ${colors.dim("declared")}`,
    ...labelled("file", file, options),
    ...labelled("why", "It has no revisions yet.", options),
    command("next", next, options),
  ];
}

/** What is wrong and what to do, each as an error has it; its command is there to be copied. */
function problemLines(problems: StatusReport["problems"], options: RenderOptions): string[] {
  const colors = colorsFor(options);
  return [
    colors.red(`${counted(problems.length, "file")} not right: no upgrade runs`),
    ...problems.flatMap(({ file, message, hint, command: next }) => [
      ...labelled("file", file, options, colors.bold),
      ...labelled("", message, options),
      ...labelled("do", hint, options),
      ...(next === null ? [] : [command("", next, options)]),
    ]),
  ];
}

const UPGRADE = "changeover upgrade head";
const RIGHT = "the files are right";

function trunkLines(report: StatusReport, options: RenderOptions): string[] {
  const { journal, trunk, problems } = report;
  const named = (one: StatusReport["trunk"]["heads"][number]) =>
    `${one.id} ${one.plan === null ? one.name : `${one.plan}/${one.name}`}`;
  const colors = colorsFor(options);
  const pending = trunk.pending.length;
  const standing =
    pending > 0
      ? `${counted(pending, "revision")} pending`
      : trunk.heads.length > 0
        ? "up to date"
        : "no revisions here";
  return [
    `${colors.bold("trunk")}  ${journal ? "" : "nothing has run in this database, "}${standing}`,
    ...trunk.heads.flatMap((one) => labelled("head", `${named(one)} (${one.state})`, options)),
    ...trunk.pending.flatMap((one, n) => labelled(n === 0 ? "pending" : "", `${named(one)} (${one.state})`, options)),
    ...trunk.unknown.flatMap((one, n) => labelled(n === 0 ? "unknown" : "", `${named(one)} (${one.state})`, options)),
    ...(trunk.note === null ? [] : labelled("", trunk.note, options)),
    ...runnerLines(runnersOf(report, null), options),
    ...(pending === 0 ? [] : [command("next", problems.length === 0 ? UPGRADE : once(UPGRADE, RIGHT), options)]),
  ];
}
