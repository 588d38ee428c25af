/** How a snapshot is read: by whom, of what, inside which transaction. */
import { afterAll, expect, test } from "vitest";
import { readSnapshot, readSnapshotWithin } from "../../../src/catalog/read.js";
import { type Database, openDatabase } from "../../../src/db/pool.js";
import { transaction } from "../../../src/db/transaction.js";
import { sql } from "../../../src/sql/text.js";
import { useDatabase } from "../../support/database.js";
import { richSchema } from "./rich.js";

const ROLE = "catalog_read";
const MAJOR = Number(process.env.PG_MAJOR ?? 18);
const t = useDatabase(richSchema(MAJOR, ROLE));
const ORDERS = { schema: "app", name: "orders" };
const opened: Database[] = [];

afterAll(async () => {
  for (const db of opened) await db.close();
  await t.sql(`drop owned by ${ROLE}; drop role ${ROLE}`);
});

/** As a role that may log in, and nothing else: no USAGE on any schema of ours. */
async function asNobody(): Promise<Database> {
  await t.sql(`alter role ${ROLE} login password 'nobody'`);
  const url = new URL(t.url);
  url.username = ROLE;
  url.password = "nobody";
  const db = openDatabase({ url: url.toString(), applicationName: "changeover test", connectTimeoutMs: 5000 });
  opened.push(db);
  return db;
}

test("a role without privileges reads the same table", async () => {
  const ours = await readSnapshot(t.db, ORDERS);
  const theirs = await readSnapshot(await asNobody(), ORDERS);
  // What the role may do about a view is told with the view.
  const mine = ours.table?.dependentViews.map((view) => ({ ...view, replaceable: false, givable: false }));
  expect(theirs.table).toEqual({ ...ours.table, dependentViews: mine });
  expect(theirs.takenNames).toEqual(ours.takenNames);
  expect(theirs.role).toEqual({
    name: ROLE,
    superuser: false,
    ownsTable: false,
    canCreateSchema: false,
    canBypassTriggers: false,
    bypassesRowSecurity: false,
  });
});

test("a role that was given something", async () => {
  await t.sql(`do $$ begin execute format('grant create on database %I to ${ROLE}', current_database()); end $$`);
  await t.sql(`alter table app.unlogged owner to ${ROLE}`);
  await t.sql(`alter role ${ROLE} bypassrls`);
  if (MAJOR >= 15) await t.sql(`grant set on parameter session_replication_role to ${ROLE}`);
  const { role } = await readSnapshot(await asNobody(), { schema: "app", name: "unlogged" });
  expect(role).toEqual({
    name: ROLE,
    superuser: false,
    ownsTable: true,
    canCreateSchema: true,
    canBypassTriggers: MAJOR >= 15,
    bypassesRowSecurity: true,
  });
});

test("no relation of that name, no schema of that name", async () => {
  const none = await readSnapshot(t.db, { schema: "app", name: "Orders" });
  expect(none.table).toBe(null);
  expect(none.role.ownsTable).toBe(false);
  expect(none.takenNames).toContain("orders");
  expect((await readSnapshot(t.db, { schema: "nowhere", name: "orders" })).table).toBe(null);
});

