import { describe, expect, test } from "vitest";
import { drainFill, seedFill } from "../../../src/backfill/fill.js";
import { openLane } from "../../../src/backfill/lane.js";
import { runPage } from "../../../src/backfill/quarantine/page.js";
import type { FillRevision } from "../../../src/backfill/statements.js";
import { transaction } from "../../../src/db/transaction.js";
import { silent } from "../../../src/events.js";
import { readFills } from "../../../src/journal/fills.js";
import { readQuarantine, retryRows, skipRows } from "../../../src/journal/quarantine.js";
import { leaseSlice } from "../../../src/journal/slices.js";
import { fillOf, REVISION, recorder, until, useTable } from "./table.js";

const bench = useTable();
const SMALL = { minSlicePages: 32 };
const BAD = [3, 4, 777, 5_000, 5_001, 19_999];
const DIVISION = { sqlstate: "22012", message: "division by zero" };
const CHECKED = `create or replace function app.checked(v int) returns int language plpgsql as
  'begin return v / case when v = any (array[${BAD}]) then 0 else 1 end; end'`;
/** What a write leaves as a plan's own trigger does: converted, or NULL where that fails. */
const GUARDED = `create or replace function app.sync() returns trigger language plpgsql as $$
  begin new.b := app.checked(new.a); return new; exception when others then new.b := null; return new; end $$`;

/** A fresh table, its expression, and a trigger that guards it. */
async function scene(rows: number, checked = CHECKED): Promise<void> {
  await bench.sql("drop schema app cascade; create schema app; delete from changeover.fill");
  await bench.table(rows);
  await bench.sql(checked);
  await bench.sql(GUARDED);
}
/** The expression stands in `set` alone, or is asked for its value by `due` as well, as a change of type does. */
const SHAPES = [
  ["fails where it is set", undefined],
  ["fails where it is asked whether it is due", "b is null and a is not null and app.checked(a) is not null"],
] as const;
const failing = (due?: string, key?: readonly string[]) => fillOf("app.checked(a)", due, key);

function drain(revision: FillRevision, options: Partial<Parameters<typeof drainFill>[2]> = {}) {
  return drainFill(bench.db, revision, {
    ...{ concurrency: 2, signal: new AbortController().signal, emit: silent, worker: "test", pollMs: 50, ...options },
  });
}

const noted = async () => (await readQuarantine(bench.db)).map(({ key, sqlstate }) => `${key} ${sqlstate}`).toSorted();
const retry = (ids: readonly number[] | null = null) =>
  bench.db.borrow((session) => transaction(session, {}, () => retryRows(session, REVISION, ids)));
const blocked = (keys: readonly string[]) => ({ kind: "blocked", quarantined: keys.length, stopped: 0 });

