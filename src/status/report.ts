/** Everything that `status` says, as one value: the terminal, the JSON and a dashboard are renderings of it. */
import { type StatusInput, type Tracked, trackRevisions } from "./input.js";
import { reportPlan } from "./plan.js";
import { reportRunners } from "./runners.js";
import type { StatusReport } from "./schema.js";

export type { PlanReport, PlanState, StatusReport } from "./schema.js";

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
    runners,
    trunk: reportTrunk(tracked, input),
  };
}

/** By the order in which they run; plans of which only the journal knows the name come last. */
function planSlugs(tracked: readonly Tracked[], { journal }: StatusInput): string[] {
  const known = tracked.flatMap(({ revision }) => revision.plan ?? []);
  return [...new Set([...known, ...journal.plans.map((plan) => plan.slug)])];
}

function reportTrunk(tracked: readonly Tracked[], { folder, journal }: StatusInput): StatusReport["trunk"] {
  const here = new Set(folder.map((revision) => revision.id));
  const trunk = tracked.filter(({ revision }) => revision.lane === "trunk" && here.has(revision.id));
  const parents = new Set(trunk.flatMap(({ revision }) => revision.parents));
  return {
    heads: trunk.filter(({ revision }) => !parents.has(revision.id)).map(reference),
    pending: trunk.filter(({ state }) => state !== "done").map(reference),
    unknown: journal.revisions
      .filter((row) => !here.has(row.id))
      .map(({ id, plan, name, title, state }) => ({ id, plan, name, title, state })),
  };
}

function reference({ revision: { id, plan, name, title }, state }: Tracked): StatusReport["trunk"]["heads"][number] {
  return { id, plan, name, title, state };
}
