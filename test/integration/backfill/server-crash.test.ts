/** A server that crashes and loses what it had not written yet: cursor and rows are lost together, and done again. */
import { readFile } from "node:fs/promises";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runBatch } from "../../../src/backfill/batch.js";
import { drainFill, seedFill } from "../../../src/backfill/fill.js";
import { openLane } from "../../../src/backfill/lane.js";
import { oneStep } from "../../../src/backfill/pace/stride.js";
import { type EmbeddedServer, startEmbedded } from "../../../src/db/embedded.js";
import { type Database, openDatabase } from "../../../src/db/pool.js";
import { type Event, silent } from "../../../src/events.js";
import { leaseSlice } from "../../../src/journal/slices.js";
import { PG_MAJOR } from "../../support/database.js";
import { fillOf, REVISION, until } from "./table.js";

const ROWS = 20_000;
let server: EmbeddedServer;
let db: Database;

beforeAll(async () => {
  // Nothing but the process that is stopped below writes the log behind the fill's back.
  const settings = { fsync: "off", bgwriter_lru_maxpages: "0", autovacuum: "off", checkpoint_timeout: "1h" };
  server = await startEmbedded({ major: PG_MAJOR, settings });
  await sql(await readFile(new URL("../../../src/journal/schema.sql", import.meta.url), "utf8"));
  await sql(`create schema app; create table app.t (id bigint primary key, a int, b int);
    insert into app.t select n, n from generate_series(1, ${ROWS}) n;
    insert into changeover.plan (slug, change, kind, table_schema, table_name, columns)
      values ('t-rename', 'rename_column app.t.a to b', 'rename_column', 'app', 't', '{a,b}');
    insert into changeover.revision (id, plan, name, title, parents, depends_on, lane, phase, runner, checksum, text, state, actor)
      values ('${REVISION}', 't-rename', 'fill', 'fill', '{}', '{}', 'tail', 'backfill', 'backfill', '', '', 'running', 'test')`);
  db = openDatabase({ url: server.url("postgres"), applicationName: "changeover test", connectTimeoutMs: 5000 });
});
afterAll(async () => {
  await db?.close();
  await server?.stop();
});

async function sql(text: string): Promise<pg.QueryResultRow[]> {
  const client = new pg.Client(server.url("postgres"));
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

const slice = async () => (await sql("select next::int, rows::int, batches::int, state from changeover.slice"))[0];

/** Every session is ended at once, and the server starts again from what its log has on disk. */
async function crash(walwriter: number): Promise<void> {
  const [before] = await sql("select pg_postmaster_start_time()::text as at, pg_backend_pid() as pid");
  process.kill(walwriter, "SIGKILL");
  await until(
    () =>
      sql(`select 1 as up from pg_stat_activity where backend_type = 'walwriter' and pid <> ${walwriter}`).then(
        (rows) => rows.length === 1,
        () => false,
      ),
    `the server is up again (${before?.at})`,
  );
}

test("a worker that remembers batches the server has lost does them again: no row is passed over", async () => {
  await seedFill(db, fillOf(), silent);
  const lane = openLane(db, "fill 1");
  let lease = await leaseSlice(db, { revision: REVISION, worker: "test", leaseMs: 60_000 });
  if (lease === null) throw new Error("no lease");
  const [writer] = await sql("select pid from pg_stat_activity where backend_type = 'walwriter'");
  const before = await slice();
  process.kill(writer?.pid, "SIGSTOP");
  const times = { targetMs: 250, leaseMs: 60_000, deadlockTimeoutMs: 1000, patience: 1 };
  for (const window of [
    [0, 20],
    [20, 40],
  ] as const) {
    const result = await runBatch(await lane.session(), fillOf(), lease, oneStep(window), times);
    if (result.kind !== "moved") throw new Error(result.kind);
    lease = result.lease;
  }
  expect(lease).toMatchObject({ next: 40, batches: 2 });
  expect(await slice()).toMatchObject({ next: 40, batches: 2 });
  await crash(writer?.pid);
  // Both batches were committed, and are gone; the lease, which was waited for, is there.
  expect(await slice()).toEqual(before);
  await lane.drop();
  const late = await runBatch(await lane.session(), fillOf(), lease, oneStep([40, 60]), times);
  expect(late).toEqual({ kind: "behind" });
  expect(await slice()).toEqual(before);
  await lane.drop();
  await sql("update changeover.slice set state = 'due', worker = null, lease_until = null");
});

test("a fill goes on through crashes of its server by itself: every row is filled, and counted once", async () => {
  const events: Event[] = [];
  const options = { concurrency: 2, signal: new AbortController().signal, worker: "test", pollMs: 20, targetMs: 5 };
  const drained = drainFill(db, fillOf(), { ...options, emit: (event) => events.push(event) });
  for (let crashes = 0; crashes < 2; crashes += 1) {
    const { batches } = (await slice()) ?? {};
    await until(async () => (await slice())?.batches > batches || (await slice())?.state === "done", "a batch");
    const [writer] = await sql("select pid from pg_stat_activity where backend_type = 'walwriter'");
    await crash(writer?.pid);
  }
  expect(await drained).toEqual({ kind: "done" });
  expect(await sql("select count(*)::int as n from app.t where b is distinct from a")).toEqual([{ n: 0 }]);
  expect(await sql("select sum(rows)::int as n from changeover.slice")).toEqual([{ n: ROWS }]);
});
