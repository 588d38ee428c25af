import { describe, expect, test } from "vitest";
import { drainFill, seedFill } from "../../../src/backfill/fill.js";
import type { FillRevision } from "../../../src/backfill/statements.js";
import { openDatabase } from "../../../src/db/pool.js";
import { transaction } from "../../../src/db/transaction.js";
import { silent } from "../../../src/events.js";
import { readQuarantine, retryRows } from "../../../src/journal/quarantine.js";
import { REVISION, recorder, useTable } from "./table.js";
import { codedFill, codedTable, gate } from "./transform.js";

const bench = useTable();
const SMALL = { minSlicePages: 64 };
const word = ({ a }: Readonly<Record<string, unknown>>) => `n${a}`;

function drain(revision: FillRevision, options: Partial<Parameters<typeof drainFill>[2]> = {}, db = bench.db) {
  return drainFill(db, revision, {
    ...{ concurrency: 2, signal: new AbortController().signal, emit: silent, worker: "test", pollMs: 20, ...options },
  });
}

const count = async (where: string) =>
  Number((await bench.sql(`select count(*) as n from app.t where ${where}`))[0]?.n);
const noted = async () =>
  (await readQuarantine(bench.db)).map(({ key, sqlstate, message }) => `${key} ${sqlstate} ${message}`).toSorted();

test("every row gets what the transform makes of it, with two workers, and none is written twice", async () => {
  await codedTable(bench, 20_000);
  await bench.sql("update app.t set c = 'kept' where id % 10 = 0");
  const revision = await codedFill(bench, ["a"], word);
  await seedFill(bench.db, revision, silent, SMALL);
  expect(await drain(revision)).toEqual({ kind: "done" });
  expect(await count("c is distinct from case when id % 10 = 0 then 'kept' else 'n' || a end")).toBe(0);
  const slices = await bench.slices();
  expect(slices.length).toBeGreaterThan(2);
  expect(slices.reduce((sum, { rows }) => sum + rows, 0)).toBe(18_000);
});

/** type, and values of it as SQL */
const TYPES: readonly (readonly [type: string, ...values: string[]])[] = [
  ["text", "'plain'", "''", "E'q\\'\"\\\\ {a,b} \\n\\u00e9'"],
  ["varchar(20)", "'v'"],
  ["character(5)", "'ab'"],
  ["boolean", "true", "false"],
  ["smallint", "'-32768'"],
  ["integer", "2147483647"],
  ["bigint", "'9223372036854775807'", "'-9007199254740993'"],
  ["numeric(20, 4)", "12345678901234.5678", "'NaN'"],
  ["real", "0.1", "'Infinity'"],
  ["double precision", "0.1", "1e-300", "'-Infinity'"],
  ["date", "'2026-02-28'", "'0044-03-15 BC'"],
  ["timestamp", "'2026-02-28 23:59:59.123456'", "'infinity'"],
  ["timestamptz", "'2026-02-28 23:59:59.123456+05:30'"],
  ["time", "'23:59:59.5'"],
  ["interval", "'1 year -2 days 03:04:05.6'"],
  ["uuid", "'00000000-0000-0000-0000-0000000000ff'"],
  ["bytea", "'\\x00ff5c27'"],
  ["jsonb", `'{"a": [1, "x", null], "b": {"c": true}}'`, "'[1, [2], {}]'", "'12.5'"],
  ["json", `'{"k":"v"}'`],
  ["text[]", `array['a b', '"', E'\\\\', '', null, 'NULL']`, "'{}'", "'{{a,b},{c,d}}'"],
  ["integer[]", "'{1,null,-3}'", "'{{1,2},{3,4}}'"],
  ["bigint[]", "'{9223372036854775807}'"],
  ["date[]", "'{2026-02-28,infinity}'"],
  ["timestamptz[]", "'{2026-02-28 23:59:59.123456+00}'"],
  ["bit(3)", "B'101'"],
  ["bit varying(8)", "B'10101'"],
  ["inet", "'10.0.0.0/8'"],
  ["point", "'(1.5,-2)'"],
  ["int4range", "'[1,5)'"],
  ["app.mood", "'so so'"],
  ["app.tag", "'t'"],
  ['app."Odd (type)"', "'x'"],
];

