/** A statement without a lock_timeout says for whom it waits, and when it goes on. */
import type pg from "pg";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { acquireLock } from "../../../src/db/lock.js";
import type { Event } from "../../../src/events.js";
import { RunLocks } from "../../../src/executor/locks.js";
import { ensureJournal } from "../../../src/journal/install.js";
import { runAutocommit } from "../../../src/runner/autocommit.js";
import { type DdlPolicy, DEFAULT_DDL_POLICY } from "../../../src/runner/context.js";
import { runTransactional } from "../../../src/runner/transactional.js";
import { useDatabase } from "../../support/database.js";
import { lock, revision, step, text } from "../../support/revisions.js";
import { withRunner } from "../../support/runner.js";

const database = useDatabase();
const gentle = [lock("t", "SHARE UPDATE EXCLUSIVE")];
const notice = { firstMs: 40, gapMs: 40, mostMs: 10_000 };
const quick: Partial<DdlPolicy> = { lookMs: 10, notice };

const build = step("build", "create index concurrently if not exists t_a on app.t (a)", {
  locks: gentle,
  work: "build",
  done: text("select exists (select from pg_index where indexrelid = to_regclass('app.t_a') and indisvalid)"),
  heals: { schema: "app", name: "t_a" },
});
const drop = step("drop", "drop index concurrently if exists app.t_old", {
  locks: gentle,
  done: text("select to_regclass('app.t_old') is null"),
});
const validate = step("check", "alter table app.t validate constraint positive", {
  locks: gentle,
  work: "scan",
  done: text("select convalidated from pg_constraint where conname = 'positive'"),
});
const autocommit = (one: typeof build) => revision(one.name, { runner: "autocommit", upgrade: [one] });

beforeAll(() => ensureJournal(database.db));
beforeEach(() =>
  database.sql(`drop schema if exists app cascade; create schema app; create table app.t (id int primary key, a int);
                insert into app.t select n, n from generate_series(1, 1000) n;
                create index t_old on app.t (a);
                alter table app.t add constraint positive check (a > 0) not valid;
                truncate changeover.plan, changeover.revision, changeover.event cascade`),
);

async function holding(statements: string): Promise<{ client: pg.Client; pid: number }> {
  const client = await database.client({ application_name: "reporting" });
  const [{ pid }] = (await client.query("select pg_backend_pid() as pid")).rows;
  await client.query(`begin; ${statements}`);
  return { client, pid };
}

const waiting = (event: Event): event is Extract<Event, { kind: "step-waiting" }> => event.kind === "step-waiting";

