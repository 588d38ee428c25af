/** A plan on its way back: what is being undone, and the command that takes an undo up again which came to no end. */
import { listed } from "../gates/words.js";
import { PHASES } from "../revisions/revision.js";
import type { Tracked } from "./input.js";
import { commandFor, type Standing, standing } from "./move.js";
import type { StandingInput } from "./standing.js";

/** The command that was given, if the journal knows it; else one that takes back no more than has been begun. */
export function undoingOf({ plan, revisions, undoTarget }: StandingInput, undoing: Tracked): Standing {
  const before = revisions.slice(0, revisions.indexOf(undoing)).map(({ revision }) => revision.phase);
  const phase = PHASES.findLast((one) => before.includes(one) && one !== undoing.revision.phase) ?? "base";
  const started = undoing.row?.error?.message;
  return standing(
    "running",
    `${undoing.revision.name} is being undone${started === undefined ? "" : `: ${started}`}; if nobody is at it any more, the same command takes it up again.`,
    `changeover downgrade ${undoTarget ?? `${plan}@${phase}`}`,
  );
}

/** Between two revisions an undo leaves none half undone: that it was to go on is known from its target alone. */
export function stoppedUndo({ plan, revisions, undoTarget, runners }: StandingInput): Standing | null {
  const [slug, point] = undoTarget?.split("@") ?? [];
  const phase = PHASES.find((one) => one === point);
  const keep = phase === undefined ? -1 : PHASES.indexOf(phase);
  const begun = revisions.filter(({ state }) => state !== "pending");
  const left = begun.filter(({ revision }) => revision.phase !== null && PHASES.indexOf(revision.phase) > keep);
  if (slug !== plan || (phase === undefined && point !== "base") || left.length === 0) return null;
  if (begun.some(({ state }) => state !== "done")) return null;
  // Somebody is at it, on this way or on the other.
  if (runners.some((one) => one.plan === plan)) return standing("running", null, null);
  const forwards = revisions.find(({ state }) => state === "pending");
  const names = listed(left.map(({ revision }) => revision.name));
  const back = forwards === undefined ? "" : ` To go forwards instead: ${commandFor(plan, forwards)}`;
  return standing(
    "running",
    `An undo to ${undoTarget} has not come to its end: ${names} ${left.length === 1 ? "is" : "are"} still applied.${back}`,
    `changeover downgrade ${undoTarget}`,
  );
}
