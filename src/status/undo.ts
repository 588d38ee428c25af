import type { GateProgress } from "../gates/progress.js";
import { counted, listed } from "../gates/words.js";
import type { Evidence } from "../journal/state.js";
import { fillsInPlace } from "../revisions/fills.js";
import type { LockMode, Step } from "../revisions/revision.js";
import { qualified } from "../sql/identifier.js";
import { gateJson } from "./gates.js";
import type { Tracked } from "./input.js";
import type { PlanReport } from "./schema.js";
import { readinessOf } from "./verification.js";

/** Weakest first. */
const STRENGTH: readonly LockMode[] = [
  "ACCESS SHARE",
  "ROW SHARE",
  "ROW EXCLUSIVE",
  "SHARE UPDATE EXCLUSIVE",
  "SHARE",
  "SHARE ROW EXCLUSIVE",
  "EXCLUSIVE",
  "ACCESS EXCLUSIVE",
];

/** The way back from where the plan stands: the command, what it costs, and from where on there is none. */
export function reportUndo(
  slug: string,
  revisions: readonly Tracked[],
  rowsFilled: number,
  evidence: Evidence,
  progress: GateProgress,
): PlanReport["undo"] {
  const applied = revisions.filter(({ state }) => state !== "pending");
  const end = revisions.find(({ revision }) => revision.irreversible !== null);
  const pointOfNoReturn =
    end === undefined
      ? null
      : { revision: end.revision.name, reason: end.revision.irreversible ?? "", passed: end.state !== "pending" };
  if (applied.length === 0 || pointOfNoReturn?.passed === true) {
    return { command: null, cost: null, gate: null, readiness: null, pointOfNoReturn };
  }
  const asked = applied.flatMap(({ revision }) => revision.undoGate);
  // Several revisions may ask the same.
  const conditions = [...new Map(asked.map((condition) => [JSON.stringify(condition), condition])).values()];
  return {
    command: `changeover downgrade ${slug}@base`,
    cost: costOf(applied, rowsFilled, fillsInPlace(revisions.map(({ revision }) => revision))),
    gate: conditions.length === 0 ? null : gateJson(conditions, evidence, progress),
    readiness: readinessOf(
      evidence.verification,
      conditions.some((condition) => condition.kind === "reversible"),
    ),
    pointOfNoReturn,
  };
}

function costOf(applied: readonly Tracked[], rowsFilled: number, inPlace: boolean): string {
  const names = applied.map(({ revision }) => revision.name).reverse();
  const steps = applied.flatMap(({ revision }) => revision.downgrade);
  const undone = `Takes back ${listed(names)}: ${counted(steps.length, "statement")}${lockOf(steps)}.`;
  if (inPlace) {
    const rows = rowsFilled === 0 ? "" : ` (${counted(rowsFilled, "row")} so far)`;
    return `${undone} The NULLs do not come back: what the backfill${rows} and the trigger filled in stays.`;
  }
  const lost =
    rowsFilled === 0 ? "" : ` The ${counted(rowsFilled, "row")} filled so far would have to be filled again.`;
  return undone + lost;
}

/** The strongest lock among the steps, and the longest that one of them queues for it. */
function lockOf(steps: readonly Step[]): string {
  const locks = steps.flatMap((step) => step.locks.map((lock) => ({ ...lock, waitMs: step.lockTimeoutMs })));
  const strongest = locks.toSorted((a, b) => STRENGTH.indexOf(b.mode) - STRENGTH.indexOf(a.mode))[0];
  if (strongest === undefined) return "";
  const waits = locks.filter((lock) => lock.mode === strongest.mode).map((lock) => lock.waitMs);
  const wait = waits.includes(0) ? "" : `, each queueing ${Math.max(...waits)} ms at most`;
  return `, the strongest lock ${strongest.mode} on ${qualified(strongest.table)}${wait}`;
}
