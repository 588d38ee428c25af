/** Redis that dies, is emptied, stands still, refuses or was never there: the fill goes on, and nobody asks it too often. */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { beforeEach, expect, test } from "vitest";
import { seedFill } from "../../../src/backfill/fill.js";
import { type SliceWorker, startSliceWorker } from "../../../src/backfill/worker.js";
import { silent } from "../../../src/events.js";
import { redisQueue } from "../../support/queues.js";
import { freePort, ownRedisSuite, useOwnRedis } from "../../support/redis.js";
import { fillOf, recorder, until, useTable } from "./table.js";

const bench = useTable();
const redis = useOwnRedis();
const journal = randomUUID();
const queue = redisQueue(redis, journal);
const ROWS = 2_000;
const AGAIN = { kind: "notice", message: "The queue is there again." };

/** Whatever a test did to the server is forgotten. */
beforeEach(async () => {
  await redis.kill();
  await redis.start();
});

type Running = Pick<ReturnType<typeof recorder>, "events"> & { readonly worker: SliceWorker };

type Begin = {
  readonly url?: string;
  /** a slow fill takes a second or two */
  readonly pace?: "slow" | "quick";
  /** one slice and one hand alone, from when the worker listens: nothing is due, and nobody waits, while it is worked */
  readonly single?: boolean;
};

/** A worker on a fill, two slices at once unless there is one only. */
async function begin({ url = redis.url, pace = "slow", single = false }: Begin = {}): Promise<Running> {
  await bench.table(ROWS);
  const pause = `case when v % ${single ? 4 : 1} = 0 then pg_sleep(0.001) end`;
  await bench.sql(`create function app.slow(v int) returns int language sql as 'select v from (select ${pause}) p'`);
  const fill = fillOf(pace === "slow" ? "app.slow(a)" : "a");
  const seed = () => seedFill(bench.db, fill, silent, { minSlicePages: single ? 1_000 : 8 });
  if (!single) await seed();
  const { emit, events } = recorder();
  const worker = startSliceWorker({
    db: bench.db,
    journal,
    redisUrl: url,
    worker: "test",
    concurrency: single ? 1 : 2,
    emit,
    load: async () => fill,
    sweepMs: 20,
    targetMs: 50,
  });
  if (single) {
    await listens();
    await seed();
  }
  return { worker, events };
}

const filled = async () => (await bench.slices()).reduce((sum, { rows }) => sum + rows, 0);
const workedOn = async () => {
  const before = await filled();
  await until(async () => (await filled()) > before, "rows are filled");
};
const listens = () => until(async () => (await queue.listening()) === 1, "it listens");
const troubles = ({ events }: Pick<Running, "events">) =>
  events.flatMap((event) => (event.kind === "queue-trouble" ? [event] : []));
const told = (running: Running) => until(() => troubles(running).length > 0, "trouble is told");
const isBack = ({ events }: Running) =>
  until(
    () => events.some(({ kind, ...more }) => kind === "notice" && "message" in more && more.message === AGAIN.message),
    "it is back",
  );

async function expectFilledOnce(): Promise<void> {
  await until(async () => (await bench.slices()).every(({ state }) => state === "done"), "all slices are done");
  expect(await bench.unfilled()).toBe(0);
  expect(await filled()).toBe(ROWS);
}

/** Ends it as a signal does, within seconds. */
async function end({ worker }: Pick<Running, "worker">): Promise<void> {
  const from = performance.now();
  await worker.close();
  expect(performance.now() - from).toBeLessThan(8_000);
}

