/** The library's page: every example is type-checked as a user's project would, and run in the order of the page. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import * as library from "../../../src/index.js";
import { useDatabase } from "../../support/database.js";
import { blocksOf } from "../../support/docs.js";

const PAGE = "docs/library.md";
const database = useDatabase(`
  create schema app;
  create table app.orders (id bigint primary key, total integer not null, note text);
  insert into app.orders select n, n, 'note ' || n from generate_series(1, 5000) n;
  create role application_of_the_docs`);
const project = mkdtemp(join(tmpdir(), "changeover-docs-"));
const children: ChildProcess[] = [];
afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  await rm(await project, { recursive: true, force: true });
  await database.sql("drop owned by application_of_the_docs; drop role application_of_the_docs");
});

type Example = { readonly file: string; readonly text: string };

/** Examples begin with the name of their file. */
async function examples(): Promise<Example[]> {
  const blocks = await blocksOf(PAGE);
  return blocks.flatMap(({ language, text }) => {
    const file = /^\/\/ (\S+\.ts)\n/.exec(text)?.[1];
    return language === "ts" && file !== undefined ? [{ file, text }] : [];
  });
}

/** A project that has the built package, and the packages that the examples use beside it. */
async function projectWith(files: readonly Example[]): Promise<string> {
  const directory = await project;
  await mkdir(join(directory, "node_modules"));
  for (const [name, target] of [
    ["changeover", "."],
    ...["pg", "pino", "@types"].map((name) => [name, `node_modules/${name}`] as const),
  ] as const)
    await symlink(resolve(target), join(directory, "node_modules", name));
  for (const { file, text } of files) {
    await mkdir(dirname(join(directory, file)), { recursive: true });
    await writeFile(join(directory, file), text);
  }
  const compilerOptions = {
    module: "NodeNext",
    target: "ES2023",
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    types: ["node"],
    rootDir: ".",
    outDir: "out",
  };
  await writeFile(join(directory, "package.json"), JSON.stringify({ type: "module" }));
  await writeFile(
    join(directory, "tsconfig.json"),
    JSON.stringify({ compilerOptions, files: files.map(({ file }) => file) }),
  );
  const checked = await promisify(execFile)(resolve("node_modules/.bin/tsc"), ["-p", directory]).catch(
    (error) => error,
  );
  expect(checked.stdout).toBe("");
  return directory;
}

const SCRIPT = `for (const file of process.argv.slice(1)) {
  console.log("== " + file);
  await import("./out/" + file.replace(/ts$/, "js"));
}`;

/** The examples, one after another, in one process; loading the packages is most of what each of them takes. */
function start(directory: string, files: readonly string[]): { child: ChildProcess; end: Promise<string> } {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", SCRIPT, ...files], {
    cwd: directory,
    env: { PATH: process.env.PATH ?? "", DATABASE_URL: database.url },
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  return { child, end: ended(child) };
}

async function ended(child: ChildProcess): Promise<string> {
  const said = { stdout: "", stderr: "" };
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (said.stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (said.stderr += text));
  const [code] = await once(child, "close");
  expect(code, `${said.stdout}${said.stderr}`).toBe(0);
  expect(said.stderr).toBe("");
  return said.stdout;
}

test("every example does what the page says", { timeout: 120_000 }, async () => {
  const files = await examples();
  const directory = await projectWith(files);
  const programs = files.map(({ file }) => file).filter((file) => !file.startsWith("plans/"));
  const at = programs.indexOf("worker.ts");
  const before = await start(directory, programs.slice(0, at)).end;
  // It stays until it is asked to end, while the application waits for it.
  const worker = start(directory, ["worker.ts"]);
  const after = await start(directory, programs.slice(at + 1)).end;
  worker.child.kill("SIGTERM");
  const told = `${before}${after}${await worker.end}`.split(/^== (.*)\n/m).slice(1);
  const said = new Map(told.flatMap((file, n) => (n % 2 === 0 ? [[file, told[n + 1]] as const] : [])));
  expect([...said.keys()]).toEqual([
    "write-plan.ts",
    "release-1.ts",
    "server.ts",
    "release-3.ts",
    "errors.ts",
    "worker.ts",
  ]);
  expect(said.get("write-plan.ts")).toMatch(/^review plans\/0001-orders-total\/1-expand\.\S+\.sql$/m);
  expect(said.get("release-1.ts")).toMatch(/"event":"revision-done".*\n(.*\n)*applied \d revisions$/m);
  expect(said.get("server.ts")).toMatch(/ready: amount may be read and written\n$/);
  expect(said.get("worker.ts")).toBe("stopped: what was begun is handed back\n");
  expect(said.get("release-3.ts")).toBe("done\n");
  expect(said.get("errors.ts")).toBe("Did you mean orders-total?\n");
  expect(
    await database.sql("select column_name from information_schema.columns where table_name = 'orders' order by 1"),
  ).toEqual([{ column_name: "amount" }, { column_name: "id" }, { column_name: "note" }]);

  // The rights that the page gives an application are the ones that it needs.
  const [grants] = (await blocksOf(PAGE)).filter(({ language }) => language === "sql");
  await database.sql((grants?.text ?? "").replaceAll(" to application;", " to application_of_the_docs;"));
  const application = await database.client();
  await application.query("set role application_of_the_docs");
  await library.assertReady(application, "orders-total", "contract");
});

test("the page names what there is: functions, codes and their exit codes", async () => {
  const [names] = await blocksOf(PAGE);
  const listed = /\{ (.*) \}/.exec(names?.text ?? "")?.[1]?.split(", ") ?? [];
  expect(Object.keys(library)).toEqual(expect.arrayContaining(listed));
  const text = await readFile(PAGE, "utf8");
  const rows = [...text.matchAll(/^\| ((?:`[\w-]+`(?:, )?)+) \| (\d+) \|/gm)].flatMap(([, codes = "", exit]) =>
    codes.split(", ").map((code) => [code.replaceAll("`", ""), Number(exit)] as const),
  );
  expect(Object.fromEntries(rows)).toEqual(library.EXIT_CODES);
});
