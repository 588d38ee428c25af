/** Limits that people set while a fill runs, or before it starts. */
import { expect, test } from "vitest";
import { drainFill, seedFill } from "../../../src/backfill/fill.js";
import { verifyFill } from "../../../src/backfill/verify/verify.js";
import { type Event, silent } from "../../../src/events.js";
import { type Changes, changeLimits } from "../../../src/journal/limits.js";
import { dueSlices, leaseSlice } from "../../../src/journal/slices.js";
import { DAYS, type Window } from "../../../src/journal/windows.js";
import { fillOf, REVISION, recorder, until, useTable } from "./table.js";

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
    windows: null,
    signals: { checkpoints: { bounds: null, until: null, by: null } },
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

/** One that is shut for the next hours. */
async function shut(): Promise<Window> {
  const [row] = await bench.sql<{ from: string; to: string }>(
    `select to_char(t + interval '3 h', 'HH24:MI') as from, to_char(t + interval '4 h', 'HH24:MI') as to
       from (select clock_timestamp() at time zone 'UTC' as t) now`,
  );
  return { days: DAYS, from: row?.from ?? "", to: row?.to ?? "", zone: "UTC" };
}

test("outside of its windows nobody leases a slice, a fill at work stops after its batch, and a rest ends at once", async () => {
  await bench.table(20_000);
  await seedFill(bench.db, fillOf(), silent, { minSlicePages: 32 });
  await set({ rowsPerSecond: 1 });
  const { emit } = recorder();
  const drained = drain(emit);
  const filled = async () => (await bench.slices()).reduce((sum, { rows }) => sum + rows, 0);
  await until(async () => (await filled()) > 0, "the first batch, after which it rests for minutes");
  const window = await shut();
  await set({ windows: [window], rowsPerSecond: null });
  expect(await drained).toEqual({ kind: "paused", opens: expect.stringMatching(`^... ${window.from} UTC$`) });
  expect((await bench.slices()).filter(({ state }) => state === "leased")).toEqual([]);
  expect(await lease("late")).toBeNull();
  expect(await dueSlices(bench.db)).toEqual([]);
  expect(await drain()).toMatchObject({ kind: "paused" });
  await set({ windows: [window, { ...window, from: "00:00", to: "24:00" }] });
  expect(await drain()).toEqual({ kind: "done" });
});

test("outside of its windows a verify waits, says until when, and goes on when one opens", async () => {
  await bench.table(2_000);
  await seedFill(bench.db, fillOf(), silent);
  expect(await drain()).toEqual({ kind: "done" });
  await set({ windows: [await shut()] });
  const { emit, events, first } = recorder();
  const verified = verifyFill(bench.db, fillOf(), { signal: new AbortController().signal, emit });
  expect(await first("notice")).toMatchObject({
    message: expect.stringMatching(/^The verify of t-rename is outside its window, opens ... ..:.. UTC\.$/),
  });
  expect(events.filter(({ kind }) => kind === "verify-progress")).toEqual([]);
  await set({ windows: null });
  expect(await verified).toMatchObject({ rows: 2_000, mismatches: 0 });
});
