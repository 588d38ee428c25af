/** The README's rollout, command by command, as it stands there. */
import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import { useDatabase } from "../../support/database.js";

const database = useDatabase(`
  create schema app;
  create table app.orders (id bigint primary key, total integer not null, note text);
  insert into app.orders select n, n, 'note ' || n from generate_series(1, 5000) n;
  create index on app.orders (total);
`);
const folder = mkdtemp(join(tmpdir(), "changeover-readme-"));
afterAll(async () => rm(await folder, { recursive: true, force: true }));

type Block = { readonly language: string; readonly text: string };

async function blocksOf(heading: string): Promise<Block[]> {
  const readme = await readFile("README.md", "utf8");
  const section = readme.split(/^## /m).find((part) => part.startsWith(heading)) ?? "";
  return [...section.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = "", text = ""]) => ({ language, text }));
}

/** `changeover` as an installed package would put it on the PATH. */
async function shell(directory: string): Promise<(line: string) => Promise<string>> {
  const bin = join(directory, "bin");
  await mkdir(bin);
  await writeFile(
    join(bin, "changeover"),
    `#!/bin/sh\nexec "${process.execPath}" "${resolve("dist/cli/main.js")}" "$@"\n`,
  );
  await chmod(join(bin, "changeover"), 0o755);
  const env = { ...process.env, DATABASE_URL: database.url, PATH: `${bin}${delimiter}${process.env.PATH}` };
  return async (line) => (await promisify(execFile)("sh", ["-c", line], { cwd: directory, env })).stdout;
}

test("every command of the rollout does what the README says", async () => {
  const directory = await folder;
  const run = await shell(directory);
  const blocks = await blocksOf("A rollout over three releases");
  expect(blocks.filter((block) => block.language === "sh").length).toBeGreaterThan(5);
  for (const { language, text } of blocks) {
    if (language === "yaml") await writeFile(join(directory, "plans/0001-orders-total/change.yaml"), text);
    if (language !== "sh") continue;
    // A command that ends otherwise than with 0 rejects, with its output.
    for (const line of text.trim().split("\n")) await run(line);
  }
  expect(
    await database.sql("select column_name from information_schema.columns where table_name = 'orders' order by 1"),
  ).toEqual([{ column_name: "amount" }, { column_name: "id" }, { column_name: "note" }]);
  // The pipeline's check stays green once the roll-out has begun, and after it.
  expect(await run("changeover plan orders-total --check")).toContain("begun here");
  expect(await run("changeover status orders-total")).toMatch(/^orders-total {2}done/);
});
