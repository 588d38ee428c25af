/** The worker on each queue, and without one. */

import { randomUUID } from "node:crypto";
import { afterAll, describe, expect, test } from "vitest";
import { seedFill } from "../../../src/backfill/fill.js";
import { type SliceWorker, startSliceWorker } from "../../../src/backfill/worker.js";
import { openDatabase } from "../../../src/db/pool.js";
import { silent } from "../../../src/events.js";
import { changeLimits } from "../../../src/journal/limits.js";
import { postgresQueue, redisQueue } from "../../support/queues.js";
import { redisSuite, useRedis } from "../../support/redis.js";
import { fillOf, REVISION, recorder, until, useTable } from "./table.js";

const bench = useTable();
const journal = randomUUID();
const SMALL = { minSlicePages: 32 };

function start(options: Partial<Parameters<typeof startSliceWorker>[0]> = {}): SliceWorker {
  return startSliceWorker({
    db: bench.db,
    journal,
    worker: "test",
    concurrency: 2,
    emit: silent,
    load: async (id) => (id === REVISION ? fillOf() : null),
    sweepMs: 100,
    ...options,
  });
}

const done = async () => {
  const slices = await bench.slices();
  return slices.length > 0 && slices.every(({ state }) => state === "done");
};

const connect = (name: string) =>
  openDatabase({ url: bench.url, applicationName: `changeover ${name}`, connectTimeoutMs: 5000 });

async function expectFilledOnce(rows: number): Promise<void> {
  expect(await bench.unfilled()).toBe(0);
  expect((await bench.slices()).reduce((sum, slice) => sum + slice.rows, 0)).toBe(rows);
}

const redis = useRedis();
const onRedis = redisQueue(redis, journal);
afterAll(async () => void (await onRedis.empty().catch(() => undefined)));

describe.each([
  ["PostgreSQL", describe, postgresQueue(bench.sql)],
  ["Redis", redisSuite(), onRedis],
] as const)("a queue worker on %s", (name, suite, queue) => {
  suite("(where it is there)", () => {
    const startHere: typeof start = (options) => start({ redisUrl: queue.redisUrl(), ...options });

    test("finds what is due, works it, and ends when told", async () => {
      await bench.table(20_000);
      const { emit, events } = recorder();
      const worker = startHere({ emit });
      await seedFill(bench.db, fillOf(), silent, SMALL);
      await until(done, "all slices are done");
      await worker.close();
      await worker.ended;
      await expectFilledOnce(20_000);
      expect(events.filter(({ kind }) => kind === "queue-trouble")).toEqual([]);
      expect(await queue.listening()).toBe(0);
    });

    test("is woken by another's sweep long before its own", async () => {
      await bench.table(20_000);
      const other = connect("woken");
      const sleeper = startHere({ db: other, worker: "sleeper", sweepMs: 3_600_000 });
      await until(async () => (await queue.listening()) === 1, "the sleeper listens");
      const waker = startHere({ worker: "waker", load: async () => null });
      await seedFill(bench.db, fillOf(), silent, SMALL);
      await until(done, "all slices are done");
      await Promise.all([waker.close(), sleeper.close()]);
      await other.close();
      await expectFilledOnce(20_000);
    });

    test.each([2, 4, 8])("shares the rows with %i at once: each is filled exactly once", async (count) => {
      await bench.table(20_000);
      await seedFill(bench.db, fillOf(), silent, SMALL);
      await bench.db.borrow((session) => changeLimits(session, "t-rename", { workers: count }));
      const databases = Array.from({ length: count }, (_, n) => connect(`of ${n}`));
      const workers = databases.map((db, n) => startHere({ db, worker: `worker ${n}`, concurrency: 1, targetMs: 5 }));
      await until(done, "all slices are done");
      await Promise.all(workers.map((worker) => worker.close()));
      await Promise.all(databases.map((db) => db.close()));
      await expectFilledOnce(20_000);
    });

    test("loses nothing when the queue is emptied on the way", async () => {
      await bench.table(1_000);
      await bench.sql("create function app.slow(v int) returns int language sql as 'select v from pg_sleep(0.001)'");
      const slow = fillOf("app.slow(a)");
      const { emit, first } = recorder();
      const worker = startHere({ emit, load: async () => slow, targetMs: 50 });
      await seedFill(bench.db, slow, silent, SMALL);
      await until(async () => (await queue.listening()) === 1, "it listens");
      await until(async () => (await bench.slices()).some(({ rows }) => rows > 0), "rows are filled");
      await queue.empty();
      // On Redis nothing is amiss with a queue that holds no job at that moment: then there is nothing to tell.
      if (name === "PostgreSQL") await first("queue-trouble");
      await until(done, "all slices are done");
      await expectFilledOnce(1_000);
      await until(queue.isSetUp, "the queue is there again");
      await until(async () => (await queue.listening()) === 1, "it listens again");
      await worker.close();
    });

    test("goes on when every connection of the database is cut", async () => {
      await bench.table(30_000);
      const { emit } = recorder();
      const worker = startHere({ emit, targetMs: 5 });
      await seedFill(bench.db, fillOf(), silent, SMALL);
      await until(async () => (await bench.slices()).some(({ rows }) => rows > 0), "rows are filled");
      await bench.sql(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
      );
      await until(done, "all slices are done");
      await worker.close();
      await expectFilledOnce(30_000);
    });
  });
});

describe("a queue worker in the database", () => {
  test("keeps its queue in a schema of its own", async () => {
    const worker = start();
    await until(async () => (await postgresQueue(bench.sql).listening()) === 1, "it listens");
    await worker.close();
    const schemas = await bench.sql("select nspname from pg_namespace where nspname like '%queue%'");
    expect(schemas).toEqual([{ nspname: "changeover_queue" }]);
  });

  test("works straight from the journal where it may have no queue", async () => {
    await bench.table(5_000);
    await bench.sql("drop schema if exists changeover_queue cascade");
    await bench.sql(
      `do $$ begin create role plain login password 'plain'; exception when duplicate_object then null; end $$`,
    );
    await bench.sql(`grant usage on schema app, changeover to plain; grant select, update on app.t to plain;
      grant select, insert, update, delete on all tables in schema changeover to plain`);
    const url = new URL(bench.url);
    url.username = "plain";
    url.password = "plain";
    const db = openDatabase({ url: url.toString(), applicationName: "changeover plain", connectTimeoutMs: 5000 });
    const { emit, events } = recorder();
    await seedFill(bench.db, fillOf(), silent, SMALL);
    const worker = start({ db, emit });
    await until(done, "all slices are done");
    await worker.close();
    await db.close();
    expect(events).toContainEqual({ kind: "queue-trouble", message: expect.stringMatching(/changeover_queue/) });
    await expectFilledOnce(5_000);
  });
});
