/** Limits from the command line, and undoing beside plans that have nothing to do with it. */
import { beforeAll, expect, test } from "vitest";
import { type Checkout, checkout, expectBlock } from "../../support/cli.js";
import { useDatabase } from "../../support/database.js";
import { finished, planned, tables } from "../../support/team.js";

const database = useDatabase(
  `${tables("orders", "visits", "prices")} create schema other; create table other.visits (like app.visits including all);`,
);
let made: Checkout;

beforeAll(async () => {
  made = await checkout(() => database.url);
  await planned(made, "0001", "orders");
  await made.ok(["upgrade", "head"]);
});

test("a limit is set, told, and lifted again", async () => {
  const set = async (...options: string[]) => (await made.ok(["backfill", "set", "orders", ...options])).stdout;
  expect(await set("--rows-per-second", "500", "--duty", "0.5", "--workers", "3")).toBe(
    "orders: 3 workers, at most 500 rows/s, at work 50.0 % of the time\n",
  );
  expect((await made.ok(["status", "orders"])).stdout).toContain("limits    3 workers, at most 500 rows/s");
  expect(await set("--rows-per-second", "none", "--workers", "none", "--duty", "none")).toBe("orders: no limits\n");
  expect(await set("--wal-mb-per-second", "none")).toBe("orders: no limits\n");
  expect(await set("--signal", "replica-lag=4:10", "--signal", "archiver=off")).toBe(
    "orders: archiver off, replica-lag from 4, stop at 10\n",
  );
  expect(await set("--signal", "replica-lag=default", "--signal", "archiver=default")).toBe("orders: no limits\n");
  expect(await database.sql("select limits from changeover.plan where slug = 'orders'")).toEqual([
    { limits: { signals: {} } },
  ]);
});

test.each([
  ["nothing", [], "Name what to set."],
  ["no number", ["--rows-per-second", "many"], "Give a whole number, 1 or more."],
  ["a part above 1", ["--duty", "2"], "at most 1"],
  ["an unknown signal", ["--signal", "moon=1"], "with a name of: replica-lag"],
  ["a window without a zone", ["--window", "22:00-06:00"], "names no time zone"],
  ["a window of no such zone", ["--window", "22:00-06:00 Europe/Zurch"], "Did you mean Europe/Zurich"],
  ["a window and none", ["--window", "22:00-06:00 UTC", "--window", "none"], "Give windows, or none."],
  ["thresholds the wrong way round", ["--signal", "replica-lag=9:3"], "the smaller one first"],
])("%s is refused", async (_, options, says) => {
  expectBlock(await made.run(["backfill", "set", "orders", ...options]), 2, says);
});

test("outside of its windows a worker ends with 3 and says until when, and status says why nothing moves", async () => {
  const set = async (...options: string[]) => (await made.ok(["backfill", "set", "orders", ...options])).stdout;
  const [now] = await database.sql<{ from: string; to: string }>(
    `select to_char(t + interval '3 h', 'HH24:MI') as from, to_char(t + interval '4 h', 'HH24:MI') as to
       from (select clock_timestamp() at time zone 'UTC' as t) now`,
  );
  const hours = `${now?.from}-${now?.to}`;
  expect(await set("--window", `${hours} utc`)).toBe(`orders: ${hours} UTC\n`);
  const drained = await made.run(["worker", "--drain", "--plan", "orders"]);
  expect(drained).toMatchObject({ code: 3, stdout: expect.stringContaining("paused: orders") });
  const opens = expect.stringMatching(new RegExp(`outside its window, opens \\w{3} ${now?.from} UTC`));
  expect(drained.stdout).toEqual(opens);
  expectBlock(await made.run(["upgrade", "orders@backfill"]), 3, "is outside its window, opens");
  expect((await made.ok(["status", "orders"])).stdout).toEqual(opens);
  const report = JSON.parse((await made.ok(["status", "orders", "--json"])).stdout);
  expect(report.plans[0]).toMatchObject({ state: "paused", why: opens, next: null });
  expect(await set("--window", "none")).toBe("orders: no limits\n");
});

test("a plan is undone beside a finished one over a table of the same name in another schema", async () => {
  await planned(made, "0002", "visits");
  await made.write(
    "plans/0003-other/change.yaml",
    "change: rename_column\ntable: other.visits\ncolumn: total\nto: amount\nsoak: 0s\n",
  );
  await made.ok(["plan", "other", "--write"]);
  await made.ok(["upgrade", "head"]);
  await finished(made, "other");
  await made.ok(["downgrade", "visits@base"]);
  const columns = "select attname from pg_attribute where attrelid = 'app.visits'::regclass and attname = 'amount'";
  expect(await database.sql(columns)).toEqual([]);
});

test("what a change of type has made is not taken for undone where its table was renamed", async () => {
  await made.write(
    "plans/0004-prices/change.yaml",
    "change: change_type\ntable: app.prices\ncolumn: total\ntype: bigint\nallow: [client-type-change]\nsoak: 0s\n",
  );
  await made.ok(["plan", "prices", "--write"]);
  await made.ok(["upgrade", "prices@dual-write"]);
  await database.sql("alter table app.prices rename to costs");
  const ended = await made.run(["downgrade", "prices@base"]);
  expectBlock(ended, 5, "it is called app.costs now", "alter table app.costs rename to prices");
  await database.sql("alter table app.costs rename to prices");
  await made.ok(["downgrade", "prices@base"]);
  expect(
    await database.sql("select 1 from pg_trigger where tgrelid = 'app.prices'::regclass and tgname like '~~%'"),
  ).toEqual([]);
});

test("who may update a plan's row may steer, and nobody else; the log says who, from where, and what it was before", async () => {
  await database.sql(
    `do $$ begin create role steerer login password 'steerer'; exception when duplicate_object then null; end $$`,
  );
  await database.sql(
    "grant usage on schema changeover to steerer; grant select on all tables in schema changeover to steerer",
  );
  const url = new URL(database.url);
  url.username = "steerer";
  url.password = "steerer";
  const as = ["--database-url", url.toString()];
  expectBlock(
    await made.run(["backfill", "pause", "orders", ...as]),
    1,
    "The role steerer may not steer backfills.",
    "GRANT UPDATE ON changeover.plan TO steerer;",
  );
  await database.sql("grant update on changeover.plan to steerer");
  await made.ok(["backfill", "set", "orders", "--workers", "3", ...as]);
  await made.ok(["backfill", "set", "orders", "--workers", "4", ...as]);
  await made.ok(["backfill", "pause", "orders", ...as]);
  await database.sql(
    "set application_name = 'by hand'; update changeover.plan set paused_at = null where slug = 'orders'",
  );
  const [resumed, paused, limited] = (await made.ok(["history", "--events", "orders"])).stdout.split("\n");
  expect(resumed).toMatch(/ UTC {2}orders {2}resumed by \w+ \(role \w+, by hand, from \S+\)$/);
  expect(paused).toMatch(/orders {2}paused by \S+ \(role steerer, changeover, from \S+\)$/);
  expect(limited).toMatch(/orders {2}limited \{"workers":3\} -> \{"workers":4\} by \S+ \(role steerer,/);
  const events = JSON.parse((await made.ok(["history", "--events", "orders", "--json"])).stdout);
  expect(events[2]).toMatchObject({
    kind: "limited",
    data: { role: "steerer", before: { workers: 3 }, after: { workers: 4 } },
  });
  await made.ok(["backfill", "set", "orders", "--workers", "none"]);
});
