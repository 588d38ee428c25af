/** The page on transforms, command by command, as it stands there. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { useDatabase } from "../../support/database.js";
import { blocksOf, shell } from "../../support/docs.js";

const database = useDatabase(`
  create schema app;
  create table app.people (id bigint primary key, first_name text not null, last_name text, display_name text);
  insert into app.people select n, 'First' || n, nullif('Last' || n, 'Last7'), null from generate_series(1, 3000) n;
`);
const folder = mkdtemp(join(tmpdir(), "changeover-transform-"));
afterAll(async () => rm(await folder, { recursive: true, force: true }));

test("every command of the example does what the page says", { timeout: 120_000 }, async () => {
  const directory = await folder;
  const run = await shell(directory, { DATABASE_URL: database.url });
  const blocks = await blocksOf("docs/transform.md", "An example");
  expect(blocks.map(({ language }) => language)).toEqual(["sh", "ts", "sh", "sh"]);
  for (const { language, text } of blocks) {
    if (language === "ts") await writeFile(join(directory, "plans/0001-people-name/change.ts"), text);
    if (language !== "sh") continue;
    for (const line of text.trim().split("\n")) {
      // Between the fill and the confirm old code writes on.
      if (line.startsWith("changeover confirm")) {
        const old = await database.client();
        await old.query("insert into app.people values (5001, 'Late', 'One', null)");
        await old.end();
      }
      // A command that ends otherwise than with 0 rejects, with its output.
      await run(line);
    }
  }
  expect(
    await database.sql("select display_name as name from app.people where id in (1, 7, 5001) order by id"),
  ).toEqual([{ name: "First1 Last1" }, { name: "First7" }, { name: "Late One" }]);
  await expect(database.sql("insert into app.people values (9000, 'x', 'y', null)")).rejects.toThrow(/null/);
});
