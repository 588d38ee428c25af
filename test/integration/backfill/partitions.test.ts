import { beforeEach, describe, expect, test } from "vitest";
import { drainFill, seedFill } from "../../../src/backfill/fill.js";
import { partsOf } from "../../../src/backfill/part.js";
import type { FillRevision } from "../../../src/backfill/statements.js";
import { repairFill } from "../../../src/backfill/verify/repair.js";
import { verifyFill } from "../../../src/backfill/verify/verify.js";
import { silent } from "../../../src/events.js";
import { readFills } from "../../../src/journal/fills.js";
import { readQuarantine } from "../../../src/journal/quarantine.js";
import { fillOf, REVISION, recorder, useTable } from "./table.js";

const bench = useTable();
const SMALL = { minSlicePages: 8 };
const ROWS = 6_000;
const signal = new AbortController().signal;

function drain(revision: FillRevision, emit = silent) {
  return drainFill(bench.db, revision, { concurrency: 2, signal, emit, worker: "test", pollMs: 50 });
}

/** By range of `at`, one of them again by list of `kind`, and the rest in a default partition. */
async function partitioned(key = "primary key (id, at, kind)") {
  await bench.sql(`create table app.t (id bigint not null, at int not null, kind int not null, a int, pad text${key === "" ? "" : `, ${key}`}) partition by range (at);
    create table app.t1 partition of app.t for values from (0) to (100);
    create table app.t2 partition of app.t for values from (100) to (200) partition by list (kind);
    create table app."t2 Odd" partition of app.t2 for values in (1);
    create table app.t2_rest partition of app.t2 default;
    create table app.t_rest partition of app.t default;
    insert into app.t select g, g % 300, g % 2, g, repeat('x', 80) from generate_series(1, ${ROWS}) g;
    alter table app.t add b int`);
  await bench.sql(`create function app.sync() returns trigger language plpgsql as $$ begin
      if new.b is null then new.b := new.a; elsif tg_op = 'UPDATE' and old.b is distinct from new.b then new.a := new.b; else new.b := new.a; end if;
      return new; end $$;
    create trigger "~~changeover_i" before insert or update on app.t for each row when (new.a is distinct from new.b) execute function app.sync()`);
}

const left = async () => Number((await bench.sql("select count(*) as n from app.t where b is distinct from a"))[0]?.n);

