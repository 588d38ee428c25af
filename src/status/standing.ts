/** Where a plan stands, why it stands still, and the one command that moves it on. */
import { once } from "../gates/answer.js";
import { counted, listed, moment } from "../gates/words.js";
import type { JournalPlan, MirrorFault } from "../journal/state.js";
import { outsideWords } from "../journal/windows.js";
import { PHASES, type Phase } from "../revisions/revision.js";
import type { Tracked } from "./input.js";
import { commandFor, type Standing, standing } from "./move.js";
import type { PlanReport, RunnerJson } from "./schema.js";
import { stoppedUndo, undoingOf } from "./undoing.js";

export type StandingInput = {
  readonly plan: string;
  readonly revisions: readonly Tracked[];
  readonly opened: JournalPlan | null;
  readonly backfill: PlanReport["backfill"];
  /** slices that a worker could take or has taken */
  readonly slicesLeft: number;
  readonly gates: PlanReport["gates"];
  /** triggers of the plan that do not stand as they were installed */
  readonly faults: readonly MirrorFault[];
  readonly runners: readonly RunnerJson[];
  /** where an undo was to end, if nobody has gone forwards since */
  readonly undoTarget: string | null;
};

/** The last phase, in the order that is safe, of which a revision has begun; null: none has. */
export function phaseOf(revisions: readonly Tracked[]): Phase | null {
  const begun = revisions.flatMap(({ revision, state }) => (state === "pending" ? [] : [revision.phase]));
  return PHASES.findLast((phase) => begun.includes(phase)) ?? null;
}

/** The first that applies, from the whole plan's state down to the revision that comes next. */
export function standingOf(input: StandingInput): Standing {
  const { plan, revisions, opened } = input;
  const begun = revisions.filter(({ state }) => state !== "pending");
  const undoing = begun.findLast(({ state }) => state === "undoing");
  const current = revisions.find(({ state }) => state !== "done");
  if (undoing === undefined && input.faults.length > 0) return broken(plan, input.faults);
  const live = opened?.pausedAt == null ? atStatement(input) : null;
  if (live !== null) return standing("running", live.wait?.why ?? null, null);
  if (begun.length === 0) return opened === null ? planned(plan, revisions) : undone(plan, revisions);
  if (undoing !== undefined) return undoingOf(input, undoing);
  if (current === undefined) return isWhole(revisions) ? standing("done", null, null) : unknownRest(begun.length);
  if (opened?.pausedAt != null && current.revision.phase === "backfill") return paused(opened, opened.pausedAt);
  const stopped = stoppedUndo(input);
  if (stopped !== null) return stopped;
  return (
    failedRows(input, current) ??
    blocked(input, current) ??
    outside(opened, current) ??
    gate(input, current) ??
    fill(input, current) ??
    underWay(plan, current)
  );
}

/** Whoever runs a statement of this plan now, or waits to: that is truer than what the journal has of it so far. */
function atStatement({ plan, revisions, runners }: StandingInput): RunnerJson | null {
  const ids = revisions.flatMap(({ revision }) => (revision.runner === "backfill" ? [] : [revision.id]));
  const waits = runners.find((one) => one.plan === plan && one.wait !== null);
  return runners.find((one) => one.revision !== null && ids.includes(one.revision)) ?? waits ?? null;
}

/**
 * Without the plan's files what has run is all that is known of it: whole only if it has come to its contract. An old
 * image, with a folder of before the plan, must not take a plan for done because it sees nothing left to do.
 */
function isWhole(revisions: readonly Tracked[]): boolean {
  return revisions.some(({ revision }) => revision.file !== null || revision.phase === "contract");
}

const unknownRest = (applied: number) =>
  standing(
    "running",
    `Its files are not in this folder: ${counted(applied, "revision")} of it ${applied === 1 ? "is" : "are"} applied, and what comes next is not known here.`,
    null,
  );

const planned = (plan: string, revisions: readonly Tracked[]) =>
  standing("planned", "Nothing of it has run in this database.", firstCommand(plan, revisions));

const undone = (plan: string, revisions: readonly Tracked[]) => {
  const begin = firstCommand(plan, revisions);
  return begin === null
    ? standing("undone", "All of it was taken back, and its files are not in this folder.", null)
    : standing(
        "undone",
        "All of it was taken back. An upgrade would begin it anew; take its folder away if it is not wanted.",
        once(begin, "it is wanted again"),
      );
};

/** null: it has no files here. */
function firstCommand(plan: string, [first]: readonly Tracked[]): string | null {
  return first === undefined ? null : commandFor(plan, first);
}