ownRedisSuite()("a worker whose Redis", () => {
  test("is killed in mid-fill and comes back, goes on meanwhile, and listens again", async () => {
    const running = await begin();
    await listens();
    await workedOn();
    await redis.kill();
    await told(running);
    await workedOn();
    await redis.start();
    await isBack(running);
    await listens();
    await expectFilledOnce();
    expect(running.events.filter(({ kind }) => kind === "notice")).toEqual([AGAIN]);
    expect(troubles(running).length).toBeLessThan(3);
    const keys = (await redis.ask("keys", "*")) as string[];
    expect(
      keys.filter((key) => !key.startsWith(`changeover:changeover-${journal}:`) && key !== "changeover:probe"),
    ).toEqual([]);
    await end(running);
  });

  test("is emptied gets the wake-ups again that were lost, as often as it takes", async () => {
    await bench.table(ROWS);
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let asked = 0;
    const common = { db: bench.db, journal, redisUrl: redis.url, concurrency: 1 };
    const { emit, events } = recorder();
    // Woken by the queue alone; what its first wake-up was for, it leaves.
    const sleeper = startSliceWorker({
      ...common,
      worker: "sleeper",
      emit,
      sweepMs: 3_600_000,
      load: async () => {
        asked += 1;
        if (asked > 1) return fillOf();
        await held;
        return null;
      },
    });
    await listens();
    await seedFill(bench.db, fillOf(), silent, { minSlicePages: 8 });
    const waker = startSliceWorker({ ...common, worker: "waker", emit: silent, sweepMs: 20, load: async () => null });
    await until(() => asked === 1, "the sleeper is woken");
    await redis.ask("flushall");
    release();
    await expectFilledOnce();
    expect(troubles({ events }).length).toBeLessThan(3);
    for (const worker of [waker, sleeper]) await end({ worker });
  });

  test("stands still in mid-fill goes on, and is woken by it again when it moves", async () => {
    const running = await begin();
    await listens();
    await workedOn();
    redis.freeze();
    await workedOn();
    await told(running);
    await expectFilledOnce();
    redis.thaw();
    await isBack(running);
    await listens();
    await end(running);
  });

  test.each(["dead", "standing still"])("is %s at the end ends within seconds", async (how) => {
    const running = await begin();
    await listens();
    await workedOn();
    if (how === "dead") await redis.kill();
    else redis.freeze();
    await end(running);
    const slices = await bench.slices();
    expect(slices.filter(({ state }) => state === "leased")).toEqual([]);
  });

  test("stands still from the start works from the journal, and ends within seconds", async () => {
    redis.freeze();
    const running = await begin({ pace: "quick" });
    await expectFilledOnce();
    await end(running);
    for (const { message } of troubles(running)) expect(message).toMatch(/no answer within/);
  });

  test("was never there works from the journal, and says so once, without the password", async () => {
    const running = await begin({ url: `redis://me:s3cret@127.0.0.1:${await freePort()}/1`, pace: "quick" });
    await expectFilledOnce();
    await end(running);
    expect(troubles(running).map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^Redis at 127\.0\.0\.1:\d+ cannot be used \(connect ECONNREFUSED .*\): workers find what is due/,
      ),
    ]);
    expect(JSON.stringify(running.events)).not.toContain("s3cret");
  });

  test("hangs up on everybody is called ever more seldom, and leaves no connection behind", async () => {
    const calls: Socket[] = [];
    const server = createServer((socket) => {
      calls.push(socket);
      socket.destroy();
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const before = process.getActiveResourcesInfo().filter((name) => name === "TCPSocketWrap").length;
    const from = performance.now();
    const url = `redis://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
    const running = await begin({ url, pace: "quick" });
    await until(() => calls.length === 3, "a third call");
    // A second after the first call, and two after the second.
    expect(performance.now() - from).toBeGreaterThan(2_900);
    await expectFilledOnce();
    await end(running);
    server.close();
    expect(calls.length).toBeLessThan(5);
    const messages = troubles(running).map(({ message }) => message);
    expect(messages).toEqual([...new Set(messages)]);
    expect(process.getActiveResourcesInfo().filter((name) => name === "TCPSocketWrap").length).toBeLessThanOrEqual(
      before + 2,
    );
  });

  test("refuses what it is asked is not asked without a pause", async () => {
    const refusals = async () =>
      Number(/total_error_replies:(\d+)/.exec(String(await redis.ask("info", "stats")))?.[1]);
    const running = await begin({ single: true });
    await workedOn();
    expect(await redis.ask("llen", `changeover:changeover-${journal}:active`)).toBe(1);
    const before = await refusals();
    await redis.ask("acl", "setuser", "default", "-@scripting");
    // The end of the job is a script, too.
    await expectFilledOnce();
    await told(running);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect((await refusals()) - before).toBeLessThan(20);
    await end(running);
    const messages = troubles(running).map(({ message }) => message);
    expect(messages.length).toBeLessThan(4);
    for (const message of messages) expect(message).toContain("NOPERM");
  });

  test("is full works from the journal", async () => {
    await redis.ask("config", "set", "maxmemory", "1");
    const running = await begin({ pace: "quick" });
    await expectFilledOnce();
    await end(running);
    expect(troubles(running).map(({ message }) => message)).toEqual([expect.stringContaining("OOM")]);
  });

  test("may throw keys away is told of it once, however often it is opened", async () => {
    await redis.ask("config", "set", "maxmemory-policy", "allkeys-lru");
    const running = await begin({ pace: "quick" });
    await listens();
    await redis.ask("client", "kill", "type", "normal");
    await told(running);
    await isBack(running);
    await listens();
    const notices = running.events.flatMap((event) => (event.kind === "notice" ? [event.message] : []));
    expect(notices.filter((message) => /maxmemory-policy allkeys-lru/.test(message))).toHaveLength(1);
    await expectFilledOnce();
    await end(running);
  });

  test("has no database of that number is not used", async () => {
    const running = await begin({ url: `${redis.url}/99`, pace: "quick" });
    await expectFilledOnce();
    await end(running);
    expect(troubles(running).map(({ message }) => message)).toEqual([expect.stringMatching(/DB index/)]);
    expect(await redis.ask("keys", "changeover:changeover-*")).toEqual([]);
  });

  test("asks for another password works from the journal, and keeps the password to itself", async () => {
    const wrong = Object.assign(new URL(redis.url), { password: "wr0ng" }).toString();
    await redis.ask("config", "set", "requirepass", "s3cret");
    const running = await begin({ url: wrong, pace: "quick" });
    await expectFilledOnce();
    await end(running);
    expect(troubles(running).map(({ message }) => message)).toEqual([expect.stringMatching(/WRONGPASS/)]);
    expect(JSON.stringify(running.events)).not.toMatch(/wr0ng|s3cret/);
  });
});
