import { ChangeoverError } from "../errors.js";
import type { Phase } from "../revisions/revision.js";
import { collectStatus } from "../status/collect.js";
import { buildReport, type StatusReport } from "../status/report.js";
import { planNamed, type Requirement, requirePhase } from "../status/require.js";
import type { AppContext } from "./context.js";
import { appliedRevisions, type Project, readProject } from "./project.js";
import { changedCode } from "./transform.js";

export type StatusOptions = {
  readonly plan: string | null;
  readonly require: Phase | null;
  /** what is built upon the answer: nothing that cannot be read may be left out of it */
  readonly strict?: boolean;
};

export type StatusResult = { readonly report: StatusReport; readonly requirement: Requirement | null };

/** Where each plan stands, from the folder, the journal and the evidence. Reads only. Throws `not-found`. */
export async function statusUseCase(app: AppContext, options: StatusOptions): Promise<StatusResult> {
  const project = await readProject(app, { lenient: options.strict !== true && options.require === null });
  const { folder, journal } = project;
  const input = await collectStatus(app.database(), {
    folder: folder.revisions,
    journal,
    applied: appliedRevisions(project),
    declared: folder.plans.flatMap(({ slug, changeFile }) =>
      changeFile === null ? [] : [{ plan: slug, file: changeFile }],
    ),
    unreadable: folder.unreadable,
  });
  const code = (await changedCode(folder)).map(({ revision, error }) => ({
    file: error.where ?? revision.id,
    plan: revision.plan,
    revision: revision.id,
    message: error.message,
    hint: error.hint ?? "",
    command: null,
  }));
  const built = buildReport(input);
  const full = { ...built, problems: [...built.problems, ...code] };
  if (options.plan !== null) assertPlanned(project, options.plan, full);
  const requirement = options.require === null ? null : requirePhase(full, options.plan, options.require);
  const report = options.plan === null ? full : { ...full, plans: [planNamed(full, options.plan)], declared: [] };
  return { report, requirement };
}

/** A plan that is only declared has nothing that could stand anywhere. */
function assertPlanned({ folder, known }: Project, name: string, { plans }: StatusReport): void {
  const declared = folder.plans.find((plan) => plan.slug === name || plan.folder === name);
  const slug = declared?.slug ?? name.replace(/^\d+-/, "");
  const unreadable = folder.unreadable.find((one) => one.plan === slug);
  if (unreadable !== undefined && !plans.some((one) => one.plan === slug)) throw unreadable.error;
  if (declared === undefined || known.plans.has(slug) || plans.some((one) => one.plan === slug)) return;
  throw new ChangeoverError("not-found", `Plan ${declared.slug} is declared, but has no revisions yet.`, {
    where: declared.changeFile ?? declared.folder,
    hint: `Make them: changeover plan ${declared.slug} --write`,
  });
}
