import { ChangeoverError } from "../errors.js";
import type { Phase } from "../revisions/revision.js";
import { collectStatus } from "../status/collect.js";
import { buildReport, type StatusReport } from "../status/report.js";
import { planNamed, type Requirement, requirePhase } from "../status/require.js";
import type { AppContext } from "./context.js";
import { appliedRevisions, type Project, readProject } from "./project.js";

export type StatusOptions = { readonly plan: string | null; readonly require: Phase | null };

export type StatusResult = { readonly report: StatusReport; readonly requirement: Requirement | null };

/** Where each plan stands, from the folder, the journal and the evidence. Reads only. Throws `not-found`. */
export async function statusUseCase(app: AppContext, options: StatusOptions): Promise<StatusResult> {
  const project = await readProject(app);
  const { folder, journal } = project;
  const input = await collectStatus(app.database(), {
    folder: folder.revisions,
    journal,
    applied: appliedRevisions(project),
  });
  const full = buildReport(input);
  if (options.plan !== null) assertPlanned(project, options.plan);
  const requirement = options.require === null ? null : requirePhase(full, options.plan, options.require);
  const report = options.plan === null ? full : { ...full, plans: [planNamed(full, options.plan)] };
  return { report, requirement };
}

/** A plan that is only declared has nothing that could stand anywhere. */
function assertPlanned({ folder, known }: Project, name: string): void {
  const declared = folder.plans.find((plan) => plan.slug === name || plan.folder === name);
  if (declared === undefined || known.plans.has(declared.slug)) return;
  throw new ChangeoverError("not-found", `Plan ${declared.slug} is declared, but has no revisions yet.`, {
    where: declared.changeFile ?? declared.folder,
    hint: `Make them: changeover plan ${declared.slug} --write`,
  });
}
