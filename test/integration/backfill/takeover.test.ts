/** A worker that dies leaves its slices to others at once; one that lives, behind a pooler or for other roles, keeps them. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { runBatch } from "../../../src/backfill/batch.js";
import { drainFill, seedFill } from "../../../src/backfill/fill.js";
import { openLane, takeSlice } from "../../../src/backfill/lane.js";
import { oneStep } from "../../../src/backfill/pace/stride.js";
import { openDatabase } from "../../../src/db/pool.js";
import { silent } from "../../../src/events.js";
import { changeLimits } from "../../../src/journal/limits.js";
import { dueSlices, leaseSlice } from "../../../src/journal/slices.js";
import { sql } from "../../../src/sql/text.js";
import { runScript } from "../../support/child.js";
import { type Compiled, compile } from "../../support/compiled.js";
import { cuttingProxy } from "../../support/cutting-proxy.js";
import { fillOf, REVISION, until, useTable } from "./table.js";

const bench = useTable();
let compiled: Compiled;
beforeAll(async () => {
  compiled = await compile(["backfill/fill.ts", "db/pool.ts"], []);
});
afterAll(() => compiled?.remove());

const HOURS = 10 * 3_600_000;
const request = (worker: string) => ({ revision: REVISION, worker, leaseMs: HOURS });
const times = { targetMs: 250, leaseMs: HOURS, deadlockTimeoutMs: 1000, patience: 1 };

test("a worker that is killed leaves its slice at once, whatever is left of its lease", async () => {
  await bench.table(5_000);
  await bench.sql("create function app.slow(v int) returns int language sql as 'select v from pg_sleep(0.001)'");
  await seedFill(bench.db, fillOf(), silent, { minSlicePages: 100_000 });
  const child = runScript(`
    import { drainFill } from ${JSON.stringify(compiled.url("backfill/fill.js"))};
    import { openDatabase } from ${JSON.stringify(compiled.url("db/pool.js"))};
    const db = openDatabase({ url: ${JSON.stringify(bench.url)}, applicationName: "changeover child", connectTimeoutMs: 5000 });
    await drainFill(db, ${JSON.stringify(fillOf("app.slow(a)"))}, {
      concurrency: 1, worker: "child", leaseMs: ${HOURS}, targetMs: 100, progressMs: 20,
      signal: new AbortController().signal,
      emit: (event) => { if (event.kind === "fill-progress" && event.rowsDone > 0) console.log("filling"); },
    });
  `);
  await child.line("filling");
  // As long as it lives nobody else gets it.
  expect(await dueSlices(bench.db)).toEqual([]);
  expect(await leaseSlice(bench.db, request("other"))).toBeNull();
  child.process.kill("SIGKILL");
  await child.ended();
  await until(async () => (await dueSlices(bench.db)).length === 1, "its session is gone");
  const signal = new AbortController().signal;
  expect(
    await drainFill(bench.db, fillOf(), { concurrency: 1, signal, emit: silent, worker: "next", pollMs: 20 }),
  ).toEqual({
    kind: "done",
  });
  expect((await bench.slices())[0]).toMatchObject({ rows: 5_000, fence: 2 });
});

test("a lane that was cut off names its next session in its next batch, and nobody robs it then", async () => {
  await bench.table(5_000);
  await seedFill(bench.db, fillOf(), silent, { minSlicePages: 100_000 });
  const lane = openLane(bench.db, "fill 1");
  const lease = await takeSlice(bench.db, lane, request("one"));
  if (lease === null) throw new Error("no lease");
  const holder = async () => (await bench.sql("select pid from changeover.slice"))[0]?.pid;
  const first = lane.holder()?.pid;
  expect(await holder()).toBe(first);
  await bench.sql("select pg_terminate_backend($1)", [first]);
  await until(async () => (await dueSlices(bench.db)).length === 1, "its session is gone");
  const session = await lane.session();
  const moved = await runBatch(session, fillOf(), lease, oneStep([0, 5]), { ...times, holder: lane.holder() });
  expect(moved).toMatchObject({ kind: "moved" });
  expect(await holder()).toBe(lane.holder()?.pid);
  expect(await holder()).not.toBe(first);
  expect(await dueSlices(bench.db)).toEqual([]);
  await lane.drop();
  // Another one takes it: what comes late finds the fence bumped.
  await until(async () => (await leaseSlice(bench.db, request("two"))) !== null, "the second takes it over");
  if (moved.kind !== "moved") throw new Error(moved.kind);
  const late = await runBatch(await lane.session(), fillOf(), moved.lease, oneStep([5, 10]), times);
  expect(late).toEqual({ kind: "lost" });
  await lane.drop();
});

test("a dead worker's slice counts no longer against the plan's workers", async () => {
  await bench.table(20_000);
  await seedFill(bench.db, fillOf(), silent, { minSlicePages: 32 });
  await bench.db.borrow((session) => changeLimits(session, "t-rename", { workers: 1 }));
  const lane = openLane(bench.db, "fill 1");
  expect(await takeSlice(bench.db, lane, request("one"))).toMatchObject({ slice: 1 });
  expect(await leaseSlice(bench.db, request("two"))).toBeNull();
  await lane.drop();
  await until(async () => (await leaseSlice(bench.db, request("two"))) !== null, "the place is free");
});

test("behind a pooler, which names no server process, a slice is its worker's until the lease runs out", async () => {
  await bench.table(5_000);
  await seedFill(bench.db, fillOf(), silent, { minSlicePages: 100_000 });
  const proxy = await cuttingProxy(bench.url, () => undefined, { ownKeys: true });
  const db = openDatabase({ url: proxy.url, applicationName: "changeover pooled", connectTimeoutMs: 5000 });
  const lane = openLane(db, "fill 1");
  const lease = await takeSlice(db, lane, request("one"));
  expect(lane.holder()).toBeNull();
  if (lease === null) throw new Error("no lease");
  const { pid } = await lane.session();
  const moved = await runBatch(await lane.session(), fillOf(), lease, oneStep([0, 5]), {
    ...times,
    holder: lane.holder(),
  });
  expect(moved).toMatchObject({ kind: "moved" });
  await lane.drop();
  await until(
    async () => (await bench.sql("select from pg_stat_activity where pid = $1", [pid])).length === 0,
    "it is gone",
  );
  expect(await dueSlices(bench.db)).toEqual([]);
  await db.close();
  proxy.close();
});

test("a role that sees of another's sessions only that they are there robs none of them", async () => {
  await bench.table(5_000);
  await seedFill(bench.db, fillOf(), silent, { minSlicePages: 100_000 });
  await bench.sql(
    `do $$ begin create role onlooker login password 'onlooker'; exception when duplicate_object then null; end $$`,
  );
  await bench.sql(`grant usage on schema changeover to onlooker;
    grant select, insert, update, delete on all tables in schema changeover to onlooker`);
  const url = new URL(bench.url);
  url.username = "onlooker";
  url.password = "onlooker";
  const db = openDatabase({ url: url.toString(), applicationName: "changeover onlooker", connectTimeoutMs: 5000 });
  const lane = openLane(bench.db, "fill 1");
  await takeSlice(bench.db, lane, request("one"));
  const [seen] = await db.query<{ hidden: boolean }>(
    sql`select backend_start is null as hidden from pg_stat_activity where pid = $1`,
    [lane.holder()?.pid],
  );
  expect(seen).toEqual({ hidden: true });
  expect(await dueSlices(db)).toEqual([]);
  await lane.drop();
  await until(async () => (await dueSlices(db)).length === 1, "it sees that the session is gone");
  await db.close();
});
