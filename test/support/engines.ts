/**
 * The backfill's engine, compiled as it stands or with one place of it changed: copies of its modules in a folder of their
 * own, loaded beside the real ones. No switch for it is in the product, and a change that finds its place no more is an error.
 */
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll } from "vitest";
import { type Compiled, compile } from "./compiled.js";

const FILES = {
  batch: "backfill/batch.ts",
  fill: "backfill/fill.ts",
  lane: "backfill/lane.ts",
  stride: "backfill/pace/stride.ts",
  worker: "backfill/worker.ts",
  pool: "db/pool.ts",
  limits: "journal/limits.ts",
  quarantine: "journal/quarantine.ts",
  slices: "journal/slices.ts",
} as const;

export type Engine = typeof import("../../src/backfill/batch.js") &
  typeof import("../../src/backfill/fill.js") &
  typeof import("../../src/backfill/lane.js") &
  Pick<typeof import("../../src/backfill/pace/stride.js"), "oneStep"> &
  typeof import("../../src/backfill/worker.js") &
  typeof import("../../src/db/pool.js") &
  typeof import("../../src/journal/limits.js") &
  typeof import("../../src/journal/quarantine.js") &
  typeof import("../../src/journal/slices.js");

/** In `file` (below src/, as it is compiled: .js), this text, which is there once, and what stands there instead. */
export type Change = { readonly file: string; readonly from: string; readonly to: string };

export type Engines = { load(changes?: readonly Change[]): Promise<Engine> };

export function useEngines(): Engines {
  const require = createRequire(import.meta.url);
  const folders: string[] = [];
  let compiled: Compiled;
  beforeAll(async () => {
    compiled = await compile(Object.values(FILES), ["journal/schema.sql"]);
  });
  afterAll(async () => {
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
    await compiled?.remove();
  });
  return {
    load: async (changes = []) => {
      const from = dirname(fileURLToPath(compiled.url("tsconfig.json")));
      // Beside the first, so that the modules find their packages.
      const folder = await mkdtemp(join(dirname(from), "engine-"));
      folders.push(folder);
      await cp(from, folder, { recursive: true });
      for (const change of changes) await apply(folder, change);
      // Not by the tests' own loader, for which a second copy of everything would be a second transformation.
      const parts = Object.values(FILES).map((file) => require(join(folder, file.replace(/\.ts$/, ".js"))) as object);
      return Object.assign({}, ...parts) as Engine;
    },
  };
}

async function apply(folder: string, { file, from, to }: Change): Promise<void> {
  const path = join(folder, file);
  const text = await readFile(path, "utf8");
  const found = text.split(from).length - 1;
  if (found !== 1) throw new Error(`${file} holds this ${found} times, not once:\n${from}`);
  await writeFile(
    path,
    text.replace(from, () => to),
  );
}
