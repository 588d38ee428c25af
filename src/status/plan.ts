import { gateProgress } from "../gates/progress.js";
import { NO_LIMITS } from "../journal/limits.js";
import type { JournalPlan } from "../journal/state.js";
import { qualified } from "../sql/identifier.js";
import { reportBackfill } from "./backfill.js";
import { deployOf, UNMIRRORED } from "./deploy.js";
import { noEvidence, reportGates } from "./gates.js";
import type { StatusInput, Tracked } from "./input.js";
import { onceRight, unreadableStanding } from "./problems.js";
import type { PlanReport, RunnerJson } from "./schema.js";
import { phaseOf, standingOf } from "./standing.js";
import { reportUndo } from "./undo.js";
import { reportVerification } from "./verification.js";

/** One plan: `revisions` are its own, in the order in which they run. */
export function reportPlan(
  slug: string,
  revisions: readonly Tracked[],
  input: StatusInput,
  runners: readonly RunnerJson[],
): PlanReport {
  const opened = input.journal.plans.find((plan) => plan.slug === slug) ?? null;
  const evidence = input.evidence.get(slug) ?? noEvidence(input.now);
  const progress = gateProgress(
    slug,
    revisions.map(({ revision }) => revision),
    input.journal.revisions,
  );
  const fills = input.journal.fills.filter((fill) => revisions.some(({ revision }) => revision.id === fill.revision));
  const backfill = reportBackfill(revisions, fills, opened?.limits ?? NO_LIMITS, slug);
  const gates = reportGates(revisions, evidence, progress);
  const slicesLeft = fills.reduce((left, { slices }) => left + slices.due + slices.leased, 0);
  const broken = unreadableStanding(slug, input);
  const { state, why, next } =
    broken ??
    standingOf({
      plan: slug,
      revisions,
      opened,
      backfill,
      slicesLeft,
      gates,
      runners,
      faults: evidence.mirror.faults,
      undoTarget: input.undoTargets.get(slug) ?? null,
    });
  return {
    plan: slug,
    folder: folderOf(revisions),
    change: opened?.change ?? revisions.find(({ revision }) => revision.change !== null)?.revision.change ?? "",
    table: tableOf(revisions, opened),
    phase: phaseOf(revisions),
    state,
    revisions: revisions.map(revisionJson),
    backfill,
    verification: reportVerification(evidence.verification, input.found?.get(slug)),
    gates,
    deploy: evidence.mirror.faults.length > 0 ? UNMIRRORED : deployOf(revisions, opened),
    undo: reportUndo(slug, revisions, backfill?.rowsDone ?? 0, evidence, progress),
    why,
    next: onceRight(next, input),
  };
}

function revisionJson({ revision, row, state }: Tracked): PlanReport["revisions"][number] {
  const { id, name, title, lane, phase, runner } = revision;
  return {
    id,
    name,
    title,
    lane,
    phase,
    runner,
    state,
    startedAt: row?.startedAt.toISOString() ?? null,
    finishedAt: row?.finishedAt?.toISOString() ?? null,
    error: row?.error?.message ?? null,
  };
}

/** The name of the folder that the plan's files lie in. */
function folderOf(revisions: readonly Tracked[]): string | null {
  const file = revisions.find(({ revision }) => revision.file !== null)?.revision.file;
  return file?.split(/[\\/]/).at(-2) ?? null;
}

function tableOf(revisions: readonly Tracked[], opened: JournalPlan | null): string {
  const table = opened?.table ?? revisions.find(({ revision }) => revision.scope !== null)?.revision.scope?.table;
  return table === undefined ? "" : qualified(table);
}
