/** What the page about verify says, command by command, as it stands there. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { useDatabase } from "../../support/database.js";
import { blocksOf, shell } from "../../support/docs.js";

const database = useDatabase(`
  create schema app;
  create table app.orders (id bigint primary key, total integer);
  insert into app.orders select n, n from generate_series(1, 500) n;
`);
const folder = mkdtemp(join(tmpdir(), "changeover-verify-"));
afterAll(async () => rm(await folder, { recursive: true, force: true }));

test("every command does what the page says", { timeout: 120_000 }, async () => {
  const directory = await folder;
  await mkdir(join(directory, "plans/0001-orders-total"), { recursive: true });
  await writeFile(
    join(directory, "plans/0001-orders-total/change.yaml"),
    "change: change_type\ntable: app.orders\ncolumn: total\ntype: bigint\nallow: [client-type-change]\n",
  );
  const run = await shell(directory, { DATABASE_URL: database.url });
  await run("changeover plan orders-total --write && changeover upgrade head && changeover worker --drain");
  await database.sql(`alter table app.orders disable trigger user;
    update app.orders set changeover_total = 99 where id = 7; update app.orders set changeover_total = null where id = 8;
    alter table app.orders enable trigger user;
    do $$ declare t record; begin
      for t in select tgname from pg_trigger where tgrelid = 'app.orders'::regclass and tgname like '~~changeover%' loop
        execute format('alter table app.orders enable always trigger %I', t.tgname); end loop; end $$`);
  const [commands, query] = await blocksOf("docs/verify.md");
  const shown = /^```\n(.*?)^```$/ms.exec(await readFile("docs/verify.md", "utf8"))?.[1];
  const [verify = "", many = "", repair = "", ...more] = (commands?.text ?? "").trim().split("\n");
  expect(more).toEqual([]);
  const found = await run(verify).catch((error: { code: number; stdout: string }) => error);
  expect(found).toMatchObject({ code: 1, stdout: expect.stringContaining(shown ?? "nothing is shown") });
  const json = await run(many).catch((error: { code: number; stdout: string }) => error.stdout);
  expect(JSON.parse(String(json))).toMatchObject({
    mismatches: 2,
    found: [{ key: "id=7", due: "7" }, { key: "id=8" }],
  });
  expect(await run("changeover status orders-total")).toMatch(
    /verify +500 rows, 2 not in step\n.*id=7: old '7', new '99'/s,
  );
  await expect(run("changeover verify orders-total --repair")).rejects.toMatchObject({ code: 2 });
  const repaired = await run(repair);
  expect(repaired).toMatch(/^2 rows repaired, 0 left as they are\. The old side is right; changeover_total is set\./);
  expect(repaired).toMatch(/^orders-total: 500 rows, 0 not in step$/m);
  expect(query?.language).toBe("sql");
  expect(await database.sql(query?.text ?? "")).toMatchObject([
    {
      authority: "old",
      former: [
        { key: "id=7", new: "99" },
        { key: "id=8", new: null },
      ],
    },
  ]);
});