describe.each(SHAPES)("an expression that %s", (_, due) => {
  test("keeps only its rows from being filled, each named, wherever they stand", async () => {
    await scene(20_000);
    await seedFill(bench.db, failing(due), silent, SMALL);
    const { emit, events } = recorder();
    const drained = await drain(failing(due), { emit });
    expect(drained).toMatchObject(blocked(BAD.map(String)));
    expect(await noted()).toEqual(BAD.map((id) => `id=${id} 22012`).toSorted());
    expect(await bench.unfilled()).toBe(BAD.length);
    expect((await bench.slices()).every(({ state }) => state === "done")).toBe(true);
    expect((await bench.slices()).reduce((sum, { rows }) => sum + rows, 0)).toBe(20_000 - BAD.length);
    const told = events.flatMap((event) => (event.kind === "row-quarantined" ? [event] : []));
    expect(told).toHaveLength(BAD.length);
    expect(told[0]).toMatchObject({ plan: "t-rename", ...DIVISION });
    const [fill] = await readFills(bench.db, REVISION);
    expect(fill).toMatchObject({ quarantined: BAD.length, skipped: 0 });
    expect(fill?.failures).toContainEqual({ key: "id=777", ...DIVISION });
  });

  test("lets a row go that the application has mended or deleted meanwhile, without anybody's doing", async () => {
    await scene(20_000);
    await seedFill(bench.db, failing(due), silent, SMALL);
    const { emit, first } = recorder();
    const holder = await bench.client();
    await holder.query("begin; select from app.t where id = 12000 for update");
    const drained = drain(failing(due), { emit });
    await until(async () => (await noted()).length === BAD.length, "all bad rows are noted");
    await first("notice");
    // Out of its page as well, so that only its key tells where it stands.
    await bench.sql(`update app.t set a = -id, pad = repeat('y', 3000) where id in (3, 5000, 5001);
      update app.t set pad = repeat('z', 3000) where id = 4; delete from app.t where id in (777, 19999)`);
    await holder.query("commit");
    expect(await drained).toMatchObject(blocked(["4"]));
    expect(await noted()).toEqual(["id=4 22012"]);
    await bench.sql("update app.t set a = 0 where id = 4");
    expect(await drain(failing(due))).toEqual({ kind: "done" });
    expect(await bench.unfilled()).toBe(0);
    expect(await noted()).toEqual([]);
  });

  test("is tried again on the pages of its rows when somebody asks for it", async () => {
    await scene(20_000);
    await seedFill(bench.db, failing(due), silent, SMALL);
    await drain(failing(due));
    const before = await readQuarantine(bench.db);
    expect(await retry()).toBe(BAD.length);
    // Of the table, the pages of these rows alone.
    const pages = [...new Set(before.map(({ page }) => [page, page + 1].join()))].toSorted();
    const aside = await bench.sql(
      "select jsonb_path_query(aside, '$[*]') as pages from changeover.slice where state = 'due'",
    );
    expect(aside.map((row) => String(row.pages)).toSorted()).toEqual(pages);
    const { emit, events } = recorder();
    expect(await drain(failing(due), { emit })).toMatchObject(blocked(BAD.map(String)));
    // The same rows, since the same moment, and no word twice.
    expect(await readQuarantine(bench.db)).toEqual(before);
    expect(events.filter(({ kind }) => kind === "row-quarantined")).toEqual([]);
    await bench.sql("create or replace function app.checked(v int) returns int language sql as 'select v'");
    await retry();
    expect(await drain(failing(due))).toEqual({ kind: "done" });
    expect(await bench.unfilled()).toBe(0);
    expect((await bench.slices()).reduce((sum, { rows }) => sum + rows, 0)).toBe(20_000);
  });

  test("is done with once its rows are skipped, and the sweep finds them no more", async () => {
    await scene(5_000);
    await seedFill(bench.db, failing(due), silent, SMALL);
    await drain(failing(due));
    const ids = (await readQuarantine(bench.db)).map(({ id }) => id);
    const word = { actor: "ann", reason: "test data" };
    expect(await bench.db.borrow((session) => skipRows(session, ids.slice(1), word))).toBe(ids.length - 1);
    expect(await drain(failing(due))).toMatchObject(blocked(["3"]));
    expect(await bench.db.borrow((session) => skipRows(session, ids, word))).toBe(1);
    expect(await drain(failing(due))).toEqual({ kind: "done" });
    expect(await readFills(bench.db, REVISION)).toMatchObject([{ quarantined: 0, skipped: ids.length, failures: [] }]);
    // One that is asked for by itself is tried although it was skipped.
    expect(await retry(ids.slice(0, 1))).toBe(1);
    expect(await drain(failing(due))).toMatchObject(blocked(["3"]));
  });

  test("of more than a thousand rows is taken for wrong, and stops", async () => {
    await scene(5_000, "create function app.checked(v int) returns int language sql as 'select v / (v % 2)'");
    await seedFill(bench.db, failing(due), silent, SMALL);
    const drained = await drain(failing(due));
    expect(drained).toMatchObject({ kind: "blocked", stopped: expect.any(Number) });
    expect(drained.kind === "blocked" ? drained.stopped : 0).toBeGreaterThan(0);
    expect(drained.kind === "blocked" ? drained.failures[0]?.message : "").toMatch(
      /^more than 1000 rows fail.*division/,
    );
    expect((await noted()).length).toBeGreaterThan(900);
    expect((await noted()).length).toBeLessThanOrEqual(1_000);
  });

  test("passes a row of the same page that is locked, and comes back for it", async () => {
    await scene(20_000);
    await seedFill(bench.db, failing(due), silent, SMALL);
    const holder = await bench.client({ application_name: "long app" });
    await holder.query("begin; select from app.t where id in (2, 5) for update");
    const { emit, first } = recorder();
    const drained = drain(failing(due), { emit });
    expect(await first("notice")).toMatchObject({ message: expect.stringMatching(/row id=2 of app\.t .*long app/) });
    await until(async () => (await bench.unfilled()) === BAD.length + 2, "all rows that nobody locks are filled");
    expect(await noted()).toContain("id=3 22012");
    await holder.query("commit");
    expect(await drained).toMatchObject(blocked(BAD.map(String)));
    expect(await bench.unfilled()).toBe(BAD.length);
  });

  test("goes on when the connection is cut in the middle of such a page, with nothing noted twice or lost", async () => {
    await scene(20_000);
    // Tried right after the bad ones of its page, in the same transaction.
    await bench.sql(`create function app.wait() returns trigger language plpgsql as
      'begin if new.id = 6 then perform pg_advisory_xact_lock_shared(77); end if; return new; end';
      create trigger a_wait before update on app.t for each row execute function app.wait()`);
    await seedFill(bench.db, failing(due), silent, SMALL);
    const gate = await bench.client();
    const session = await openLane(bench.db, "page").session();
    await gate.query("begin; select pg_advisory_xact_lock(77)");
    const lease = await leaseSlice(bench.db, { revision: REVISION, prefer: 1, worker: "cut", leaseMs: 300 });
    if (lease === null) throw new Error("no lease");
    // So long a deadlock timeout that it waits here for as long as it takes to be met.
    const times = { targetMs: 250, leaseMs: 300_000, deadlockTimeoutMs: 1_000, patience: 32 };
    const running = runPage(session, failing(due), lease, 0, times, new Set());
    await until(
      async () => (await bench.sql("select from pg_locks where locktype = 'advisory' and not granted")).length === 1,
      "it waits in the middle of the page",
    );
    await bench.sql("select pg_terminate_backend($1)", [session.pid]);
    expect(await running).toMatchObject({ kind: "failed" });
    expect(await noted()).toEqual([]);
    expect(await bench.unfilled()).toBe(20_000);
    await gate.query("commit");
    expect(await drain(failing(due))).toMatchObject(blocked(BAD.map(String)));
    expect(await bench.unfilled()).toBe(BAD.length);
  });

  test("notes nothing under a lease that was taken over", async () => {
    await scene(1_000);
    await seedFill(bench.db, failing(due), silent);
    const stale = await leaseSlice(bench.db, { revision: REVISION, worker: "stale", leaseMs: 1 });
    if (stale === null) throw new Error("no lease");
    await bench.sql("select pg_sleep(0.01)");
    expect(await leaseSlice(bench.db, { revision: REVISION, worker: "taker", leaseMs: 30_000 })).not.toBeNull();
    const lane = openLane(bench.db, "stale");
    const times = { targetMs: 250, leaseMs: 30_000, deadlockTimeoutMs: 1_000, patience: 1 };
    expect(await runPage(await lane.session(), failing(due), stale, 0, times, new Set())).toEqual({ kind: "lost" });
    await lane.drop();
    expect(await noted()).toEqual([]);
    expect(await bench.unfilled()).toBe(1_000);
  });

  test("is noted by all columns of the key, or by its place, which no other file of the table shares", async () => {
    await scene(5_000);
    const pair = failing(due, ["tenant", "id"]);
    await seedFill(bench.db, pair, silent);
    await drain(pair);
    expect(await noted()).toContain("tenant=x, id=777 22012");
    await scene(5_000);
    const keyless = failing(due, []);
    await seedFill(bench.db, keyless, silent);
    await drain(keyless);
    expect((await noted()).every((name) => /^ctid=\(\d+,\d+\) 22012$/.test(name))).toBe(true);
    await bench.sql("vacuum full app.t");
    await retry();
    expect(await drain(keyless)).toMatchObject(blocked(["3", "4", "777", "5000"]));
    expect(await bench.unfilled()).toBe(4);
  });

  test("is noted anew where its row stands in another file of the table", async () => {
    await scene(5_000);
    await seedFill(bench.db, failing(due), silent);
    await drain(failing(due));
    await bench.sql("delete from app.t where id between 1000 and 4000");
    await bench.sql("vacuum full app.t");
    await bench.sql("update changeover.slice set state = 'due', next = lo");
    const { emit, events } = recorder();
    expect(await drain(failing(due), { emit })).toMatchObject(blocked(["3", "4", "777", "5000"]));
    expect(events.filter(({ kind }) => kind === "fill-restarted")).toHaveLength(1);
    const places = await bench.sql(
      "select 'id=' || id as key, ((ctid::text::point)[0])::int as page from app.t where b is null order by id",
    );
    expect((await readQuarantine(bench.db)).map(({ key, page }) => ({ key, page }))).toEqual(places);
  });

  test("asks for no lock that somebody holds", async () => {
    await scene(1_000);
    await seedFill(bench.db, failing(due), silent);
    const lease = await leaseSlice(bench.db, { revision: REVISION, worker: "page", leaseMs: 30_000 });
    if (lease === null) throw new Error("no lease");
    const holder = await bench.client();
    await holder.query("begin; select from app.t where id in (2, 3) for update");
    const lane = openLane(bench.db, "page");
    const times = { targetMs: 250, leaseMs: 30_000, deadlockTimeoutMs: 1_000, patience: 32 };
    const known = new Set<string>();
    const passed = await runPage(await lane.session(), failing(due), lease, 0, times, known);
    expect(passed).toMatchObject({ kind: "passed", more: false, lease: { next: 1, aside: [[0, 1]] } });
    expect([...known].slice(0, 3)).toEqual(['["1"]', '["4"]', '["5"]']);
    expect(await noted()).toEqual(["id=4 22012"]);
    await holder.query("commit");
    await lane.drop();
  });
});

