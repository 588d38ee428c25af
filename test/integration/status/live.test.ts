/** What status says of who is at work now, through the whole tool; and that a dead runner leaves no word. */
import { expect, test } from "vitest";
import { planUseCase } from "../../../src/app/plan.js";
import { statusUseCase } from "../../../src/app/status.js";
import { upgradeUseCase } from "../../../src/app/upgrade.js";
import { useProject } from "../../support/app.js";
import { useDatabase } from "../../support/database.js";
import { eventually } from "../../support/runner.js";

const database = useDatabase(`
  create schema app;
  create table app.orders (id bigint primary key, total integer not null, note text);
  create index orders_total on app.orders (total);
  insert into app.orders select n, n from generate_series(1, 500) n`);
const project = useProject(() => database.url);

const upgrade = (target: string, signal?: AbortSignal) =>
  project.run(
    (app) =>
      upgradeUseCase(app, {
        target,
        fresh: false,
        sqlOnly: false,
        concurrency: 1,
        lockWaitMs: 10_000,
        deadlineMs: null,
      }),
    signal === undefined ? {} : { signal },
  );
const status = () => project.run(async (app) => (await statusUseCase(app, { plan: null, require: null })).report);

type Runner = Awaited<ReturnType<typeof status>>["runners"][number];

/** The first runner, once it is as the test looks for. */
async function runnerOnce(matches: (runner: Runner) => boolean): Promise<Runner | undefined> {
  let found: Runner | undefined;
  await eventually(async () => {
    [found] = (await status()).runners;
    return found !== undefined && matches(found);
  });
  return found;
}

async function holding(statement: string) {
  const client = await database.client({ application_name: "nightly report" });
  const [{ pid }] = (await client.query("select pg_backend_pid() as pid")).rows;
  await client.query(`begin; ${statement}`);
  return { client, pid };
}

test("a runner's statement, between its attempts, and after it is gone", { timeout: 120_000 }, async () => {
  await project.writeChange(
    "0001-orders-total",
    "change: rename_column\ntable: app.orders\ncolumn: total\nto: amount\nsoak: 0s\n",
  );
  await project.run((app) => planUseCase(app, "orders-total", { write: true, force: false }));
  expect((await status()).runners).toEqual([]);

  // A strong lock on a table that somebody reads for long: the runner stays outside the queue.
  const reader = await holding("select count(*) from app.orders");
  // A young one would be queued behind first.
  const old = "select from pg_stat_activity where pid = $1 and clock_timestamp() - xact_start > interval '1600 ms'";
  await eventually(async () => (await database.sql(old, [reader.pid])).length === 1);
  const first = upgrade("head");
  first.catch(() => undefined);
  const outside = await runnerOnce((one) => one.revision === null && one.wait?.blockers[0]?.pid === reader.pid);
  expect(outside).toMatchObject({
    lock: "trunk",
    holder: expect.stringMatching(/^tester pid \d+$/),
    plan: "orders-total",
    revision: null,
    doing: "runs no statement of a revision at this moment",
    wait: {
      why: expect.stringMatching(
        /^In the way of .* pid \d+ \(role \w+, nightly report\) with AccessShareLock on app\.orders/,
      ),
      remedy: expect.stringContaining(`pg_terminate_backend(${reader.pid})`),
    },
  });
  await reader.client.query("commit");
  await first;
  expect((await status()).runners).toEqual([]);

  // An index build that waits for an old transaction.
  const writer = await holding("update app.orders set note = 'n' where id = 1");
  const stop = new AbortController();
  const second = upgrade("orders-total@backfill", stop.signal).catch((error: unknown) => error);
  expect(await runnerOnce((one) => /fills rows/.test(one.doing))).toMatchObject({ step: null, progress: null });
  await runnerOnce((one) => /row id=1 of app\.orders.*nightly report/.test(one.wait?.why ?? ""));
  const snapshot = await holding("set transaction isolation level repeatable read; select 1");
  await writer.client.query("commit");
  await runnerOnce((one) => one.wait?.blockers[0]?.pid === snapshot.pid && one.progress !== null);
  const report = await status();
  const [building] = report.runners;
  expect(building).toMatchObject({
    lock: "plan:orders-total",
    plan: "orders-total",
    revision: expect.stringMatching(/^[0-9a-f]{12}$/),
    step: expect.any(String),
    doing: expect.stringMatching(/create .*index concurrently/i),
    wait: { since: expect.any(String), blockers: [{ pid: snapshot.pid, application: "nightly report" }] },
  });
  expect(report.plans[0]).toMatchObject({ state: "running", why: building?.wait?.why, next: null });
  expect(Math.abs(Date.parse(report.at) - Date.parse(building?.wait?.since ?? ""))).toBeLessThan(30_000);

  // The journal says "running" still; the views say that nobody is.
  stop.abort();
  expect(await second).toMatchObject({ code: "interrupted" });
  const after = await status();
  expect(after.runners).toEqual([]);
  expect(after.plans[0]?.why).toMatch(/if nobody is at it any more/);
  await snapshot.client.query("rollback");
  await upgrade("orders-total@backfill");
});
