import { describe, expect, test } from "vitest";
import { seedFill } from "../../../src/backfill/fill.js";
import { type SliceWorker, startSliceWorker } from "../../../src/backfill/worker.js";
import { openDatabase } from "../../../src/db/pool.js";
import { silent } from "../../../src/events.js";
import { fillOf, REVISION, recorder, until, useTable } from "./table.js";

const bench = useTable();
const SMALL = { minSlicePages: 32 };

function start(options: Partial<Parameters<typeof startSliceWorker>[0]> = {}): SliceWorker {
  return startSliceWorker({
    db: bench.db,
    journal: "11111111-2222-3333-4444-555555555555",
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

describe("a queue worker", () => {
  test("finds what is due, works it, and ends when told", async () => {
    await bench.table(20_000);
    const worker = start();
    await seedFill(bench.db, fillOf(), silent, SMALL);
    await until(done, "all slices are done");
    await worker.close();
    await worker.ended;
    expect(await bench.unfilled()).toBe(0);
    const schemas = await bench.sql("select nspname from pg_namespace where nspname like '%queue%'");
    expect(schemas).toEqual([{ nspname: "changeover_queue" }]);
  });

  test("is woken by another's sweep long before its own", async () => {
    await bench.table(20_000);
    const other = openDatabase({ url: bench.url, applicationName: "changeover woken", connectTimeoutMs: 5000 });
    const sleeper = start({ db: other, worker: "sleeper", sweepMs: 3_600_000 });
    // Its queue is open when its schema is there and its LISTEN stands.
    await until(
      async () =>
        (
          await bench.sql(
            "select 1 from pg_stat_activity where query ilike '%listen bullmq_jobs%' and pid <> pg_backend_pid() and datname = current_database()",
          )
        ).length > 0,
      "the sleeper listens",
    );
    const waker = start({ worker: "waker", load: async () => null });
    await seedFill(bench.db, fillOf(), silent, SMALL);
    await until(done, "all slices are done");
    await Promise.all([waker.close(), sleeper.close()]);
    await other.close();
    expect(await bench.unfilled()).toBe(0);
  });

  test("loses nothing when the queue's schema is dropped on the way", async () => {
    await bench.table(6_000);
    await bench.sql("create function app.slow(v int) returns int language sql as 'select v from pg_sleep(0.001)'");
    const { emit, first } = recorder();
    const slow = fillOf("app.slow(a)");
    const worker = start({ emit, load: async () => slow, targetMs: 50 });
    await seedFill(bench.db, slow, silent, SMALL);
    await until(async () => (await bench.slices()).some(({ rows }) => rows > 0), "rows are filled");
    await bench.sql("drop schema changeover_queue cascade");
    await first("queue-trouble");
    await until(done, "all slices are done");
    expect(await bench.unfilled()).toBe(0);
    await until(
      async () => (await bench.sql("select to_regclass('changeover_queue.migration') is not null as there"))[0]?.there,
      "the queue is there again",
    );
    await worker.close();
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
    expect(await bench.unfilled()).toBe(0);
  });

  test("goes on when every connection of the database is cut", async () => {
    await bench.table(30_000);
    const { emit } = recorder();
    const worker = start({ emit, targetMs: 5 });
    await seedFill(bench.db, fillOf(), silent, SMALL);
    await until(async () => (await bench.slices()).some(({ rows }) => rows > 0), "rows are filled");
    await bench.sql(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
    );
    await until(done, "all slices are done");
    await worker.close();
    expect(await bench.unfilled()).toBe(0);
  });
});
