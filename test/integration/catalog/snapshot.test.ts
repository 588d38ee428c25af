import { afterAll, beforeAll, expect, test } from "vitest";
import { readSnapshot } from "../../../src/catalog/read.js";
import type { Snapshot, Table } from "../../../src/catalog/snapshot.js";
import { useDatabase } from "../../support/database.js";
import { LONG, ODD, richSchema } from "./rich.js";

const ROLE = "catalog_snapshot";
const MAJOR = Number(process.env.PG_MAJOR ?? 18);
const t = useDatabase(richSchema(MAJOR, ROLE));
const from15 = MAJOR >= 15;
const from18 = MAJOR >= 18;
let snapshot: Snapshot;
let table: Table;

beforeAll(async () => {
  snapshot = await readSnapshot(t.db, { schema: "app", name: "orders" });
  if (snapshot.table === null) throw new Error("no table");
  table = snapshot.table;
});
afterAll(() => t.sql(`drop owned by ${ROLE}; drop role ${ROLE}`));

function named<T extends { readonly name: string }>(list: readonly T[], name: string): T {
  const found = list.find((it) => it.name === name);
  if (found === undefined) throw new Error(`no ${name} among ${list.map((it) => it.name).join(", ")}`);
  return found;
}
const column = (name: string) => named(table.columns, name);
const ALL = () => table.columns.map((c) => c.name);

test("the server, the role and the names that are taken", () => {
  expect(Math.floor(snapshot.serverVersion / 10_000)).toBe(MAJOR);
  expect(snapshot.settings.deadlockTimeoutMs).toBe(1000);
  expect(snapshot.role).toMatchObject({
    superuser: true,
    ownsTable: true,
    canBypassTriggers: true,
    bypassesRowSecurity: true,
  });
  for (const name of ["orders", "orders_pkey", "cheap", "row_check", "orders_id_seq"])
    expect(snapshot.takenNames).toContain(name);
  expect(snapshot.takenNames).not.toContain("pg_class");
});

test("the table's own facts", () => {
  expect(table).toMatchObject({
    schema: "app",
    name: "orders",
    kind: "table",
    persistence: "permanent",
    accessMethod: "heap",
    owner: "postgres",
    comment: "the orders",
    isPartition: false,
    partitionKey: null,
    inheritsFrom: [],
    inheritedBy: [],
    ofType: false,
    rowSecurity: true,
    rowSecurityForced: true,
    replicaIdentity: { kind: "index", index: "orders_replica_idx" },
  });
});

test("columns: live ones alone, in order, with types that say their schema", () => {
  expect(table.columns.map((c) => c.position)).toEqual(table.columns.map((_, n) => n + 1));
  expect(ALL().slice(0, 7)).toEqual(["id", "serial_no", "total", "note", "select", LONG, 'Wéird "col"']);
  expect(column("total")).toMatchObject({
    type: "numeric(10,2)",
    typeKind: "base",
    collation: null,
    notNull: true,
    default: "1.50",
    identity: null,
    generated: null,
    comment: `what it costs; it's "net"`,
    options: ["n_distinct=5"],
    ownedSequences: [],
    securityLabels: 0,
  });
  expect(column("note")).toMatchObject({
    collation: 'pg_catalog."C"',
    default: "'a''b'::text",
    statisticsTarget: 77,
    storage: "external",
    compression: "pglz",
  });
  expect(column("id")).toMatchObject({
    identity: "always",
    ownedSequences: [],
    default: null,
    statisticsTarget: null,
    storage: null,
    compression: null,
  });
  expect(column("id").identitySequence).toEqual({
    schema: "app",
    name: "orders_id_seq",
    type: "integer",
    start: "1",
    increment: "1",
    min: "1",
    max: "2147483647",
    cache: "1",
    cycle: false,
    persistence: null,
    comment: null,
    grants: [],
    securityLabels: 0,
    dependents: [],
  });
  expect(column("by_default").identity).toBe("by default");
  expect(column("by_default").identitySequence).toMatchObject({
    name: "orders_by_default_seq",
    start: "-7",
    increment: "-2",
    min: "-9000",
    max: "5",
    cache: "3",
    cycle: true,
    comment: "counts down",
    grants: [{ grantee: null, grantor: expect.any(String), privilege: "USAGE", grantable: false }],
    dependents: ["default value for app.identities.borrowed", expect.stringContaining("on app.last_of_them")],
  });
  expect(column("total").identitySequence).toBeNull();
  expect(column("serial_no").ownedSequences).toEqual([{ schema: "app", name: "orders_serial_no_seq" }]);
  expect(column("serial_no").default).toBe("nextval('app.orders_serial_no_seq'::regclass)");
  expect(column("twice")).toMatchObject({
    generated: "stored",
    generatedFrom: ["total"],
    default: "(total * (2)::numeric)",
  });
  if (from18) expect(column("virtually")).toMatchObject({ generated: "virtual", generatedFrom: ["total", "ratio"] });
  expect(column("total").generatedFrom).toEqual([]);
});

