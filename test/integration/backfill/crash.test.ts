import { afterAll, beforeAll, expect, test } from "vitest";
import { drainFill, seedFill } from "../../../src/backfill/fill.js";
import { silent } from "../../../src/events.js";
import { runScript } from "../../support/child.js";
import { type Compiled, compile } from "../../support/compiled.js";
import { fillOf, recorder, useTable } from "./table.js";

const bench = useTable();
let compiled: Compiled;
beforeAll(async () => {
  compiled = await compile(["backfill/fill.ts", "db/pool.ts"], []);
});
afterAll(() => compiled?.remove());

/** Works the fill in a process of its own, and says so when rows are being filled. */
function worker(leaseMs: number, set: string) {
  const revision = fillOf(set);
  return runScript(`
    import { drainFill } from ${JSON.stringify(compiled.url("backfill/fill.js"))};
    import { openDatabase } from ${JSON.stringify(compiled.url("db/pool.js"))};
    const db = openDatabase({ url: ${JSON.stringify(bench.url)}, applicationName: "changeover child", connectTimeoutMs: 5000 });
    const drained = await drainFill(db, ${JSON.stringify(revision)}, {
      concurrency: 2, worker: "child", leaseMs: ${leaseMs}, pollMs: 50, progressMs: 20, targetMs: 200,
      signal: new AbortController().signal,
      emit: (event) => { if (event.kind === "fill-progress" && event.rowsDone > 0) console.log("filling " + event.rowsDone); },
    });
    console.log("ended " + drained.kind);
    await db.close();
  `);
}

test("a killed worker's slices are taken over, and nothing is lost or done by its leases", async () => {
  await bench.table(30_000);
  // Slow enough that the signal meets a batch in the middle.
  await bench.sql("create function app.slow(v int) returns int language sql as 'select v from pg_sleep(0.001)'");
  await seedFill(bench.db, fillOf(), silent, { minSlicePages: 32 });
  for (let round = 0; round < 3; round += 1) {
    const child = worker(1_000, "app.slow(a)");
    await child.line("filling");
    const batch = await bench.sql(
      "select 1 from pg_stat_activity where datname = current_database() and application_name like 'changeover child fill%' and query like 'update app.t%' and state = 'active'",
    );
    child.process.kill("SIGKILL");
    expect(await child.ended()).toBe("SIGKILL");
    expect(batch.length).toBeLessThanOrEqual(2);
  }
  const before = await bench.slices();
  const held = before.filter(({ state }) => state === "leased");
  expect(held.length).toBeGreaterThan(0);
  expect(await bench.unfilled()).toBeGreaterThan(0);
  const { emit } = recorder();
  const signal = new AbortController().signal;
  expect(await drainFill(bench.db, fillOf(), { concurrency: 2, signal, emit, worker: "next", pollMs: 50 })).toEqual({
    kind: "done",
  });
  expect(await bench.unfilled()).toBe(0);
  const after = await bench.slices();
  // Every row was counted in the transaction that filled it, once.
  expect(after.reduce((sum, { rows }) => sum + rows, 0)).toBe(30_000);
  for (const { number, fence } of held) {
    expect(after.find((slice) => slice.number === number)?.fence).toBeGreaterThan(fence);
  }
});

test("several worker processes share the slices", async () => {
  await bench.table(30_000);
  await seedFill(bench.db, fillOf(), silent, { minSlicePages: 32 });
  const children = [worker(30_000, "a"), worker(30_000, "a")];
  const ends = await Promise.all(children.map((child) => child.line("ended")));
  expect(ends).toEqual(["done", "done"]);
  expect(await Promise.all(children.map((child) => child.ended()))).toEqual([0, 0]);
  expect(await bench.unfilled()).toBe(0);
  expect((await bench.slices()).reduce((sum, { rows }) => sum + rows, 0)).toBe(30_000);
});