test("values of any type come as they are, and go back as they came", async () => {
  await bench.sql(`create type app.mood as enum ('so so', 'happy'); create domain app.tag as varchar(5);
    create type app."Odd (type)" as enum ('x')`);
  // As a role or a database may have it, for every session.
  const db = openDatabase({
    ...bench.db.config,
    url: `${bench.url}?options=${encodeURIComponent("-c datestyle=SQL,DMY")}`,
  });
  for (const [type, ...values] of TYPES) {
    await bench.sql("drop table if exists app.t");
    await bench.sql(`create table app.t (id int primary key, a ${type}, c ${type})`);
    for (const [n, value] of values.entries()) await bench.sql(`insert into app.t values (${n}, ${value}::${type})`);
    await bench.sql("delete from changeover.fill");
    const revision = await codedFill(bench, ["a"], ({ a }) =>
      // Of JSON a text is taken as JSON, so that one that is a value has to be written down as such.
      type.startsWith("json") ? JSON.stringify(a) : a,
    );
    await seedFill(bench.db, revision, silent);
    expect([type, await drain(revision, {}, db), await noted()]).toEqual([type, { kind: "done" }, []]);
    expect([type, await count("c is null or c::text is distinct from a::text")]).toEqual([type, 0]);
  }
  await db.close();
});

test("values of JavaScript's own are given to the types that they are like", async () => {
  const cases: readonly (readonly [string, unknown, string])[] = [
    ["bigint", 9223372036854775807n, "9223372036854775807"],
    ["timestamptz", new Date("2026-02-28T23:59:59.123Z"), "2026-02-28 23:59:59.123+00"],
    ["date", new Date("2026-02-28T23:59:59.123Z"), "2026-02-28"],
    ["bytea", new Uint8Array([0, 255]), "\\x00ff"],
    ["jsonb", ["a", { b: 1 }], '["a", {"b": 1}]'],
    ["jsonb", { at: new Date(0) }, '{"at": "1970-01-01T00:00:00.000Z"}'],
    ["text[]", ["a", null, '"'], '{a,NULL,"\\""}'],
    ["numeric(6, 2)", 1.239, "1.24"],
    ["integer", Promise.resolve(7), "7"],
  ];
  for (const [type, given, expected] of cases) {
    await bench.sql("drop table if exists app.t; delete from changeover.fill");
    await codedTable(bench, 1, type);
    const revision = await codedFill(bench, ["a"], () => given);
    await seedFill(bench.db, revision, silent);
    expect([type, await drain(revision)]).toEqual([type, { kind: "done" }]);
    await bench.sql("set timezone = 'UTC'");
    expect(await bench.sql("select c::text from app.t")).toEqual([{ c: expected }]);
  }
});