describe("a row", () => {
  test("that a trigger keeps unfilled, or passes over, is noted, with a key and without", async () => {
    for (const [key, names] of [
      [["id"], ["id=9 09000", "id=900 09000"]],
      [[], [expect.stringMatching(/^ctid=.* 09000$/), expect.stringMatching(/^ctid=.* 09000$/)]],
    ] as const) {
      await bench.sql("drop schema app cascade; create schema app; delete from changeover.fill");
      await bench.table(1_000);
      await bench.sql(`create function app.undo() returns trigger language plpgsql as
        'begin if new.id = 9 then new.b := null; end if; if new.id = 900 then return null; end if; return new; end';
        create trigger a_undo before update on app.t for each row execute function app.undo()`);
      await seedFill(bench.db, fillOf("a", undefined, key), silent);
      expect(await drain(fillOf("a", undefined, key))).toMatchObject(blocked(["9", "900"]));
      expect(await noted()).toEqual(names);
      expect(await bench.unfilled()).toBe(2);
    }
  });

  test("that is due is what a fill finds that only looks", async () => {
    await bench.table(1_000);
    await bench.sql("update app.t set a = null where id in (5, 6, 990) or id between 100 and 890 and id % 20 = 0");
    await bench.sql("cluster app.t using t_pkey");
    const base = fillOf("a", "a is null");
    const scope = { table: base.fill.table, columns: ["a"], added: null, notNull: "a" };
    const looking = { ...base, scope, fill: { ...base.fill, batch: null, one: null } };
    await seedFill(bench.db, looking, silent);
    const drained = await drain(looking);
    expect(drained).toMatchObject({ kind: "blocked", quarantined: 43, stopped: 0 });
    const message = 'column "a" is NULL';
    expect(drained.kind === "blocked" ? drained.failures.slice(0, 3) : []).toEqual(
      [5, 6, 100].map((id) => ({ key: `id=${id}`, sqlstate: "23502", message })),
    );
    // One for each of the pages, and not a round of waiting for it as for a lock.
    const [spent] = await bench.sql("select max(hi)::int as pages, sum(batches)::int as batches from changeover.slice");
    expect(spent?.batches).toBeLessThan(2 * Number(spent?.pages));
    await bench.sql("update app.t set a = 1 where a is null and id <> 990");
    expect(await drain(looking)).toMatchObject(blocked(["990"]));
    await bench.sql("update app.t set a = 1 where id = 990");
    expect(await drain(looking)).toEqual({ kind: "done" });
  });

  test("is to blame for an error of class 42 only where another one could be filled", async () => {
    const nowhere = (when: string) => `create function app.checked(v int) returns int language plpgsql as
      'begin if ${when} then execute ''select from app.nowhere''; end if; return v; end'`;
    await scene(1_000, nowhere("v = 5"));
    await seedFill(bench.db, failing(), silent);
    expect(await drain(failing())).toMatchObject(blocked(["5"]));
    expect(await noted()).toEqual(["id=5 42P01"]);
    await scene(1_000, nowhere("true"));
    await seedFill(bench.db, failing(), silent);
    expect(await drain(failing())).toMatchObject({
      ...{ kind: "blocked", stopped: 1 },
      failures: [{ key: "id=1", sqlstate: "42P01" }],
    });
    expect(await noted()).toEqual([]);
  });
});