describe("a fill of a partitioned table", () => {
  beforeEach(() => partitioned());

  test("goes leaf by leaf, of every level", async () => {
    await seedFill(bench.db, fillOf(), silent, SMALL);
    const parts = await bench.sql("select relation::regclass::text as leaf from changeover.fill_part order by 1");
    expect(parts.map(({ leaf }) => leaf)).toEqual(['app."t2 Odd"', "app.t1", "app.t2_rest", "app.t_rest"]);
    expect(await drain(fillOf())).toEqual({ kind: "done" });
    expect(await left()).toBe(0);
    const [fill] = await readFills(bench.db, REVISION);
    expect(fill).toMatchObject({ rowsDone: ROWS, pagesDone: fill?.pages });
  });

  test("reads a leaf's window by a TID range scan of that leaf, and nothing else", async () => {
    const [part] = (await partsOf(bench.db, fillOf())).filter(({ name }) => name === "t2 Odd");
    const { batch, left, verify } = part?.revision.fill ?? {};
    for (const statement of [batch, left, verify]) {
      const text = String(statement)
        .replaceAll("$1", "'(0,0)'")
        .replaceAll("$2", "'(9,0)'")
        .replaceAll("$3", "7")
        .replaceAll("$4", "0");
      const plan = (await bench.sql(`explain ${text}`)).map((row) => String(row["QUERY PLAN"]));
      const scans = plan.filter((line) => line.includes("Scan"));
      expect(scans.filter((line) => !line.includes('"t2 Odd"'))).toEqual([]);
      expect(scans.some((line) => line.includes("Tid Range Scan"))).toBe(true);
    }
  });

  test("fills what came, and forgets what went, while it runs", async () => {
    await seedFill(bench.db, fillOf(), silent, SMALL);
    await bench.sql(`create table app.late (id bigint not null, at int not null, kind int not null, a int, pad text, b int, primary key (id, at, kind));
      insert into app.late select g, 400, 0, g, 'x' from generate_series(10001, 10500) g;
      alter table app.t detach partition app.t_rest;
      alter table app.t attach partition app.late for values from (400) to (500);
      create table app.t6 partition of app.t for values from (600) to (700);
      insert into app.t values (20000, 650, 0, 1);
      alter table app.t1 rename to t1_old_name;
      alter table app.t2_rest set schema public;
      truncate app."t2 Odd";
      insert into app.t values (20001, 150, 1, 2)`);
    await bench.sql("vacuum full public.t2_rest");
    const { emit, events } = recorder();
    expect(await drain(fillOf(), emit)).toEqual({ kind: "done" });
    expect(await left()).toBe(0);
    expect(events.some((event) => event.kind === "fill-restarted")).toBe(true);
    // Detached: it is none of ours any more.
    expect(Number((await bench.sql("select count(*) as n from app.t_rest where b is not null"))[0]?.n)).toBe(0);
  });

  test("finds in its last sweep what passed the triggers, in whichever leaf it stands", async () => {
    await seedFill(bench.db, fillOf(), silent, SMALL);
    expect(await drain(fillOf())).toEqual({ kind: "done" });
    await bench.sql(
      `alter table app.t disable trigger all; update app.t set b = null where id in (7, 150, 299); alter table app.t enable trigger all`,
    );
    expect(await drain(fillOf())).toEqual({ kind: "done" });
    expect(await left()).toBe(0);
  });

  test("a row that moves from leaf to leaf is filled on the way", async () => {
    await seedFill(bench.db, fillOf(), silent, SMALL);
    await bench.sql("update app.t set at = 250 where id = 7; update app.t set at = 7 where id = 150");
    const rows = await bench.sql(
      "select id::int, tableoid::regclass::text as leaf, b from app.t where id in (7, 150) order by id",
    );
    expect(rows).toEqual([
      { id: 7, leaf: "app.t_rest", b: 7 },
      { id: 150, leaf: "app.t1", b: 150 },
    ]);
    expect(await drain(fillOf())).toEqual({ kind: "done" });
  });

  test("a foreign table among its leaves is named, and nothing is done", async () => {
    await bench
      .sql(`create foreign data wrapper w; create server s foreign data wrapper w;
      create foreign table app.far partition of app.t for values from (900) to (1000) server s`)
      .catch(() => undefined);
    const far = await bench.sql("select 1 from pg_foreign_table");
    if (far.length === 1) await expect(seedFill(bench.db, fillOf(), silent)).rejects.toMatchObject({ code: "blocked" });
    await bench.sql("drop foreign data wrapper if exists w cascade");
  });
});

test("rows that cannot be filled are noted by their leaf where they have no key, and tried again there", async () => {
  await partitioned("");
  await bench.sql('drop trigger "~~changeover_i" on app.t; update app.t set a = 0 where id in (7, 107)');
  const failing = fillOf("100 / a", undefined, []);
  await seedFill(bench.db, failing, silent, SMALL);
  expect(await drain(failing)).toMatchObject({ kind: "blocked", quarantined: 2, stopped: 0 });
  const noted = await readQuarantine(bench.db, REVISION);
  expect(new Set(noted.map(({ relation }) => relation)).size).toBe(2);
  await bench.sql("update app.t set a = 1 where a = 0");
  expect(await drain(failing)).toEqual({ kind: "done" });
  expect(await readQuarantine(bench.db, REVISION)).toEqual([]);
});

