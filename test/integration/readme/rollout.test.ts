/** The README's rollout, command by command, as it stands there. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { useDatabase } from "../../support/database.js";
import { blocksOf, shell } from "../../support/docs.js";

const database = useDatabase(`
  create schema app;
  create table app.orders (id bigint primary key, total integer not null, note text);
  insert into app.orders select n, n, 'note ' || n from generate_series(1, 5000) n;
  create index on app.orders (total);
`);
const folder = mkdtemp(join(tmpdir(), "changeover-readme-"));
afterAll(async () => rm(await folder, { recursive: true, force: true }));

test("every command of the rollout does what the README says", async () => {
  const directory = await folder;
  const run = await shell(directory, { DATABASE_URL: database.url });
  const blocks = await blocksOf("README.md", "A rollout over three releases");
  expect(blocks.filter((block) => block.language === "sh").length).toBeGreaterThan(5);
  for (const { language, text } of blocks) {
    if (language === "yaml") await writeFile(join(directory, "plans/0001-orders-total/change.yaml"), text);
    if (language !== "sh") continue;
    // A command that ends otherwise than with 0 rejects, with its output.
    for (const line of text.trim().split("\n")) await run(line);
  }
  expect(
    await database.sql("select column_name from information_schema.columns where table_name = 'orders' order by 1"),
  ).toEqual([{ column_name: "amount" }, { column_name: "id" }, { column_name: "note" }]);
  // The pipeline's check stays green once the roll-out has begun, and after it.
  expect(await run("changeover plan orders-total --check")).toContain("begun here");
  expect(await run("changeover status orders-total")).toMatch(/^orders-total {2}done/);
});