describe("rows that cannot be filled", () => {
  const wrong: Readonly<Record<number, () => unknown>> = {
    3: () => {
      throw new TypeError("no such name");
    },
    4: async () => Promise.reject(new Error("later")),
    5: () => null,
    6: () => undefined,
    7: () => () => 1,
    8: () => "\ud800",
    9: () => "a\0b",
    10: () => "longer than it may be",
    5000: () => {
      throw "a text";
    },
  };
  const compute = ({ a }: Readonly<Record<string, unknown>>) => (wrong[a as number] ?? (() => `n${a}`))();

  test("wait for someone, each with what was said to it, and all others are filled", async () => {
    await codedTable(bench, 8_000, "varchar(12)");
    const revision = await codedFill(bench, ["a"], compute);
    await seedFill(bench.db, revision, silent, SMALL);
    const { emit, events } = recorder();
    expect(await drain(revision, { emit })).toMatchObject({ kind: "blocked", quarantined: 9, stopped: 0 });
    expect(await noted()).toEqual([
      "id=10 22001 value too long for type character varying(12)",
      "id=3 38000 transform threw TypeError: no such name",
      "id=4 38000 transform threw later",
      "id=5 39004 transform gave null, so that the row stays as it is",
      "id=5000 38000 transform threw a text",
      "id=6 39004 transform gave undefined, so that the row stays as it is",
      "id=7 39000 transform gave a function, which is no value",
      "id=8 39000 transform gave a text with half a character",
      'id=9 22021 invalid byte sequence for encoding "UTF8": 0x00',
    ]);
    expect(await count("c is null")).toBe(9);
    expect(events.filter(({ kind }) => kind === "row-quarantined")).toHaveLength(9);
    // Mended code, and one row that the application has filled itself.
    await bench.sql("update app.t set c = 'own' where id = 5");
    await bench.db.borrow((session) => transaction(session, {}, () => retryRows(session, REVISION, null)));
    const mended = { ...revision, compute: word };
    expect(await drain(mended)).toEqual({ kind: "done" });
    expect(await count("c is distinct from case when id = 5 then 'own' else 'n' || a end")).toBe(0);
    expect(await noted()).toEqual([]);
  });

  test("of more than a thousand the code is to blame, and the slice stops", async () => {
    await codedTable(bench, 3_000);
    const revision = await codedFill(bench, ["a"], () => {
      throw new Error("wrong for all");
    });
    await seedFill(bench.db, revision, silent, SMALL);
    const drained = await drain(revision, { concurrency: 1 });
    expect(drained).toMatchObject({ kind: "blocked" });
    expect(drained.kind === "blocked" ? drained.failures[0]?.message : "").toMatch(
      /^more than 1000 rows fail.*wrong for all/,
    );
    expect((await noted()).length).toBeLessThanOrEqual(1_000);
  });

  test("for want of an answer stop their slice with clear words, and are tried again by the next run", async () => {
    await codedTable(bench, 200);
    const aborted: unknown[] = [];
    const revision = await codedFill(bench, ["a"], ({ a }, { signal }) => {
      signal.addEventListener("abort", () => aborted.push(a));
      return a === 77 ? new Promise(() => undefined) : `n${a}`;
    });
    await seedFill(bench.db, revision, silent);
    const drained = await drain(revision, { concurrency: 1, leaseMs: 600 });
    expect(drained).toMatchObject({
      kind: "blocked",
      stopped: 1,
      failures: [{ key: "id=77", sqlstate: "38000", message: "transform did not answer within 0.2 s" }],
    });
    expect(aborted).toContain(77);
    expect(await noted()).toEqual([]);
  });
});

