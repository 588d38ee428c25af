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
      `import { assertReady, checkPlan, confirm, defineChange, downgrade, isChangeoverError, logTo, plan, startWorker, status, upgrade, verify } from "changeover";
       import type { Change, ChangeoverEvent, Options, PlanResult, RenameColumn, StatusReport, WorkerResult } from "changeover";
       export const table = (change: Change): string => change.table.name;
       export const renamed: RenameColumn = defineChange({ change: "rename_column", table: "t", column: "a", to: "b" });
       // @ts-expect-error a key of another kind; were the types lost, this line would be right
       export const wrong = () => defineChange({ change: "rename_column", table: "t", column: "a", to: "b", fill: "0" });
       // @ts-expect-error no database
       export const nowhere = () => status({});
       // @ts-expect-error a URI or a server, not both
       export const both = () => status({ databaseUrl: "postgres://h/d", server: { host: "h" } });
       export async function all(options: Options, event: ChangeoverEvent): Promise<void> {
         const planned: PlanResult = await plan({ ...options, plan: "p", write: true });
         if (planned.kind === "plan") planned.revisions.map(({ file }) => file);
         await checkPlan({ ...options, plan: "p" });
         const { ran } = await upgrade({ ...options, target: "head", lockWaitMs: 1 });
         ran[0]?.title.trim();
         await downgrade({ ...options, target: "p@base" });
         const { report, requirement } = await status({ ...options, plan: "p", require: "backfill" });
         const shown: StatusReport = report;
         if (requirement?.satisfied !== true) throw new Error(shown.plans[0]?.next ?? "");
         const worker = startWorker({ ...options, drain: true, signal: AbortSignal.timeout(1) });
         const result: WorkerResult = await worker.done;
         await worker.stop();
         (await verify({ ...options, plan: "p" })).mismatches.toFixed();
         (await confirm({ ...options, plan: "p", release: "v2", despite: ["quiet"], reason: "r" })).at.getTime();
         await assertReady({ query: async () => ({ rows: [] }) }, "p", "expand").catch((error: unknown) => {
           if (isChangeoverError(error)) return error.code;
           throw error;
         });
         logTo(console)(event);
         if (event.kind === "fill-progress") event.rowsDone.toFixed();
         console.log(result.plans.length);
       }`,
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
    const names =
      "assertReady checkPlan confirm defineChange downgrade isChangeoverError logTo plan startWorker status upgrade verify";
    const script = (imported: string) =>
      `const library = ${imported}; console.log(${JSON.stringify(names)}.split(" ").filter((name) => typeof library[name] === "function").join(" "))`;
    const evaluate = async (type: string, imported: string) =>
      (await run(process.execPath, [`--input-type=${type}`, "--eval", script(imported)], { cwd: project })).stdout;
    expect(await evaluate("module", 'await import("changeover")')).toBe(`${names}\n`);
    // A CommonJS application, too: nothing in it may await at its top level.
    expect(await evaluate("commonjs", 'require("changeover")')).toBe(`${names}\n`);
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