test("columns: what kind of type, and whether a domain constrains it", () => {
  const kinds = ["total", "checked", "mood", "pair", "span"].map((name) => column(name).typeKind);
  expect(kinds).toEqual(["base", "domain", "enum", "composite", "range"]);
  expect(column("mood").type).toBe("app.mood");
  expect(column("checked").domainConstrained).toBe(true);
  expect(column("plain").domainConstrained).toBe(false);
  expect(column("fold").collation).toBe(null);
});

test("columns: equality is image only where it is known to be", () => {
  const image = table.columns.filter((c) => c.equalityIsImage).map((c) => c.name);
  const coarse = table.columns.filter((c) => !c.equalityIsImage).map((c) => c.name);
  expect(coarse).toEqual([
    "total",
    "pair",
    "fold",
    "code",
    "doc",
    "raw",
    "nspan",
    "ratio",
    "lapse",
    "twice",
    "body",
    ...(from18 ? ["virtually"] : []),
  ]);
  expect(image).toEqual(
    expect.arrayContaining(["id", "note", "mood", "ints", "checked", "plain", "at", "span", "names"]),
  );
});

test("types and constants print alike whatever the database sets", async () => {
  await t.sql(`do $$ begin
    execute format('alter database %I set timezone = %L', current_database(), 'Asia/Tokyo');
    execute format('alter database %I set datestyle = %L', current_database(), 'German');
    execute format('alter database %I set quote_all_identifiers = on', current_database());
  end $$`);
  const session = await t.db.open("other settings");
  const other = await readSnapshot(session, { schema: "app", name: "orders" });
  await session.close();
  expect(other.table).toEqual(table);
});

test("column grants with their grantors", () => {
  expect(column("total").grants).toEqual([
    { grantee: ROLE, grantor: "postgres", privilege: "SELECT", grantable: true },
    { grantee: ROLE, grantor: "postgres", privilege: "UPDATE", grantable: false },
  ]);
  expect(column("id").grants).toEqual([
    { grantee: null, grantor: "postgres", privilege: "REFERENCES", grantable: false },
  ]);
});

test("NOT NULL constraints have a row of their own on 18", () => {
  expect(column("total").notNullConstraint).toEqual(
    from18 ? { name: "orders_total_not_null", validated: true, noInherit: false } : null,
  );
  expect(column("note").notNull).toBe(from18);
  if (from18)
    expect(column("note").notNullConstraint).toEqual({ name: "note must be", validated: false, noInherit: false });
});

test("indexes: every column that they mention, and their keys in pieces", () => {
  expect(named(table.indexes, "orders_total_idx")).toMatchObject({
    method: "btree",
    unique: false,
    primary: false,
    exclusion: false,
    immediate: true,
    valid: true,
    clustered: false,
    constraint: null,
    keys: [
      { column: "total", expression: null, collation: null, opclass: null, descending: true, nullsFirst: true },
      {
        column: "note",
        expression: null,
        collation: 'pg_catalog."POSIX"',
        opclass: "pg_catalog.text_pattern_ops",
        descending: false,
        nullsFirst: false,
      },
    ],
    include: ["select"],
    predicate: "(mood = 'ok'::app.mood)",
    options: ["fillfactor=70"],
    tablespace: null,
    comment: "an index",
    columns: ["total", "note", "select", "mood"],
  });
  const lower = named(table.indexes, "orders_lower_idx");
  expect(lower.keys.map((k) => k.expression)).toEqual([
    "lower(note)",
    '((total + ("select")::numeric))',
    "lower((plain)::text)",
  ]);
  expect(lower.keys.map((k) => k.collation)).toEqual([null, null, 'pg_catalog."C"']);
  expect(lower.keys[1]).toMatchObject({ column: null, descending: true, nullsFirst: false });
  expect(lower.columns).toEqual(["total", "note", "select", "plain"]);
  expect(lower.statisticsTargets).toEqual([{ position: 2, target: 300 }]);
  expect(named(table.indexes, "orders_row_idx").columns).toEqual(ALL());
  expect(named(table.indexes, "orders_doc_idx").keys[0]?.opclass).toBe("pg_catalog.jsonb_path_ops");
  expect(named(table.indexes, "orders_body_idx").keys[0]?.opclass).toBe("pg_catalog.tsvector_ops (siglen='32')");
  // Polymorphic default classes are found to be defaults.
  expect(named(table.indexes, "orders_names_idx").keys[0]?.opclass).toBe(null);
  expect(named(table.indexes, "orders_mood_idx")).toMatchObject({ clustered: true, columns: ["mood", LONG] });
  expect(named(table.indexes, "orders_pkey")).toMatchObject({ primary: true, unique: true, constraint: "orders_pkey" });
  expect(named(table.indexes, "orders_unique_idx")).toMatchObject({ unique: true, nullsNotDistinct: from15 });
  expect(named(table.indexes, "both_key")).toMatchObject({
    immediate: false,
    include: ["mood"],
    columns: ["id", "serial_no", "mood"],
    constraint: "both_key",
  });
  expect(named(table.indexes, "no_overlap")).toMatchObject({ exclusion: true, columns: ["span", "total", "at"] });
});

