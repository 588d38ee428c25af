/** The ways of a plan, forwards and back, under an application that writes all the time. */
import { expect } from "vitest";
import { until } from "../../support/child.js";
import { LONG } from "../../support/writers/bench.js";
import { SHARED } from "../../support/writers/ledger.js";
import type { Scene } from "../../support/writers/scene.js";
import { HOT } from "../../support/writers/work.js";

/** Operations of each running process between two commands. */
export const A_WHILE = LONG ? 200 : 40;

/** Phase by phase to the end, each release where `deploy` lets it run. */
export async function forwards(scene: Scene): Promise<void> {
  await scene.deployBase();
  await scene.fleet.progress(A_WHILE);
  await toDualWrite(scene);
  expect((await scene.worker()).exitCode).toBe(0);
  await released(scene);
  await confirmed(scene);
  await scene.upgrade("@head");
  await scene.deploy(false, true);
  await scene.fleet.progress(A_WHILE);
  await scene.check("all");
  allOperationsRan(scene);
  expect(scene.problems()).toEqual([]);
}

/** From the base: the trunk's revisions, one by one, where a table without an expand begins with the dual-write. */
export async function toDualWrite(scene: Scene): Promise<void> {
  const { kind } = scene.parts.variant;
  const newMayRun = kind !== "rename_column";
  if (kind !== "set_not_null") {
    await scene.upgrade("@expand");
    await scene.deploy(true, newMayRun);
    await scene.fleet.progress(A_WHILE);
    await scene.check("first");
  }
  await scene.upgrade("@dual-write");
  await scene.deploy(true, newMayRun);
  scene.ledgers.mark();
  await scene.fleet.progress(A_WHILE);
  await scene.check("touched");
}

/** The backfill is done: the new release goes out while old processes still run, and takes the trigger function along. */
export async function released(scene: Scene): Promise<void> {
  await scene.deploy(true, true);
  await scene.deployFunction("new");
  await scene.fleet.progress(A_WHILE);
  expect((await scene.verify()).mismatches).toBe(0);
  await scene.fleet.progress(A_WHILE);
  await scene.check("all");
}

/** The last old process is gone, and someone says so. */
export async function confirmed(scene: Scene): Promise<void> {
  await scene.fleet.quit("old");
  if (scene.parts.variant.kind === "set_not_null") {
    // New code too has written back NULLs that it had read before they were filled, and may still be noted for it.
    await scene.fleet.quit("new");
    await scene.fleet.start("new");
  }
  await scene.confirm();
  await scene.fleet.progress(A_WHILE);
}

/** The new release is rolled back, then the plan, all of it, while old code writes on. */
export async function backToBase(scene: Scene): Promise<void> {
  await scene.fleet.quit("new");
  await scene.deployFunction("old");
  await scene.fleet.follow(oldAlone);
  await planToBase(scene);
}

/** The plan is taken back while everybody writes on. */
export async function planToBase(scene: Scene): Promise<void> {
  await scene.fleet.progress(A_WHILE);
  await scene.downgrade("@base");
  await scene.deployBase();
  await scene.fleet.progress(A_WHILE);
  await scene.check("first");
  expect(scene.problems()).toEqual([]);
}

const oldAlone = {
  oldCode: { allowed: true, reason: "status says so" },
  newCode: { allowed: false, reason: "it is rolled back" },
};

/** What never ran has proved nothing. */
function allOperationsRan(scene: Scene): void {
  for (const writer of scene.fleet.all) {
    for (const [op, count] of writer.done) expect(count, op).toBeGreaterThan(0);
    expect(writer.done.size).toBeGreaterThan(35);
  }
}

/** The backfill as far as it comes while a slow transaction of the application holds two rows; then its worker is stopped. */
export async function halfFilled(scene: Scene): Promise<void> {
  const { table } = scene.parts.variant;
  const slow = await scene.client();
  await slow.query("begin");
  await slow.query(`select 1 from ${table} where region = ${SHARED} and id in (${HOT + 1}, ${HOT + 5}) for update`);
  const stop = new AbortController();
  const working = scene.worker({ signal: stop.signal });
  // Every slice but the one of those rows is done.
  await until(async () => {
    const text =
      "select state, rows::integer from changeover.slice where revision in (select id from changeover.revision)";
    const slices = await scene.sql<{ state: string; rows: number }>(text);
    return slices.filter(({ state }) => state !== "done").length === 1 && slices.some(({ rows }) => rows > 0);
  });
  stop.abort();
  await working;
  const { backfill } = await scene.status();
  expect(backfill?.rowsDone).toBeGreaterThan(0);
  await slow.query("rollback");
}
