/** Passes over a window: what they spare, and who can take that away. */
import { describe, expect, test } from "vitest";
import { drainFill, seedFill } from "../../../src/backfill/fill.js";
import { readFills } from "../../../src/journal/fills.js";
import { fillOf, REVISION, recorder, useTable } from "./table.js";

const bench = useTable();
const ROWS = 60_000;

/** By one worker: how much two take from each other is a matter of the machine's load. */
async function filled() {
  await bench.table(ROWS);
  await bench.sql("create index on app.t (tenant, a); alter table app.t set (autovacuum_enabled = off)");
  const size = () => bench.sql<{ bytes: number }>("select pg_total_relation_size('app.t')::float8 as bytes");
  const [before] = await size();
  const { emit, events } = recorder();
  await seedFill(bench.db, fillOf(), emit);
  const signal = new AbortController().signal;
  expect(await drainFill(bench.db, fillOf(), { concurrency: 1, signal, emit, worker: "test", pollMs: 50 })).toEqual({
    kind: "done",
  });
  expect(await bench.unfilled()).toBe(0);
  const [after] = await size();
  const [fill] = await readFills(bench.db, REVISION);
  const plain = events.filter((event) => event.kind === "fill-plain");
  return { share: fill?.hotShare ?? 0, slow: fill?.slow, growth: (after?.bytes ?? 0) / (before?.bytes ?? 1), plain };
}

describe("a fill in strides", () => {
  test("updates most rows on their page, and grows the table by less than half", async () => {
    // Writers of other tests, in other databases of this server, may be in the way of one attempt.
    let best = await filled();
    for (let tries = 1; tries < 6 && best.share < 0.7; tries += 1) {
      await bench.sql("drop schema app cascade; create schema app; delete from changeover.fill");
      best = await filled();
    }
    expect(best.share).toBeGreaterThan(0.7);
    expect(best.growth).toBeLessThan(1.4);
  });

  test("goes window by window while somebody writes in another database of the server", async () => {
    const elsewhere = new URL(bench.url);
    elsewhere.pathname = "/postgres";
    const writer = await bench.client({ connectionString: elsewhere.toString(), application_name: "neighbour" });
    await writer.query("begin; select pg_current_xact_id()");
    const { share } = await filled();
    await writer.query("rollback");
    expect(share).toBeLessThan(0.4);
  });

  test("goes window by window while somebody holds an old snapshot, and says who", async () => {
    const holder = await bench.client({ application_name: "nightly report" });
    await holder.query("begin isolation level repeatable read; select 1");
    const [{ pid }] = (await holder.query<{ pid: number }>("select pg_backend_pid() as pid")).rows as [{ pid: number }];
    const { share, slow, plain } = await filled();
    await holder.query("commit");
    expect(share).toBeLessThan(0.4);
    const words = `pid ${pid} (role ${process.env.PGUSER ?? "postgres"}, nightly report), idle in transaction, whose transaction is open since`;
    expect(slow).toContain(words);
    expect(plain[0]).toMatchObject({ holder: expect.stringContaining(words) });
  });

  test("names who has written and not committed, and not those whose snapshots came after", async () => {
    const writer = await bench.client({ application_name: "forgotten" });
    await writer.query("create table public.written (a int)");
    await writer.query("begin; insert into public.written values (1)");
    const { slow } = await filled();
    await writer.query("commit");
    expect(slow).toContain("forgotten), idle in transaction, whose transaction is open since");
  });

  test("goes window by window while a prepared transaction is open, and says which", async () => {
    const name = `open ${Math.random()}`;
    const other = await bench.client();
    await other.query(
      `create table app.other (a int); begin; insert into app.other values (1); prepare transaction '${name}'`,
    );
    const { slow } = await filled();
    await other.query(`commit prepared '${name}'`);
    expect(slow).toContain(`prepared transaction ${name} since`);
  });
});
