/** One set of files, reviewed once, rolled out over two databases that are not alike. */
import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type EmbeddedServer, startEmbedded } from "../../../src/db/embedded.js";
import { checkout } from "../../support/cli.js";
import { PG_MAJOR, useDatabase } from "../../support/database.js";
import { finished } from "../../support/team.js";

const ORDERS = `
  create schema app;
  create table app.orders (id bigint primary key, total integer not null check (total >= 0), note text, region text);
  create index orders_total on app.orders (total) where total > 10;
  comment on column app.orders.total is 'in cents';`;
const staging = useDatabase(`${ORDERS} insert into app.orders select n, n from generate_series(1, 40) n;`);

/** Other OIDs, attribute numbers and statistics; another owner, table, index and setting; the other end of the majors. */
const PRODUCTION = `
  create schema other;
  create table other.first (id bigint primary key, total integer);
  ${ORDERS}
  alter table app.orders add column gone integer;
  alter table app.orders drop column gone;
  create index orders_region on app.orders (region);
  create table app.invoices (id bigint primary key, total integer references other.first);
  create role shop;
  grant create on schema app to shop;
  alter table app.orders owner to shop;
  alter table app.orders set (fillfactor = 70);
  insert into app.orders select n, n, 'note', 'north' from generate_series(1, 20000) n;
  analyze;`;
const otherMajor = PG_MAJOR === 14 ? 18 : 14;
let server: EmbeddedServer;
let production: pg.Client;

beforeAll(async () => {
  server = await startEmbedded({ major: otherMajor, settings: { fsync: "off" } });
  production = new pg.Client(server.url("postgres"));
  await production.connect();
  await production.query(PRODUCTION);
});
afterAll(async () => {
  await production?.end();
  await server?.stop();
});

test(`planned on ${PG_MAJOR}, rolled out on ${PG_MAJOR} and on ${otherMajor}`, { timeout: 180_000 }, async () => {
  const made = await checkout(() => staging.url);
  const elsewhere = { url: server.url("postgres") };
  await made.write(
    "plans/0001-orders/change.yaml",
    "change: rename_column\ntable: app.orders\ncolumn: total\nto: amount\nsoak: 0s\n",
  );
  await made.write(
    "plans/0002-notes/change.yaml",
    "change: set_not_null\ntable: app.orders\ncolumn: note\nfill: \"'none'\"\nsoak: 0s\n",
  );
  await made.ok(["plan", "orders", "--write"]);
  await made.ok(["plan", "notes", "--write"]);
  const reviewed = await made.files();

  const fits = await made.ok(["plan", "orders", "--check"], elsewhere);
  expect(fits.stdout).toMatch(/^orders: its \d revisions fit this database\n$/);
  await made.ok(["plan", "notes", "--check"], elsewhere);
  const production_ = { ...made, ok: (args: readonly string[]) => made.ok(args, elsewhere) };
  for (const database of [made, production_]) {
    await database.ok(["upgrade", "head"]);
    await finished(database, "orders");
    await finished(database, "notes");
    expect((await database.ok(["status"])).stdout).toMatch(/^orders {2}done[\s\S]*^notes {2}done/m);
  }
  // What ran is what was reviewed, and both tables have come to the same.
  expect(await made.files()).toEqual(reviewed);
  const definition = `
    select a.attname as column, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as required,
           col_description(a.attrelid, a.attnum) as comment,
           (select string_agg(pg_get_indexdef(i.indexrelid), '; ' order by 1) from pg_index i
             where i.indrelid = a.attrelid and a.attnum = any (i.indkey)) as indexes
      from pg_attribute a where a.attrelid = 'app.orders'::regclass and a.attnum > 0 and not a.attisdropped
       and a.attname <> 'region' order by 1`;
  const here = await staging.sql(definition);
  expect(here).toMatchObject([
    { column: "amount", comment: "in cents", required: true },
    {},
    { column: "note", required: true },
  ]);
  expect((await production.query(definition)).rows).toEqual(here);
  const { rows } = await production.query(
    "select count(*)::int as rows, count(*) filter (where amount = id and note = 'note')::int as right from app.orders",
  );
  expect(rows).toEqual([{ rows: 20_000, right: 20_000 }]);
});

test("a database that differs where it matters is told before anything runs", { timeout: 60_000 }, async () => {
  const made = await checkout(() => staging.url);
  await made.write(
    "plans/0001-region/change.yaml",
    "change: rename_column\ntable: app.orders\ncolumn: region\nto: area\nsoak: 0s\n",
  );
  await made.ok(["plan", "region", "--write"]);
  const name = `copy_${randomBytes(4).toString("hex")}`;
  await production.query(`create database ${name}`);
  const client = new pg.Client(server.url(name));
  await client.connect();
  await client.query(ORDERS.replace("region text", "region varchar(20)"));
  await client.query("create index orders_region on app.orders (region)");
  await client.end();
  const ended = await made.run(["plan", "region", "--check"], { url: server.url(name) });
  expect(ended.code).toBe(5);
  expect(ended.stderr).toMatch(/column region[\s\S]*index orders_region/);
});
