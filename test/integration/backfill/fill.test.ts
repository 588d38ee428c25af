import { describe, expect, test } from "vitest";
import { runBatch } from "../../../src/backfill/batch.js";
import { drainFill, seedFill } from "../../../src/backfill/fill.js";
import { openLane } from "../../../src/backfill/lane.js";
import { oneStep } from "../../../src/backfill/pace/stride.js";
import type { FillRevision } from "../../../src/backfill/statements.js";
import { silent } from "../../../src/events.js";
import { readFills } from "../../../src/journal/fills.js";
import { leaseSlice } from "../../../src/journal/slices.js";
import { fillOf, REVISION, recorder, until, useTable } from "./table.js";

const bench = useTable();
const SMALL = { minSlicePages: 32 };

function drain(revision: FillRevision, options: Partial<Parameters<typeof drainFill>[2]> = {}) {
  return drainFill(bench.db, revision, {
    concurrency: 2,
    signal: new AbortController().signal,
    emit: silent,
    worker: "test",
    pollMs: 50,
    ...options,
  });
}

describe("a fill", () => {
  test("fills every row and says how far it is", async () => {
    await bench.table(20_000);
    const { emit, events } = recorder();
    expect(await seedFill(bench.db, fillOf(), emit, SMALL)).toBe(true);
    expect(await seedFill(bench.db, fillOf(), emit, SMALL)).toBe(false);
    expect(await drain(fillOf(), { emit })).toEqual({ kind: "done" });
    expect(await bench.unfilled()).toBe(0);
    const [fill] = await readFills(bench.db, REVISION);
    expect(fill).toMatchObject({ rowsDone: 20_000, pagesDone: fill?.pages, failures: [], workers: [] });
    expect(fill?.waiting).toBeUndefined();
    expect(events.at(-1)).toMatchObject({ kind: "fill-progress", fraction: 1, eta: null, rowsDone: 20_000 });
  });

  test("of a table without pages is done at once", async () => {
    await bench.table(0);
    await seedFill(bench.db, fillOf(), silent);
    expect(await drain(fillOf())).toEqual({ kind: "done" });
    expect(await bench.slices()).toEqual([]);
  });

  test("of a table whose rows are all deleted walks its pages", async () => {
    await bench.table(3_000);
    await bench.sql("delete from app.t");
    await seedFill(bench.db, fillOf(), silent);
    expect(await drain(fillOf())).toEqual({ kind: "done" });
  });

  test.each([2, 4])("is right under writers of both shapes, with %i workers", async (concurrency) => {
    await bench.table(30_000);
    await seedFill(bench.db, fillOf(), silent, SMALL);
    const stop = new AbortController();
    const failures: unknown[] = [];
    const writers = [1, 2, 3, 4].map(async (seed) => {
      const client = await bench.client();
      for (let n = 0; !stop.signal.aborted; n += 1) {
        const id = 1 + ((n * 7919 + seed * 104_729) % 30_000);
        const statement = [
          "update app.t set a = a + 1 where id = $1",
          "update app.t set b = coalesce(b, 0) + 1000000 where id = $1",
          "update app.t set pad = pad || 'y' where id = $1",
          "delete from app.t where id = $1 and id % 5 = 0",
          "insert into app.t (id, a) values ($1 + 1000000 + random() * 1e9, 7)",
        ][n % 5] as string;
        await client.query(statement, [id]).catch((error: unknown) => failures.push(error));
      }
    });
    const drained = await drain(fillOf(), { concurrency, targetMs: 20 });
    stop.abort();
    await Promise.all(writers);
    expect(failures).toEqual([]);
    expect(drained).toEqual({ kind: "done" });
    expect(await bench.unfilled()).toBe(0);
  });

  test("begins again when VACUUM FULL gives the table another file", async () => {
    await bench.table(20_000);
    await seedFill(bench.db, fillOf(), silent, SMALL);
    const { emit, events } = recorder();
    const [first] = await Promise.all([
      drain(fillOf(), { emit, targetMs: 5 }),
      until(async () => (await bench.slices()).some(({ state }) => state === "done"), "a slice is done").then(() =>
        bench.sql("vacuum full app.t"),
      ),
    ]);
    expect(first).toEqual({ kind: "done" });
    expect(events.filter(({ kind }) => kind === "fill-restarted")).toHaveLength(1);
    expect(await bench.unfilled()).toBe(0);
  });

  test("ends when the table is truncated on the way", async () => {
    await bench.table(20_000);
    await seedFill(bench.db, fillOf(), silent, SMALL);
    const lease = await leaseSlice(bench.db, { revision: REVISION, worker: "gone", leaseMs: 100 });
    await bench.sql("truncate app.t; insert into app.t (id, a) values (1, 1)");
    expect(await drain(fillOf())).toEqual({ kind: "done" });
    expect(lease).not.toBeNull();
    expect(await bench.unfilled()).toBe(0);
    expect(await bench.slices()).toMatchObject([{ state: "done", hi: 1 }]);
  });

  test("passes a locked row, says whose lock it waits for, and comes back for it", async () => {
    await bench.table(20_000);
    await seedFill(bench.db, fillOf(), silent, SMALL);
    const holder = await bench.client({ application_name: "long app" });
    await holder.query("begin");
    await holder.query("select from app.t where id = 2 for update");
    const { emit, events, first } = recorder();
    const drained = drain(fillOf(), { emit });
    expect(await first("notice")).toMatchObject({
      message: expect.stringMatching(
        /row id=2 of app\.t .* pid \d+ \(role \w+, long app\), idle in transaction, transaction since 2/,
      ),
    });
    await until(async () => (await bench.unfilled()) === 1, "all other rows are filled");
    // Not while somebody tries it once more.
    const waiting = async () => (await readFills(bench.db, REVISION))[0]?.waiting?.[0] ?? "";
    await until(async () => (await waiting()).includes("long app"), "it says whose lock it waits for");
    await holder.query("commit");
    expect(await drained).toEqual({ kind: "done" });
    expect(await bench.unfilled()).toBe(0);
    expect(events.filter(({ kind }) => kind === "slice-blocked")).toEqual([]);
  });
});

