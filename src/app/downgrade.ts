import { applyDowngrade, previewDowngrade } from "../executor/undo.js";
import { fillsInPlace } from "../revisions/fills.js";
import type { Graph } from "../revisions/graph.js";
import type { Revision } from "../revisions/revision.js";
import { parseTarget, resolveTarget } from "../revisions/targets.js";
import { splitStatements } from "../sql/split.js";
import type { AppContext } from "./context.js";
import { executorFor, type Patience } from "./executor.js";
import { readProject } from "./project.js";
import { doneIds, type RunResult, restartLostSightings, scripts, summary, withProgress } from "./upgrade.js";

export type DowngradeInput = Patience & { readonly target: string; readonly sqlOnly: boolean };

/** Throws `irreversible` past the point of no return, `gate` while somebody still writes what would go. */
export async function downgradeUseCase(app: AppContext, input: DowngradeInput): Promise<RunResult> {
  const project = await readProject(app);
  const folder = project.folder.revisions;
  const target = resolveTarget(parseTarget(input.target), {
    graph: project.known,
    applied: doneIds(project),
    direction: "downgrade",
  });
  if (input.sqlOnly) {
    const preview = previewDowngrade(folder, project.journal, target, splitStatements);
    return {
      direction: "downgrade",
      ran: preview.map(summary),
      sql: await scripts(app, preview, "downgrade"),
      notices: [],
    };
  }
  await restartLostSightings(app, project);
  const outcome = await applyDowngrade(executorFor(app, folder, input, 1), target, splitStatements);
  if (outcome.stopped !== null) throw withProgress(outcome.stopped.error, outcome);
  const notices = [...outcome.notices, ...staying(project.known, outcome.ran)];
  return { direction: "downgrade", ran: outcome.ran.map(summary), sql: [], notices };
}

/** What is undone and yet not as it was. */
function staying({ plans }: Graph, ran: readonly Revision[]): string[] {
  const guards = ran.filter(({ phase }) => phase === "dual-write");
  return guards
    .filter(({ plan }) => fillsInPlace(plans.get(plan ?? "")?.revisions ?? []))
    .map(({ plan }) => `${plan}: the NULLs that were filled do not come back; their rows keep what was filled in.`);
}
