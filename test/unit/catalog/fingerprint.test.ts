import fc from "fast-check";
import { expect, test } from "vitest";
import { canonical } from "../../../src/catalog/facts.js";
import {
  compareExpectations,
  expectationsOf,
  printDifference,
  tableFingerprint,
} from "../../../src/catalog/fingerprint.js";
import { isDefaultNotNullName, isOurs, printName } from "../../../src/catalog/names.js";
import type { Column, Index, Snapshot, Table } from "../../../src/catalog/snapshot.js";
import type { Expectation, Scope } from "../../../src/revisions/revision.js";

const column = (name: string, position: number): Column => ({
  name,
  position,
  type: "integer",
  inputType: "integer",
  typeKind: "base",
  domainConstrained: false,
  collation: null,
  equalityIsImage: true,
  notNull: false,
  notNullConstraint: null,
  default: null,
  identity: null,
  identitySequence: null,
  generated: null,
  generatedFrom: [],
  ownedSequences: [],
  comment: null,
  statisticsTarget: null,
  storage: null,
  compression: null,
  options: [],
  grants: [],
  securityLabels: 0,
});
const index = (name: string, ...columns: string[]): Index => ({
  name,
  method: "btree",
  unique: false,
  primary: false,
  exclusion: false,
  immediate: true,
  valid: true,
  nullsNotDistinct: false,
  clustered: false,
  constraint: null,
  keys: columns.map((c) => ({
    column: c,
    expression: null,
    collation: null,
    opclass: null,
    descending: false,
    nullsFirst: false,
  })),
  include: [],
  predicate: null,
  options: [],
  tablespace: null,
  comment: null,
  statisticsTargets: [],
  columns,
  definition: `CREATE INDEX ${name} ON app.orders USING btree (${columns.join(", ")})`,
});
const table: Table = {
  schema: "app",
  name: "orders",
  kind: "table",
  persistence: "permanent",
  accessMethod: "heap",
  owner: "app",
  comment: null,
  isPartition: false,
  partitionKey: null,
  partitions: null,
  inheritsFrom: [],
  inheritedBy: [],
  ofType: false,
  rowSecurity: false,
  rowSecurityForced: false,
  replicaIdentity: { kind: "default", index: null },
  size: { rows: 1, pages: 1, heapBytes: 8192, indexBytes: 0 },
  columns: [column("id", 1), column("total", 2)],
  indexes: [index("orders_total_idx", "total")],
  constraints: [],
  incomingForeignKeys: [],
  triggers: [],
  policies: [],
  rules: [],
  dependentViews: [],
  publications: [],
  statistics: [],
  functions: [],
};
const snapshot = (changed: Partial<Table> = {}): Snapshot => ({
  serverVersion: 180_004,
  table: { ...table, ...changed },
  takenNames: [],
  settings: { deadlockTimeoutMs: 1000 },
  role: {
    name: "app",
    superuser: false,
    ownsTable: true,
    canCreateSchema: true,
    canBypassTriggers: false,
    bypassesRowSecurity: false,
  },
});
const scope: Scope = { table: { schema: "app", name: "orders" }, columns: ["total"], added: "amount", notNull: null };

test("the hashes are those that reviewed plans already hold", () => {
  // A change here makes every plan that was written before look drifted.
  expect(expectationsOf(snapshot(), scope)).toMatchInlineSnapshot(`
    [
      {
        "hash": "b09cdaee8b9a",
        "kind": "column",
        "name": "total",
      },
      {
        "hash": "ab49eade5d1f",
        "kind": "index",
        "name": "orders_total_idx",
      },
      {
        "hash": "85728e9fabe4",
        "kind": "table",
        "name": "app.orders",
      },
    ]
  `);
  expect(tableFingerprint(table)).toMatchInlineSnapshot(`
    {
      "hash": "9997ab7f2cf9",
      "lines": [
        "table app.orders {"accessMethod":"heap","kind":"table","owner":"app","persistence":"permanent","replicaIdentity":"default"}",
        "column id {"equalityIsImage":true,"type":"integer","typeKind":"base"}",
        "column total {"equalityIsImage":true,"type":"integer","typeKind":"base"}",
        "index orders_total_idx {"definition":"CREATE INDEX orders_total_idx ON app.orders USING btree (total)"}",
      ],
    }
  `);
});