describe("a worker", () => {
  test("stops within a second of a pause, and goes on after it", async () => {
    await bench.table(30_000);
    await bench.sql("create function app.slow(v int) returns int language sql as 'select v from pg_sleep(0.001)'");
    const slow = fillOf("app.slow(a)");
    await seedFill(bench.db, slow, silent, SMALL);
    const drained = drain(slow, { targetMs: 100 });
    await until(async () => (await bench.slices()).some(({ rows }) => rows > 0), "rows are filled");
    await bench.sql("update changeover.plan set paused_at = now(), paused_by = 'me'");
    const paused = Date.now();
    expect(await drained).toEqual({ kind: "paused" });
    expect(Date.now() - paused).toBeLessThan(1_000);
    expect((await bench.slices()).map(({ state }) => state)).not.toContain("leased");
    expect(await bench.unfilled()).toBeGreaterThan(0);
    await bench.sql("update changeover.plan set paused_at = null, paused_by = null");
    expect(await drain(fillOf())).toEqual({ kind: "done" });
    expect(await bench.unfilled()).toBe(0);
  });

  test("gives its slice back when it is told to end", async () => {
    await bench.table(20_000);
    await seedFill(bench.db, fillOf(), silent);
    const stop = new AbortController();
    const drained = drain(fillOf(), { signal: stop.signal, targetMs: 5, concurrency: 1 });
    await until(async () => (await bench.slices()).some(({ rows }) => rows > 0), "rows are filled");
    stop.abort();
    expect(await drained).toEqual({ kind: "aborted" });
    const slices = await bench.slices();
    expect(slices.every(({ state }) => state !== "leased")).toBe(true);
    expect(slices.some(({ state, rows }) => state === "due" && rows > 0)).toBe(true);
  });

  test("whose lease was taken over can write nothing", async () => {
    await bench.table(1_000);
    await seedFill(bench.db, fillOf(), silent);
    const stale = await leaseSlice(bench.db, { revision: REVISION, worker: "stale", leaseMs: 1 });
    if (stale === null) throw new Error("no lease");
    await bench.sql("select pg_sleep(0.01)");
    const taker = await leaseSlice(bench.db, { revision: REVISION, worker: "taker", leaseMs: 30_000 });
    expect(taker).toMatchObject({ slice: stale.slice, fence: stale.fence + 1 });
    const lane = openLane(bench.db, "stale");
    const times = { targetMs: 250, leaseMs: 30_000, deadlockTimeoutMs: 1000, patience: 1 };
    expect(await runBatch(await lane.session(), fillOf(), stale, oneStep([0, stale.hi]), times)).toEqual({
      kind: "lost",
    });
    await lane.drop();
    expect(await bench.unfilled()).toBe(1_000);
  });

  test("goes on when its connections are cut", async () => {
    await bench.table(20_000);
    await seedFill(bench.db, fillOf(), silent, SMALL);
    const { emit, first } = recorder();
    const drained = drain(fillOf(), { emit, targetMs: 5 });
    await until(async () => (await bench.slices()).some(({ rows }) => rows > 0), "rows are filled");
    await bench.sql(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
    );
    await first("slice-retry");
    expect(await drained).toEqual({ kind: "done" });
    expect(await bench.unfilled()).toBe(0);
  });
});
