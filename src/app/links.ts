/** Two pull requests on one day: `rebase` puts a plan that has not run behind the other head, `merge` joins the heads. */
import { join, relative } from "node:path";
import { fileName, nextNumber } from "../revisions/folder.js";
import { mergeHeads } from "../revisions/merge.js";
import { rebasePlan } from "../revisions/rebase.js";
import { findPlan, findRevision } from "../revisions/targets.js";
import { writeFiles } from "../revisions/write.js";
import type { AppContext } from "./context.js";
import { readProject } from "./project.js";

export type Relinked = { readonly files: readonly string[] };

/** Throws `refused` when the plan has begun here. Only the links in its files change; ids and checksums do not. */
export async function rebaseUseCase(app: AppContext, plan: string, onto: string | null): Promise<Relinked> {
  const { local, journal } = await readProject(app);
  const target = onto === null ? null : findRevision(local, onto).id;
  const changed = rebasePlan(local, findPlan(local, plan), target, new Set(journal.revisions.map((row) => row.id)));
  const texts = new Map(
    changed.flatMap((revision) => (revision.file === null ? [] : [[revision.file, revision.text] as const])),
  );
  await writeFiles(texts, { force: true });
  return { files: [...texts.keys()] };
}

/** Writes an empty revision with the heads as its parents. */
export async function mergeUseCase(app: AppContext, ids: readonly string[]): Promise<Relinked> {
  const { local, folder } = await readProject(app);
  const revision = mergeHeads(
    local,
    ids.map((id) => findRevision(local, id).id),
  );
  const file = join(app.config.plans, fileName(nextNumber(folder), revision));
  await writeFiles(new Map([[file, revision.text]]));
  return { files: [relative(app.config.directory, file)] };
}