test("whoever waits for a row of such a page is never the server's choice in a deadlock", async () => {
  await scene(200, CHECKED.replace("v = any", "v < 31 and v % 3 = 0 or v = any"));
  await bench.sql(`create function app.slow() returns trigger language plpgsql as 'begin perform pg_sleep(0.02); return new; end';
    create trigger a_slow before update on app.t for each row execute function app.slow()`);
  await seedFill(bench.db, failing(), silent);
  const lease = await leaseSlice(bench.db, { revision: REVISION, worker: "page", leaseMs: 30_000 });
  if (lease === null) throw new Error("no lease");
  const writer = await bench.client();
  await writer.query("begin; select from app.t where id between 34 and 44 for update");
  const lane = openLane(bench.db, "page");
  const times = { targetMs: 250, leaseMs: 30_000, deadlockTimeoutMs: 1_000, patience: 32 };
  const known = new Set<string>();
  const running = runPage(await lane.session(), failing(), lease, 0, times, known);
  const isLocked = async () => (await bench.sql("select from app.t where id = 1 for update skip locked")).length === 0;
  await until(isLocked, "the page's first row is locked");
  // Holds what the page's transaction asks for, and asks for what that one holds.
  await writer.query("update app.t set pad = 'w' where id = 1");
  const first = await running;
  expect(first).toMatchObject({ kind: "passed", more: true });
  await writer.query("commit");
  await lane.drop();
  await bench.sql("update changeover.slice set lease_until = now()");
  expect(await drain(failing())).toMatchObject({ kind: "blocked", quarantined: 11 });
  expect(await bench.unfilled()).toBe(11);
});