describe("for whom", () => {
  test.each([
    ["a writer", build, "update app.t set a = 5001 where id = 1", /RowExclusiveLock on app\.t/, /waiting for writers/],
    ["an old snapshot", build, "set transaction isolation level repeatable read; select 7", /select 7$/, /old snap/],
    ["a reader", drop, "select count(*) from app.t", /AccessShareLock on app\.t/, null],
    ["a lock", validate, "lock table app.t in share mode", /ShareLock on app\.t/, null],
  ])("%s", async (_who, one, statements, words, phase) => {
    const { client, pid } = await holding(statements);
    await withRunner(database.db, quick, async (runner) => {
      const run = runAutocommit(runner.ctx, autocommit(one), "upgrade");
      const told = await runner.until(waiting);
      expect(told).toEqual({
        kind: "step-waiting",
        revision: autocommit(one).id,
        step: one.name,
        waitedMs: expect.any(Number),
        phase: phase === null ? null : expect.stringMatching(phase),
        pids: [pid],
        blockers: [expect.stringMatching(words)],
        remedy: expect.stringContaining(`select pg_terminate_backend(${pid})`),
      });
      expect(waiting(told) && told.blockers[0]).toMatch(
        new RegExp(`^pid ${pid} \\(role \\w+, reporting\\).*, its transaction \\d+ s old, idle in transaction: `),
      );
      expect(waiting(told) && told.waitedMs).toBeGreaterThanOrEqual(notice.firstMs);
      // Again, and later than at once.
      const again = await runner.until((event) => waiting(event) && event !== told);
      expect(waiting(again) && waiting(told) && again.waitedMs - told.waitedMs).toBeGreaterThanOrEqual(notice.gapMs);
      expect(runner.events.some((event) => event.kind === "step-resumed")).toBe(false);
      await client.query("commit");
      await run;
      const kinds = runner.events.map((event) => event.kind).filter((kind) => kind !== "step-progress");
      expect(kinds.slice(-3)).toEqual(["step-resumed", "step-done", "revision-done"]);
    });
  });

  test("a prepared transaction, by its name", async () => {
    const { client } = await holding("update app.t set a = 5001 where id = 1");
    await client.query("prepare transaction 'left over'");
    await withRunner(database.db, quick, async (runner) => {
      const run = runAutocommit(runner.ctx, autocommit(build), "upgrade");
      const told = await runner.until(waiting);
      // One that stayed would keep every later test waiting.
      await client.query("commit prepared 'left over'");
      await run;
      expect(told).toMatchObject({
        pids: [0],
        blockers: [
          expect.stringMatching(/^prepared transaction "left over" of \w+ with RowExclusiveLock on app\.t, its/),
        ],
        remedy: expect.stringContaining("rollback prepared 'left over'"),
      });
    });
  });
});

test("a statement that waits for nobody says nothing", async () => {
  await withRunner(database.db, { ...quick, notice: { ...notice, firstMs: 0 } }, async ({ ctx, events }) => {
    for (const one of [build, drop, validate]) await runAutocommit(ctx, autocommit(one), "upgrade");
    expect(events.filter((event) => waiting(event) || event.kind === "step-resumed")).toEqual([]);
  });
});

/** It comes to a row and stays there, without waiting for a lock, until the test takes the advisory lock 77. */
const SLOW = `create function app.slow(v int) returns int language plpgsql immutable as $$ begin
    while v = 900 and not exists (select from pg_locks where locktype = 'advisory' and objid = 77) loop
      perform pg_stat_clear_snapshot(), pg_sleep(0.005); end loop;
    return v; end $$`;

test("an index build says how far it is", async () => {
  await database.sql(SLOW);
  const slow = revision("slow", {
    runner: "autocommit",
    upgrade: [step("slow", "create index concurrently t_slow on app.t (app.slow(a))", { locks: gentle })],
  });
  const latch = await database.client();
  await withRunner(database.db, quick, async (runner) => {
    const run = runAutocommit(runner.ctx, slow, "upgrade");
    const told = await runner.until((event) => event.kind === "step-progress" && (event.fraction ?? 0) > 0);
    await latch.query("select pg_advisory_lock(77)");
    await run;
    expect(told).toMatchObject({
      step: "slow",
      phase: "building index: scanning table",
      counts: { of: "blocks", done: expect.any(Number), total: expect.any(Number) },
    });
    expect(told.kind === "step-progress" && told.fraction).toBeLessThanOrEqual(1);
    expect(runner.events.filter(waiting)).toEqual([]);
  });
  await latch.query("select pg_advisory_unlock(77)");
});

test("a statement that the server does not measure says for how long it runs, and over how much", async () => {
  await database.sql(SLOW);
  await database.sql(`alter table app.t add constraint slow check (app.slow(a) is not null) not valid`);
  const slow = revision("slow", {
    runner: "autocommit",
    upgrade: [step("slow", "alter table app.t validate constraint slow", { locks: gentle })],
  });
  const latch = await database.client();
  await withRunner(database.db, quick, async (runner) => {
    const run = runAutocommit(runner.ctx, slow, "upgrade");
    const told = await runner.until((event) => event.kind === "step-progress");
    await latch.query("select pg_advisory_lock(77)");
    await run;
    expect(told).toEqual({
      kind: "step-progress",
      revision: slow.id,
      step: "slow",
      phase: "running",
      fraction: null,
      counts: null,
      runningMs: expect.any(Number),
      tableBytes: expect.any(Number),
    });
    expect(told.kind === "step-progress" && told.tableBytes).toBeGreaterThan(0);
  });
  await latch.query("select pg_advisory_unlock(77)");
});