test("relations of every kind", async () => {
  await t.sql("create foreign data wrapper nothing; create server nowhere foreign data wrapper nothing");
  await t.sql("create foreign table app.far (a integer) server nowhere");
  const read = async (name: string) => (await readSnapshot(t.db, { schema: "app", name })).table;
  expect((await read("cheap"))?.kind).toBe("view");
  expect((await read("cheap"))?.dependentViews).toMatchObject([{ view: { name: "over_view" }, columns: ["total"] }]);
  expect((await read("heavy"))?.kind).toBe("materialized view");
  expect((await read("far"))?.kind).toBe("foreign table");
  expect((await read("orders_id_seq"))?.kind).toBe("other");
  expect((await read("orders_pkey"))?.kind).toBe("other");
  expect(await read("unlogged")).toMatchObject({ kind: "table", persistence: "unlogged" });
  expect((await read("unlogged"))?.publications).toEqual([]);
  expect(await read("typed")).toMatchObject({ kind: "table", ofType: true });
  expect(await read("parent")).toMatchObject({ inheritedBy: [{ schema: "app", name: "child" }] });
  expect(await read("child")).toMatchObject({ inheritsFrom: [{ schema: "app", name: "parent" }], isPartition: false });
  const parted = await read("parted");
  expect(parted).toMatchObject({ kind: "partitioned", partitionKey: "RANGE (day)", inheritedBy: [] });
  expect(parted?.triggers.map((x) => x.name)).toEqual(["parted_touch"]);
  const leaf = await read("parted_1");
  expect(leaf).toMatchObject({ kind: "table", isPartition: true, inheritsFrom: [] });
  // 14 marks the clone as internal; it is the user's all the same.
  expect(leaf?.triggers.map((x) => x.name)).toEqual(["parted_touch"]);
});

test("a foreign key between partitioned tables counts once on either side", async () => {
  await t.sql(`
    create table app.p (id integer primary key) partition by range (id);
    create table app.p1 partition of app.p for values from (0) to (10);
    create table app.c (id integer references app.p (id)) partition by range (id);
    create table app.c1 partition of app.c for values from (0) to (10)`);
  const read = async (name: string) => (await readSnapshot(t.db, { schema: "app", name })).table;
  expect((await read("p"))?.incomingForeignKeys.map((k) => k.from.name)).toEqual(["c"]);
  expect((await read("c"))?.constraints.filter((k) => k.kind === "foreign key")).toHaveLength(1);
  expect((await read("c1"))?.constraints.filter((k) => k.kind === "foreign key")).toHaveLength(1);
});

test("estimated rows: a guess before ANALYZE, the density after it, with the pages of now", async () => {
  await t.sql("create table app.sized (a integer, b integer) with (autovacuum_enabled = off)");
  // It is published: a DELETE needs an identity.
  await t.sql("alter table app.sized replica identity full");
  const size = async () => (await readSnapshot(t.db, { schema: "app", name: "sized" })).table?.size;
  expect(await size()).toEqual({ rows: 0, pages: 0, heapBytes: 0, indexBytes: 0 });
  await t.sql("insert into app.sized select n, n from generate_series(1, 10000) n");
  const guessed = await size();
  expect(guessed?.pages).toBe(45);
  expect(guessed?.heapBytes).toBe(45 * 8192);
  expect(guessed?.rows).toBeGreaterThan(9000);
  expect(guessed?.rows).toBeLessThan(11000);
  await t.sql("delete from app.sized where a % 2 = 0; analyze app.sized");
  expect((await size())?.rows).toBe(5000);
  await t.sql("insert into app.sized select n, n from generate_series(1, 10000) n; create index on app.sized (a)");
  const grown = await size();
  expect(grown?.rows).toBeGreaterThan(9000);
  expect(grown?.indexBytes).toBeGreaterThan(0);
});

test("a partitioned table is as large as its leaves", async () => {
  await t.sql("drop trigger parted_touch on app.parted");
  await t.sql("insert into app.parted select n, '2020-02-02' from generate_series(1, 5000) n");
  const [parted, leaf] = await Promise.all(
    ["parted", "parted_1"].map(async (name) => (await readSnapshot(t.db, { schema: "app", name })).table?.size),
  );
  expect(parted).toEqual(leaf);
  expect(parted?.pages).toBeGreaterThan(0);
});

test("the caller's own transaction shows its uncommitted changes, and goes on", async () => {
  const column = await t.db.borrow((session) =>
    transaction(session, {}, async (within) => {
      await within.run(sql`alter table app.unlogged add column fresh integer`);
      const seen = await readSnapshotWithin(within, { schema: "app", name: "unlogged" });
      await within.run(sql`alter table app.unlogged drop column fresh`);
      return seen.table?.columns.at(-1)?.name;
    }),
  );
  expect(column).toBe("fresh");
});
