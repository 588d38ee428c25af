import type pg from "pg";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ensureJournal } from "../../../src/journal/install.js";
import { runTransactional } from "../../../src/runner/transactional.js";
import { useDatabase } from "../../support/database.js";
import { lock, revision, step } from "../../support/revisions.js";
import { eventually, journalOf, withRunner } from "../../support/runner.js";

const database = useDatabase();
const add = revision("add", {
  upgrade: [step("add", "alter table app.t add column if not exists b int")],
  downgrade: [step("drop", "alter table app.t drop column b")],
});
const hasColumn = async () =>
  (await database.sql("select 1 from pg_attribute where attrelid = 'app.t'::regclass and attname = 'b'")).length === 1;
const pidOf = async (client: pg.Client) => (await client.query("select pg_backend_pid() as pid")).rows[0].pid as number;

beforeAll(() => ensureJournal(database.db));
beforeEach(() =>
  database.sql(`drop schema if exists app cascade; create schema app; create table app.t (id int primary key, a int);
                truncate changeover.plan, changeover.revision, changeover.event cascade`),
);

/** A transaction that has read app.t and stays open. */
async function holdLock(statement = "select count(*) from app.t"): Promise<pg.Client> {
  const client = await database.client({ application_name: "reporting" });
  await client.query("begin");
  await client.query(statement);
  return client;
}

test("a long transaction is waited for outside the queue, and nobody waits longer than a lock timeout", async () => {
  const holder = await holdLock();
  const app = await database.client();
  let longest = 0;
  let over = false;
  const traffic = (async () => {
    while (!over) {
      const began = performance.now();
      await app.query("select count(*) from app.t");
      longest = Math.max(longest, performance.now() - began);
    }
  })();
  let looks = 0;
  const now = () => {
    looks += 1;
    return performance.now();
  };
  await withRunner(database.db, { now }, async (runner) => {
    const run = runTransactional(runner.ctx, add, "upgrade");
    // The first attempt meets a young transaction, and costs one lock timeout; then it is old, and waited for outside.
    const notice = await runner.until((event) => event.kind === "notice");
    expect(notice).toMatchObject({
      message: expect.stringMatching(/outside the lock queue: pid \d+ .*reporting.*AccessShareLock/),
    });
    // Ten looks later it still stands outside, and has not tried again.
    const before = looks;
    await eventually(async () => looks >= before + 10);
    expect(runner.events.filter((event) => event.kind === "step-retry")).toHaveLength(1);
    await holder.query("commit");
    await run;
  });
  over = true;
  await traffic;
  expect(await hasColumn()).toBe(true);
  expect(longest).toBeGreaterThan(100);
  expect(longest).toBeLessThan(300 + 250);
});

test("our statement gives way when too many sessions wait behind it", async () => {
  const holder = await holdLock();
  const patient = { ...add, upgrade: [step("add", "alter table app.t add column b int", { lockTimeoutMs: 20_000 })] };
  await withRunner(database.db, { maxQueued: 2 }, async (runner) => {
    const run = runTransactional(runner.ctx, patient, "upgrade");
    const waiting = "select 1 from pg_locks where not granted and relation = 'app.t'::regclass";
    await eventually(async () => (await database.sql(waiting)).length === 1);
    const apps = await Promise.all([1, 2, 3].map(() => database.client()));
    // They come back although the holder still has its lock: nobody but us was in their way.
    await Promise.all(apps.map((app) => app.query("select count(*) from app.t")));
    const retry = await runner.until((event) => event.kind === "step-retry");
    expect(retry).toMatchObject({ attempt: 1, reason: expect.stringContaining("3 sessions were waiting behind it") });
    await holder.query("commit");
    await run;
  });
  expect(await hasColumn()).toBe(true);
});

describe("at the deadline the revision is parked with a report", () => {
  test("of the session in the way, and the next run goes on", async () => {
    const holder = await holdLock("select id, a from app.t where a > 1000");
    const pid = await pidOf(holder);
    await withRunner(database.db, { deadlineMs: 800 }, async ({ ctx, events }) => {
      const error = await runTransactional(ctx, add, "upgrade").catch((caught) => caught);
      expect(error).toMatchObject({ code: "blocked", where: "app.t", message: expect.stringContaining("800 ms") });
      const report = error.details.join("\n");
      expect(report).toContain(`pid ${pid} (role postgres, reporting) with AccessShareLock on app.t`);
      expect(report).toMatch(/idle in transaction: select/);
      expect(await journalOf(database.db, add.id)).toMatchObject({
        state: "blocked",
        error: { message: error.message, details: expect.arrayContaining([expect.stringContaining(`pid ${pid} `)]) },
      });
      expect(events.at(-1)).toMatchObject({ kind: "revision-blocked" });
      await holder.query("commit");
      await runTransactional(ctx, add, "upgrade");
    });
    expect(await journalOf(database.db, add.id)).toMatchObject({ state: "done", error: null });
  });

  test("of a prepared transaction, which has no session", async () => {
    const holder = await holdLock();
    await holder.query("prepare transaction 'gone fishing'");
    await withRunner(database.db, { deadlineMs: 600 }, async ({ ctx }) => {
      const error = await runTransactional(ctx, add, "upgrade").catch((caught) => caught);
      expect(error.details.join("\n")).toContain(
        'prepared transaction "gone fishing" of postgres with AccessShareLock',
      );
    });
    await holder.query("rollback prepared 'gone fishing'");
  });

  test("of a lock on a partition", async () => {
    await database.sql(`drop table app.t; create table app.t (id int, a int) partition by range (id);
                        create table app.t_1 partition of app.t for values from (0) to (10)`);
    const holder = await holdLock("select count(*) from only app.t_1");
    await withRunner(database.db, { deadlineMs: 600 }, async ({ ctx }) => {
      const error = await runTransactional(ctx, add, "upgrade").catch((caught) => caught);
      expect(error.details.join("\n")).toContain("app.t_1");
    });
    await holder.query("rollback");
  });
});