test("the default patience does not speak of a wait of a second", async () => {
  expect(DEFAULT_DDL_POLICY.notice.firstMs).toBeGreaterThanOrEqual(2_000);
  expect(DEFAULT_DDL_POLICY.lookMs).toBeLessThanOrEqual(DEFAULT_DDL_POLICY.notice.firstMs);
});

test("outside the lock queue too, it is said again and when it goes on", async () => {
  const add = revision("add", { upgrade: [step("add", "alter table app.t add column b int")] });
  const { client } = await holding("select count(*) from app.t");
  await withRunner(database.db, { ...quick, lockTimeoutMs: 30 }, async (runner) => {
    const run = runTransactional(runner.ctx, add, "upgrade");
    const told = await runner.until(waiting);
    expect(told).toMatchObject({ step: "add", blockers: [expect.stringMatching(/reporting.*AccessShareLock/)] });
    await client.query("commit");
    await run;
    expect(runner.events.map((event) => event.kind)).toContain("step-resumed");
  });
});

test("who waits for another runner's lock is told who that is and what it does", async () => {
  const { client, pid } = await holding("update app.t set a = 5001 where id = 1");
  await withRunner(database.db, quick, async (first) => {
    const trunk = { ...autocommit(build), lane: "trunk" as const };
    const run = runAutocommit(first.ctx, trunk, "upgrade");
    await first.until(waiting);
    const events: Event[] = [];
    let told: () => void = () => undefined;
    const once = new Promise<void>((resolve) => {
      told = resolve;
    });
    const locks = new RunLocks({
      ...first.ctx,
      emit: (event) => {
        events.push(event);
        told();
      },
      lockWaitMs: 30_000,
      concurrency: 1,
      folder: [trunk],
    });
    const taken = locks.take(["trunk"]);
    await once;
    expect(events).toEqual([
      {
        kind: "lock-waiting",
        lock: "trunk",
        holder: expect.stringMatching(/^a test since 2.* UTC \(server process \d+, changeover test lock\)$/),
        doing: expect.stringMatching(
          new RegExp(
            `^runs create index concurrently .*, waiting for writers before build, waits \\d+ s for pid ${pid} `,
          ),
        ),
        waitedMs: 0,
      },
    ]);
    await client.query("commit");
    await run;
    await first.release();
    await taken;
    expect(events.at(-1)).toEqual({ kind: "lock-obtained", lock: "trunk", waitedMs: expect.any(Number) });
    await locks.release();
  });
});

test("the wait for a runner's lock is told again, and what an earlier holder wrote is not taken for this one's", async () => {
  await withRunner(database.db, quick, () => Promise.resolve());
  const other = await database.client({ application_name: "by hand" });
  await other.query("select pg_advisory_lock(hashtextextended('changeover trunk', 0))");
  const told: unknown[] = [];
  const stop = new AbortController();
  const taking = acquireLock(database.db, {
    name: "trunk",
    holder: "second",
    waitMs: 30_000,
    signal: stop.signal,
    notice: { firstMs: 0, gapMs: 1, mostMs: 1 },
    onWaiting: ({ holder }) => {
      told.push(holder);
      if (told.length === 2) stop.abort();
    },
  });
  await expect(taking).rejects.toMatchObject({ code: "interrupted" });
  expect(told).toEqual(
    Array(2).fill({ name: "trunk", pid: expect.any(Number), app: "by hand", holder: null, since: null }),
  );
  await other.query("select pg_advisory_unlock_all()");
});
