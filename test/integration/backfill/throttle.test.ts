/** What the server shows of its distress, made true, and what the fill does about it. */
import { expect, test } from "vitest";
import { drainFill, seedFill } from "../../../src/backfill/fill.js";
import { verifyFill } from "../../../src/backfill/verify/verify.js";
import { type Event, silent } from "../../../src/events.js";
import { readFills } from "../../../src/journal/fills.js";
import { changeLimits, type SignalChange } from "../../../src/journal/limits.js";
import { fillOf, REVISION, recorder, until, useTable } from "./table.js";

const bench = useTable();
const set = (...signals: SignalChange[]) =>
  bench.db.borrow((session) => changeLimits(session, "t-rename", { signals }));
const TINY = { slow: 1e-9, stop: 1e-9 };

async function started() {
  await bench.table(20_000);
  await seedFill(bench.db, fillOf(), silent);
  const { emit, events } = recorder();
  const stop = new AbortController();
  const signal = stop.signal;
  const drained = drainFill(bench.db, fillOf(), { concurrency: 1, signal, emit, worker: "test", pollMs: 50 });
  return { drained, events, stop };
}

const throttle = async () => (await readFills(bench.db, REVISION))[0]?.throttle;
const filled = async () => (await bench.slices()).reduce((sum, { rows }) => sum + rows, 0);

/** When it was said; other signals (autovacuum, say) may have something to say first. */
async function heldBack(events: readonly Event[], words: string | RegExp): Promise<void> {
  const said = (event: Event) => event.kind === "fill-throttled" && new RegExp(words).test(event.reason ?? "");
  await until(() => events.some(said), `it is held back by ${words}`);
}

test("nothing is in the way of a quiet server", async () => {
  const { drained, events } = await started();
  expect(await drained).toEqual({ kind: "done" });
  const throttled = events.filter((event) => event.kind === "fill-throttled");
  expect(throttled.filter(({ reason }) => reason !== null && !reason.startsWith("autovacuum"))).toEqual([]);
});

test("a replication slot that keeps too much WAL stops it, is named, and lets it go when it is gone", async () => {
  const slot = `kept_${Math.random().toString(36).slice(2)}`;
  await bench.sql("select pg_create_physical_replication_slot($1, true)", [slot]);
  await bench.sql("create table public.noise as select n, repeat('x', 1000) from generate_series(1, 2000) n");
  await set({ name: "slot-retention", to: TINY });
  const { drained, events } = await started();
  await heldBack(
    events,
    new RegExp(`^slot-retention: replication slot ${slot} \\(physical, which nobody reads\\) keeps \\d+ % of the WAL`),
  );
  await until(async () => (await throttle())?.includes(slot) === true, "status knows why");
  expect(await filled()).toBe(0);
  await bench.sql("select pg_drop_replication_slot($1)", [slot]);
  expect(await drained).toEqual({ kind: "done" });
  expect((await throttle()) ?? "").not.toContain(slot);
  expect(await bench.unfilled()).toBe(0);
});

test("a transaction that keeps dead rows stops it for as long as it is open", async () => {
  const holder = await bench.client();
  await holder.query("begin isolation level repeatable read; select 1");
  for (let n = 0; n < 5; n += 1) await bench.sql("select pg_current_xact_id()");
  await set({ name: "old-snapshot", to: { slow: 3, stop: 3 } });
  const { drained } = await started();
  const { pid } = (await holder.query<{ pid: number }>("select pg_backend_pid() as pid")).rows[0] ?? { pid: 0 };
  // Transactions of other tests, in other databases of this server, may be older for a moment.
  await until(async () => (await throttle())?.includes(`old-snapshot: pid ${pid} `) === true, "it is named");
  await holder.query("commit");
  await set({ name: "old-snapshot", to: "default" });
  expect(await drained).toEqual({ kind: "done" });
});

