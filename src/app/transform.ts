/**
 * The code of a fill, from the folder of plans: by the name in its revision, and only where its text is the one that was
 * reviewed. What a journal says is never run.
 */
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import type { Compute } from "../backfill/transform/compute.js";
import { changeOf } from "../change/define.js";
import { ChangeoverError } from "../errors.js";
import type { Folder } from "../revisions/folder.js";
import type { Revision } from "../revisions/revision.js";
import type { AppContext } from "./context.js";
import { loadModule, sourceOf } from "./module.js";
import { readPlans } from "./project.js";

type Filling = Pick<Revision, "plan" | "fill">;

/** null: the fill needs none. Throws `not-found` without the file, `checksum` for another text, `change-invalid` for a broken one. */
export async function loadTransform(app: AppContext, revision: Filling): Promise<Compute | null> {
  if (revision.fill === null || revision.fill.transform === null) return null;
  const path = moduleOf(await readPlans(app, { lenient: true }), revision);
  if (path === null) {
    throw new ChangeoverError("not-found", `The rows of ${revision.plan} are filled by code that is not here.`, {
      where: join(
        relative(app.config.directory, app.config.plans),
        `…-${revision.plan}`,
        revision.fill.transform.module,
      ),
      hint: "Start a worker whose folder of plans (--plans) has it: code is taken from files alone, never from a database.",
    });
  }
  const changed = await asReviewed(path, revision);
  if (changed !== null) throw changed;
  const change = changeOf(await loadModule(path, path), path);
  if (change.kind === "set_not_null" && change.transform !== null) return change.transform.row;
  throw new ChangeoverError("change-invalid", "The module declares no transform.", {
    where: path,
    hint: "Put it back as it was when the plan was made.",
  });
}

export type ChangedCode = { readonly revision: Revision; readonly error: ChangeoverError };

/** Fills of the folder whose code is there and is not what was reviewed; runs none of it. */
export async function changedCode(folder: Folder): Promise<ChangedCode[]> {
  const found = await Promise.all(
    folder.revisions.map(async (revision) => {
      const path = moduleOf(folder, revision);
      const error = path === null ? null : await asReviewed(path, revision);
      return error === null ? [] : [{ revision, error }];
    }),
  );
  return found.flat();
}

async function asReviewed(path: string, { plan, fill }: Filling): Promise<ChangeoverError | null> {
  if ((await sourceOf(path)).checksum === fill?.transform?.checksum) return null;
  return new ChangeoverError("checksum", `The code of ${plan}'s fill is not what was reviewed.`, {
    where: path,
    hint: `Put the code in this folder back as it was (git checkout), or, where nothing of the plan has run, plan again: changeover plan ${plan} --write --force`,
  });
}

function moduleOf(folder: Folder, { plan, fill }: Filling): string | null {
  const module = fill?.transform?.module;
  const home = folder.plans.find((one) => one.slug === plan);
  if (module === undefined || home === undefined) return null;
  const path = join(folder.directory, home.folder, module);
  return existsSync(path) ? path : null;
}
