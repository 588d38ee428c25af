/** What a plan depends on, against real tables: alike on every major, and different by what was changed, nothing else. */
import pg from "pg";
import { afterAll, beforeEach, expect, inject, test } from "vitest";
import {
  compareExpectations,
  expectationsOf,
  printDifference,
  tableFingerprint,
} from "../../../src/catalog/fingerprint.js";
import { readSnapshot } from "../../../src/catalog/read.js";
import type { Snapshot } from "../../../src/catalog/snapshot.js";
import { openDatabase } from "../../../src/db/pool.js";
import type { Scope } from "../../../src/revisions/revision.js";
import { useDatabase } from "../../support/database.js";
import { LONG, ODD, richSchema } from "./rich.js";

const MAJOR = Number(process.env.PG_MAJOR ?? 18);
const ROLE = "catalog_fingerprint";
const ORDERS = { schema: "app", name: "orders" };
const t = useDatabase(richSchema(MAJOR, ROLE));
afterAll(() => t.sql(`drop owned by ${ROLE}; drop role ${ROLE}`));

const scope = (...columns: string[]): Scope => ({ table: ORDERS, columns, added: null, notNull: null });
const read = (table = ORDERS) => readSnapshot(t.db, table);
const lines = (snapshot: Snapshot) => {
  if (snapshot.table === null) throw new Error("no table");
  return tableFingerprint(snapshot.table).lines;
};
const differ = (expected: Snapshot, actual: Snapshot, within: Scope) =>
  compareExpectations(expectationsOf(expected, within), expectationsOf(actual, within)).map(printDifference);

/** The same schema on a server of each major that the suite has, written as the oldest one takes it. */
async function onEveryMajor(use: (snapshots: Snapshot[], major: string) => void): Promise<void> {
  for (const [major, url] of Object.entries(inject("servers"))) {
    const role = `catalog_majors_${MAJOR}`;
    const admin = new pg.Client(url);
    await admin.connect();
    await admin.query(`create database ${role}`);
    const target = new URL(url);
    target.pathname = `/${role}`;
    const client = new pg.Client(target.toString());
    await client.connect();
    await client.query(richSchema(14, role));
    const db = openDatabase({ url: target.toString(), applicationName: "changeover test", connectTimeoutMs: 5000 });
    const names = [
      ORDERS,
      ODD,
      ...["customers", "order_items", "parted", "child"].map((name) => ({ schema: "app", name })),
    ];
    use(await Promise.all(names.map((name) => readSnapshot(db, name))), major);
    await db.close();
    await client.query(`drop owned by ${role}`);
    await client.end();
    await admin.query(`drop database ${role}`);
    await admin.query(`drop role ${role}`);
    await admin.end();
  }
}

test("every major gives the same expectations and the same fingerprint for the same tables", async () => {
  const seen = new Map<string, unknown>();
  await onEveryMajor((snapshots, major) => {
    const told = snapshots.map((snapshot) => {
      const { table } = snapshot;
      if (table === null) throw new Error("no table");
      const all = { ...scope(...table.columns.map((c) => c.name)), table };
      const print = tableFingerprint(table);
      return { expectations: expectationsOf(snapshot, all), lines: print.lines, hash: print.hash };
    });
    seen.set(major, told);
  });
  const [first, ...others] = seen.values();
  expect(JSON.stringify(first).length).toBeGreaterThan(10_000);
  for (const other of others) expect(other).toEqual(first);
});

test("what mentions a scoped column is expected, by kind and name", async () => {
  const kinds = expectationsOf(await read(), scope("total")).map((e) => `${e.kind} ${e.name}`);
  expect(kinds).toEqual(
    [
      "column total",
      "constraint no_overlap",
      "constraint row_check",
      "constraint total_check",
      "generated column twice",
      ...(MAJOR >= 18 ? ["generated column virtually"] : []),
      "index no_overlap",
      "index orders_lower_idx",
      "index orders_row_idx",
      "index orders_total_idx",
      "policy own",
      ...["by_name", ...(MAJOR >= 15 ? ["by_schema"] : []), "everything"].map((name) => `publication ${name}`),
      "rule on_insert",
      "statistics app.orders_stats",
      "table app.orders",
      ...["a_row", "b_touch", "d_constraint", "e_search"].map((name) => `trigger ${name}`),
      "view app.cheap",
      "view app.heavy",
      "view app.over_view",
    ].sort(),
  );
  const id = expectationsOf(await read(), scope("id")).map((e) => `${e.kind} ${e.name}`);
  expect(id).toContain("incoming foreign key app.order_items.items_fk");
});

