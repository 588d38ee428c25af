/** What a revision's fields must be together; asked before one is printed and after one is read. */
import { ChangeoverError } from "../errors.js";
import { type GateCondition, PHASES, type RevisionBody, type Step } from "./revision.js";

export const ID = /^[0-9a-f]{12}$/;
/** A plan's or a revision's name: part of file names, of targets (`orders-total@head`) and of lock names. */
export const SLUG = /^[a-z0-9]+(?:[-_][a-z0-9]+)*$/;
/** A hand-written file may be named in any language. */
export const NAME = /^[\p{L}\p{N}]+(?:[-_][\p{L}\p{N}]+)*$/u;
const STEP_NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

export function revisionInvalid(
  file: string | null,
  line: number | null,
  message: string,
  hint?: string,
): ChangeoverError {
  const where = file === null ? undefined : line === null ? file : `${file}:${line}`;
  return new ChangeoverError("revision-invalid", message, { where, hint });
}

/** The first thing that is wrong with it, as a sentence; null: nothing. */
export function bodyProblem(body: RevisionBody): string | null {
  if (!NAME.test(body.name)) return `The name ${JSON.stringify(body.name)} is not letters and digits joined by - or _.`;
  if (body.plan !== null && !SLUG.test(body.plan))
    return `The plan ${JSON.stringify(body.plan)} is not a slug: lower-case letters and digits joined by - or _.`;
  if (body.plan !== null && body.phase === null) return "It belongs to a plan but to no phase of it.";
  if (body.plan === null && body.phase !== null) return "It has a phase but no plan.";
  if (body.plan === null && body.lane === "tail") return "It is in a tail but in no plan.";
  const early = body.phase === "expand" || body.phase === "dual-write";
  if (early && body.lane === "tail") return `The phase ${body.phase} is the trunk's, not a tail's.`;
  if (body.phase !== null && !PHASES.includes(body.phase)) return `There is no phase ${body.phase}.`;
  if ((body.runner === "backfill") !== (body.fill !== null))
    return body.fill === null
      ? "The runner is backfill, but it has no fill."
      : "It has a fill, but its runner is not backfill.";
  if (body.fill !== null && (body.fill.batch === null) !== (body.fill.one === null))
    return "A fill has both a batch and a one, or neither.";
  const transform = body.fill?.transform ?? null;
  if (body.fill !== null && (body.fill.strategy === "cursor") !== (transform !== null))
    return "A fill of the strategy cursor has a transform, and no other has one.";
  if (transform !== null && body.fill?.batch !== null) return "A fill has a batch or a transform, not both.";
  if (body.expects.length > 0 && body.scope === null) return "It expects objects, but has no scope to read them in.";
  for (const condition of [...body.gate, ...body.undoGate]) {
    const problem = conditionProblem(condition);
    if (problem !== null) return problem;
  }
  return stepsProblem(body, "upgrade") ?? stepsProblem(body, "downgrade");
}

function conditionProblem(condition: GateCondition): string | null {
  if (condition.kind !== "quiet") return null;
  const { soakSeconds } = condition;
  return Number.isSafeInteger(soakSeconds * 1000) && soakSeconds >= 0
    ? null
    : `A soak of ${soakSeconds} seconds is no duration.`;
}

function stepsProblem(body: RevisionBody, direction: "upgrade" | "downgrade"): string | null {
  const names = new Set<string>();
  for (const step of body[direction]) {
    const label = `${direction} step ${step.name}`;
    if (!STEP_NAME.test(step.name)) return `The name of ${label} is not lower-case letters and digits joined by -.`;
    if (names.has(step.name)) return `There are two steps ${step.name} in ${direction}.`;
    names.add(step.name);
    const problem = stepProblem(body, step);
    if (problem !== null) return `In ${label}: ${problem}`;
  }
  return null;
}

function stepProblem(body: RevisionBody, step: Step): string | null {
  if (step.sql === "") return "it has no statement.";
  for (const ms of [step.lockTimeoutMs, step.statementTimeoutMs])
    if (!Number.isSafeInteger(ms) || ms < 0) return `${ms} is no timeout in whole milliseconds.`;
  const { from, below } = step.server;
  for (const major of [from, below])
    if (major !== undefined && (!Number.isSafeInteger(major) || major < 0)) return `${major} is no server version.`;
  // A run that died between the statement and its journal row can tell by this alone. Hand-written ones may go without.
  if (body.runner === "autocommit" && body.plan !== null && step.done === null)
    return "it runs outside a transaction, so it needs a query that tells whether it is done.";
  return null;
}