test("over two tables a deadlock's victim is never the application", async () => {
  await database.sql("create table app.s (id int)");
  const both = revision("both", {
    upgrade: [step("both", "select 1", { locks: [lock("t"), lock("s")], lockTimeoutMs: 20_000 })],
  });
  // The application has t and will want s; ours takes s first (sorted) and then wants t.
  const app = await holdLock();
  await withRunner(database.db, {}, async (runner) => {
    const run = runTransactional(runner.ctx, both, "upgrade");
    // Of this database: others on the server have waits of their own.
    const waiting = `select 1 from pg_locks where not granted and relation = 'app.t'::regclass
      and database = (select oid from pg_database where datname = current_database())`;
    await eventually(async () => (await database.sql(waiting)).length > 0);
    const began = performance.now();
    await app.query("select count(*) from app.s");
    expect(performance.now() - began).toBeLessThan(900);
    await app.query("commit");
    await run;
    expect(runner.events.find((event) => event.kind === "step-retry")).toMatchObject({
      reason: expect.stringContaining("not free within its timeout"),
    });
  });
});

describe("autovacuum", () => {
  const slow = "autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1";
  const vacuuming = (table: string) =>
    eventually(
      async () =>
        (
          await database.sql(
            "select 1 from pg_stat_activity where backend_type = 'autovacuum worker' and query like $1",
            [`autovacuum:%app.${table}%`],
          )
        ).length > 0,
    );

  beforeAll(async () => {
    await database.sql("alter system set autovacuum_naptime = '1s'");
    await database.sql("select pg_reload_conf()");
    return async () => {
      await database.sql("alter system reset autovacuum_naptime");
      await database.sql("select pg_reload_conf()");
    };
  });
  const busyTable = async (name: string) => {
    await database.sql(`create table app.${name} (id int primary key, a int) with (autovacuum_vacuum_threshold = 1,
                          autovacuum_vacuum_scale_factor = 0, ${slow})`);
    await database.sql(`insert into app.${name} select n, n from generate_series(1, 50000) n`);
    await database.sql(`delete from app.${name} where id % 2 = 0`);
    await vacuuming(name);
  };

  test("an ordinary one is pushed out by one attempt above deadlock_timeout", async () => {
    await busyTable("v");
    const one = revision("one", {
      upgrade: [step("add", "alter table app.v add column b int", { locks: [lock("v")] })],
    });
    await withRunner(database.db, { deadlineMs: 15_000 }, async ({ ctx, events }) => {
      await eventually(
        async () =>
          (
            await database.sql(
              "select 1 from pg_stat_activity where backend_type = 'autovacuum worker' and query like '%app.v%' and xact_start < clock_timestamp() - interval '0.4 s'",
            )
          ).length > 0,
      );
      await runTransactional(ctx, one, "upgrade");
      expect(events.filter((event) => event.kind === "step-retry")).toEqual([]);
    });
  });

  test("over two tables it is pushed out alone, before the locks are taken together", async () => {
    await busyTable("w");
    const two = revision("two", {
      upgrade: [step("add", "alter table app.w add column b int", { locks: [lock("w"), lock("t")] })],
    });
    await withRunner(database.db, { deadlineMs: 15_000 }, async ({ ctx }) => {
      await runTransactional(ctx, two, "upgrade");
    });
    expect(await journalOf(database.db, two.id)).toMatchObject({ state: "done" });
  });

  test("one that prevents wraparound is waited for outside the queue", async () => {
    await database.sql(`create table app.x (id int primary key) with (autovacuum_freeze_max_age = 100000, ${slow})`);
    await database.sql("insert into app.x select n from generate_series(1, 50000) n");
    await database.sql("do $$ begin for n in 1..100500 loop perform pg_current_xact_id(); commit; end loop; end $$");
    await vacuuming("x");
    const frozen = revision("frozen", {
      upgrade: [step("add", "alter table app.x add column b int", { locks: [lock("x")] })],
    });
    await withRunner(database.db, { deadlineMs: 2500 }, async (runner) => {
      const error = await runTransactional(runner.ctx, frozen, "upgrade").catch((caught) => caught);
      expect(error).toMatchObject({ code: "blocked" });
      expect(error.details.join("\n")).toContain("to prevent wraparound");
      expect(runner.events.some((event) => event.kind === "notice" && event.message.includes("wraparound"))).toBe(true);
    });
  });
});