test("prepared transactions are among those that do", async () => {
  const gid = `kept ${Math.random()}`;
  const other = await bench.client();
  await other.query("create table if not exists public.prepared (a int)");
  await other.query("begin; insert into public.prepared values (1)");
  await other.query(`prepare transaction '${gid}'`);
  for (let n = 0; n < 5; n += 1) await bench.sql("select pg_current_xact_id()");
  await set({ name: "old-snapshot", to: { slow: 3, stop: 3 } });
  const { drained } = await started();
  const words = `old-snapshot: prepared transaction ${gid} since `;
  const named = until(async () => (await throttle())?.includes(words) === true, "it is named");
  await named.finally(() => other.query(`rollback prepared '${gid}'`));
  await set({ name: "old-snapshot", to: "default" });
  expect(await drained).toEqual({ kind: "done" });
});

test("a signal that is switched off by name is in nobody's way, and one that is set ends by itself when told to", async () => {
  await set({ name: "connections", to: TINY });
  const { drained, events } = await started();
  await heldBack(events, "^connections: ");
  await set({ name: "connections", to: "off" });
  expect(await drained).toEqual({ kind: "done" });

  await bench.db.borrow((session) =>
    changeLimits(session, "t-rename", { signals: [{ name: "connections", to: TINY }], forMs: 1_500 }),
  );
  await bench.sql("drop schema app cascade; create schema app; delete from changeover.fill");
  const again = await started();
  await heldBack(again.events, "^connections: ");
  expect(await again.drained).toEqual({ kind: "done" });
});

test("sessions that wait for a lock of the backfill hold it back", async () => {
  await set({ name: "waiting-sessions", to: { slow: 1, stop: 1 } });
  await bench.sql("create function app.slow(v int) returns int language sql as 'select v from pg_sleep(0.004)'");
  await bench.table(2_000);
  const slow = fillOf("app.slow(a)");
  await seedFill(bench.db, slow, silent);
  const { emit, events } = recorder();
  const signal = new AbortController().signal;
  const drained = drainFill(bench.db, slow, {
    concurrency: 1,
    signal,
    emit,
    worker: "test",
    pollMs: 50,
    targetMs: 1_000,
  });
  const writers = await Promise.all(Array.from({ length: 6 }, () => bench.client()));
  const stop = new AbortController();
  const writing = writers.map(async (client, n) => {
    for (let id = n; !stop.signal.aborted; id = (id + 7) % 2_000)
      await client.query("select from app.t where id = $1 for update", [id + 1]);
  });
  await heldBack(events, "^waiting-sessions: ").finally(() => stop.abort());
  await Promise.all(writing);
  expect(await drained).toEqual({ kind: "done" });
});

test("a verify waits, too", async () => {
  await bench.table(1_000);
  await seedFill(bench.db, fillOf(), silent);
  await set({ name: "connections", to: TINY });
  const { emit, events } = recorder();
  const verified = verifyFill(bench.db, fillOf(), { signal: new AbortController().signal, emit });
  await heldBack(events, "^connections: ");
  expect(events.filter(({ kind }) => kind === "verify-progress")).toEqual([]);
  await set({ name: "connections", to: "default" });
  expect(await verified).toMatchObject({ rows: 1_000, mismatches: 1_000 });
});

test("a pause is obeyed while it is held back", async () => {
  await bench.table(20_000);
  await bench.sql("create function app.slow(v int) returns int language sql as 'select v from pg_sleep(0.001)'");
  const slow = fillOf("app.slow(a)");
  await seedFill(bench.db, slow, silent);
  const { emit, events } = recorder();
  const signal = new AbortController().signal;
  const drained = drainFill(bench.db, slow, { concurrency: 1, signal, emit, worker: "test", pollMs: 50 });
  await until(async () => (await filled()) > 0, "it is at work");
  await set({ name: "connections", to: TINY });
  await heldBack(events, "^connections: ");
  await bench.sql("update changeover.plan set paused_at = now(), paused_by = 'me'");
  expect(await drained).toEqual({ kind: "paused" });
  expect((await bench.slices()).map(({ state }) => state)).not.toContain("leased");
});
