/** What a configuration file may hold, in whichever of its forms. */
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { ChangeoverError } from "../errors.js";

const FILE_CONFIG = z.strictObject({
  databaseUrl: z.string().min(1).optional(),
  redisUrl: z.string().min(1).optional(),
  metricsPort: z.number().int().min(0).max(65_535).optional(),
  metricsHost: z.string().min(1).optional(),
  plans: z.string().min(1).optional(),
});

export type FileConfig = z.infer<typeof FILE_CONFIG>;

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
  if (parsed.success) return parsed.data;
  throw new ChangeoverError("usage", "The configuration file is not right.", {
    where: path,
    details: parsed.error.issues.map((issue) => `${issue.path.join(".") || "(top)"}: ${issue.message}`),
    hint: "Known keys: databaseUrl, redisUrl, metricsPort, metricsHost, plans.",
  });
}

async function importModule(path: string): Promise<unknown> {
  if (!path.endsWith(".ts")) return ((await import(pathToFileURL(path).href)) as { default?: unknown }).default;
  const { createJiti } = await import("jiti");
  return createJiti(import.meta.url, { fsCache: false }).import(path, { default: true });
}