test("an index that a failed build left behind is invalid", async () => {
  await t.sql("create table app.dup as select 1 as a from generate_series(1, 2)");
  await expect(t.sql("create unique index concurrently dup_a on app.dup (a)")).rejects.toThrow(
    /could not create unique index/,
  );
  const dup = await readSnapshot(t.db, { schema: "app", name: "dup" });
  expect(dup.table?.indexes[0]).toMatchObject({ name: "dup_a", valid: false });
});

test("constraints", () => {
  const get = (name: string) => named(table.constraints, name);
  expect(get("total_check")).toMatchObject({
    kind: "check",
    validated: true,
    enforced: true,
    noInherit: true,
    comment: "a check",
    columns: ["total", "select"],
    expression: '((total > (0)::numeric) AND ("select" IS DISTINCT FROM 7))',
    index: null,
    foreign: null,
    temporal: false,
  });
  expect(get("row_check")).toMatchObject({ validated: false, columns: ALL() });
  expect(get("orders_pkey")).toMatchObject({ kind: "primary key", columns: ["id"], index: "orders_pkey" });
  expect(get("both_key")).toMatchObject({
    kind: "unique",
    deferrable: true,
    deferred: true,
    columns: ["id", "serial_no", "mood"],
    index: "both_key",
  });
  expect(get("no_overlap")).toMatchObject({ kind: "exclusion", columns: ["span", "total", "at"] });
  expect(get("customer_fk")).toMatchObject({
    kind: "foreign key",
    deferrable: true,
    deferred: false,
    columns: ["customer_id", "customer_code"],
    index: null,
    foreign: {
      table: { schema: "app", name: "customers" },
      columns: ["id", "code"],
      onUpdate: "CASCADE",
      onDelete: "SET NULL",
      onDeleteColumns: [],
      match: "FULL",
    },
  });
  expect(get("tag_fk")).toMatchObject({
    validated: false,
    foreign: { onUpdate: "NO ACTION", match: "SIMPLE", onDeleteColumns: from15 ? ["customer_code"] : [] },
  });
  expect(get("tag_fk").definition).toContain("REFERENCES app.customers(code)");
  expect(get("d_constraint")).toMatchObject({ kind: "trigger", deferred: true });
  if (from18) {
    expect(get("loose_check")).toMatchObject({ enforced: false });
    expect(get("note must be")).toMatchObject({ kind: "not null", columns: ["note"], validated: false });
  }
  expect(table.incomingForeignKeys).toEqual([
    { name: "items_fk", from: { schema: "app", name: "order_items" }, fromColumns: ["order_id"], columns: ["id"] },
  ]);
});

test.runIf(from18)("a key WITHOUT OVERLAPS is temporal", async () => {
  await t.sql("create table app.stays (room int4range, during daterange, primary key (room, during without overlaps))");
  const stays = await readSnapshot(t.db, { schema: "app", name: "stays" });
  expect(named(stays.table?.constraints ?? [], "stays_pkey")).toMatchObject({
    temporal: true,
    columns: ["room", "during"],
  });
});

test("triggers, in the order in which they fire", () => {
  expect(table.triggers.map((x) => x.name)).toEqual([
    "a_row",
    "b_touch",
    "c_statement",
    "d_constraint",
    "e_search",
    "~~changeover_1_sync",
  ]);
  expect(named(table.triggers, "b_touch")).toMatchObject({
    timing: "before",
    level: "row",
    events: ["insert", "update"],
    enabled: "always",
    updateOf: ["total", "note"],
    columns: ["total", "note", "select"],
    function: { schema: "app", name: "touch" },
    constraint: false,
    ours: false,
  });
  expect(named(table.triggers, "a_row")).toMatchObject({
    timing: "after",
    enabled: "disabled",
    updateOf: [],
    columns: ALL(),
  });
  expect(named(table.triggers, "c_statement")).toMatchObject({
    level: "statement",
    events: ["delete", "truncate"],
    enabled: "replica",
    columns: [],
  });
  expect(named(table.triggers, "d_constraint")).toMatchObject({
    constraint: true,
    enabled: "origin",
    function: { schema: "app", name: "Naughty; fn" },
  });
  expect(named(table.triggers, "~~changeover_1_sync").ours).toBe(true);
});

