/** The package as a user gets it: packed, installed into an empty project, called and imported. */
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../../", import.meta.url));
const own = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
const MINUTES = 60_000;

/** The library's entry comes after the command line: its checks begin with it. */
const hasLibrary = existsSync(join(root, "src/index.ts"));

/** a project whose only dependency is the packed changeover */
let project: string;
let installed: string;
let files: string[];

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), "changeover-package-"));
  // The prepack script builds.
  await run("npm", ["pack", "--silent", "--pack-destination", project], { cwd: root });
  const [tarball] = (await readdir(project)).filter((file) => file.endsWith(".tgz"));
  await writeFile(join(project, "package.json"), JSON.stringify({ name: "shop", private: true, type: "module" }));
  const flags = ["--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
  await run("npm", ["install", ...flags, `./${tarball}`], { cwd: project });
  installed = join(project, "node_modules/changeover");
  files = (await readdir(installed, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(installed.length + 1))
    .sort();
}, 5 * MINUTES);

afterAll(() => rm(project, { recursive: true, force: true }));

async function filesOf(folder: string, ending: RegExp): Promise<string[]> {
  return (await readdir(join(root, folder), { recursive: true })).filter((file) => ending.test(file)).sort();
}

it("holds the compiled code, and what is read at run time", async () => {
  const modules = (await filesOf("src", /\.ts$/)).map((file) => `dist/${file.replace(/\.ts$/, ".js")}`);
  expect(files).toEqual(expect.arrayContaining(modules));
  const assets = (await filesOf("src", /\.(sql|sh)$/)).map((file) => `dist/${file}`);
  expect(assets).toContain("dist/journal/schema.sql");
  expect(files).toEqual(expect.arrayContaining(assets));
  for (const name of ["change", "status"]) {
    const schema = JSON.parse(readFileSync(join(installed, `dist/${name}/${name}.schema.json`), "utf8"));
    expect(schema).toMatchObject({ $schema: expect.stringContaining("json-schema.org") });
  }
});

it("holds nothing else", () => {
  const expected = /^(package\.json|LICENSE|README\.md|CHANGELOG\.md|dist\/.+\.(js|d\.ts|sql|sh|schema\.json))$/;
  expect(files.filter((file) => !expected.test(file))).toEqual([]);
  expect(files).toContain("LICENSE");
});

it(
  "is called by its name",
  async () => {
    expect((await stat(join(installed, "dist/cli/main.js"))).mode & 0o111).toBe(0o111);
    const call = (...args: string[]) => run("npx", ["--no-install", "changeover", ...args], { cwd: project });
    expect((await call("--version")).stdout).toBe(`${own.version}\n`);
    const help = (await call("--help")).stdout;
    for (const command of ["plan", "upgrade", "status", "confirm", "worker"])
      expect(help).toMatch(new RegExp(`^  ${command}\\b`, "m"));
  },
  MINUTES,
);

it.runIf(hasLibrary)(
  "is imported, with types that hold in a strict project",
  async () => {
    await writeFile(
      join(project, "use.ts"),
      `import * as changeover from "changeover";
     import type { Change } from "changeover";
     export const names: string[] = Object.keys(changeover);
       export const table = (change: Change): string => change.table.name;
       // @ts-expect-error a change is not a number: were the types lost, this line would be right
       export const wrong: Change = 1;`,
    );
    await writeFile(
      join(project, "tsconfig.json"),
      JSON.stringify({
        compilerOptions: {
          module: "NodeNext",
          target: "ES2023",
          strict: true,
          noEmit: true,
          skipLibCheck: true,
          types: ["node"],
        },
        files: ["use.ts"],
      }),
    );
    await mkdir(join(project, "node_modules/@types"), { recursive: true });
    await symlink(join(root, "node_modules/@types/node"), join(project, "node_modules/@types/node"));
    const checked = await run(join(root, "node_modules/.bin/tsc"), ["-p", project]).catch((error) => error);
    expect(checked.stdout).toBe("");
    await run(process.execPath, ["--input-type=module", "--eval", 'await import("changeover");'], { cwd: project });
  },
  MINUTES,
);

it("gives its JSON Schemas by name", async () => {
  for (const name of ["change", "status"]) {
    const script = `console.log(import.meta.resolve("changeover/${name}.schema.json"))`;
    const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", script], { cwd: project });
    expect(existsSync(fileURLToPath(stdout.trim()))).toBe(true);
  }
});