const paused = ({ slug, pausedBy }: JournalPlan, at: Date) =>
  standing(
    "paused",
    `${pausedBy ?? "Someone"} paused its backfill at ${moment(at)}.`,
    `changeover backfill resume ${slug}`,
  );

/** Nothing to do: a worker goes on when it opens. */
function outside(opened: JournalPlan | null, { revision }: Tracked): Standing | null {
  if (opened?.opens == null || revision.phase !== "backfill") return null;
  return standing("paused", `Its backfill is ${outsideWords(opened.opens)}.`, null);
}

/** Before all else: as long as it lasts, writes pass that nobody mirrors or notes. */
const broken = (plan: string, faults: readonly MirrorFault[]) =>
  standing(
    "blocked",
    `${faults.map((fault) => fault.what).join(" ")} Writes may have passed unseen. Verify prints the statements that put it right.`,
    `changeover verify ${plan}`,
  );

/** Failed rows stop the plan only once no slice is left that could be worked on. */
function failedRows({ plan, backfill, slicesLeft }: StandingInput, current: Tracked): Standing | null {
  if (current.revision.runner !== "backfill" || backfill === null || backfill.quarantined === 0 || slicesLeft > 0) {
    return null;
  }
  const { quarantined } = backfill;
  const named = backfill.failures.slice(0, 3).map((row) => `${row.key} (${row.sqlstate} ${row.message})`);
  const more = quarantined > named.length ? `; and ${quarantined - named.length} more` : "";
  return standing(
    "blocked",
    `${current.revision.name} has done what it could; ${quarantined === 1 ? "a row waits" : `${quarantined} rows wait`} for someone to settle: ${named.join("; ")}${more}. Mend or delete ${quarantined === 1 ? "it" : "them"}; changeover backfill quarantine skip ${plan} settles one that may stay as it is.`,
    once(commandFor(plan, current), quarantined === 1 ? "the row is mended" : "the rows are mended"),
  );
}

function blocked({ plan, undoTarget }: StandingInput, current: Tracked): Standing | null {
  if (current.state !== "blocked") return null;
  const { message, hint } = current.row?.error ?? { message: "no reason is on record", hint: null };
  return standing(
    "blocked",
    `${current.revision.name} stopped: ${message}${hint === null ? "" : ` ${hint}`}`,
    undoTarget === null ? commandFor(plan, current) : `changeover downgrade ${undoTarget}`,
  );
}

/** At the gate of the next revision: shut, or open with nobody having gone through it yet. */
function gate({ plan, gates }: StandingInput, current: Tracked): Standing | null {
  const shut = current.state === "pending" ? gates.find((one) => one.revision === current.revision.name) : undefined;
  if (shut === undefined) return null;
  if (shut.open) {
    return standing(
      "waiting",
      `The gate of ${shut.revision} is open; nobody has gone through it yet.`,
      `changeover upgrade ${plan}@head`,
    );
  }
  const unmet = shut.conditions.filter((one) => !one.met && one.overridden === null);
  const [first] = unmet;
  const kinds = listed(unmet.map((one) => one.kind));
  return standing(
    "waiting",
    `The gate of ${shut.revision} is shut: ${kinds} ${unmet.length === 1 ? "is" : "are"} not met.${first?.hint == null ? "" : ` ${first.hint}`}`,
    // What no command does has to be waited for, or done elsewhere; then this one moves it on.
    first?.command ?? once(`changeover upgrade ${plan}@head`, `${kinds} ${unmet.length === 1 ? "is" : "are"} met`),
  );
}

/** A fill that workers are at needs nothing. */
function fill({ backfill, plan }: StandingInput, current: Tracked): Standing | null {
  if (current.revision.runner !== "backfill" || backfill === null) return null;
  if (backfill.workers.length > 0) {
    return standing("running", backfill.throttle === null ? null : `Throttled: ${backfill.throttle}`, null);
  }
  const begun = current.state === "pending" ? "has not begun" : "stands still";
  return standing("running", `${current.revision.name} ${begun}: no worker is at it.`, commandFor(plan, current));
}

function underWay(plan: string, current: Tracked): Standing {
  const { revision, state, row } = current;
  const why =
    state === "running"
      ? `${revision.name} has been running${row === null ? "" : ` since ${moment(row.startedAt)}`}; if nobody is at it any more, the same command takes it up again.`
      : `${revision.name} comes next, and nobody has run it yet.`;
  return standing("running", why, commandFor(plan, current));
}
