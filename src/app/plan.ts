/** `plan`: one change against one database; printed, written as revisions, or held against another database. */
import { join, relative, resolve } from "node:path";
import { compareExpectations, expectationsOf, printDifference } from "../catalog/fingerprint.js";
import { readSnapshot } from "../catalog/read.js";
import type { Snapshot } from "../catalog/snapshot.js";
import type { Change } from "../change/change.js";
import { ChangeoverError } from "../errors.js";
import type { Plan, Planned, Refusal } from "../planner/plan.js";
import { planChange } from "../planner/planner.js";
import type { OpenPlan } from "../planner/preflight.js";
import { shadowTaken } from "../planner/recipes/change-type.preflight.js";
import type { Target } from "../planner/target.js";
import type { ImpossibleView } from "../planner/view-trial.js";
import { fileName, type PlanFolder } from "../revisions/folder.js";
import { finishRevision } from "../revisions/format.js";
import type { Revision } from "../revisions/revision.js";
import { trunkHead } from "../revisions/targets.js";
import { writeRevisions } from "../revisions/write.js";
import { readChange } from "./change-file.js";
import { type ChangeFile, checkFill } from "./check-fill.js";
import { codedChange } from "./coded-change.js";
import type { AppContext } from "./context.js";
import { refusedError, strongest } from "./plan-refused.js";
import { probeFill } from "./probe.js";
import type { Probe } from "./probe-projection.js";
import { findPlanFolder, type Project, readPlans, readProject } from "./project.js";
import { rehearseType } from "./rehearse.js";
import { rehearseViews } from "./rehearse-views.js";
import { changedCode } from "./transform.js";

export type PlanResult =
  | { readonly kind: "nothing"; readonly slug: string; readonly reason: string }
  | {
      readonly kind: "plan";
      readonly slug: string;
      readonly plan: Plan;
      /** the server's major version */
      readonly major: number;
      readonly revisions: readonly PlannedFile[];
      readonly written: boolean;
      /** where it was asked for; null: the plan fills no rows */
      readonly probe?: Probe | null;
      readonly upToDate: boolean;
    };

export type PlannedFile = { readonly file: string; readonly revision: Revision };

/** Throws `refused` / `hazard` / `not-found` / `privilege` with every reason when the change cannot be carried out safely. */
export async function planUseCase(
  app: AppContext,
  name: string,
  options: { readonly write: boolean; readonly force: boolean; readonly probe?: boolean },
): Promise<PlanResult> {
  // The file is looked at before the database: what is wrong in it needs no connection to be told.
  const found = findPlanFolder(await readPlans(app), name);
  const { slug } = found;
  const { change, file } = await readChange(app, found);
  const project = await readProject(app);
  const folder = findPlanFolder(project.folder, slug);
  const snapshot = await readSnapshot(app.database(), change.table);
  const begun = project.journal.revisions.some((row) => row.plan === slug);
  const underWay = `It is under way here: changeover status ${slug} tells where it stands.`;
  const taken = takenShadow(change, snapshot);
  if (begun && taken !== null) return { kind: "nothing", slug, reason: underWay };
  if (taken !== null) throw refusedError([taken], change.allow, file.shown);
  const tried = await rehearsed(app, change, snapshot, file);
  const input = { slug, change, snapshot, ...tried, openPlans: openPlans(project, slug) };
  const planned = planChange(input);
  if (planned.kind === "nothing") return { kind: "nothing", slug, reason: planned.reason };
  if (begun) return { kind: "nothing", slug, reason: underWay };
  await assertFill(app, planned, change, file);
  if (planned.kind === "refused") throw refusedError(planned.refusals, change.allow, file.shown);
  const revisions = link(planned.plan, project, folder);
  const present = new Map(folder.revisions.map((r) => [resolve(r.file ?? ""), r.text]));
  const directory = join(app.config.plans, folder.folder);
  const files = revisions.map(({ file, revision }) => ({ file: join(directory, file), revision }));
  const upToDate =
    files.length === present.size && files.every((f) => present.get(resolve(f.file)) === f.revision.text);
  if (options.write && !upToDate) {
    // Nothing of it is applied here; where another database has applied an earlier text, its journal's checksums tell.
    await writeRevisions(
      directory,
      revisions.map((r) => r.revision),
      { force: options.force, unapplied: true },
    );
  }
  const probe = options.probe === true ? { probe: await probeFill(app.database(), input) } : {};
  return {
    ...probe,
    kind: "plan",
    slug,
    plan: planned.plan,
    major: Math.floor(snapshot.serverVersion / 10_000),
    revisions: files.map(({ file, revision }) => ({ file: relative(app.config.directory, file), revision })),
    written: options.write && !upToDate,
    upToDate,
  };
}

type Tried = { readonly target: Target | null; readonly impossibleViews: readonly ImpossibleView[] };

/** What the server makes of a new type and of the views; where the column is not there, that is what has to be said. */
async function rehearsed(app: AppContext, change: Change, { table }: Snapshot, file: ChangeFile): Promise<Tried> {
  const column = table?.columns.find((c) => c.name === change.column);
  if (change.kind === "set_not_null" || table === null || column === undefined) return NOT_TRIED;
  // A name that is taken is the planner's to refuse.
  if (change.kind === "rename_column" && table.columns.some((c) => c.name === change.to)) return NOT_TRIED;
  const db = app.database();
  const target = change.kind === "change_type" ? await rehearseType(db, change, { table, column }, file) : null;
  return { target, impossibleViews: await rehearseViews(db, change, { table, column }) };
}

