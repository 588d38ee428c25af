/** The page on the throttle: its table names every signal with its thresholds, and its commands do what it says. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { CANARY, SIGNAL_NAMES } from "../../../src/backfill/throttle/names.js";
import { SIGNALS } from "../../../src/backfill/throttle/signals.js";
import { useDatabase } from "../../support/database.js";
import { blocksOf, shell } from "../../support/docs.js";

const PAGE = "docs/throttle.md";
const database = useDatabase(`
  create schema app;
  create table app.job (id bigint primary key, done_at timestamptz);
  create table app.orders (id bigint primary key, total integer not null);
  insert into app.orders select n, n from generate_series(1, 500) n;
`);
const folder = mkdtemp(join(tmpdir(), "changeover-throttle-"));
afterAll(async () => rm(await folder, { recursive: true, force: true }));

test("the table has every signal, with its thresholds", async () => {
  const rows = [...(await readFile(PAGE, "utf8")).matchAll(/^\| `([a-z-]+)` \|(.*)\|$/gm)].map(
    ([, name, rest = ""]) => [
      name,
      ...rest
        .split("|")
        .slice(1, 3)
        .map((cell) => cell.trim().replaceAll(",", "")),
    ],
  );
  const expected = SIGNAL_NAMES.map((name) => {
    const { slow, stop } = SIGNALS[name];
    return [name, slow === stop ? "" : String(slow), Number.isFinite(stop) ? String(stop) : "never"];
  });
  expect(rows).toEqual([...expected, [CANARY, "yours or half", "yours"]]);
});

test("every command does what the page says, with the configuration file that it shows", {
  timeout: 60_000,
}, async () => {
  const directory = await folder;
  await mkdir(join(directory, "plans/0001-orders-total"), { recursive: true });
  await writeFile(
    join(directory, "plans/0001-orders-total/change.yaml"),
    "change: rename_column\ntable: app.orders\ncolumn: total\nto: amount\n",
  );
  const [config] = (await blocksOf(PAGE, "Your own")).filter(({ language }) => language === "ts");
  await writeFile(join(directory, "changeover.config.ts"), config?.text ?? "");
  const run = await shell(directory, { DATABASE_URL: database.url, CHANGEOVER_ACTOR: "ann" });
  await run("changeover plan orders-total --write && changeover upgrade head");
  const [block] = await blocksOf(PAGE, "Thresholds");
  const [set = "", off = "", status = "", back = "", ...more] = (block?.text ?? "").trim().split("\n");
  expect(more).toEqual([]);
  expect(await run(set)).toBe("orders-total: connections from 0.45, stop at 0.9, replica-lag from 4, stop at 10\n");
  const ends = /archiver off until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC \(by ann\)/;
  expect(await run(off)).toMatch(ends);
  expect((await run(status)).replace(/\s+/g, " ")).toMatch(ends);
  expect(await run(back)).toMatch(/^orders-total: archiver off until /);
  await run("changeover backfill set orders-total --signal queue-depth=off --signal business-hours=off --for 30m");
  await expect(run("changeover backfill set orders-total --signal queue-length=off")).rejects.toMatchObject({
    code: 2,
  });
  const events = await database.sql("select actor, data from changeover.event where kind = 'limited' order by id");
  expect(events.map(({ actor }) => actor)).toEqual(["ann", "ann", "ann", "ann"]);
  expect(events[1]?.data).toMatchObject({
    after: { signals: { archiver: { off: true, by: "ann", until: expect.stringMatching(/^\d{4}-.*Z$/) } } },
  });
  await run("changeover backfill set orders-total --signal queue-length=default");
  await run("changeover backfill set orders-total --signal checkpoints=off --signal connections=off");
  await run("changeover worker --drain");
});
