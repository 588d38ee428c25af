/** The pages that people read, held to what they say: their code blocks, and a shell in which their commands run. */
import { execFile } from "node:child_process";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join, resolve } from "node:path";
import { promisify } from "node:util";

export type Block = { readonly language: string; readonly text: string };

/** The page's code blocks in their order; with a heading, those below it alone (of the second level, by its beginning). */
export async function blocksOf(page: string, heading?: string): Promise<Block[]> {
  const text = await readFile(page, "utf8");
  const part = heading === undefined ? text : (text.split(/^## /m).find((one) => one.startsWith(heading)) ?? "");
  return [...part.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = "", code = ""]) => ({
    language,
    text: code,
  }));
}

/** Runs a line in the directory, where `changeover` is on the PATH as an installed package would put it. Gives its stdout. */
export async function shell(
  directory: string,
  variables: Readonly<Record<string, string>>,
): Promise<(line: string) => Promise<string>> {
  const bin = join(directory, "bin");
  await mkdir(bin);
  await writeFile(
    join(bin, "changeover"),
    `#!/bin/sh\nexec "${process.execPath}" "${resolve("dist/cli/main.js")}" "$@"\n`,
  );
  await chmod(join(bin, "changeover"), 0o755);
  const env = { ...process.env, REDIS_URL: "", ...variables, PATH: `${bin}${delimiter}${process.env.PATH}` };
  return async (line) => (await promisify(execFile)("sh", ["-c", line], { cwd: directory, env })).stdout;
}
