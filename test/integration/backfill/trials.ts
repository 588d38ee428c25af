/** What an engine is held against, each alone and the same way every time: what it fills, what it counts, what it leaves. */
import { expect } from "vitest";
import { type Event, silent } from "../../../src/events.js";
import type { Engine } from "../../support/engines.js";
import { type Bench, fillOf, REVISION, recorder, until } from "./table.js";

export type Trial = (engine: Engine, bench: Bench) => Promise<void>;

const ROWS = 3_000;
const SMALL = { minSlicePages: 16 };
const TIMES = { targetMs: 250, leaseMs: 30_000, deadlockTimeoutMs: 1_000, patience: 1 };
const CHECKED = `create function app.checked(v int) returns int language plpgsql as
  'begin return v / case when v in (7, 1500, 1501) then 0 else 1 end; end'`;
const BAD = 3;

/** What the engine fills is noted with the rows; pages that are put aside, and cursors that move back, with the slices. */
const WATCHED = `drop table if exists public.filled, public.asides;
create table public.filled (id bigint); create table public.asides (slice int);
create or replace function public.filled() returns trigger language plpgsql as 'begin insert into public.filled values (new.id); return null; end';
create or replace function public.aside() returns trigger language plpgsql as 'begin insert into public.asides values (new.number); return null; end';
create trigger filled after update on app.t for each row when (current_setting('changeover.backfill', true) = 'on') execute function public.filled();
create or replace trigger aside after update on changeover.slice for each row when (new.aside <> '[]') execute function public.aside()`;

type Scene = {
  readonly db: ReturnType<Engine["openDatabase"]>;
  seed(slicePages?: number): Promise<void>;
  drain(more?: Partial<Parameters<Engine["drainFill"]>[2]>): ReturnType<Engine["drainFill"]>;
  lease(worker: string, leaseMs: number): ReturnType<Engine["leaseSlice"]>;
  /** each of so many rows was filled by the engine, once, and counted once; `found`: by its first pass, the sweep having none left */
  expectFilled(rows: number, how?: "found" | "swept"): Promise<void>;
};

/** A table of its own for the engine, and a pool that never waits for a lock for long. */
async function on(engine: Engine, bench: Bench, fill: ReturnType<typeof fillOf>, use: (scene: Scene) => Promise<void>) {
  await bench.sql("update changeover.plan set limits = limits - 'workers'");
  await bench.sql(
    "drop schema app cascade; create schema app; delete from changeover.fill; delete from changeover.verification",
  );
  await bench.table(ROWS);
  await bench.sql(CHECKED);
  for (const statement of WATCHED.split(";\n")) await bench.sql(statement);
  const url = `${bench.url}?options=-c%20lock_timeout%3D1000`;
  const db = engine.openDatabase({ url, applicationName: "changeover engine", connectTimeoutMs: 5_000 });
  let seeded = 0;
  try {
    await use({
      db,
      seed: async (slicePages = SMALL.minSlicePages) => {
        await engine.seedFill(db, fill, silent, { minSlicePages: slicePages });
        seeded = (await bench.slices()).length;
      },
      drain: (more = {}) =>
        engine.drainFill(db, fill, {
          ...{ concurrency: 1, signal: AbortSignal.timeout(15_000), emit: silent, worker: "trial", pollMs: 10 },
          ...more,
        }),
      lease: (worker, leaseMs) => engine.leaseSlice(db, { revision: REVISION, worker, leaseMs }),
      expectFilled: async (rows, how = "found") => {
        const [{ n, once } = {}] = await bench.sql(
          "select count(*)::int as n, count(distinct id)::int as once from public.filled",
        );
        const slices = await bench.slices();
        const counted = slices.reduce((sum, slice) => sum + slice.rows, 0);
        const open = slices.filter(({ state }) => state !== "done").length;
        expect({ n, once, counted, open }).toEqual({ n: rows, once: rows, counted: rows, open: 0 });
        if (how === "found") expect(slices).toHaveLength(seeded);
      },
    });
  } finally {
    await db.close();
  }
}

