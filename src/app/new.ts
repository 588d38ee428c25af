import { mkdir, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { CHANGE_KINDS, type ChangeKind } from "../change/change.js";
import { scaffoldChange } from "../change/scaffold.js";
import { ChangeoverError } from "../errors.js";
import { folderName, nextNumber } from "../revisions/folder.js";
import type { AppContext } from "./context.js";
import { readPlans } from "./project.js";

export type NewChange = { readonly slug: string; readonly folder: string; readonly file: string };

/** Makes `plans/NNNN-<slug>/change.yaml`. Throws `usage` for an unknown kind, a bad name, or a plan that exists. */
export async function newChange(app: AppContext, kind: ChangeKind, slug: string): Promise<NewChange> {
  if (!CHANGE_KINDS.includes(kind)) {
    throw new ChangeoverError("usage", `There is no change of kind ${kind}.`, {
      hint: `Kinds: ${CHANGE_KINDS.join(", ")}.`,
    });
  }
  if (!/^[a-z0-9]+(?:[-_][a-z0-9]+)*$/.test(slug)) {
    throw new ChangeoverError("usage", `${JSON.stringify(slug)} is not a name for a plan.`, {
      hint: "Use lower case letters, digits and single hyphens, e.g. orders-total.",
    });
  }
  const folder = await readPlans(app, { mayBeMissing: true });
  const taken = folder.plans.find((plan) => plan.slug === slug);
  if (taken !== undefined) {
    throw new ChangeoverError("usage", `There is a plan ${slug} already.`, {
      where: taken.folder,
      hint: "Choose another name.",
    });
  }
  const name = folderName(nextNumber(folder), slug);
  const directory = join(app.config.plans, name);
  await mkdir(directory, { recursive: true });
  const file = join(directory, "change.yaml");
  await writeFile(file, scaffoldChange(kind), { flag: "wx" });
  return { slug, folder: name, file: relative(app.config.directory, file) };
}