describe("between reading and writing", () => {
  test("no lock is held and no transaction is open, and a row that is changed then is computed anew", async () => {
    await codedTable(bench, 50);
    const [asked, go] = [gate(), gate()];
    const calls: unknown[] = [];
    const revision = await codedFill(bench, ["a"], async ({ a }) => {
      calls.push(a);
      if (a === 20) {
        asked.open();
        await go.opened;
      }
      return `n${a}`;
    });
    await seedFill(bench.db, revision, silent);
    const drained = drain(revision, { concurrency: 1 });
    await asked.opened;
    const open = await bench.sql(`select state, query from pg_stat_activity
      where application_name like 'changeover test fill%' and xact_start is not null and datname = current_database()`);
    expect(open).toEqual([]);
    // What was read of 10 is old by now; 11 has its value; 12 is gone, and 13 is another row in its place.
    const app = await bench.client();
    await app.query("set lock_timeout = '100ms'");
    await app.query("update app.t set a = 1010 where id = 10; update app.t set c = 'own' where id = 11");
    await app.query("delete from app.t where id = 12; update app.t set pad = 'other' where id = 13");
    go.open();
    expect(await drained).toEqual({ kind: "done" });
    expect(await count("c is distinct from case when id = 11 then 'own' else 'n' || a end")).toBe(0);
    expect(await bench.sql("select c from app.t where id = 10")).toEqual([{ c: "n1010" }]);
    expect(calls.filter((a) => a === 1010)).toHaveLength(1);
    expect(calls.filter((a) => a === 13)).toHaveLength(2);
  });

  test("a place that another row has taken meanwhile is not written", async () => {
    await codedTable(bench, 50);
    const [asked, go] = [gate(), gate()];
    const revision = await codedFill(bench, ["a"], async ({ a }) => {
      if (a === 50) {
        asked.open();
        await go.opened;
      }
      return `n${a}`;
    });
    await seedFill(bench.db, revision, silent);
    const drained = drain(revision, { concurrency: 1 });
    await asked.opened;
    await bench.sql("delete from app.t where id = 10");
    await bench.sql("vacuum (truncate false) app.t");
    const place = await bench.sql("insert into app.t values (999, 999) returning ctid::text as tid");
    // Where 10 stood: what was computed for that place is another row's.
    expect(place).toEqual([{ tid: "(0,10)" }]);
    go.open();
    expect(await drained).toEqual({ kind: "done" });
    expect(await bench.sql("select c from app.t where id = 999")).toEqual([{ c: "n999" }]);
  });

  test("a row that is locked is passed over, and filled once it is free", async () => {
    await codedTable(bench, 3_000);
    const holder = await bench.client({ application_name: "long app" });
    await holder.query("begin; select from app.t where id = 100 for update");
    const revision = await codedFill(bench, ["a"], word);
    await seedFill(bench.db, revision, silent);
    const { emit, first } = recorder();
    const drained = drain(revision, { emit });
    expect(await first("notice")).toMatchObject({ message: expect.stringMatching(/row id=100 of app\.t .*long app/) });
    expect(await count("c is null")).toBe(1);
    await holder.query("commit");
    expect(await drained).toEqual({ kind: "done" });
    expect(await count("c is null")).toBe(0);
  });

  test("a pause is obeyed before anything is written, and what was computed is computed again", async () => {
    await codedTable(bench, 50);
    const [asked, go] = [gate(), gate()];
    let calls = 0;
    const revision = await codedFill(bench, ["a"], async ({ a }) => {
      calls += 1;
      if (a === 20) {
        asked.open();
        await go.opened;
      }
      return `n${a}`;
    });
    await seedFill(bench.db, revision, silent);
    const drained = drain(revision, { concurrency: 1 });
    await asked.opened;
    await bench.sql("update changeover.plan set paused_at = now(), paused_by = 'ann'");
    go.open();
    expect(await drained).toEqual({ kind: "paused" });
    expect(await count("c is not null")).toBe(0);
    await bench.sql("update changeover.plan set paused_at = null, paused_by = null");
    expect(await drain(revision, { concurrency: 1 })).toEqual({ kind: "done" });
    expect([await count("c is null"), calls]).toEqual([0, 100]);
  });

  test("a worker whose lease was taken over writes nothing", async () => {
    await codedTable(bench, 50);
    const [asked, go] = [gate(), gate()];
    const slow = await codedFill(bench, ["a"], async ({ a }) => {
      if (a === 20) {
        asked.open();
        await go.opened;
      }
      return `slow${a}`;
    });
    await seedFill(bench.db, slow, silent);
    const first = drain(slow, { concurrency: 1, worker: "first" });
    await asked.opened;
    await bench.sql("update changeover.slice set lease_until = now() - interval '1 second'");
    const second = await codedFill(bench, ["a"], word);
    expect(await drain(second, { concurrency: 1, worker: "second" })).toEqual({ kind: "done" });
    go.open();
    await first;
    expect(await count("c is distinct from 'n' || a")).toBe(0);
  });

  test("a connection that is cut takes nothing with it", async () => {
    await codedTable(bench, 2_000);
    const [asked, go] = [gate(), gate()];
    const revision = await codedFill(bench, ["a"], async ({ a }) => {
      if (a === 500) {
        asked.open();
        await go.opened;
      }
      return `n${a}`;
    });
    await seedFill(bench.db, revision, silent, SMALL);
    const drained = drain(revision, { concurrency: 1 });
    await asked.opened;
    await bench.sql(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'changeover test fill%' and datname = current_database()",
    );
    go.open();
    expect(await drained).toEqual({ kind: "done" });
    expect(await count("c is distinct from 'n' || a")).toBe(0);
    expect((await bench.slices()).reduce((sum, { rows }) => sum + rows, 0)).toBe(2_000);
  });
});

test("whatever a window holds, so many rows and no more are in memory before they are written", async () => {
  await codedTable(bench, 1);
  await bench.sql("alter table app.t alter pad set storage external; truncate app.t");
  await bench.sql("insert into app.t select g, g, null, repeat('x', 100000) from generate_series(1, 600) g");
  const watcher = await bench.client();
  let ahead = 0;
  let calls = 0;
  const revision = await codedFill(bench, ["a", "pad"], async ({ pad }) => {
    calls += 1;
    if (calls % 20 === 0) {
      const { rows } = await watcher.query("select count(*)::int as n from app.t where c is not null");
      ahead = Math.max(ahead, calls - rows[0].n);
    }
    return String((pad as string).length);
  });
  await seedFill(bench.db, revision, silent);
  expect(await drain(revision, { concurrency: 1, targetMs: 5_000 })).toEqual({ kind: "done" });
  expect(await count("c is distinct from '100000'")).toBe(0);
  // 60 MB on a few pages, 4 MB of them at a time.
  expect(ahead).toBeLessThanOrEqual(64);
  expect(calls).toBe(600);
});
