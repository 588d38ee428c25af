/** Without a fill nobody's NULL is touched: it is noted, looked for, and settled by a person once old code is gone. */
import { expect, test } from "vitest";
import { useWriters } from "../../support/writers/bench.js";
import { SET_NOT_NULL_BARE } from "../../support/writers/variant.js";
import { A_WHILE, confirmed, planToBase, toDualWrite } from "./flows.js";

const bench = useWriters(SET_NOT_NULL_BARE);

test("forwards: the look stops at NULLs until they are settled, and old code writes them as long as it may", async () => {
  const scene = await bench.scene();
  await scene.deployBase();
  await toDualWrite(scene);
  await scene.check("all");

  const stopped = await scene.worker();
  expect(stopped.exitCode).toBe(1);
  expect(stopped.lines.join("\n")).toMatch(/region=\d+, id=\d+/);
  await scene.deploy(true, true);
  await scene.fleet.progress(A_WHILE);
  await scene.check("all");

  await scene.fleet.quit("old");
  await scene.settleNulls("c0");
  expect(await scene.worker({ follow: false })).toMatchObject({ exitCode: 0 });
  expect((await scene.verify()).mismatches).toBe(0);
  await confirmed(scene);
  await scene.upgrade("@head");
  await scene.deploy(false, true);
  await scene.fleet.progress(A_WHILE);
  await scene.check("all");
  expect(scene.problems()).toEqual([]);

  await scene.downgrade("@backfill");
  await scene.deploy(true, true);
  await planToBase(scene);
});
