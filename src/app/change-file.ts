/** A plan's change, from its `change.yaml`, or from a module of the same keys. */
import { readFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import type { Change } from "../change/change.js";
import { changeOf, defineChange } from "../change/define.js";
import { parseChange } from "../change/parse.js";
import { ChangeoverError } from "../errors.js";
import type { PlanFolder } from "../revisions/folder.js";
import type { ChangeFile } from "./check-fill.js";
import type { AppContext } from "./context.js";

/** Throws `not-found` without a file, and `change-invalid` with its name (of YAML, with the line and the column). */
export async function readChange(app: AppContext, folder: PlanFolder): Promise<{ change: Change; file: ChangeFile }> {
  if (folder.changeFile === null) {
    throw new ChangeoverError("not-found", `Plan ${folder.slug} has no change.yaml.`, {
      where: join(relative(app.config.directory, app.config.plans), folder.folder),
      hint: "Put the file back (git checkout); its revisions run without it, but cannot be planned again.",
    });
  }
  const shown = relative(app.config.directory, folder.changeFile);
  if (!folder.changeFile.endsWith(".yaml"))
    return { change: changeOf(await load(folder.changeFile, shown), shown), file: { text: null, shown } };
  const text = await readFile(folder.changeFile, "utf8");
  return { change: parseChange(text, shown), file: { text, shown } };
}

/** Runs the module anew each time. In it `changeover` is this very one, whether or not it is installed beside the plans. */
async function load(path: string, shown: string): Promise<unknown> {
  const { createJiti } = await import("jiti");
  const jiti = createJiti(import.meta.url, {
    fsCache: false,
    moduleCache: false,
    virtualModules: { changeover: { defineChange } },
  });
  try {
    return await jiti.import(resolve(path), { default: true });
  } catch (error) {
    if (error instanceof ChangeoverError) {
      const { code, message, hint, details } = error;
      throw new ChangeoverError(code, message, { where: shown, hint, details, cause: error });
    }
    throw new ChangeoverError(
      "change-invalid",
      `The module cannot be run: ${error instanceof Error ? error.message : error}`,
      { where: shown, hint: "Mend it, or declare the change in a change.yaml.", cause: error },
    );
  }
}
