import { readFile } from "node:fs/promises";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { transaction } from "../../../src/db/transaction.js";
import { evidenceIn, readEvidence } from "../../../src/journal/evidence.js";
import { sql } from "../../../src/sql/text.js";
import { useDatabase } from "../../support/database.js";

const database = useDatabase();
const total = { table: { schema: "app", name: "orders" }, column: "total" };
const NOTHING = "-- changeover revision aaaaaaaaaaaa\n-- parent none\n\n-- upgrade\n\n-- downgrade\n";
const read = () => readEvidence(database.db, "p", []);

beforeAll(async () => {
  await database.sql(await readFile("src/journal/schema.sql", "utf8"));
  await database.sql("create schema app");
});

beforeEach(async () => {
  await database.sql(`
    truncate changeover.plan cascade; truncate changeover.sighting;
    insert into changeover.plan (slug, change, kind, table_schema, table_name, columns)
      select slug, 'rename_column', 'rename_column', 'app', 'orders', '{total}' from unnest(array['p', 'q']) slug;
    insert into changeover.revision (id, plan, name, title, parents, depends_on, lane, phase, runner, checksum, text, state, started_at, finished_at, actor)
      values ('aaaaaaaaaaaa', 'p', 'expand', '', '{}', '{}', 'trunk', 'expand', 'transactional', '', '${NOTHING}', 'done', '2026-01-01 00:00Z', '2026-01-01 00:00Z', 'a'),
             ('bbbbbbbbbbbb', 'p', 'dual-write', '', '{}', '{}', 'trunk', 'dual-write', 'transactional', '', '${NOTHING}', 'done', '2026-01-02 00:00Z', '2026-01-02 00:00Z', 'a'),
             ('cccccccccccc', 'p', 'fill', '', '{}', '{}', 'tail', 'backfill', 'backfill', '', '${NOTHING}', 'running', '2026-01-03 00:00Z', null, 'a'),
             ('dddddddddddd', 'q', 'fill', '', '{}', '{}', 'tail', 'backfill', 'backfill', '', '${NOTHING}', 'running', '2026-01-03 00:00Z', null, 'a');
    insert into changeover.fill (revision, pages, rows_estimated) values ('cccccccccccc', 10, 10), ('dddddddddddd', 10, 10);
  `);
});

test("a plan of which nothing is known has no evidence", async () => {
  const { now, ...rest } = await read();
  expect(Math.abs(now.getTime() - Date.now())).toBeLessThan(60_000);
  const none = { lastAt: null, writers: [], lastConnected: null };
  expect(rest).toEqual({
    verification: null,
    confirmation: null,
    failures: [],
    skipped: 0,
    sightedSince: null,
    sightings: { old: { side: "old", ...none }, new: { side: "new", ...none } },
    unmirrored: { forth: null, back: null },
    mirror: { table: "there", faults: [], stamps: {}, trusted: {} },
    functionsNaming: new Map(),
  });
});

test("the last verification of the plan counts, finished or not", async () => {
  await database.sql(`
    insert into changeover.verification (revision, pages, rows, mismatches, keys, started_at, finished_at)
      values ('cccccccccccc', 10, 100, 2, '["id=4", "id=9"]', '2026-01-04 00:00Z', '2026-01-04 01:00Z'),
             ('dddddddddddd', 10, 999, 0, '[]', '2026-01-06 00:00Z', null)`);
  expect((await read()).verification).toEqual({
    startedAt: new Date("2026-01-04T00:00Z"),
    finishedAt: new Date("2026-01-04T01:00Z"),
    rows: 100,
    mismatches: 2,
    keys: ["id=4", "id=9"],
    skipped: 0,
    lost: 0,
    lostKeys: [],
    mirror: {},
    fraction: 0,
  });
  await database.sql("insert into changeover.verification (revision, pages) values ('cccccccccccc', 10)");
  expect((await read()).verification).toMatchObject({ finishedAt: null, rows: 0 });
});

test("the last confirmation of the plan counts, with all that it was made despite", async () => {
  const confirm = (plan: string, release: string, despite: string[], at: string) =>
    database.sql(
      "insert into changeover.confirmation (plan, release, despite, reason, actor, at) values ($1, $2, $3, 'why', 'ann', $4)",
      [plan, release, despite, at],
    );
  await confirm("p", "v2", ["quiet"], "2026-01-05 00:00Z");
  await confirm("p", "v3", ["verified", "functions", "long-gone-name"], "2026-01-06 00:00Z");
  await confirm("q", "v9", [], "2026-01-07 00:00Z");
  expect((await read()).confirmation).toEqual({
    release: "v3",
    despite: ["verified", "functions"],
    reason: "why",
    actor: "ann",
    at: new Date("2026-01-06T00:00Z"),
    mirror: {},
  });
});

