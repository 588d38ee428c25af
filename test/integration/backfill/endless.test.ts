/** Rows that come anew, past the sync triggers: that they do is measured, and said as soon as they outrun the fill. */
import { expect, test } from "vitest";
import { endlessOf } from "../../../src/backfill/endless.js";
import { drainFill, seedFill } from "../../../src/backfill/fill.js";
import { sweepFill } from "../../../src/backfill/sweep.js";
import { silent } from "../../../src/events.js";
import { readFills } from "../../../src/journal/fills.js";
import { type Changes, changeLimits, readLimits } from "../../../src/journal/limits.js";
import { fillOf, REVISION, recorder, until, useTable } from "./table.js";

const bench = useTable();
const set = (limits: Changes) => bench.db.borrow((session) => changeLimits(session, "t-rename", limits));
const signal = () => new AbortController().signal;

test("a fill that is outrun by a writer says so with the arithmetic, and ends once nobody outruns it", async () => {
  await bench.table(2_000);
  await bench.sql("alter table app.t disable trigger user");
  await seedFill(bench.db, fillOf(), silent);
  // They came while it ran, behind its back.
  await bench.sql("insert into app.t (id, a) select 1000000 + n, n from generate_series(1, 3000) n");
  const { emit, events, first } = recorder();
  const drained = drainFill(bench.db, fillOf(), {
    ...{ concurrency: 1, worker: "test", pollMs: 20, progressMs: 100, targetMs: 20 },
    ...{ signal: signal(), emit },
  });
  await until(async () => {
    await bench.sql("insert into app.t (id, a) select 2000000 + random() * 1e12, n from generate_series(1, 200) n");
    return (await bench.sql("select from changeover.sweep")).length > 0;
  }, "a look has found them");
  await set({ rowsPerSecond: 20 });
  expect(await first("fill-endless")).toEqual({
    kind: "fill-endless",
    revision: REVISION,
    plan: "t-rename",
    why: expect.stringMatching(
      /^Rows come anew faster than they are filled: arrivals [\d,]+\/s, drained [\d.]+\/s: it will not finish at this pace \([\d,]+ rows were due again after the whole table had been filled\)\.$/,
    ),
    remedy: expect.stringContaining("changeover backfill set t-rename --rows-per-second none --workers 4"),
  });
  const [fill] = await readFills(bench.db, REVISION);
  if (fill === undefined) throw new Error("no fill");
  const endless = endlessOf(fill, await readLimits(bench.db, "t-rename"), "t-rename");
  expect(endless?.arrivalsPerSecond).toBeGreaterThan(endless?.drainedPerSecond ?? Number.POSITIVE_INFINITY);
  await until(() => events.some((event) => event.kind === "fill-progress" && event.endless !== null), "a bar shows it");

  await set({ rowsPerSecond: null });
  expect(await drained).toEqual({ kind: "done" });
  expect(await bench.unfilled()).toBe(0);
});

test("a fill behind which nobody writes has nothing to say of it", async () => {
  await bench.table(2_000);
  await seedFill(bench.db, fillOf(), silent);
  const { emit, events } = recorder();
  const options = { concurrency: 1, worker: "test", pollMs: 20, signal: signal(), emit };
  expect(await drainFill(bench.db, fillOf(), options)).toEqual({ kind: "done" });
  expect(events.filter(({ kind }) => kind === "fill-endless")).toEqual([]);
  expect(await bench.sql("select from changeover.sweep")).toEqual([]);
  const [fill] = await readFills(bench.db, REVISION);
  expect(fill).toMatchObject({ rowsDone: 2_000, walBytes: expect.any(Number) });
  expect(fill?.again).toBeUndefined();
  // The server wrote at least what an update of each of them takes.
  expect(fill?.walBytes).toBeGreaterThan(2_000 * 30);
});

test("the look for rows that are due again says how far it is, here and in status", async () => {
  await bench.table(3_000);
  await bench.sql(
    "create function app.nap() returns boolean language sql volatile as 'select true from pg_sleep(0.001)'",
  );
  const slow = fillOf("a", "app.nap() and b is null");
  await seedFill(bench.db, slow, silent);
  const { emit, events, first } = recorder();
  const sweeping = sweepFill(bench.db, slow, { signal: signal(), emit });
  expect(await first("sweep-progress")).toMatchObject({ plan: "t-rename", fraction: expect.any(Number) });
  await until(async () => (await readFills(bench.db, REVISION))[0]?.sweeping !== undefined, "status knows");
  expect((await sweeping).found).toBeGreaterThan(0);
  const parts = events.flatMap((event) => (event.kind === "sweep-progress" ? event.fraction : []));
  expect(parts).toEqual([...parts].sort((a, b) => a - b));
  expect(await bench.sql("select rows::int, done::int from changeover.sweep")).toEqual([{ rows: 3_000, done: 0 }]);
  const [fill] = await readFills(bench.db, REVISION);
  expect(fill?.sweeping).toBeUndefined();
  expect(fill?.again).toMatchObject({ times: 1, rows: 3_000, filled: 0 });
});
