/** Limits that people set while a fill runs, or before it starts. */
import { expect, test } from "vitest";
import { drainFill, seedFill } from "../../../src/backfill/fill.js";
import { type Event, silent } from "../../../src/events.js";
import { type Changes, changeLimits } from "../../../src/journal/limits.js";
import { leaseSlice } from "../../../src/journal/slices.js";
import { fillOf, REVISION, until, useTable } from "./table.js";

const bench = useTable();
const set = (limits: Changes) => bench.db.borrow((session) => changeLimits(session, "t-rename", limits));
const lease = (worker: string) => leaseSlice(bench.db, { revision: REVISION, worker, leaseMs: 30_000 });

function drain(emit: (event: Event) => void = silent) {
  const signal = new AbortController().signal;
  return drainFill(bench.db, fillOf(), { concurrency: 1, signal, emit, worker: "test", pollMs: 20 });
}

test("as many slices are worked on at once as the plan may have workers, two where nothing is said", async () => {
  await bench.table(20_000);
  await seedFill(bench.db, fillOf(), silent, { minSlicePages: 32 });
  const taken = await Promise.all(["a", "b", "c", "d", "e"].map(lease));
  expect(taken.filter((one) => one !== null)).toHaveLength(2);
  expect(await set({ workers: 4 })).toEqual({
    workers: 4,
    rowsPerSecond: null,
    walMbPerSecond: null,
    duty: null,
    signals: { checkpoints: null },
  });
  const more = await Promise.all(["f", "g", "h", "i"].map(lease));
  expect(more.filter((one) => one !== null)).toHaveLength(2);
  await set({ workers: null });
  expect(await lease("j")).toBeNull();
});

test("a limit holds the workers back, and lifting it lets them go within a second", async () => {
  await bench.table(20_000);
  await seedFill(bench.db, fillOf(), silent);
  await set({ rowsPerSecond: 1 });
  const drained = drain();
  const filled = async () => (await bench.slices()).reduce((sum, { rows }) => sum + rows, 0);
  await until(async () => (await filled()) > 0, "the first batch");
  const first = await filled();
  // A batch at one row a second: nothing more comes for minutes.
  const [held] = await bench.sql("select clock_timestamp() as at, pg_sleep(1)");
  expect(held).toBeDefined();
  expect(await filled()).toBe(first);
  await set({ rowsPerSecond: null });
  expect(await drained).toEqual({ kind: "done" });
  expect(await bench.unfilled()).toBe(0);
});