test("the hash of every entry is twelve hex digits; a missing table has none", async () => {
  for (const e of expectationsOf(await read(), scope("total", LONG))) expect(e.hash).toMatch(/^[0-9a-f]{12}$/);
  const none = await read({ schema: "app", name: "nothing" });
  expect(expectationsOf(none, scope("total"))).toEqual([{ kind: "table", name: "app.orders", hash: null }]);
  expect(differ(await read(), none, scope("note"))).toContain("- table app.orders");
});

const fixture = `
  drop schema if exists w cascade; create schema w;
  create table w.t (id bigint primary key, a integer not null default 1, b text, c text);
  create index t_a_idx on w.t (a); create index t_b_idx on w.t (b);
  alter table w.t add constraint a_check check (a > 0);
  create function w.f() returns trigger language plpgsql as $$ begin return new; end $$;
  create trigger mine before update on w.t for each row execute function w.f()`;
const W = { schema: "w", name: "t" };
const A: Scope = { table: W, columns: ["a"], added: "a2", notNull: null };
beforeEach(() => t.sql(fixture));

test.each<[string, string, string[]]>([
  ["create index on w.t (b)", "an index on another column", []],
  ["create index t_ab_idx on w.t (b, a)", "an index", ["+ index t_ab_idx"]],
  ['create index "My idx" on w.t (b) where a > 3', "a predicate", ['+ index "My idx"']],
  ["drop index w.t_a_idx", "a dropped index", ["- index t_a_idx"]],
  ["drop index w.t_a_idx; create index t_a_idx on w.t (a desc)", "another index", ["~ index t_a_idx"]],
  ["comment on index w.t_a_idx is 'x'", "a comment", ["~ index t_a_idx"]],
  ["alter table w.t alter a type bigint", "a type", ["~ column a"]],
  ["alter table w.t alter a drop not null", "NOT NULL", ["~ column a"]],
  ["alter table w.t alter a set default 2", "a default", ["~ column a"]],
  ["grant select (a) on w.t to public", "a grant", ["~ column a"]],
  ["alter table w.t drop a", "a dropped column", ["- column a", "- constraint a_check", "- index t_a_idx"]],
  ["alter table w.t drop constraint a_check", "a check", ["- constraint a_check"]],
  ["alter table w.t add constraint a_two check (a < b::integer) not valid", "a check", ["+ constraint a_two"]],
  ["alter table w.t disable trigger mine", "a disabled trigger", ["~ trigger mine"]],
  ["create trigger late before insert on w.t for each row execute function w.f()", "a trigger", ["+ trigger late"]],
  ["create trigger s after insert on w.t for each statement execute function w.f()", "a statement trigger", []],
  ["create or replace function w.f() returns trigger language plpgsql as $$ begin return null; end $$", "a body", []],
  ["create view w.v as select a from w.t", "a view", ["+ view w.v"]],
  ["create view w.v as select b from w.t", "a view of another column", []],
  ["create view w.v as select t as x from w.t", "a view of the row", ["+ view w.v"]],
  ["alter table w.t enable row level security", "row security", ["~ table w.t"]],
  ["alter table w.t replica identity full", "replica identity", ["~ table w.t"]],
  ["comment on table w.t is 'x'; alter table w.t owner to catalog_fingerprint", "comment and owner", []],
  ["create statistics w.st on a, b from w.t", "statistics", ["+ statistics w.st"]],
  ["create table w.child (t_id bigint references w.t (id))", "a key to another column", []],
  ["alter table w.t add d integer", "another column", []],
  ["alter table w.t add g integer generated always as (a + 1) stored", "a generated column", ["+ generated column g"]],
  [
    "alter table w.t add a2 integer; create index on w.t (a2); create index changeover_t_a_idx on w.t (a2, a);" +
      "alter table w.t add constraint changeover_a_check check (a2 > 0 or a > 0) not valid;" +
      'create trigger "~~changeover_x" before insert on w.t for each row execute function w.f();' +
      "create trigger only_new before update of a2 on w.t for each row execute function w.f()",
    "ours, and what mentions the added column alone",
    [],
  ],
  [
    "alter table w.t add a2 integer; create index both_idx on w.t (a, a2)",
    "somebody's index on both",
    ["+ index both_idx"],
  ],
])("%s: %s", async (change, _what, expected) => {
  const before = await read(W);
  await t.sql(change);
  expect(differ(before, await read(W), A)).toEqual(expected);
});

