/** A plan's change, from its `change.yaml`, or from a module of the same keys. */
import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { Change } from "../change/change.js";
import { changeOf } from "../change/define.js";
import { parseChange } from "../change/parse.js";
import { ChangeoverError } from "../errors.js";
import type { PlanFolder } from "../revisions/folder.js";
import type { ChangeFile } from "./check-fill.js";
import type { AppContext } from "./context.js";
import { assertWhole, loadModule, sourceOf } from "./module.js";

/** Throws `not-found` without a file, and `change-invalid` with its name (of YAML, with the line and the column). */
export async function readChange(app: AppContext, folder: PlanFolder): Promise<{ change: Change; file: ChangeFile }> {
  if (folder.changeFile === null) {
    throw new ChangeoverError("not-found", `Plan ${folder.slug} has no change.yaml.`, {
      where: join(relative(app.config.directory, app.config.plans), folder.folder),
      hint: "Put the file back (git checkout); its revisions run without it, but cannot be planned again.",
    });
  }
  const shown = relative(app.config.directory, folder.changeFile);
  if (!folder.changeFile.endsWith(".yaml")) {
    const change = changeOf(await loadModule(folder.changeFile, shown), shown, await sourceOf(folder.changeFile));
    if (change.kind === "set_not_null" && change.transform !== null) await assertWhole(folder.changeFile, shown);
    return { change, file: { text: null, shown } };
  }
  const text = await readFile(folder.changeFile, "utf8");
  return { change: parseChange(text, shown), file: { text, shown } };
}
