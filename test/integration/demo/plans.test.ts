/** The repository's `plans/` are what the tool plans for the demo's shop, byte for byte; UPDATE_GOLDEN=1 writes them. */
import { cp, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DEMO_PLANS } from "../../../src/app/demo/plans.js";
import { planUseCase } from "../../../src/app/plan.js";
import { useProject } from "../../support/app.js";
import { useDatabase } from "../../support/database.js";

const shop = (file: string) => readFile(join("src/app/demo", file), "utf8");
const database = useDatabase();
const project = useProject(() => database.url);

async function filesOf(directory: string): Promise<Record<string, string>> {
  const names = (await readdir(directory, { recursive: true })).filter((name) => /\.(sql|yaml)$/.test(name)).sort();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(directory, name), "utf8")])),
  );
}

test("plans/ holds the demo's plans as they are planned on this server", async () => {
  await database.sql(await shop("schema.sql"));
  await database.sql("select set_config('shop.rows', '1000', false)");
  await database.sql(await shop("seed.sql"));
  for (const plan of DEMO_PLANS) {
    await project.writeChange(plan.folder, plan.yaml);
    await project.run((app) => planUseCase(app, plan.slug, { write: true, force: false }));
  }
  const made = join(project.directory, "plans");
  if (process.env.UPDATE_GOLDEN === "1") {
    await rm("plans", { recursive: true, force: true });
    await cp(made, "plans", { recursive: true });
  }
  expect(await filesOf(made)).toEqual(await filesOf("plans"));
});
