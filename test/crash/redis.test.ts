/** Workers in processes of their own, woken by one Redis: beside each other, beside other databases, and without it. */
import { randomUUID } from "node:crypto";
import { beforeEach, expect, test } from "vitest";
import { freePort, ownRedisSuite, useOwnRedis } from "../support/redis.js";
import { type CommandOptions, type Halt, type LogLine, useCli } from "./cli.js";
import { WIDE } from "./plans.js";
import { type Copy, useStages } from "./stages.js";

const stages = useStages(WIDE.seed, [WIDE], "trunk");
const cli = useCli(() => stages.project.directory);
const redis = useOwnRedis();
const LONG = process.env.CHANGEOVER_LONG === "1";

const FIRST_BATCH: Halt = { app: "^fill", text: "^update app.people", when: "before", act: "hold" };
const IN_BATCH: Halt = { app: "^fill", text: "^update app.people", nth: 2, when: "after", act: "hold" };
const AT_GATE = { code: 0, stdout: expect.stringMatching(/\nat a gate: people-name\n$/) };
const isTrouble = (line: LogLine) => line.event === "queue-trouble";

beforeEach(async () => {
  await redis.kill();
  await redis.start();
});

const worker = (copy: Copy, args: readonly string[] = [], options: CommandOptions = {}) =>
  cli(copy.url, ["worker", "--concurrency", "1", ...args], { env: { REDIS_URL: redis.url }, ...options });

async function expectFilledOnce(copy: Copy): Promise<void> {
  const [found] = await copy.sql(`select
    (select count(*) from app.people where full_name is distinct from name)::int as wrong,
    (select count(*) from changeover.slice where state <> 'done')::int as open,
    (select sum(rows) from changeover.slice)::int as counted,
    to_regnamespace('changeover_queue')::text as schema`);
  expect(found).toEqual({ wrong: 0, open: 0, counted: WIDE.rows, schema: null });
}

/** The journals that have a queue in this Redis. */
async function journals(): Promise<string[]> {
  const keys = (await redis.ask("keys", "changeover:changeover-*:meta")) as string[];
  return keys.map((key) => key.split(":")[1]?.replace("changeover-", "") ?? "").sort();
}

const uuidOf = async (copy: Copy) => String((await copy.sql("select uuid from changeover.meta"))[0]?.uuid);

ownRedisSuite()("workers with REDIS_URL", () => {
  test.runIf(LONG).each([2, 4])("%i at once share the slices: every row is filled once", async (count) => {
    await stages.on("trunk", async (copy) => {
      await copy.sql("update changeover.plan set limits = '{\"workers\": 4}'");
      const workers = Array.from({ length: count }, () =>
        worker(copy, ["--drain"], { halt: FIRST_BATCH, env: { REDIS_URL: redis.url } }),
      );
      await Promise.all(workers.map((one) => one.halted()));
      const leased = await copy.sql("select distinct worker from changeover.slice where state = 'leased'");
      expect(leased).toHaveLength(count);
      for (const one of workers) one.go();
      for (const one of workers) expect(await one.ended()).toMatchObject(AT_GATE);
      await expectFilledOnce(copy);
      expect(await journals()).toEqual([await uuidOf(copy)]);
      expect(workers.flatMap(({ logs }) => logs.filter(isTrouble))).toEqual([]);
    });
  });

  test("on two databases do not meet, and a copied one is refused before it asks for anything", async () => {
    await stages.on("trunk", (one) =>
      stages.on("trunk", async (other) => {
        // As a copy stands there that nobody has told of its new name.
        await other.sql("update changeover.meta set database = 'another'");
        expect(await worker(other, ["--drain"]).ended()).toMatchObject({ code: 5 });
        expect(await journals()).toEqual([]);
        await other.sql("update changeover.meta set database = current_database(), uuid = $1", [randomUUID()]);
        const workers = [worker(one, ["--drain"]), worker(other, ["--drain"])];
        for (const each of workers) expect(await each.ended()).toMatchObject(AT_GATE);
        await expectFilledOnce(one);
        await expectFilledOnce(other);
        expect(await journals()).toEqual([await uuidOf(one), await uuidOf(other)].sort());
      }),
    );
  });

  test.runIf(LONG)(
    "on two databases that hold one journal's uuid wake each other, and no row is filled twice",
    async () => {
      await stages.on("trunk", (one) =>
        stages.on("trunk", async (other) => {
          const workers = [one, other, one, other].map((copy) => worker(copy, ["--drain"]));
          for (const each of workers) expect(await each.ended()).toMatchObject(AT_GATE);
          await expectFilledOnce(one);
          await expectFilledOnce(other);
        }),
      );
    },
  );

  test("SIGTERM while Redis is away hands the slice back, and ends with 0 within seconds", async () => {
    await stages.on("trunk", async (copy) => {
      const first = worker(copy, [], { halt: IN_BATCH, env: { REDIS_URL: redis.url } });
      await first.halted();
      await redis.kill();
      await first.log(isTrouble);
      const from = performance.now();
      first.kill("SIGTERM");
      first.go();
      expect(await first.ended()).toMatchObject({ code: 0, stdout: "ended: what was begun is handed back\n" });
      expect(performance.now() - from).toBeLessThan(10_000);
      expect(await copy.sql("select 1 from changeover.slice where state = 'leased'")).toEqual([]);
      // The same command without any Redis goes on from there; the flag is above the environment.
      const away = `redis://127.0.0.1:${await freePort()}`;
      const second = worker(copy, ["--drain", "--redis-url", away]);
      expect(await second.ended()).toMatchObject(AT_GATE);
      await expectFilledOnce(copy);
      expect(second.logs.filter(isTrouble).map(({ msg }) => msg)).toEqual([
        expect.stringContaining(new URL(away).host),
      ]);
    });
  });

  test.runIf(LONG)("a worker on each queue share one plan", async () => {
    await stages.on("trunk", async (copy) => {
      const workers = [worker(copy, ["--drain"]), worker(copy, ["--drain"], { env: {} })];
      for (const each of workers) expect(await each.ended()).toMatchObject(AT_GATE);
      await copy.sql("drop schema changeover_queue cascade");
      await expectFilledOnce(copy);
    });
  });
});
