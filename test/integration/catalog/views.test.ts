/** All that hangs on a view, and what stands in the way of making it anew. */
import { expect, test } from "vitest";
import { expectationsOf } from "../../../src/catalog/fingerprint.js";
import { readSnapshot, readSnapshotWithin } from "../../../src/catalog/read.js";
import type { View } from "../../../src/catalog/snapshot.js";
import { withReaders } from "../../../src/catalog/views.js";
import { openDatabase } from "../../../src/db/pool.js";
import type { Session } from "../../../src/db/session.js";
import { transaction } from "../../../src/db/transaction.js";
import type { Scope } from "../../../src/revisions/revision.js";
import { trusted } from "../../../src/sql/text.js";
import { useDatabase } from "../../support/database.js";

const OWNER = "catalog_view_owner";
const OTHER = "catalog_view_other";
const t = useDatabase(`
  do $$ begin create role ${OWNER}; exception when duplicate_object or unique_violation then null; end $$;
  do $$ begin create role ${OTHER} login password '${OTHER}'; exception when duplicate_object or unique_violation then null; end $$;
  create schema w; grant usage, create on schema w to ${OWNER};
  create table w.t (id bigint primary key, a varchar(20) collate "C", b integer);
  grant select on w.t to ${OWNER};
  create view w.z_first with (security_barrier) as select id, a, b * 2 as twice from w.t where b > 0;
  alter view w.z_first owner to ${OWNER};
  grant all on w.z_first to ${OTHER};
  grant select on w.z_first to public;
  revoke truncate, delete on w.z_first from ${OWNER};
  set role ${OWNER}; grant update (a) on w.z_first to ${OTHER} with grant option; reset role;
  comment on view w.z_first is 'the first';
  comment on column w.z_first.a is 'its a';
  alter view w.z_first alter twice set default 4;
  create view w.y_second as select f.a, t.b from w.z_first f join w.t on t.id = f.id;
  create view w.a_third as select a from w.y_second;
  create materialized view w.stored as select id from w.z_first;
  create unique index on w.stored (id);
  create function w.f() returns setof w.a_third language sql as 'select * from w.a_third';
  create function w.g() returns trigger language plpgsql as $$ begin return new; end $$;
  create trigger late instead of insert on w.y_second for each row execute function w.g();
  create rule quiet as on delete to w.y_second do instead nothing;`);
const TABLE = { schema: "w", name: "t" };

async function views(): Promise<Record<string, View>> {
  const { table } = await readSnapshot(t.db, TABLE);
  return Object.fromEntries((table?.dependentViews ?? []).map((view) => [view.view.name, view]));
}

test("the whole of one", async () => {
  const given = { grantee: OTHER, grantor: OWNER };
  const plain = { default: null, comment: null, grants: [], collation: null };
  expect((await views()).z_first).toEqual({
    view: { schema: "w", name: "z_first" },
    kind: "view",
    columns: ["id", "a", "b"],
    over: [],
    definition: "SELECT t.id,\n    t.a,\n    (t.b * 2) AS twice\n   FROM w.t\n  WHERE (t.b > 0)",
    owner: OWNER,
    options: ["security_barrier=true"],
    comment: "the first",
    temporary: false,
    extension: null,
    labelled: false,
    rules: [],
    triggers: [],
    dependents: [],
    replaceable: true,
    givable: true,
    ownerLacks: ["DELETE", "TRUNCATE"],
    grants: [
      { ...given, privilege: "ALL", grantable: false },
      { ...given, grantee: null, privilege: "SELECT", grantable: false },
    ],
    outputs: [
      { ...plain, name: "id", type: "bigint" },
      {
        ...plain,
        name: "a",
        type: "character varying(20)",
        collation: 'pg_catalog."C"',
        comment: "its a",
        grants: [{ ...given, privilege: "UPDATE", grantable: true }],
      },
      { ...plain, name: "twice", type: "integer", default: "4" },
    ],
  });
});

test("what a DROP would refuse or take along", async () => {
  const found = await views();
  expect(found.a_third?.dependents).toEqual(["function w.f()"]);
  expect([found.y_second?.triggers, found.y_second?.rules]).toEqual([["late"], ["quiet"]]);
  // The index and the TOAST table of a materialized view are its own.
  expect(found.stored).toMatchObject({ kind: "materialized view", dependents: [] });
});

test("each after those that it reads, and those alone that read the chosen ones", async () => {
  const { table } = await readSnapshot(t.db, TABLE);
  if (table === null) throw new Error("no table");
  const order = (...names: string[]) =>
    withReaders(
      table,
      table.dependentViews.filter(({ view }) => names.includes(view.name)),
    ).map(({ view }) => view.name);
  expect(order("z_first")).toEqual(["z_first", "stored", "y_second", "a_third"]);
  expect(order("y_second")).toEqual(["y_second", "a_third"]);
  expect(order()).toEqual([]);
});

test("a role that is no member of the owner can neither replace it nor give it back", async () => {
  const url = new URL(t.url);
  [url.username, url.password] = [OTHER, OTHER];
  const other = openDatabase({ url: url.toString(), applicationName: "changeover test", connectTimeoutMs: 5000 });
  const { table } = await readSnapshot(other, TABLE);
  await other.close();
  expect(table?.dependentViews.find(({ view }) => view.name === "z_first")).toMatchObject({
    replaceable: false,
    givable: false,
  });
});

const scopes: Record<string, Scope> = {
  rename: { table: TABLE, columns: ["a"], added: "z", notNull: null },
  type: { table: TABLE, columns: ["a"], added: "changeover_a", notNull: null },
  inPlace: { table: TABLE, columns: ["a"], added: null, notNull: null },
  setNotNull: { table: TABLE, columns: ["a"], added: null, notNull: "a" },
};

test.each<[string, string, string[]]>([
  ["comment on view w.z_first is 'another'", "a comment", ["rename", "type", "inPlace"]],
  ["grant insert on w.z_first to public", "a grant", ["rename", "type", "inPlace"]],
  ["alter view w.z_first alter twice drop default", "a default", ["rename", "type", "inPlace"]],
  ["alter view w.z_first reset (security_barrier)", "an option", ["rename", "type", "inPlace"]],
  [
    "create or replace view w.z_first with (security_barrier) as select id, a, b * 3 as twice from w.t where b > 0",
    "its text",
    ["rename", "type", "inPlace"],
  ],
  [
    "create or replace view w.a_third as select a from w.y_second where a is not null",
    "one over a view",
    ["type", "inPlace"],
  ],
  ["create view w.fourth as select a from w.a_third", "a new one over it", ["type", "inPlace"]],
  ["create view w.fourth as select a from w.t", "a new one", ["rename", "type", "inPlace", "setNotNull"]],
])("drift: %s", async (statement, _, kinds) => {
  const told = async (session: Session) => {
    const snapshot = await readSnapshotWithin(session, TABLE);
    return Object.entries(scopes).map(
      ([kind, scope]) => [kind, JSON.stringify(expectationsOf(snapshot, scope))] as const,
    );
  };
  const found: string[] = [];
  const rolledBack = t.db.borrow((session) =>
    transaction(session, {}, async () => {
      const before = new Map(await told(session));
      await session.run(trusted(statement, "reviewed"));
      found.push(...(await told(session)).filter(([kind, text]) => before.get(kind) !== text).map(([kind]) => kind));
      throw new Error("enough");
    }),
  );
  await expect(rolledBack).rejects.toThrow("enough");
  expect(found).toEqual(kinds);
});
