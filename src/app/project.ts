/** The two halves of what is known: the folder of reviewed files, and the journal of what has happened. */
import { existsSync } from "node:fs";
import { relative } from "node:path";
import { ChangeoverError } from "../errors.js";
import { folderGraph, gapsOf, knownGraph } from "../executor/known.js";
import { loadJournal } from "../journal/install.js";
import type { JournalState } from "../journal/state.js";
import { type Folder, type PlanFolder, type ReadOptions, readFolder } from "../revisions/folder.js";
import type { Graph } from "../revisions/graph.js";
import { nearest } from "../revisions/nearest.js";
import type { Revision } from "../revisions/revision.js";
import { splitStatements } from "../sql/split.js";
import type { AppContext } from "./context.js";

export type Project = {
  readonly folder: Folder;
  readonly journal: JournalState;
  /** of the local files alone; what they hang on may be known from the journal only */
  readonly local: Graph;
  /** local files, and what the journal keeps: what is applied has the text that ran */
  readonly known: Graph;
};

/** `lenient`: go on over files that cannot be read (`folder.unreadable`), for commands that only tell what is known. */
export async function readProject(app: AppContext, options: ReadOptions = {}): Promise<Project> {
  const folder = await readPlans(app, options);
  const journal = await loadJournal(app.database());
  const gaps = folder.unreadable.length === 0 ? [] : gapsOf(folder.revisions);
  return {
    folder,
    journal,
    local: folderGraph(folder.revisions, journal.revisions, gaps),
    known: knownGraph(folder.revisions, journal.revisions, splitStatements, gaps),
  };
}

/** The folder of plans, with paths as a person at this directory would write them. */
export async function readPlans(
  app: AppContext,
  options: ReadOptions & { readonly mayBeMissing?: boolean } = {},
): Promise<Folder> {
  const { plans, plansNamed } = app.config;
  // The default may be missing: a database is asked for its status from anywhere. One that was named may not, or a typing
  // mistake would pass for "up to date".
  if (plansNamed && options.mayBeMissing !== true && !existsSync(plans))
    throw new ChangeoverError("usage", "There is no such folder of plans.", {
      where: plans,
      hint: "Correct --plans (or plans in the configuration file), or make the folder.",
    });
  const shown = relative(process.cwd(), app.config.plans);
  const path = shown === "" ? "." : shown.startsWith("..") ? app.config.plans : shown;
  return readFolder(path, splitStatements, options);
}

/** The journal's revisions, from the text that ran. */
export function appliedRevisions(project: Pick<Project, "journal" | "known">): Revision[] {
  return project.journal.revisions.flatMap((row) => project.known.revisions.get(row.id) ?? []);
}

/** A plan's folder by its slug or its name; throws `not-found` with the nearest. */
export function findPlanFolder(folder: Folder, name: string): PlanFolder {
  const found = folder.plans.find((plan) => plan.slug === name || plan.folder === name);
  if (found !== undefined) return found;
  const names = folder.plans.map((plan) => plan.slug);
  const near = nearest(name, names);
  throw new ChangeoverError("not-found", `There is no plan ${name}.`, {
    where: folder.directory,
    hint:
      near.length > 0
        ? `Did you mean ${near.join(" or ")}?`
        : names.length === 0
          ? "Make one: changeover new rename_column <name>."
          : `Plans here: ${names.join(", ")}.`,
  });
}
