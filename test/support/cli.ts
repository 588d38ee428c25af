/**
 * The built command line, as a shell would run it. `npm test` builds it first; where single files are run by hand, so does
 * `npm run build`.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { atFileEnd } from "./at-file-end.js";
import type { TestDatabase } from "./database.js";
import { type Ended, runWarm } from "./warm.js";

export type { Ended } from "./warm.js";

const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const PROGRAM = new URL("../../dist/cli/program.js", import.meta.url).href;

export type CliOptions = {
  readonly env?: Readonly<Record<string, string>>;
  /** null: no DATABASE_URL */
  readonly url?: string | null;
  /** in a process of its own, as a shell runs it, and not in one that has run others before */
  readonly own?: boolean;
};

export type Checkout = {
  readonly directory: string;
  /** Runs one command to its end. */
  run(args: readonly string[], options?: CliOptions): Promise<Ended>;
  /** Like `run`, and fails the test unless it ends with 0. */
  ok(args: readonly string[], options?: CliOptions): Promise<Ended>;
  write(file: string, text: string): Promise<void>;
  remove(file: string): Promise<void>;
  /** path → text of everything in it */
  files(): Promise<Record<string, string>>;
};

/** Nothing of the environment that tests run in reaches a command. */
const BARE = Object.fromEntries(
  ["PATH", "HOME", "TMPDIR"].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  }),
);

/** A new folder to work in; `from`: with a copy of another's files. */
export async function checkout(url: () => string, from?: Checkout): Promise<Checkout> {
  if (!existsSync(MAIN)) throw new Error("dist/ is not there: npm run build");
  const directory = await mkdtemp(join(tmpdir(), "changeover-cli-"));
  atFileEnd.add(() => rm(directory, { recursive: true, force: true }));
  const made = makeCheckout(directory, url);
  for (const [file, text] of Object.entries((await from?.files()) ?? {})) await made.write(file, text);
  return made;
}

function makeCheckout(directory: string, url: () => string): Checkout {
  const run: Checkout["run"] = (args, options = {}) => {
    const given = options.url === undefined ? url() : options.url;
    const env = {
      ...BARE,
      CHANGEOVER_ACTOR: "tester",
      ...(given === null ? {} : { DATABASE_URL: given }),
      ...options.env,
    };
    const own = options.own === true || options.env !== undefined;
    if (!own) return runWarm(PROGRAM, { args, cwd: directory, env });
    return end(spawn(process.execPath, [MAIN, ...args], { cwd: directory, env, stdio: ["ignore", "pipe", "pipe"] }));
  };
  return {
    directory,
    run,
    ok: async (args, options) => {
      const ended = await run(args, options);
      if (ended.code !== 0)
        throw new Error(`${args.join(" ")} ended with ${ended.code}:\n${ended.stdout}${ended.stderr}`);
      return ended;
    },
    write: async (file, text) => {
      await mkdir(dirname(join(directory, file)), { recursive: true });
      await writeFile(join(directory, file), text);
    },
    remove: (file) => rm(join(directory, file), { recursive: true }),
    files: async () => {
      const entries = await readdir(directory, { recursive: true, withFileTypes: true });
      const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
      const texts = await Promise.all(
        paths.sort().map(async (path) => [path.slice(directory.length + 1), await readFile(path, "utf8")] as const),
      );
      return Object.fromEntries(texts);
    },
  };
}

function end(child: ReturnType<typeof spawn>): Promise<Ended> {
  const said = { stdout: "", stderr: "" };
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (said.stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (said.stderr += text));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, ...said }));
  });
}

/**
 * Everything that a command could have left: the catalogs' rows with the transactions that made them, every row of the
 * journal (but who last held a lock) and of the application's tables, and the folder.
 */
export async function everything(database: TestDatabase, folder: Checkout): Promise<unknown> {
  const tables = await database.sql<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema')
        and (n.nspname, c.relname) <> ('changeover', 'lock')
      order by 1`,
  );
  const hashes = [...CATALOGS, ...tables.map(({ name }) => [name, []] as const)].map(
    ([name, without]) =>
      `select '${name.replaceAll("'", "''")}' as name,
              md5(string_agg(t.xmin || ' ' || (to_jsonb(t) - '{${without}}'::text[])::text, e'\\n' order by t.ctid)) as hash
         from ${name} t`,
  );
  return { rows: await database.sql(`${hashes.join(" union all ")} order by name`), files: await folder.files() };
}

/** What autovacuum changes in place: statistics of size, horizons, and that there is no index, rule or trigger any more. */
const IN_PLACE = [
  ...["relpages", "reltuples", "relallvisible", "relallfrozen", "relfrozenxid", "relminmxid"],
  ...["relhasindex", "relhasrules", "relhastriggers"],
];

/** Each with the columns that the server itself changes. */
const CATALOGS: readonly (readonly [name: string, without: readonly string[]])[] = [
  ["pg_class", IN_PLACE],
  ["pg_attribute", []],
  ["pg_attrdef", []],
  ["pg_constraint", []],
  ["pg_description", []],
  ["pg_index", []],
  ["pg_namespace", []],
  ["pg_proc", []],
  ["pg_trigger", []],
  ["pg_type", []],
];

/** What every failing command shows: one block, nothing of ours inside, on stderr alone. */
export function expectBlock(ended: Ended, code: number, ...says: readonly (string | RegExp)[]): void {
  const shown = `${ended.stdout}\n${ended.stderr}`;
  expect(ended.code, shown).toBe(code);
  expect(ended.stdout, shown).toBe("");
  expect(ended.stderr.match(/^error /gm), shown).toHaveLength(1);
  expect(ended.stderr, shown).toMatch(/^error \S/);
  expect(ended.stderr, shown).not.toMatch(/\n\s+at \S+ \(|node:internal|file:\/\/|Unexpected|undefined|\[object/);
  // What to do is said in every one of them; for several mistakes, with each.
  expect(ended.stderr, shown).toMatch(/^ {2}do {4}\S|^error (?:\d+ mistakes|The change is refused for)/m);
  for (const text of says)
    if (typeof text === "string") expect(ended.stderr).toContain(text);
    else expect(ended.stderr).toMatch(text);
}

/** A command that fails as `expectBlock` says, and leaves everything as it was. */
export async function refuses(
  database: TestDatabase,
  folder: Checkout,
  args: readonly string[],
  code: number,
  ...says: readonly (string | RegExp)[]
): Promise<Ended> {
  const before = await everything(database, folder);
  const ended = await folder.run(args);
  expectBlock(ended, code, ...says);
  expect(await everything(database, folder)).toEqual(before);
  return ended;
}