test("the column whose NOT NULL is the plan's own work may change in that, and in nothing else", async () => {
  const own: Scope = { table: W, columns: ["b"], added: null, notNull: "b" };
  const before = await read(W);
  await t.sql("alter table w.t alter b set not null");
  expect(differ(before, await read(W), own)).toEqual([]);
  await t.sql("alter table w.t alter b set default 'x'");
  expect(differ(before, await read(W), own)).toEqual(["~ column b"]);
});

test.each<[string, boolean]>([
  ["alter table w.t alter n set increment 5", true],
  ["alter table w.t alter n set maxvalue 77", true],
  ["alter table w.t alter n set cycle", true],
  ["alter table w.t alter n set cache 9", true],
  ["alter table w.t alter n set generated by default", true],
  ["alter sequence w.t_n_seq rename to other", true],
  ["comment on sequence w.t_n_seq is 'x'", true],
  ["grant usage on sequence w.t_n_seq to public", true],
  ["create view w.v as select last_value from w.t_n_seq", true],
  ["grant usage on sequence w.t_n_seq to current_user", false],
  ["select nextval('w.t_n_seq')", false],
])("an identity's sequence: %s", async (change, told) => {
  await t.sql("alter table w.t add n integer generated always as identity");
  const own: Scope = { table: W, columns: ["n"], added: null, notNull: null };
  const before = await read(W);
  await t.sql(change);
  expect(differ(before, await read(W), own)).toEqual(told ? ["~ column n"] : []);
});

test("an identity, and the default that stands in for it, count as one where NOT NULL is the plan's own work", async () => {
  await t.sql("alter table w.t add n integer generated always as identity");
  const own: Scope = { table: W, columns: ["n"], added: "changeover_n", notNull: "n" };
  const before = await read(W);
  const standIn = (owner: string) => `create sequence w.t_n_seq owned by w.t.${owner};
    alter table w.t alter n set default nextval('w.t_n_seq')`;
  await t.sql(`alter table w.t alter n drop identity, add changeover_n bigint; ${standIn("changeover_n")}`);
  expect(differ(before, await read(W), own)).toEqual([]);
  await t.sql("alter sequence w.t_n_seq rename to other");
  expect(differ(before, await read(W), own)).toEqual(["~ column n"]);
  await t.sql(`alter table w.t alter n drop default; drop sequence w.other; ${standIn("n")}`);
  expect(differ(before, await read(W), own)).toEqual(["~ column n"]);
});

test("a NOT NULL constraint's name counts only where a person gave it", async () => {
  const before = lines(await read(W));
  await t.sql("alter table w.t alter a drop not null; alter table w.t alter a set not null");
  expect(lines(await read(W))).toEqual(before);
  if (MAJOR < 18) return;
  await t.sql("alter table w.t rename constraint t_a_not_null to mine");
  expect(lines(await read(W))).not.toEqual(before);
});

test("a fingerprint comes back after an undo, and shows a leftover", async () => {
  const before = lines(await read(W));
  await t.sql(
    "alter table w.t add a2 integer, add constraint changeover_x check (a2 > 0); create index changeover_i on w.t (a2)",
  );
  const during = lines(await read(W));
  expect(during.filter((l) => !before.includes(l)).map((l) => l.split(" ").slice(0, 2).join(" "))).toEqual([
    "column a2",
    "index changeover_i",
    "constraint changeover_x",
  ]);
  await t.sql("alter table w.t drop a2");
  await t.sql("vacuum full analyze w.t");
  expect(lines(await read(W))).toEqual(before);
});

test("a fingerprint tells the order of the columns", async () => {
  const before = await read(W);
  await t.sql(
    "alter table w.t drop c; alter table w.t drop b; alter table w.t add c text, add b text; create index t_b_idx on w.t (b)",
  );
  const after = await read(W);
  expect(lines(after)).not.toEqual(lines(before));
  expect([...lines(after)].sort()).toEqual([...lines(before)].sort());
});
