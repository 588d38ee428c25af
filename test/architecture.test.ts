/** The source against the rules of `support/architecture.ts`, and the rules against sources that break each of them. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { benchBreaches, breaches, specifiersOf } from "./support/architecture.js";

/** Path below `base` → text, of every module in a folder of the repository. */
function modulesOf(folder: string, base: string): Map<string, string> {
  const root = fileURLToPath(new URL(`../${folder}/`, import.meta.url));
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  return new Map(files.map((file) => [`${base}${file.replaceAll("\\", "/")}`, readFileSync(join(root, file), "utf8")]));
}

it("holds in src/", () => {
  const sources = modulesOf("src", "");
  expect(sources.size).toBeGreaterThan(10);
  expect(breaches(sources)).toEqual([]);
});

it("holds in bench/", () => {
  const sources = modulesOf("bench", "bench/");
  expect(sources.size).toBeGreaterThan(10);
  expect(benchBreaches(sources)).toEqual([]);
});

/** A sound tree of every rank, to which each case below does one thing. */
const SOUND = {
  "errors.ts": "export const error = 1;\n",
  "sql/text.ts":
    'import { parse } from "libpg-query";\nimport { error } from "../errors.js";\nexport const text = [parse, error];\n',
  "db/pool.ts": 'import pg from "pg";\nimport type { text } from "../sql/text.js";\nexport const pool = pg;\n',
  "change/change.ts": 'export { text } from "../sql/text.js";\n',
  "catalog/read.ts": 'import { pool } from "../db/pool.js";\nexport const read = pool;\n',
  "catalog/snapshot.ts": "export type Snapshot = 1;\n",
  "journal/journal.ts": 'export * from "../db/pool.js";\n',
  "planner/plan.ts": `// reads no Date, no process\nimport type { Snapshot } from "../catalog/snapshot.js";\nexport const plan = ["Date of process", \`process \${1}\`];\nexport type S = Snapshot | import("../change/change.js").text;\n`,
  "backfill/queue/bullmq.ts": 'import { Queue } from "bullmq";\nexport const bullmq = Queue;\n',
  "backfill/queue/redis-server.ts": 'import { Redis } from "ioredis";\nexport const server = Redis;\n',
  "backfill/queue/queue.ts":
    'import { bullmq } from "./bullmq.js";\nimport { server } from "./redis-server.js";\nimport "../../journal/journal.js";\nexport const queue = [bullmq, server];\n',
  "runner/run.ts": 'import { queue } from "../backfill/queue/queue.js";\nexport const run = queue;\n',
  "executor/next.ts": 'import { run } from "../runner/run.js";\nexport const next = run;\n',
  "app/upgrade.ts":
    'import { next } from "../executor/next.js";\nimport { plan } from "../planner/plan.js";\nimport { read } from "../catalog/read.js";\nexport const upgrade = [next, plan, read];\n',
  "cli/commands/upgrade.ts":
    'import type { upgrade } from "../../app/upgrade.js";\nexport const run = () => import("../../app/upgrade.js");\nexport type Upgrade = typeof upgrade;\n',
  "cli/main.ts":
    'import "./commands/upgrade.js";\nconst { upgrade } = await import("../app/upgrade.js");\nprocess.exit(upgrade);\n',
} as const;

function withChange(file: string, change: (text: string) => string): string[] {
  const sources = new Map<string, string>(Object.entries(SOUND));
  sources.set(file, change(sources.get(file) ?? ""));
  return breaches(sources);
}

