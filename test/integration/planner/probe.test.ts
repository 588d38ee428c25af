/** A probe of each kind of change, of a table that is tried in part, and by a role that may not. */
import { expect, test } from "vitest";
import { planUseCase } from "../../../src/app/plan.js";
import { useProject } from "../../support/app.js";
import { useDatabase } from "../../support/database.js";

const database = useDatabase(`create schema app;
  create table app.orders (id bigint primary key, total integer not null, note text, twice integer generated always as (id * 2) stored,
    serial integer generated always as identity, check (total >= 0)) with (fillfactor = 80);
  create index on app.orders (total);
  insert into app.orders (id, total, note) select n, n, repeat('n', 400) from generate_series(1, 30000) n;
  insert into app.orders (id, total, note) select -n, n, null from generate_series(1, 300) n;
  create table app.empty (id bigint primary key, total integer);
  create table app.refs (id bigint primary key, other bigint not null references app.orders (id));
  insert into app.refs select n, n from generate_series(1, 1000) n;
  analyze`);
const project = useProject(() => database.url);

async function probeOf(plan: string, yaml: string, url?: string) {
  await project.writeChange(plan, yaml);
  const result = await project.run(
    (app) => planUseCase(app, plan, { write: false, force: false, probe: true }),
    url === undefined ? {} : { url },
  );
  if (result.kind !== "plan") throw new Error(result.reason);
  return result.probe;
}

const leftovers = () => database.sql("select nspname from pg_namespace where nspname like 'changeover%'");

test.each([
  ["a rename", "change: rename_column\ntable: app.orders\ncolumn: total\nto: amount\n", 30_300],
  [
    "a change of type",
    "change: change_type\ntable: app.orders\ncolumn: total\ntype: bigint\nallow: [client-type-change]\n",
    30_300,
  ],
  ["a fill of NULLs", "change: set_not_null\ntable: app.orders\ncolumn: note\nfill: \"'none'\"\n", 300],
])("%s is tried on a part of the pages, and stands for all rows", async (name, yaml, rows) => {
  const probe = await probeOf(`p-${name.replaceAll(" ", "-").toLowerCase()}`, yaml);
  if (probe == null) throw new Error("no probe");
  expect(probe.pages).toBeGreaterThan(1_500);
  expect(probe.sample.pages).toBe(256);
  // The rows to fill stand in one place where they are few: a sample of a part may miss them.
  if (rows > 300) {
    expect(probe.rows).toBeGreaterThan(0.9 * rows);
    expect(probe.rows).toBeLessThan(1.1 * rows);
    expect(probe.walBytesPerRow).toBeGreaterThan(100);
    expect(probe.walBytes?.to).toBeGreaterThan(30_300 * 400);
    expect(probe.heapGrowthBytes.to).toBeGreaterThan(0);
  }
  expect(await leftovers()).toEqual([]);
});

test("an empty table takes nothing, and one with foreign keys locks nobody's writers", async () => {
  expect(await probeOf("none", "change: rename_column\ntable: app.empty\ncolumn: total\nto: amount\n")).toMatchObject({
    rows: 0,
    seconds: null,
  });
  // A writer of the referenced table has its row lock: SHARE ROW EXCLUSIVE on it would wait, and fail.
  const writer = await database.client();
  await writer.query("begin; update app.orders set note = 'w' where id = 1");
  const probe = await probeOf("refs", "change: rename_column\ntable: app.refs\ncolumn: other\nto: parent\n");
  expect(probe).toMatchObject({ rows: 1_000 });
  await writer.query("rollback");
});

test("a role without CREATE on the database is told which privilege is missing", async () => {
  await database.sql(
    `do $$ begin create role prober login password 'prober'; exception when duplicate_object then null; end $$`,
  );
  await database.sql(
    "grant usage, create on schema app to prober; create table app.theirs (id bigint primary key, total integer)",
  );
  await database.sql("alter table app.theirs owner to prober");
  // The journal's schema is somebody else's to make; the probe's is not there to be made either.
  await database.sql("create schema changeover; grant all on schema changeover to prober");
  const url = new URL(database.url);
  url.username = "prober";
  url.password = "prober";
  const theirs = probeOf(
    "theirs",
    "change: rename_column\ntable: app.theirs\ncolumn: total\nto: amount\n",
    url.toString(),
  );
  await expect(theirs).rejects.toMatchObject({
    code: "privilege",
    hint: expect.stringContaining("CREATE on the database"),
  });
  await database.sql("drop schema changeover");
});
