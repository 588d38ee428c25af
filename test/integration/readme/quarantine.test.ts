/** What the README says about rows that cannot be filled, command by command, as it stands there. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { useDatabase } from "../../support/database.js";
import { blocksOf, shell } from "../../support/docs.js";

const database = useDatabase(`
  create schema app;
  create table app.orders (id bigint primary key, total text);
  insert into app.orders select n, case n when 42 then 'about 42' else n::text end from generate_series(1, 500) n;
`);
const folder = mkdtemp(join(tmpdir(), "changeover-quarantine-"));
afterAll(async () => rm(await folder, { recursive: true, force: true }));

test("every command about rows in quarantine does what the page says", { timeout: 60_000 }, async () => {
  const directory = await folder;
  await mkdir(join(directory, "plans/0001-orders-total"), { recursive: true });
  await writeFile(
    join(directory, "plans/0001-orders-total/change.yaml"),
    "change: change_type\ntable: app.orders\ncolumn: total\ntype: integer\nusing: total::integer\nreverse: total::text\nallow: [client-type-change, fill-may-be-null]\n",
  );
  const run = await shell(directory, { DATABASE_URL: database.url });
  await run("changeover plan orders-total --write && changeover upgrade head");
  await expect(run("changeover worker --drain")).rejects.toMatchObject({ code: 1 });
  const [block] = await blocksOf("README.md", "When rows cannot be filled");
  const [list = "", retry = "", skip = "", ...more] = (block?.text ?? "").trim().split("\n");
  expect(more).toEqual([]);
  expect(await run(list)).toMatch(/^orders-total {2}id=42 .* waiting /m);
  expect(await run(retry)).toMatch(/^orders-total: 1 row will be tried again/);
  expect(await run(skip)).toMatch(/^orders-total: 1 row skipped\./);
  await run("changeover worker --drain");
});
