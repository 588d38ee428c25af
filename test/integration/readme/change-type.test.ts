/** The page on types, command by command, as it stands there. */
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
const folder = mkdtemp(join(tmpdir(), "changeover-types-"));
afterAll(async () => rm(await folder, { recursive: true, force: true }));

test("every command of the example does what the page says", async () => {
  const directory = await folder;
  const run = await shell(directory, { DATABASE_URL: database.url });
  const blocks = await blocksOf("docs/change-type.md", "An example");
  expect(blocks.filter((block) => block.language === "sh").length).toBeGreaterThan(2);
  for (const { language, text } of blocks) {
    if (language === "yaml") await writeFile(join(directory, "plans/0001-orders-total/change.yaml"), text);
    if (language !== "sh") continue;
    // A command that ends otherwise than with 0 rejects, with its output.
    for (const line of text.trim().split("\n")) await run(line);
  }
  expect(
    await database.sql(
      `select attname::text as name, format_type(atttypid, null) as type from pg_attribute
        where attrelid = 'app.orders'::regclass and attnum > 0 and not attisdropped order by attname`,
    ),
  ).toEqual([
    { name: "id", type: "bigint" },
    { name: "note", type: "text" },
    { name: "total", type: "bigint" },
  ]);
});
