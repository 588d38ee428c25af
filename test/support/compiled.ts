/** Modules of src/ as plain JavaScript, for child processes: what they do must not depend on a build made earlier. */
import { execFile } from "node:child_process";
import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../..", import.meta.url));
const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin/tsc");

export type Compiled = { url(file: string): string; remove(): Promise<void> };

/** Compiles the files (paths below src/) and what they import; `assets` are copied beside them. */
export async function compile(files: readonly string[], assets: readonly string[]): Promise<Compiled> {
  await mkdir(join(root, ".tmp"), { recursive: true });
  // Inside the project, so that the modules find its packages.
  const out = await mkdtemp(join(root, ".tmp/compiled-"));
  // A child may run as another user.
  await chmod(out, 0o755);
  const config = join(out, "tsconfig.json");
  const compilerOptions = { noEmit: false, rootDir: join(root, "src"), outDir: out };
  await writeFile(
    config,
    JSON.stringify({
      extends: join(root, "tsconfig.json"),
      compilerOptions,
      include: [],
      files: files.map((file) => join(root, "src", file)),
    }),
  );
  await promisify(execFile)(process.execPath, [tsc, "-p", config]);
  for (const asset of assets) await copyFile(join(root, "src", asset), join(out, asset));
  return {
    url: (file) => pathToFileURL(join(out, file)).href,
    remove: () => rm(out, { recursive: true, force: true }),
  };
}
