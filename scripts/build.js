#!/usr/bin/env node
/**
 * Builds dist/ from src/: tsc, then what tsc leaves out (.sql and .sh beside their modules, the JSON Schemas, the CLI's mode).
 * All of it is made aside and moved in file by file, and only where it differs: who reads dist/ meanwhile (another build, a
 * test's child process) never sees half a file, and a second build changes nothing.
 */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const src = join(root, "src");
const dist = join(root, "dist");
// As deep as dist/, so that the source maps' relative paths hold, and the modules find node_modules.
const aside = join(root, `.build-${process.pid}`);
const ASSETS = new Set([".sql", ".sh"]);

process.on("exit", () => rmSync(aside, { recursive: true, force: true }));
for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
])
  process.once(signal, () => process.exit(code));

compile();
copyAssets();
await writeSchema("change", "changeJsonSchema");
await writeSchema("status", "statusJsonSchema");
moveIn();

function compile() {
  const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");
  const { status } = spawnSync(process.execPath, [tsc, "-p", "tsconfig.build.json", "--outDir", aside], {
    cwd: root,
    stdio: "inherit",
  });
  if (status !== 0) process.exit(status ?? 1);
}

function copyAssets() {
  for (const file of filesOf(src)) {
    if (!ASSETS.has(extname(file))) continue;
    mkdirSync(dirname(join(aside, file)), { recursive: true });
    copyFileSync(join(src, file), join(aside, file));
  }
}

/** dist/<folder>/<folder>.schema.json, once the folder has a schema.ts that exports the function. */
async function writeSchema(folder, name) {
  const module = join(aside, folder, "schema.js");
  if (!existsSync(module)) return;
  const schema = (await import(pathToFileURL(module).href))[name];
  if (schema === undefined) return;
  writeFileSync(join(aside, folder, `${folder}.schema.json`), `${JSON.stringify(schema(), null, 2)}\n`);
}

function moveIn() {
  const built = filesOf(aside);
  for (const file of built) {
    const from = join(aside, file);
    const to = join(dist, file);
    if (file === join("cli", "main.js")) chmodSync(from, 0o755);
    if (existsSync(to) && same(from, to)) continue;
    mkdirSync(dirname(to), { recursive: true });
    renameSync(from, to);
  }
  const current = new Set(built);
  for (const file of filesOf(dist)) if (!current.has(file)) rmSync(join(dist, file), { force: true });
}

function same(a, b) {
  return statSync(a).mode === statSync(b).mode && readFileSync(a).equals(readFileSync(b));
}

/** Paths of the files below a folder, relative to it. */
function filesOf(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}
