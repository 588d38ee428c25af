/** What a configuration file may hold, in whichever of its forms. */
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import type { Declared } from "../backfill/throttle/declared.js";
import { ChangeoverError } from "../errors.js";
import { placeOfKey } from "./config-place.js";
import { type Fault, faultsOf, isFaults, readThrottle, THROTTLE } from "./throttle.js";

const FILE_CONFIG = z.strictObject({
  databaseUrl: z.string().min(1).optional(),
  redisUrl: z.string().min(1).optional(),
  metricsPort: z.number().int().min(0).max(65_535).optional(),
  metricsHost: z.string().min(1).optional(),
  plans: z.string().min(1).optional(),
  throttle: THROTTLE.optional(),
});

/** As people write it, for `changeover.config.ts`. */
export type ConfigInput = z.input<typeof FILE_CONFIG>;

export type FileConfig = Omit<z.infer<typeof FILE_CONFIG>, "throttle"> & { readonly throttle?: Declared };

/** Takes the path of a file that is there. Throws `usage` for one that cannot be read, and for one that is not right. */
export async function readFileConfig(path: string): Promise<FileConfig> {
  let value: unknown;
  try {
    value = path.endsWith(".json") ? JSON.parse(await readFile(path, "utf8")) : await importModule(path);
  } catch (error) {
    throw new ChangeoverError(
      "usage",
      `The configuration file cannot be read: ${error instanceof Error ? error.message : error}`,
      { where: path, hint: "Mend it, or remove it: every setting can be given by flag or environment.", cause: error },
    );
  }
  const parsed = FILE_CONFIG.safeParse(value);
  if (!parsed.success) throw await notRight(path, faultsOf(parsed.error));
  const { throttle, ...others } = parsed.data;
  if (throttle === undefined) return others;
  const read = await readThrottle(throttle);
  if (!isFaults(read)) return { ...others, throttle: read };
  throw await notRight(
    path,
    read.map((fault) => ({ ...fault, path: ["throttle", ...fault.path] })),
  );
}

async function notRight(path: string, faults: readonly Fault[]): Promise<ChangeoverError> {
  const text = await readFile(path, "utf8");
  const placed = faults.map((fault) => ({ ...fault, place: placeOfKey(text, fault.path) }));
  const [first] = placed;
  return new ChangeoverError("usage", "The configuration file is not right.", {
    where: first?.place == null ? path : `${path}:${first.place}`,
    details: placed.map(
      ({ path: keys, message, place }) =>
        `${keys.join(".") || "(top)"}: ${message}${placed.length < 2 || place === null ? "" : ` (${place})`}`,
    ),
    hint: "Known keys: databaseUrl, redisUrl, metricsPort, metricsHost, plans, throttle (queries, canary).",
  });
}

async function importModule(path: string): Promise<unknown> {
  if (!path.endsWith(".ts")) return ((await import(pathToFileURL(path).href)) as { default?: unknown }).default;
  const { createJiti } = await import("jiti");
  return createJiti(import.meta.url, { fsCache: false }).import(path, { default: true });
}
