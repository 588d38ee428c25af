/** People's word to workers that sleep: across processes, without any sweep, and where it does not come through. */
import { connect, createServer, type Server, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seedFill } from "../../../src/backfill/fill.js";
import { Listener } from "../../../src/backfill/listen.js";
import { openDatabase } from "../../../src/db/pool.js";
import { silent } from "../../../src/events.js";
import { changeLimits } from "../../../src/journal/limits.js";
import { runScript } from "../../support/child.js";
import { type Compiled, compile } from "../../support/compiled.js";
import { fillOf, REVISION, recorder, until, useTable } from "./table.js";

const bench = useTable();
let compiled: Compiled;
beforeAll(async () => {
  compiled = await compile(["backfill/worker.ts", "db/pool.ts"], []);
});
afterAll(() => compiled?.remove());

/** A worker that looks by itself once in ten hours, in a process of its own. */
function sleeper() {
  return runScript(`
    import { startSliceWorker } from ${JSON.stringify(compiled.url("backfill/worker.js"))};
    import { openDatabase } from ${JSON.stringify(compiled.url("db/pool.js"))};
    const db = openDatabase({ url: ${JSON.stringify(bench.url)}, applicationName: "changeover sleeper", connectTimeoutMs: 5000 });
    const worker = startSliceWorker({
      db, journal: "00000000-0000-0000-0000-000000000000", worker: "sleeper", concurrency: 1, sweepMs: 36_000_000,
      emit: () => undefined, load: async (id) => id === ${JSON.stringify(REVISION)} ? ${JSON.stringify(fillOf())} : null,
      onCall: () => console.log("called"),
    });
    process.once("SIGTERM", async () => { await worker.close(); await db.close(); console.log("closed"); });
  `);
}

const ears = () =>
  bench.sql<{ pid: number; state: string; xmin: string | null }>(
    `select pid, state, backend_xmin::text as xmin from pg_stat_activity
      where datname = current_database() and application_name like '% control' and query like '%listen%'`,
  );
const done = async () => {
  const slices = await bench.slices();
  return slices.length > 0 && slices.every(({ state }) => state === "done");
};
const pause = (at: string) => bench.sql(`update changeover.plan set paused_at = ${at}, paused_by = 'psql'`);

test("an idle worker in another process hears of a fill, a resume and a limit, and again after its ear was cut off", async () => {
  await bench.table(5_000);
  await pause("now()");
  const child = sleeper();
  await child.line("called");
  await until(async () => (await ears())[0]?.state === "idle", "it listens");
  expect((await ears()).map(({ xmin }) => xmin)).toEqual([null]);
  await seedFill(bench.db, fillOf(), silent, { minSlicePages: 32 });
  // By plain SQL: the database tells the workers.
  await pause("null");
  await until(done, "it was woken by the resume");
  const [ear] = await ears();
  await bench.sql("select pg_terminate_backend($1)", [ear?.pid]);
  await until(async () => (await ears()).some(({ pid }) => pid !== ear?.pid), "it listens again");
  await bench.sql("delete from changeover.fill");
  await bench.sql("update app.t set b = null");
  await seedFill(bench.db, fillOf(), silent, { minSlicePages: 32 });
  await until(done, "it was woken by the seed");
  child.process.kill("SIGTERM");
  expect(await child.line("closed")).toBe("");
  expect(await child.ended()).toBe(0);
});

test("a pause and a limit are told once each, by whomever, and nothing of a transaction that is taken back", async () => {
  await bench.table(10);
  const calls: string[] = [];
  const listener = new Listener({ db: bench.db, emit: silent, onCall: () => calls.push("called") });
  await until(() => calls.length === 1, "it listens");
  await pause("now()");
  await until(() => calls.length === 2, "the pause is told");
  await bench.db.borrow((session) => changeLimits(session, "t-rename", { workers: 3 }));
  await until(() => calls.length === 3, "the limit is told");
  await bench.sql("update changeover.plan set mirror = '{}'");
  const client = await bench.client();
  await client.query("begin; update changeover.plan set paused_at = null; rollback");
  // Its own transaction's word comes after whatever came before it.
  await client.query("notify changeover, 'end'");
  await until(() => calls.length > 3, "the end");
  expect(calls).toHaveLength(4);
  await listener.close();
});

/** A pooler in transaction mode, as far as this goes: what the server says unasked does not come through. */
function deafProxy(target: URL): Promise<Server> {
  const server = createServer((client: Socket) => {
    const upstream = connect(Number(target.port), target.hostname);
    client.pipe(upstream);
    let rest = Buffer.alloc(0);
    upstream.on("data", (data) => {
      rest = Buffer.concat([rest, data]);
      for (let end = 0; rest.length >= 5; rest = rest.subarray(end)) {
        end = rest.readInt32BE(1) + 1;
        if (rest.length < end) return;
        if (rest[0] !== "A".charCodeAt(0)) client.write(rest.subarray(0, end));
      }
    });
    for (const socket of [client, upstream]) {
      socket.on("error", () => undefined);
      socket.on("close", () => [client, upstream].forEach((one) => void one.destroy()));
    }
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

test("where NOTIFY does not come through it says so once, and keeps no session for it", async () => {
  const proxy = await deafProxy(new URL(bench.url));
  const address = proxy.address();
  const url = new URL(bench.url);
  url.hostname = "127.0.0.1";
  url.port = String(typeof address === "object" ? address?.port : 0);
  const db = openDatabase({ url: url.toString(), applicationName: "changeover deaf", connectTimeoutMs: 5000 });
  const { emit, first, events } = recorder();
  const listener = new Listener({ db, emit, onCall: () => undefined, helloMs: 200 });
  expect(await first("notice")).toMatchObject({ message: expect.stringContaining("NOTIFY does not come through") });
  await until(async () => (await ears()).length === 0, "its session is closed");
  await listener.close();
  await db.close();
  proxy.close();
  expect(events).toHaveLength(1);
});