const NOT_TRIED: Tried = { target: null, impossibleViews: [] };

function takenShadow(change: Change, { table }: Snapshot): Refusal | null {
  return change.kind !== "change_type" || table === null ? null : shadowTaken(table, change.column);
}

/** Before what would be refused about the change, and only where what the expression is about is there. */
async function assertFill(app: AppContext, planned: Planned, change: Change, file: ChangeFile): Promise<void> {
  const code = planned.kind === "refused" ? strongest(planned.refusals) : null;
  if (code !== "not-found" && code !== "privilege") await checkFill(app.database(), change, file);
}

/** `--check`: do the written revisions fit this database? Throws `drift` with the differing objects, or what plan would. */
export async function checkPlan(
  app: AppContext,
  name: string,
): Promise<{ readonly slug: string; readonly revisions: number; readonly begun: boolean }> {
  const project = await readProject(app);
  const folder = findPlanFolder(project.folder, name);
  // What it finds from here on is its own doing, and each further revision asks before it begins: a pipeline's check of
  // the folder must not turn red, nor tell anybody to drop the new column, because the roll-out has begun.
  if (project.journal.revisions.some((row) => row.plan === folder.slug)) {
    return { slug: folder.slug, revisions: folder.revisions.length, begun: true };
  }
  const [first] = folder.revisions;
  if (first === undefined || first.scope === null) {
    throw new ChangeoverError("not-found", `Plan ${folder.slug} has no revisions yet.`, {
      where: folder.folder,
      hint: `changeover plan ${folder.slug} --write`,
    });
  }
  const snapshot = await readSnapshot(app.database(), first.scope.table);
  const code = (await changedCode(project.folder)).find(({ revision }) => revision.plan === folder.slug);
  if (code !== undefined) throw code.error;
  const differences = compareExpectations(first.expects, expectationsOf(snapshot, first.scope));
  if (differences.length > 0) {
    throw new ChangeoverError(
      "drift",
      `Plan ${folder.slug} was made for another state of ${first.scope.table.schema}.${first.scope.table.name}.`,
      {
        where: first.file ?? undefined,
        details: differences.map(printDifference),
        hint: `Bring the databases together, or plan again for this one (changeover plan ${folder.slug} --write).`,
      },
    );
  }
  const coded = codedChange(folder.revisions);
  if (folder.changeFile !== null || coded !== null) {
    const { change, file } =
      coded === null
        ? await readChange(app, folder)
        : { change: coded, file: { text: null, shown: folder.changeFile ?? folder.folder } };
    const taken = takenShadow(change, snapshot);
    if (taken !== null) throw refusedError([taken], change.allow, file.shown);
    const tried = await rehearsed(app, change, snapshot, file);
    const planned = planChange({
      slug: folder.slug,
      change,
      snapshot,
      ...tried,
      openPlans: openPlans(project, folder.slug),
    });
    await assertFill(app, planned, change, file);
    if (planned.kind === "refused") throw refusedError(planned.refusals, change.allow, file.shown);
  }
  return { slug: folder.slug, revisions: folder.revisions.length, begun: false };
}

/** Plans of other slugs that have begun here and not ended, or whose files wait to be applied. */
function openPlans(project: Project, except: string): OpenPlan[] {
  const applied = new Map(project.journal.revisions.map((row) => [row.id, row.state]));
  const bySlug = new Map<string, Revision[]>();
  for (const revision of project.known.revisions.values()) {
    if (revision.plan !== null && revision.plan !== except)
      bySlug.set(revision.plan, [...(bySlug.get(revision.plan) ?? []), revision]);
  }
  return [...bySlug].flatMap(([slug, revisions]) => {
    const scope = revisions[0]?.scope ?? null;
    // Without its files only what has run is known of a plan: it is at its end if its contract is.
    const whole = revisions.some((r) => r.file !== null || r.phase === "contract");
    const finished = whole && revisions.every((r) => applied.get(r.id) === "done");
    return scope === null || finished
      ? []
      : [{ slug, table: scope.table, columns: [...scope.columns, ...(scope.added === null ? [] : [scope.added])] }];
  });
}

/** One chain: the first revision follows the trunk's head, each further one the one before it. */
function link(plan: Plan, project: Project, folder: PlanFolder): PlannedFile[] {
  let parents = firstParents(project, folder);
  return plan.revisions.map((body, n) => {
    const revision = finishRevision(body, { parents, dependsOn: [] });
    parents = [revision.id];
    return { file: fileName(n + 1, revision), revision };
  });
}

/** Where the plan's files hang already, so that planning again moves nothing; else the trunk's head. */
function firstParents(project: Project, folder: PlanFolder): readonly string[] {
  const own = new Set(folder.revisions.map((r) => r.id));
  const first = folder.revisions.find((r) => !r.parents.some((parent) => own.has(parent)));
  if (first !== undefined) return first.parents;
  const head = trunkHead(
    project.local,
    project.journal.revisions.map((row) => row.id),
  );
  return head === null ? [] : [head];
}