const asides = async (bench: Bench) => Number((await bench.sql("select count(*) as n from public.asides"))[0]?.n);
const lastPage = "(pg_relation_size('app.t') / current_setting('block_size')::int - 1)";

export const TRIALS = {
  "nobody in the way": (engine, bench) =>
    on(engine, bench, fillOf(), async ({ seed, drain, expectFilled }) => {
      await seed();
      expect(await drain()).toEqual({ kind: "done" });
      expect(await bench.unfilled()).toBe(0);
      await expectFilled(ROWS);
      // Nothing was left of a page that had been gone over.
      expect(await asides(bench)).toBe(0);
    }),

  "a row that is locked": (engine, bench) =>
    on(engine, bench, fillOf(), async ({ seed, drain, expectFilled }) => {
      await seed();
      const holder = await bench.client();
      await holder.query("begin; select from app.t where id in (5, 2000) for update");
      const drained = drain();
      try {
        await until(async () => (await bench.unfilled()) === 2, "all rows that nobody locks are filled");
      } finally {
        await holder.query("commit");
      }
      expect(await drained).toEqual({ kind: "done" });
      expect(await bench.unfilled()).toBe(0);
      await expectFilled(ROWS);
      await holder.end();
    }),

  "rows past the bounds that no trigger has seen": (engine, bench) =>
    on(engine, bench, fillOf(), async ({ seed, drain, expectFilled }) => {
      await seed();
      expect(await drain()).toEqual({ kind: "done" });
      await bench.sql("alter table app.t disable trigger user");
      await bench.sql(
        `insert into app.t (id, a, pad) select g, g, repeat('x', 80) from generate_series(10001, 10070) g`,
      );
      await bench.sql("alter table app.t enable trigger user");
      expect(
        await bench.sql(`select from app.t where id = 10070 and (ctid::text::point)[0] = ${lastPage}`),
      ).toHaveLength(1);
      expect(await drain()).toEqual({ kind: "done" });
      expect(await bench.unfilled()).toBe(0);
      await expectFilled(ROWS + 70, "swept");
    }),

  "rows whose expression fails": (engine, bench) =>
    on(engine, bench, fillOf("app.checked(a)"), async ({ db, seed, drain, expectFilled }) => {
      await seed();
      expect(await drain()).toMatchObject({ kind: "blocked", quarantined: BAD, stopped: 0 });
      const noted = await engine.readQuarantine(db);
      expect(noted.map(({ key }) => key).toSorted()).toEqual(["id=1500", "id=1501", "id=7"]);
      await expectFilled(ROWS - BAD);
    }),

  "another file of the table": (engine, bench) =>
    on(engine, bench, fillOf(), async ({ seed, drain, expectFilled }) => {
      await seed();
      await bench.sql("vacuum full app.t");
      const { emit, events } = recorder();
      expect(await drain({ emit })).toEqual({ kind: "done" });
      await expectFilled(ROWS);
      expect(events.filter(({ kind }: Event) => kind === "fill-restarted")).toHaveLength(1);
      const [{ same } = {}] = await bench.sql(
        "select filenode = pg_relation_filenode('app.t') as same from changeover.fill_part",
      );
      expect(same).toBe(true);
    }),

  "a batch whose cursor cannot move": (engine, bench) =>
    on(engine, bench, fillOf(), async ({ seed, drain, expectFilled }) => {
      await seed();
      await bench.sql(`create sequence app.tries;
        create function app.once() returns trigger language plpgsql as $$
        begin if nextval('app.tries') = 2 then raise exception 'not now' using errcode = '40001'; end if; return new; end $$;
        create or replace trigger once before update of rows on changeover.slice for each row execute function app.once()`);
      try {
        expect(await drain()).toEqual({ kind: "done" });
      } finally {
        await bench.sql("drop trigger once on changeover.slice");
      }
      expect(await bench.unfilled()).toBe(0);
      await expectFilled(ROWS);
    }),

  "a lease that was taken over": (engine, bench) =>
    on(engine, bench, fillOf(), async ({ db, seed, lease }) => {
      await seed(1_000);
      const stale = await lease("stale", 1);
      await bench.sql("select pg_sleep(0.01)");
      const taker = await lease("taker", 30_000);
      if (stale === null || taker === null) throw new Error("no lease");
      expect(taker).toMatchObject({ slice: stale.slice, fence: stale.fence + 1 });
      const lane = engine.openLane(db, "stale");
      const session = await lane.session();
      const step = engine.oneStep([0, stale.hi]);
      expect(await engine.runBatch(session, fillOf(), stale, step, TIMES)).toEqual({ kind: "lost" });
      const ahead = { ...taker, batches: taker.batches + 1 };
      expect(await engine.runBatch(session, fillOf(), ahead, step, TIMES)).toEqual({ kind: "behind" });
      const to = { next: stale.hi, aside: [], rows: 1, hot: 0, wal: 0, progress: true, ahead: 0, leaseMs: 30_000 };
      expect(await session.run(engine.advanceText(stale, to))).toBe(0);
      expect(await engine.renewLease(db, stale, 1)).toBe(false);
      expect(await engine.giveBack(db, stale)).toBe(false);
      expect(await engine.backOff(db, stale, 1, null)).toBe(false);
      expect(await engine.blockSlice(db, stale, { key: "", sqlstate: "", message: "" })).toBe(false);
      await lane.drop();
      expect(await bench.unfilled()).toBe(ROWS);
    }),

  "a stale worker in the middle of a batch": (engine, bench) =>
    on(engine, bench, fillOf(), async ({ db, seed, lease }) => {
      await seed();
      const stale = await lease("stale", 1);
      if (stale === null) throw new Error("no lease");
      const lane = engine.openLane(db, "stale");
      const session = await lane.session();
      const held = await engine.openBatch(session, fillOf(), stale, TIMES);
      expect(held).toMatchObject({ same_file: true });
      // Its slice is not to be had before its transaction ends, and nobody waits for that: the next one is.
      expect(await lease("taker", 30_000)).toMatchObject({ slice: stale.slice + 1 });
      await lane.drop();
    }),

  "slices that wait, and one that nobody has tried": (engine, bench) =>
    on(engine, bench, fillOf(), async ({ db, seed, lease }) => {
      await seed();
      for (const number of [1, 2]) {
        const found = await lease("one", 30_000);
        if (found === null) throw new Error("no lease");
        expect(found.slice).toBe(number);
        // It is due again by the time that anybody looks.
        await engine.backOff(db, found, 0, "row id=1 waits for a lock");
      }
      expect((await engine.dueSlices(db)).map(({ slice }) => slice)).toEqual([3, 4, 1, 2]);
      expect(await lease("two", 30_000)).toMatchObject({ slice: 3 });
    }),

  "as many slices at once as the plan allows": (engine, bench) =>
    on(engine, bench, fillOf(), async ({ db, seed, lease }) => {
      await seed();
      await db.borrow((session) => engine.changeLimits(session, "t-rename", { workers: 1 }));
      expect(await lease("one", 30_000)).not.toBeNull();
      expect(await lease("two", 30_000)).toBeNull();
      await bench.sql("update changeover.plan set paused_at = now(), paused_by = 'me'");
      await bench.sql("update changeover.slice set lease_until = now() - interval '1 s' where state = 'leased'");
      expect(await lease("three", 30_000)).toBeNull();
      await bench.sql("update changeover.plan set paused_at = null, paused_by = null");
      expect(await lease("four", 30_000)).not.toBeNull();
    }),
} satisfies Readonly<Record<string, Trial>>;

export type TrialName = keyof typeof TRIALS;