test("sizes, positions, owner, comment and the server's version are nobody's business", () => {
  const other = snapshot({
    size: { rows: 9, pages: 9, heapBytes: 9, indexBytes: 9 },
    owner: "else",
    comment: "x",
    columns: [column("first", 1), column("id", 2), column("total", 3)],
  });
  expect(expectationsOf({ ...other, serverVersion: 140_023 }, scope)).toEqual(expectationsOf(snapshot(), scope));
});

test("twins of ours and the added column are left out", () => {
  const later = snapshot({
    columns: [...table.columns, column("amount", 3)],
    indexes: [
      ...table.indexes,
      index("changeover_orders_total_idx", "amount"),
      index("changeover_x", "total"),
      index("mine", "amount"),
    ],
  });
  expect(expectationsOf(later, scope)).toEqual(expectationsOf(snapshot(), scope));
  const both = { ...scope, columns: ["total", "amount"] };
  expect(expectationsOf(later, both)).toEqual(expectationsOf(snapshot(), scope));
});

test("what the owner granted tells no grantor, what another granted does", () => {
  const granted = (grantor: string) =>
    tableFingerprint({
      ...table,
      columns: [{ ...column("a", 1), grants: [{ grantee: null, grantor, privilege: "SELECT", grantable: false }] }],
    }).lines[1];
  expect(granted("app")).toContain("SELECT to PUBLIC");
  expect(granted("app")).not.toContain(" by ");
  expect(granted("else")).toContain("SELECT to PUBLIC by else");
});

test("differences, sorted and in one line each", () => {
  const of = (name: string, hash: string | null): Expectation => ({ kind: "index", name, hash });
  const differences = compareExpectations(
    [of("same", "aa"), of("other", "aa"), of("gone", "aa"), of("never", null)],
    [of("new\nidx", "aa"), of("same", "aa"), of("other", "bb")],
  );
  expect(differences.map(printDifference)).toEqual(["- index gone", '+ index "new\\nidx"', "~ index other"]);
  expect(compareExpectations([of("x", null)], [of("x", "aa")]).map(printDifference)).toEqual(["+ index x"]);
});

test("a comparison with itself finds nothing, and its reverse swaps added and missing", () => {
  const list = fc.uniqueArray(
    fc.record({
      kind: fc.constantFrom("index", "view"),
      name: fc.string({ maxLength: 2 }),
      hash: fc.constantFrom("aa", "bb", null),
    }),
    { selector: (e) => `${e.kind}\n${e.name}` },
  );
  const swap = { added: "missing", missing: "added", changed: "changed" };
  fc.assert(
    fc.property(list, list, (a, b) => {
      expect(compareExpectations(a, a)).toEqual([]);
      const there = compareExpectations(a, b).map((d) => ({ ...d, change: swap[d.change] }));
      expect(compareExpectations(b, a)).toEqual(there);
    }),
  );
});

test("facts that say nothing do not count, in whatever order they come", () => {
  expect(canonical({ b: null, a: "x", c: false, d: [], e: 0, f: "" })).toBe('{"a":"x","e":0,"f":""}');
  expect(canonical({ f: "", e: 0, a: "x" })).toBe(canonical({ a: "x", e: 0, f: "" }));
});

test("names", () => {
  expect([isOurs("changeover_x"), isOurs("~~changeover_x"), isOurs("my_changeover_x"), isOurs("changeover")]).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect([printName("plain.name"), printName("a b"), printName('a"b')]).toEqual(["plain.name", '"a b"', '"a\\"b"']);
  expect(isDefaultNotNullName("t_a_not_null", "t", "a")).toBe(true);
  expect(isDefaultNotNullName("t_a_not_null", "t", "b")).toBe(false);
});