test("policies and rules, also those of other tables that read this one", () => {
  expect(table.policies.map(({ name, columns }) => ({ name, columns }))).toEqual([
    { name: "own", columns: ["total", "mood", "ratio"] },
    { name: "theirs on app.order_items", columns: ["id", "lapse"] },
  ]);
  expect(table.policies[0]?.definition).toMatch(
    /^AS RESTRICTIVE FOR UPDATE TO PUBLIC USING \(.*app\.orders.*\) WITH CHECK \(.*app\.mood.*\)$/s,
  );
  expect(table.rules).toEqual([
    { name: "on_insert", columns: ["total", "note"] },
    { name: "elsewhere on app.customers", columns: ["customer_id", "customer_code"] },
  ]);
});

test("views that read the table, with what they read of it, and those that read them", () => {
  const cheap = { schema: "app", name: "cheap" };
  expect(table.dependentViews.map(({ view, kind, columns, over }) => ({ view, kind, columns, over }))).toEqual([
    { view: { schema: 'Odd "schema"', name: "a view" }, kind: "view", columns: ["note", "customer_id"], over: [] },
    { view: cheap, kind: "view", columns: ["id", "total", "mood"], over: [] },
    { view: { schema: "app", name: "heavy" }, kind: "materialized view", columns: ALL(), over: [] },
    { view: { schema: "app", name: "over_view" }, kind: "view", columns: [], over: [cheap] },
  ]);
});

test("extended statistics", () => {
  expect(table.statistics).toEqual([
    {
      name: { schema: 'Odd "schema"', name: "Expr stats" },
      columns: ["note", "mood"],
      keys: ["mood"],
      expressions: ["lower(note)"],
      kinds: ["ndistinct", "dependencies", "mcv"],
      target: null,
      comment: null,
    },
    {
      name: { schema: "app", name: "orders_stats" },
      columns: ["total", "select"],
      keys: ["select", "total"],
      expressions: [],
      kinds: ["ndistinct", "mcv"],
      target: 55,
      comment: null,
    },
  ]);
});

test("publications: by name, by schema, of all tables", () => {
  expect(table.publications).toEqual([
    {
      name: "by_name",
      allTables: false,
      columns: from15 ? ["id", "serial_no", "total"] : null,
      filterColumns: from15 ? ["serial_no", "total"] : [],
    },
    ...(from15 ? [{ name: "by_schema", allTables: false, columns: null, filterColumns: [] }] : []),
    { name: "everything", allTables: true, columns: null, filterColumns: [] },
  ]);
});

test("functions that name the table, depend on it, or are its triggers'", () => {
  const told = table.functions.map((f) => [f.function.name, f.language, f.onTrigger, f.namesTable, f.columns]);
  expect(told).toEqual([
    ["Naughty; fn", "plpgsql", true, false, []],
    ["dynamic", "plpgsql", false, true, ["select"]],
    ["label", "sql", false, true, ["note"]],
    ["labels", "plpgsql", false, true, ["code"]],
    ["standard", "sql", false, true, ["ratio"]],
    ["sum_orders", "sql", false, true, ["total"]],
    ["touch", "plpgsql", true, false, ["note"]],
    ["tsvector_update_trigger", "internal", true, false, ["note", 'Wéird "col"', "body"]],
  ]);
  expect(table.functions.find((f) => f.function.name === "dynamic")).toMatchObject({
    arguments: "integer",
    owner: "postgres",
  });
});

test("a table in a schema with quotes, its columns, index, check and function", async () => {
  const odd = (await readSnapshot(t.db, ODD)).table;
  expect(odd).toMatchObject(ODD);
  expect(odd?.columns.map((c) => c.name)).toEqual(['Na"me', "from", LONG]);
  expect(odd?.indexes).toMatchObject([{ name: 'Idx "x"', columns: ['Na"me', "from"], predicate: '("from" > 0)' }]);
  expect(odd?.constraints).toMatchObject([{ name: 'Che"ck', columns: ["from", LONG] }]);
  expect(odd?.functions.map((f) => [f.function.name, f.columns])).toEqual([["quoted", ['Na"me']]]);
});