describe("a verify of a partitioned table", () => {
  const verify = () => verifyFill(bench.db, fillOf(), { signal, emit: silent });

  test("compares the rows of all leaves, and goes on with one that came later", async () => {
    await partitioned();
    await bench.sql("update app.t set b = a");
    await bench.sql(`update changeover.revision set state = 'done', finished_at = clock_timestamp()`);
    expect(await verify()).toMatchObject({ rows: ROWS, mismatches: 0 });
    await bench.sql(`create table app.late (like app.t including all);
      insert into app.late select g, 400, 0, g, 'x', null from generate_series(10001, 10010) g;
      alter table app.t attach partition app.late for values from (400) to (500)`);
    const again = await verify();
    expect(again).toMatchObject({ rows: ROWS + 10, mismatches: 10 });
    expect(again.keys).toContain("id=10001");
    await bench.sql("update app.late set b = a");
    expect(await verify()).toMatchObject({ rows: ROWS + 10, mismatches: 0 });
  });

  /** A verify that is cut off after its first window, under which leaves change before it goes on. */
  async function cutOff(meanwhile: string) {
    await bench.sql(`update changeover.revision set state = 'done', finished_at = clock_timestamp()`);
    const stop = new AbortController();
    const early = await verifyFill(bench.db, fillOf(), {
      signal: stop.signal,
      emit: () => stop.abort(),
      minPartPages: 8,
      targetMs: 1,
    });
    expect(early.finishedAt).toBeNull();
    for (const statement of meanwhile.split(";\n")) await bench.sql(statement);
    return { early, late: await verify() };
  }
  const byTrigger = "alter table app.t enable trigger all";

  test("forgets a leaf that is detached meanwhile with what was found in it, and goes on", async () => {
    await partitioned();
    await bench.sql("update app.t set b = a");
    await bench.sql(`alter table app.t disable trigger all;
      update app.t set b = -1 where at in (50, 250); ${byTrigger}`);
    const { early, late } = await cutOff(`alter table app.t detach partition app.t_rest;
create table app.t6 partition of app.t for values from (600) to (700);
insert into app.t values (20000, 650, 0, 1);
alter table app.t1 rename to t1_new_name`);
    expect(late).toMatchObject({ id: early.id, mismatches: 20 });
    expect(late.keys).not.toContain("id=250");
    const files = await bench.sql(
      "select relation::regclass::text as leaf from changeover.verification_file order by 1",
    );
    expect(files.map(({ leaf }) => leaf)).toEqual(['app."t2 Odd"', "app.t1_new_name", "app.t2_rest", "app.t6"]);
  });

  test("begins again where a leaf that it goes over gets another file", async () => {
    await partitioned();
    await bench.sql("update app.t set b = a");
    const { early, late } = await cutOff("vacuum full app.t_rest");
    expect(late.id).not.toBe(early.id);
    expect(late).toMatchObject({ rows: ROWS, mismatches: 0 });
  });

  test("tells rows without a key apart by their leaf, and puts them right there", async () => {
    await partitioned("");
    await bench.sql("update app.t set b = a");
    await bench.sql("vacuum full app.t");
    // The same place in each of two leaves.
    await bench.sql(`alter table app.t disable trigger all;
      update app.t set b = -1 where ctid = '(0,1)' and tableoid in ('app.t1'::regclass, 'app.t_rest'::regclass); ${byTrigger}`);
    await bench.sql("vacuum full app.t");
    const keyless = fillOf(undefined, undefined, []);
    const pass = await verifyFill(bench.db, keyless, { signal, emit: silent, concurrency: 2 });
    expect(pass).toMatchObject({ rows: ROWS, mismatches: 2 });
    const authority = { side: "old", sets: "b", by: "forth", why: "it is a test" } as const;
    const repair = { verification: pass.id, actor: "ann", authority, fence: async () => undefined };
    const done = await repairFill(bench.db, keyless, { ...repair, signal, emit: silent });
    expect(done).toMatchObject({ rows: 2, leftRows: 0 });
    expect(await left()).toBe(0);
  });
});
