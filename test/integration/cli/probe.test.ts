/** `plan --probe` held against the fill itself, on a server where nobody else writes; and what it leaves and locks. */
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type EmbeddedServer, startEmbedded } from "../../../src/db/embedded.js";
import { until } from "../../support/child.js";
import { type Checkout, checkout } from "../../support/cli.js";
import { PG_MAJOR } from "../../support/database.js";
import { planned } from "../../support/team.js";

const ROWS = 20_000;
let server: EmbeddedServer;
let client: pg.Client;
let made: Checkout;
const sql = async (text: string) => (await client.query(text)).rows;

beforeAll(async () => {
  server = await startEmbedded({ major: PG_MAJOR, settings: { fsync: "off", autovacuum: "off" } });
  client = new pg.Client(server.url("postgres"));
  client.on("error", () => undefined);
  await client.connect();
  await sql(`create schema app;
    create table app.orders (id bigint primary key, total integer not null, note text) with (fillfactor = 90);
    create index on app.orders (note);
    insert into app.orders select n, n, repeat('n', 40) || n from generate_series(1, ${ROWS}) n; analyze app.orders;
    create function app.slow(bigint) returns boolean language sql as 'select pg_sleep(0.001) is not null';
    create table app.visits (id bigint primary key, total integer not null, note text);
    insert into app.visits select n, n from generate_series(1, 2000) n;
    alter table app.visits add check (app.slow(id)) not valid`);
  made = await checkout(() => server.url("postgres"));
  await planned(made, "0001", "orders");
});
afterAll(async () => {
  await client?.end();
  await server?.stop();
});

const probeOf = async (plan: string) => JSON.parse((await made.ok(["plan", plan, "--probe", "--json"])).stdout).probe;
const leftovers = () => sql("select nspname from pg_namespace where nspname like 'changeover%'");
const wal = async () => Number((await sql("select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') as at"))[0].at);
const size = async () => Number((await sql("select pg_relation_size('app.orders') as size"))[0].size);

test("says what the fill then does: its rows exactly, its WAL and growth within the range, and leaves nothing", async () => {
  const probe = await probeOf("orders");
  expect(await leftovers()).toEqual([]);
  expect(probe).toMatchObject({ rows: ROWS, sample: { rows: ROWS } });
  expect(probe.rowsPerSecond).toBeGreaterThan(0);
  expect(probe.seconds[2].from).toBeLessThan(probe.seconds[1].from);
  // Without a journal there is no place for the plan's triggers, which is said.
  expect(probe.assumptions.join("\n")).toContain("Without all of the plan's triggers");
  await made.ok(["upgrade", "head"]);
  const [walBefore, before] = [await wal(), await size()];
  await made.ok(["upgrade", "orders@backfill"]);
  const written = (await wal()) - walBefore;
  const [fill] = await sql("select sum(rows)::int as rows from changeover.slice");
  expect(fill).toEqual({ rows: ROWS });
  expect(written).toBeGreaterThan(probe.walBytes.from);
  // The journal, its samples and the statistics are in it as well.
  expect(written).toBeLessThan(1.25 * probe.walBytes.to);
  expect((await size()) - before).toBeLessThanOrEqual(probe.heapGrowthBytes.to);
  expect((await size()) - before).toBeGreaterThanOrEqual(0.5 * probe.heapGrowthBytes.from);
});

test("locks no writer out, and leaves nothing when it is ended on the way", async () => {
  await planned(made, "0002", "visits");
  const running = made.run(["plan", "visits", "--probe"]);
  const pid = await until(async () => {
    const [row] = await sql(
      "select pid from pg_stat_activity where application_name like '% probe' and state = 'active' and query like 'insert%'",
    );
    return row?.pid as number | undefined;
  });
  const held = await sql(
    `select distinct mode from pg_locks where pid = ${pid} and relation in (select oid from pg_class where relnamespace = 'app'::regnamespace)`,
  );
  expect(held).toEqual([{ mode: "AccessShareLock" }]);
  await sql(
    "set lock_timeout = '2s'; update app.visits set note = 'w' where id = 1; delete from app.visits where id = 2",
  );
  await sql(`select pg_terminate_backend(${pid})`);
  expect((await running).code).toBe(1);
  expect(await sql("select nspname from pg_namespace where nspname like 'changeover\\_probe%'")).toEqual([]);
  expect(await sql("select note from app.visits where id = 1")).toEqual([{ note: "w" }]);
});

test("with a journal the plan's triggers are on the copy, and people read it in words", async () => {
  await sql("alter table app.visits drop constraint visits_id_check");
  const { stdout } = await made.ok(["plan", "visits", "--probe"]);
  expect(stdout).toMatch(/probe +\d+ pages? of \d+ tried on a copy that is gone: 1,999 rows/);
  expect(stdout).toMatch(/takes +\S.* with 1 worker, .* with 2/);
  expect(stdout).not.toContain("Without all of the plan's triggers");
});
