/** A module in a plan's folder: what identifies its text, and what it exports. */
import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { defineChange } from "../change/define.js";
import { ChangeoverError } from "../errors.js";
import { CODE_FILE, type CodeFiles, codeChecksum, foreignImport } from "../revisions/code.js";

/** Reads it, and runs none of it. */
export async function sourceOf(path: string): Promise<{ readonly module: string; readonly checksum: string }> {
  return { module: basename(path), checksum: codeChecksum(await codeBeside(path)) };
}

/** Throws `change-invalid` where the module imports a file that its checksum does not speak of. */
export async function assertWhole(path: string, shown: string): Promise<void> {
  const found = foreignImport(await codeBeside(path));
  if (found === null) return;
  throw new ChangeoverError(
    "change-invalid",
    `${found.file} imports ${found.specifier}, which lies outside of the plan's folder.`,
    {
      where: shown,
      hint: "What a transform runs is reviewed with the plan: copy the code into a file beside change.ts, or import an installed package.",
    },
  );
}

async function codeBeside(path: string): Promise<CodeFiles> {
  const folder = dirname(path);
  const names = (await readdir(folder, { withFileTypes: true })).filter((one) => one.isFile()).map(({ name }) => name);
  const code = names.filter((name) => CODE_FILE.test(name));
  return new Map(
    await Promise.all(code.map(async (name) => [name, await readFile(join(folder, name), "utf8")] as const)),
  );
}

/** Runs the module anew each time. In it `changeover` is this very one, whether or not it is installed beside the plans. */
export async function loadModule(path: string, shown: string): Promise<unknown> {
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