test("a confirmation made before the dual-write was undone and applied again is forgotten", async () => {
  const confirm = (at: string) =>
    database.sql(
      "insert into changeover.confirmation (plan, release, despite, actor, at) values ('p', 'v1', '{quiet}', 'ann', $1)",
      [at],
    );
  await confirm("2026-01-01 12:00Z");
  expect((await read()).confirmation).toBeNull();
  await confirm("2026-01-02 12:00Z");
  expect((await read()).confirmation).not.toBeNull();
  await database.sql("delete from changeover.revision where plan = 'p'");
  expect((await read()).confirmation).toBeNull();
});

test("failures are the rows of this plan that wait, after what has stopped a slice; skipped ones are counted", async () => {
  const error = { key: "id=42", sqlstate: "22003", message: "integer out of range" };
  for (const [revision, number, state] of [
    ["cccccccccccc", 1, "blocked"],
    ["cccccccccccc", 2, "due"],
    ["dddddddddddd", 1, "blocked"],
  ]) {
    await database.sql(
      "insert into changeover.slice (revision, number, relation, lo, hi, next, state, error) values ($1, $2, 1, 0, 5, 0, $3, $4)",
      [revision, number, state, error],
    );
  }
  for (const [revision, id, settled] of [
    ["cccccccccccc", 7, null],
    ["cccccccccccc", 8, "skipped"],
    ["dddddddddddd", 9, null],
  ]) {
    await database.sql(
      `insert into changeover.quarantine (revision, relation, key, name, page, sqlstate, message, settled, settled_by, settled_at, reason)
       select $1, 1, array[$2::text], 'id=' || $2, 0, '22012', 'division by zero', $3::text, w, case when w is not null then now() end, w
         from (select case when $3::text is not null then 'ann' end) as word (w)`,
      [revision, String(id), settled],
    );
  }
  expect(await read()).toMatchObject({
    failures: [error, { key: "id=7", sqlstate: "22012", message: "division by zero" }],
    skipped: 1,
  });
});

test("the user's trigger functions that name the column are found, on partitions too, ours and others' left alone", async () => {
  const body = (text: string) => `returns trigger language plpgsql as $$ begin ${text}; return new; end $$`;
  await database.sql(`
    create table app.orders (id bigint, total integer) partition by range (id);
    create table app.orders_1 partition of app.orders for values from (1) to (100);
    create table app.elsewhere (total integer);
    create function app.on_parent() ${body("new.TOTAL := 1")};
    create function app.on_leaf() ${body('new."total" := 1')};
    create function app.harmless() ${body("new.id := 1")};
    create function app.unrelated() ${body("new.total := 1")};
    create function changeover.sync_p() ${body("new.total := 1")};
    create trigger a before insert on app.orders for each row execute function app.on_parent();
    create trigger b before insert on app.orders_1 for each row execute function app.on_leaf();
    create trigger c before insert on app.orders for each row execute function app.harmless();
    create trigger d before insert on app.elsewhere for each row execute function app.unrelated();
    create trigger "~~changeover_sync" before insert on app.orders for each row execute function changeover.sync_p();
  `);
  const naming = async (...gone: (typeof total)[]) => [...(await readEvidence(database.db, "p", gone)).functionsNaming];
  expect(await naming(total, { ...total, column: "id" }, { ...total, column: "no" })).toEqual([
    ["total", ["app.on_leaf()", "app.on_parent()"]],
    ["id", ["app.harmless()"]],
    ["no", []],
  ]);
  expect(await naming({ table: { schema: "app", name: "nowhere" }, column: "total" })).toEqual([["total", []]]);
});

test("asked again inside a transaction that holds the lock, it sees a writer whose transaction was still open before", async () => {
  await database.sql("create table app.guarded (id int); insert into app.guarded values (1)");
  const writer = await database.client({ application_name: "slow" });
  await writer.query("begin; update app.guarded set id = 2");
  await writer.query(
    "insert into changeover.sighting (plan, side, role, app, pid) values ('p', 'old', 'app', 'slow', pg_backend_pid())",
  );
  expect((await read()).sightings.old.lastAt).toBeNull();
  const again = database.db.borrow((session) =>
    transaction(session, {}, async (s) => {
      await s.run(sql`lock table app.guarded in access exclusive mode`);
      return evidenceIn(s, "p", []);
    }),
  );
  // Only once ours is queued behind it may the writer commit.
  const waiting = "select 1 from pg_locks where relation = 'app.guarded'::regclass and not granted";
  while ((await database.sql(waiting)).length === 0) {}
  await writer.query("commit");
  expect((await again).sightings.old.writers).toMatchObject([{ app: "slow" }]);
});