describe("the rules", () => {
  it("are content with a sound tree", () => {
    expect(breaches(new Map(Object.entries(SOUND)))).toEqual([]);
  });

  it.each([
    [
      "an import upwards",
      "db/pool.ts",
      'import "../journal/journal.js";',
      "imports journal/journal.ts, which is not of a lower rank",
    ],
    [
      "another folder of the same rank",
      "journal/journal.ts",
      'import "../catalog/read.js";',
      "imports catalog/read.ts, which is not of a lower rank",
    ],
    [
      "a type from above",
      "sql/text.ts",
      'import type { pool } from "../db/pool.js";',
      "imports db/pool.ts, which is not of a lower rank",
    ],
    [
      "a type by import()",
      "sql/text.ts",
      'type P = import("../db/pool.js").pool;',
      "imports db/pool.ts, which is not of a lower rank",
    ],
    [
      "a re-export over several lines",
      "db/pool.ts",
      'export {\n  read,\n} from "../catalog/read.js";',
      "imports catalog/read.ts, which is not of a lower rank",
    ],
    ["a file that is not there", "db/pool.ts", 'import "./lost.js";', "imports ./lost.js, which is not there"],
    ["pg outside db", "journal/journal.ts", 'import pg from "pg";', "imports pg, which belongs in db/"],
    [
      "a path into pg outside db",
      "journal/journal.ts",
      'import x from "pg/lib/utils.js";',
      "imports pg, which belongs in db/",
    ],
    [
      "bullmq elsewhere in backfill",
      "backfill/queue/queue.ts",
      'const q = await import("bullmq");',
      "imports bullmq, which belongs in backfill/queue/bullmq.ts and backfill/queue/postgres.ts",
    ],
    [
      "ioredis elsewhere",
      "runner/run.ts",
      'import { Redis } from "ioredis";',
      "imports ioredis, which belongs in backfill/queue/redis-server.ts and backfill/queue/redis.ts",
    ],
    [
      "prom-client elsewhere",
      "app/upgrade.ts",
      'import { Gauge } from "prom-client";',
      "imports prom-client, which belongs in metrics/",
    ],
    [
      "a server elsewhere",
      "app/upgrade.ts",
      'import { createServer } from "node:http";',
      "imports node:http, which belongs in metrics/server.ts",
    ],
    [
      "libpg-query outside sql",
      "planner/plan.ts",
      "import { parse } from 'libpg-query';",
      "imports libpg-query, which belongs in sql/",
    ],
    [
      "a planner that reads the catalog",
      "planner/plan.ts",
      'import "../catalog/read.js";',
      "imports catalog/read.ts, which planner/ must not see",
    ],
    [
      "a planner with a database",
      "planner/plan.ts",
      'import "../db/pool.js";',
      "imports db/pool.ts, which planner/ must not see",
    ],
    [
      "a planner that reads the journal",
      "planner/plan.ts",
      'import "../journal/journal.js";',
      "imports journal/journal.ts, which planner/ must not see",
    ],
    [
      "a planner with a clock",
      "planner/plan.ts",
      "const now = new Date();",
      "uses Date: the planner knows neither clock, chance nor process",
    ],
    [
      "a planner with luck",
      "planner/plan.ts",
      "const x = Math.random();",
      "uses Math.random: the planner knows neither clock, chance nor process",
    ],
    [
      "a planner with a clock in a template",
      "planner/plan.ts",
      `const x = \`at \${Date.now()}\`;`,
      "uses Date: the planner knows neither clock, chance nor process",
    ],
    [
      "a planner with luck from elsewhere",
      "planner/plan.ts",
      'import { randomUUID } from "node:crypto";',
      "uses randomUUID: the planner knows neither clock, chance nor process",
    ],
    [
      "a planner with an environment",
      "planner/plan.ts",
      "const x = process.env;",
      "uses process: the planner knows neither clock, chance nor process",
    ],
    [
      "a planner with an imported process",
      "planner/plan.ts",
      'import { env } from "node:process";',
      "uses node:process: the planner knows neither clock, chance nor process",
    ],
    [
      "a runner that plans",
      "runner/run.ts",
      'import "../planner/plan.js";',
      "imports planner/plan.ts, which runner/ must not see",
    ],
    [
      "an executor that reads changes",
      "executor/next.ts",
      'import "../change/change.js";',
      "imports change/change.ts, which executor/ must not see",
    ],
    [
      "a use case that --help would load",
      "cli/commands/upgrade.ts",
      'import { upgrade } from "../../app/upgrade.js";',
      "imports app/upgrade.ts before the command runs",
    ],
    ["process.exit elsewhere", "app/upgrade.ts", "process.exit(1);", "calls process.exit"],
    ["a long file", "app/upgrade.ts", "//\n".repeat(300), "has 304 lines (at most 300)"],
  ])("catch %s", (_, file, line, what) => {
    expect(withChange(file, (text) => `${text}${line}\n`)).toEqual([`${file}: ${what}`]);
  });

  it.each([
    [
      "the engine from within",
      'import "../src/backfill/fill.js";',
      "imports src/backfill/fill.ts, which bench/ must not see",
    ],
    ["a module that is not there", 'import "./lost.js";', "imports bench/lost.ts, which bench/ must not see"],
    ["a driver of its own", 'import pg from "pg";', "imports pg, which belongs in db/"],
    ["an end of the process", "process.exit(1);", "calls process.exit"],
    ["a long file", "//\n".repeat(300), "has 301 lines (at most 300)"],
  ])("catch in bench/ %s", (_, line, what) => {
    const sound = 'import { sql } from "../src/sql/text.js";\n';
    expect(benchBreaches(new Map([["bench/main.ts", sound]]))).toEqual([]);
    expect(benchBreaches(new Map([["bench/main.ts", `${sound}${line}\n`]]))).toEqual([`bench/main.ts: ${what}`]);
  });

  it("catch a module that nothing leads to, and a folder without a rank", () => {
    expect(withChange("db/forgotten.ts", () => "export {};\n")).toEqual(["db/forgotten.ts: nothing leads to it"]);
    expect(withChange("utils/misc.ts", () => 'import "../errors.js";\n')).toEqual([
      "utils/misc.ts: nothing leads to it",
      "utils/misc.ts: utils has no rank",
    ]);
  });
});

it("reads every form of import, and none that is only spoken of", () => {
  const code = `import a, { b } from "a";import * as c from 'c'
export * from "d"; export { e } from "e";
import type {
  F,
} from "f";
import "g";
const h = await import("h"); type I = typeof import("i");
export const text = "x from 'no'"; export const from = 1;`;
  expect(specifiersOf(code).sort()).toEqual(["a", "c", "d", "e", "f", "g", "h", "i"]);
});
