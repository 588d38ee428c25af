/** What a worker does when it is told to end, is stopped, or dies while it holds rows; and who goes on. */
import { describe, expect, test } from "vitest";
import { eventually } from "../support/runner.js";
import { type Command, type Halt, useCli } from "./cli.js";
import { WIDE } from "./plans.js";
import { type Copy, useStages } from "./stages.js";

const stages = useStages(WIDE.seed, [WIDE], "trunk");
const cli = useCli(() => stages.project.directory);
const LONG = process.env.CHANGEOVER_LONG === "1";

/** In a batch: its rows are written and not committed. */
const IN_BATCH: Halt = { app: "^fill", text: "^update app.people", nth: 2, when: "after", act: "hold" };
/** Before a batch: its slice is leased, and nothing of it is open. */
const BETWEEN: Halt = { app: "^fill", text: "^begin", nth: 3, when: "before", act: "hold" };

type Slice = { number: number; state: string; fence: number; rows: number; next: number };
const slicesOf = (copy: Copy) =>
  copy.sql<Slice>(
    "select number, state, fence::int, rows::int, next::int from changeover.slice order by state = 'leased' desc, number",
  );
const leased = async (copy: Copy) => (await slicesOf(copy)).filter(({ state }) => state === "leased");

async function expectFilledOnce(copy: Copy): Promise<void> {
  const [wrong] = await copy.sql("select count(*)::int as rows from app.people where full_name is distinct from name");
  expect(wrong).toEqual({ rows: 0 });
  const slices = await slicesOf(copy);
  expect(new Set(slices.map(({ state }) => state))).toEqual(new Set(["done"]));
  expect(slices.length).toBeGreaterThan(3);
  expect(slices.reduce((sum, { rows }) => sum + rows, 0)).toBe(WIDE.rows);
}

/** What half a minute would do; with CHANGEOVER_LONG it is waited for. */
async function letLeaseRunOut(copy: Copy): Promise<void> {
  if (!LONG) await copy.sql("update changeover.slice set lease_until = clock_timestamp() where state = 'leased'");
}

const worker = (copy: Copy, halt?: Halt, ...more: string[]) =>
  cli(copy.url, ["worker", "--concurrency", "1", ...more], { halt });
const drain = (copy: Copy, halt?: Halt) => worker(copy, halt, "--drain");
const AT_GATE = { code: 0, stdout: expect.stringMatching(/\nat a gate: people-name\n$/) };

describe("a signal in mid-fill", () => {
  test.each([
    ["SIGTERM", 0],
    ["SIGINT", 130],
  ] as const)("%s hands the slice back at once and ends with %i", async (signal, code) => {
    await stages.on("trunk", async (copy) => {
      const first = worker(copy, IN_BATCH);
      await first.halted();
      const [held] = await leased(copy);
      first.kill(signal);
      first.go();
      expect(await first.ended()).toMatchObject({ code, stdout: "ended: what was begun is handed back\n" });
      const slices = await slicesOf(copy);
      expect(slices.filter(({ state }) => state === "leased")).toEqual([]);
      // The batch at hand is not thrown away.
      expect(slices.find(({ number }) => number === held?.number)).toMatchObject({ state: "due", fence: held?.fence });
      expect(slices.find(({ number }) => number === held?.number)?.rows).toBeGreaterThan(held?.rows ?? 0);
      const began = performance.now();
      expect(await drain(copy).ended()).toMatchObject(AT_GATE);
      expect(performance.now() - began).toBeLessThan(25_000);
      await expectFilledOnce(copy);
    });
  });

  test("a second signal ends it at once", async () => {
    await stages.on("trunk", async (copy) => {
      const first = worker(copy, IN_BATCH);
      await first.halted();
      first.kill("SIGTERM");
      await eventually(async () => {
        first.kill("SIGTERM");
        return first.process.signalCode !== null;
      });
      expect(await first.ended()).toMatchObject({ code: null, signal: "SIGKILL" });
      await letLeaseRunOut(copy);
      expect(await drain(copy).ended()).toMatchObject(AT_GATE);
      await expectFilledOnce(copy);
    });
  });
});

describe("a worker that dies", () => {
  test("holding the plan's lock and a slice: another takes both over", async () => {
    await stages.on("trunk", async (copy) => {
      const first = drain(copy, IN_BATCH);
      await first.halted();
      const second = drain(copy);
      await second.log((line) => line.event === "lock-waiting" && /tester pid/.test(line.msg));
      // It works the other slices meanwhile.
      await eventually(async () => (await slicesOf(copy)).filter(({ state }) => state === "done").length >= 5);
      first.kill("SIGKILL");
      await first.ended();
      await letLeaseRunOut(copy);
      expect(await second.ended()).toMatchObject(AT_GATE);
      await expectFilledOnce(copy);
    });
  });
});

describe("a worker that is stopped beyond its lease and thawed", () => {
  const stopped = async (copy: Copy, halt: Halt): Promise<{ first: Command; held: Slice }> => {
    const first = drain(copy, halt);
    await first.halted();
    first.kill("SIGSTOP");
    const [held] = await leased(copy);
    if (held === undefined) throw new Error("it holds no slice");
    return { first, held };
  };
  const takenOver = async (copy: Copy, held: Slice) => {
    const second = drain(copy);
    await eventually(
      async () => (await slicesOf(copy)).every(({ state }) => state === "done"),
      LONG ? 120_000 : 30_000,
    );
    expect((await slicesOf(copy)).find(({ number }) => number === held.number)?.fence).toBe(held.fence + 1);
    return second;
  };
  const thaw = async (first: Command) => {
    first.kill("SIGCONT");
    first.go();
    return first.ended();
  };

  test("between two batches: it finds its slice taken over, and writes nothing more of it", async () => {
    await stages.on("trunk", async (copy) => {
      const { first, held } = await stopped(copy, BETWEEN);
      await letLeaseRunOut(copy);
      const second = await takenOver(copy, held);
      expect(await thaw(first)).toMatchObject(AT_GATE);
      expect(await second.ended()).toMatchObject(AT_GATE);
      await expectFilledOnce(copy);
    });
  }, 180_000);

  test("in a batch: the server has ended its transaction, and its commit comes to nothing", async () => {
    await stages.on("trunk", async (copy) => {
      const { first, held } = await stopped(copy, IN_BATCH);
      // As idle_in_transaction_session_timeout does after half a lease.
      if (!LONG)
        await copy.sql(
          `select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and application_name like 'changeover fill%' and state = 'idle in transaction'`,
        );
      await letLeaseRunOut(copy);
      const second = await takenOver(copy, held);
      expect(await thaw(first)).toMatchObject(AT_GATE);
      expect(await second.ended()).toMatchObject(AT_GATE);
      await expectFilledOnce(copy);
    });
  }, 180_000);
});
