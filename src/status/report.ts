/** Everything that `status` says, as one value: the terminal, the JSON and a dashboard are renderings of it. */
import { STRANGERS } from "../journal/changed.js";
import { type StatusInput, type Tracked, trackRevisions } from "./input.js";
import { reportPlan } from "./plan.js";
import { reportProblems, rowOf } from "./problems.js";
import { reportRunners } from "./runners.js";
import type { StatusReport } from "./schema.js";

export type { PlanReport, PlanState, StatusReport } from "./schema.js";

const AHEAD = "Applied here and not in this folder: the folder is older than the database.";

/** Pure: the same input gives the same report. */
export function buildReport(input: StatusInput): StatusReport {
  const tracked = trackRevisions(input);
  const runners = reportRunners(input.live, tracked, input.journal.fills);
  return {
    format: 1,
    at: input.now.toISOString(),
    journal: input.journal.meta !== null,
    plans: planSlugs(tracked, input).map((slug) =>
      reportPlan(
        slug,
        tracked.filter(({ revision }) => revision.plan === slug),
        input,
        runners,
      ),
    ),
    declared: reportDeclared(tracked, input),
    problems: reportProblems(input),
    runners,
    trunk: reportTrunk(tracked, input),
  };
}

/** By the order in which they run; plans of which only the journal knows the name come last. */
function planSlugs(tracked: readonly Tracked[], { journal }: StatusInput): string[] {
  const known = tracked.flatMap(({ revision }) => revision.plan ?? []);
  return [...new Set([...known, ...journal.plans.map((plan) => plan.slug)])];
}

function reportDeclared(tracked: readonly Tracked[], { declared, unreadable }: StatusInput): StatusReport["declared"] {
  const known = new Set([...tracked.map(({ revision }) => revision.plan), ...unreadable.map((one) => one.plan)]);
  return declared
    .filter(({ plan }) => !known.has(plan))
    .map(({ plan, file }) => ({ plan, file, next: `changeover plan ${plan} --write` }));
}

function reportTrunk(tracked: readonly Tracked[], { folder, unreadable, journal }: StatusInput): StatusReport["trunk"] {
  const here = new Set<string | undefined>([
    ...folder.map((revision) => revision.id),
    ...unreadable.map((one) => rowOf(one, journal)?.id),
  ]);
  const trunk = tracked.filter(({ revision }) => revision.lane === "trunk" && here.has(revision.id));
  const unknown = journal.revisions.filter((row) => !here.has(row.id));
  const parents = new Set(trunk.flatMap(({ revision }) => revision.parents));
  return {
    heads: trunk.filter(({ revision }) => !parents.has(revision.id)).map(reference),
    pending: trunk.filter(({ state }) => state !== "done").map(reference),
    unknown: unknown.map(({ id, plan, name, title, state }) => ({ id, plan, name, title, state })),
    note: unknown.length === 0 ? null : unknown.length === journal.revisions.length ? STRANGERS : AHEAD,
  };
}

function reference({ revision: { id, plan, name, title }, state }: Tracked): StatusReport["trunk"]["heads"][number] {
  return { id, plan, name, title, state };
}
