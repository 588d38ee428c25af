/** Signals that people declare: their queries, and a canary whose time is watched. */
import { beforeEach, expect, test } from "vitest";
import { drainFill, seedFill } from "../../../src/backfill/fill.js";
import { boundsFrom, type Declared, NOTHING_DECLARED } from "../../../src/backfill/throttle/declared.js";
import { verifyFill } from "../../../src/backfill/verify/verify.js";
import { type Event, silent } from "../../../src/events.js";
import { readFills } from "../../../src/journal/fills.js";
import { changeLimits, type SignalChange } from "../../../src/journal/limits.js";
import { trusted } from "../../../src/sql/text.js";
import { answersOf, closeAfterEach, connected } from "./answers.js";
import { fillOf, REVISION, recorder, until, useTable } from "./table.js";

const bench = useTable();
closeAfterEach();
beforeEach(async () => {
  await bench.sql("create table app.dial (n float8 not null); insert into app.dial values (0)");
});

const dial = (n: number) => bench.sql("update app.dial set n = $1", [n]);
const query = (text: string, stop: number | null = 10): Declared => ({
  ...NOTHING_DECLARED,
  queries: [
    { name: "queue-depth", sql: trusted(text, "reviewed"), bounds: stop === null ? null : boundsFrom(stop, null) },
  ],
});
const canary = (text: string, stopMs: number): Declared => ({
  ...NOTHING_DECLARED,
  canary: { sql: trusted(text, "reviewed"), bounds: boundsFrom(stopMs, null) },
});
const set = (change: SignalChange, forMs: number | null = null) =>
  bench.db.borrow((session) => changeLimits(session, "t-rename", { signals: [change], forMs }));

const answersTo = async (declared: Declared) => {
  await bench.table(10);
  return answersOf(bench.db, declared);
};

const drain = (declared: Declared, emit: (event: Event) => void) =>
  drainFill(bench.db, fillOf(), {
    concurrency: 1,
    signal: new AbortController().signal,
    emit,
    worker: "test",
    pollMs: 50,
    declared,
  });
const waits = (events: readonly Event[], words: string) =>
  until(
    () => events.some((event) => event.kind === "fill-throttled" && event.reason?.startsWith(words) === true),
    words,
  );

test("a query above its threshold stops the fill, shows in log and journal, and lets it go when it has fallen", async () => {
  await bench.table(20_000);
  await seedFill(bench.db, fillOf(), silent);
  await dial(12);
  const { emit, events } = recorder();
  const drained = drain(query("select n from app.dial"), emit);
  await waits(events, "queue-depth: its query gives 12, which stops it from 10 on, until below 8; for 0 s");
  expect((await bench.slices()).reduce((sum, { rows }) => sum + rows, 0)).toBe(0);
  await until(
    async () => (await readFills(bench.db, REVISION))[0]?.throttle?.startsWith("queue-depth: ") === true,
    "status knows why",
  );
  await dial(0);
  expect(await drained).toEqual({ kind: "done" });
  expect(await bench.unfilled()).toBe(0);
});

test("it slows down from half of it on, and its row may bring a threshold and a reason of its own", async () => {
  const answer = await answersTo(query("select n as value, 100 as threshold, 'shop 7' as reason from app.dial", null));
  await dial(60);
  await answer("slower", "^queue-depth: its query gives 60 \\(shop 7\\), which slows it from 50 on, until below 40");
  await dial(100);
  await answer("wait", "which stops it from 100 on, until below 80");
  await dial(39);
  await answer("go");
});

test.each([
  ["fails", "select 1 / 0", "division by zero"],
  ["is not allowed", "select count(*) from nowhere", 'relation "nowhere" does not exist'],
  ["takes too long", "select pg_sleep(30)", "statement timeout; it may take 1000 ms"],
  ["gives no number", "select 'many'", "what it gave is no number"],
  ["writes", "select app.write()", "read-only transaction"],
])("a query that %s stops it, with the server's words", async (_, text, says) => {
  await bench.sql("create function app.write() returns int language sql as 'update app.dial set n = 1; select 0'");
  const answer = await answersTo(query(text));
  await answer(
    "wait",
    `^queue-depth: cannot be read \\(.*${says}.*\\).*changeover backfill set t-rename --signal queue-depth=off`,
  );
});

test("one that is switched off for a while counts again by itself", async () => {
  const answer = await answersTo(query("select 1 / 0"));
  await answer("wait");
  await set({ name: "queue-depth", to: "off" }, 3_000);
  await answer("go");
  await answer("wait", "division by zero");
});

test("one without a threshold anywhere cannot be judged, and goes by what people set", async () => {
  const answer = await answersTo(query("select n from app.dial", null));
  await answer("wait", "it gave no threshold, and none is set");
  await set({ name: "queue-depth", to: { slow: 5, stop: 10 } });
  await answer("go");
});

test("names mean what they mean to the role, and nothing is left open", async () => {
  await bench.sql(`do $$ begin execute format('alter database %I set search_path = app', current_database()); end $$`);
  try {
    await bench.table(10);
    const answer = answersOf(connected(bench.db), query("select n + 11 from dial"));
    await answer("wait", "its query gives 11");
    const sessions = await bench.sql(
      `select state, backend_xmin from pg_stat_activity
        where datname = current_database() and application_name = 'changeover test' and pid <> pg_backend_pid()`,
    );
    expect(sessions.length).toBeGreaterThan(0);
    await until(async () => {
      const [open] = await bench.sql(
        `select count(*) as n from pg_stat_activity where datname = current_database()
            and application_name = 'changeover test' and (state <> 'idle' or backend_xmin is not null)`,
      );
      return Number(open?.n) === 0;
    }, "no snapshot is held");
  } finally {
    await bench.sql(`do $$ begin execute format('alter database %I reset search_path', current_database()); end $$`);
  }
});

test("a canary that is slow stops the fill; it is read on meanwhile, and lets it go", async () => {
  await bench.table(20_000);
  await seedFill(bench.db, fillOf(), silent);
  await dial(0.2);
  const { emit, events } = recorder();
  const drained = drain(canary("select pg_sleep(n) from app.dial", 100), emit);
  await waits(events, "canary: 95 % of the last ");
  expect((await bench.slices()).reduce((sum, { rows }) => sum + rows, 0)).toBe(0);
  await dial(0);
  expect(await drained).toEqual({ kind: "done" });
});

test("a canary is judged by its last reads, which go on at their own pace", async () => {
  await dial(0.02);
  const answer = await answersTo(canary("select pg_sleep(n) from app.dial", 10));
  await answer("wait", /^canary: 95 % of the last ([5-9]|1\d) reads took up to \d/);
});

test("a canary that fails stops it, too, and one that is switched off does not", async () => {
  const answer = await answersTo(canary("select 1 / n::int from app.dial", 1_000));
  await answer("wait", "^canary: cannot be read \\(division by zero\\)");
  await dial(1);
  await answer("go");
  await dial(0);
  await answer("wait", "^canary: cannot be read");
  await set({ name: "canary", to: "off" });
  await answer("go");
});

test("a verify waits for them, too", async () => {
  await bench.table(1_000);
  await seedFill(bench.db, fillOf(), silent);
  await dial(10);
  const { emit, events } = recorder();
  const signal = new AbortController().signal;
  const verified = verifyFill(bench.db, fillOf(), { signal, emit, declared: query("select n from app.dial") });
  await waits(events, "queue-depth: ");
  expect(events.filter(({ kind }) => kind === "verify-progress")).toEqual([]);
  await dial(0);
  expect(await verified).toMatchObject({ rows: 1_000 });
});
