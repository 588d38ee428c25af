import { applyUpgrade, previewUpgrade } from "../executor/apply.js";
import type { Outcome } from "../executor/executor.js";
import { readMirror } from "../journal/mirror.js";
import { ensureEpoch } from "../journal/sightings.js";
import type { Revision } from "../revisions/revision.js";
import { printScript } from "../revisions/script.js";
import { parseTarget, resolveTarget } from "../revisions/targets.js";
import { sql } from "../sql/text.js";
import type { AppContext } from "./context.js";
import { executorFor, type Patience } from "./executor.js";
import { type Project, readProject } from "./project.js";
import { changedCode } from "./transform.js";

export type UpgradeInput = Patience & {
  /** see revisions/targets: `head`, `<plan>@head`, … */
  readonly target: string;
  readonly fresh: boolean;
  /** only say what would run */
  readonly sqlOnly: boolean;
  readonly concurrency: number | null;
};

export type RunResult = {
  readonly direction: "upgrade" | "downgrade";
  readonly ran: readonly Pick<Revision, "id" | "plan" | "name" | "title">[];
  /** with sqlOnly: the texts that would run */
  readonly sql: readonly string[];
  readonly notices: readonly string[];
};

/** Throws why the target was not reached: `gate` (7), `not-yet`/`paused` (3), and what the runners throw. */
export async function upgradeUseCase(app: AppContext, input: UpgradeInput): Promise<RunResult> {
  const project = await readProject(app);
  const folder = project.folder.revisions;
  const target = resolveTarget(parseTarget(input.target), {
    graph: project.local,
    applied: doneIds(project),
    direction: "upgrade",
  });
  if (input.sqlOnly) {
    const preview = previewUpgrade(folder, project.journal, target);
    return {
      direction: "upgrade",
      ran: preview.map(summary),
      sql: await scripts(app, preview, "upgrade"),
      notices: [],
    };
  }
  const [changed] = await changedCode(project.folder);
  if (changed !== undefined) throw changed.error;
  await restartLostSightings(app, project);
  const outcome = await applyUpgrade(executorFor(app, folder, input, input.concurrency), target, {
    fresh: input.fresh,
  });
  // `heads` goes as far as it can: a gate that is shut is where it ends, not a failure.
  const { stopped } = outcome;
  if (stopped !== null && target.kind !== "heads") throw withProgress(stopped.error, outcome);
  const empty = folder.length === 0 ? [`There are no revisions in ${project.folder.directory}.`] : [];
  const notices = stopped === null ? outcome.notices : [`${stopped.error.message} ${stopped.error.hint ?? ""}`.trim()];
  return { direction: "upgrade", ran: outcome.ran.map(summary), sql: [], notices: [...notices, ...empty] };
}

/** For `--sql`: each revision's own statements for this server. */
export async function scripts(
  app: AppContext,
  revisions: readonly Revision[],
  direction: RunResult["direction"],
): Promise<string[]> {
  const { major } = await app
    .database()
    .one<{ major: number }>(sql`select current_setting('server_version_num')::int / 10000 as major`);
  return revisions.map((revision) => printScript(revision, direction, major));
}

/** A server crash empties the sightings: from here on they are complete again, and the soak begins anew. */
export async function restartLostSightings(app: AppContext, { journal }: Pick<Project, "journal">): Promise<void> {
  for (const plan of journal.plans) {
    const rows = journal.revisions.filter((row) => row.plan === plan.slug);
    const mirrored = rows.some((row) => row.phase === "dual-write" && row.state === "done");
    // A contract of several revisions keeps its triggers to the last of them.
    if (!mirrored || Object.keys((await readMirror(app.database(), plan.slug)).stamps).length === 0) continue;
    await ensureEpoch(app.database(), plan.slug);
  }
}

export function doneIds({ journal }: Pick<Project, "journal">): string[] {
  return journal.revisions.filter((row) => row.state === "done").map((row) => row.id);
}

export function summary({ id, plan, name, title }: Revision): RunResult["ran"][number] {
  return { id, plan, name, title };
}

/** What did run before it stopped belongs into the same block. */
export function withProgress<E extends Error & { details: readonly string[] }>(error: E, outcome: Outcome): E {
  const ran = outcome.ran.map((r) => `done before: ${r.id} ${r.title}`);
  return ran.length === 0 ? error : Object.assign(error, { details: [...error.details, ...ran] });
}
