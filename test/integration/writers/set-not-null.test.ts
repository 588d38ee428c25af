/** Old code sends NULL, new code never does; from dual-write on nobody's NULL arrives. */
import { expect, test } from "vitest";
import { useWriters } from "../../support/writers/bench.js";
import { SET_NOT_NULL } from "../../support/writers/variant.js";
import { A_WHILE, confirmed, forwards, halfFilled, planToBase, released, toDualWrite } from "./flows.js";

const bench = useWriters(SET_NOT_NULL);

test("forwards, phase by phase, old and new code write on", async () => {
  await forwards(await bench.scene());
});

test("back from dual-write, from the middle of the fill and from the end of the backfill, both write on", async () => {
  const scene = await bench.scene();
  await scene.deployBase();
  await toDualWrite(scene);
  await planToBase(scene);
  await toDualWrite(scene);
  await halfFilled(scene);
  await planToBase(scene);
  await toDualWrite(scene);
  expect((await scene.worker()).exitCode).toBe(0);
  await released(scene);
  await planToBase(scene);
});

test("back from contract: the guard stands again, and old code may come back", async () => {
  const scene = await bench.scene();
  await scene.deployBase();
  await toDualWrite(scene);
  await scene.worker();
  await released(scene);
  await confirmed(scene);
  await scene.upgrade("@head");
  await scene.deploy(false, true);
  await scene.fleet.progress(A_WHILE);
  await scene.downgrade("@backfill");
  await scene.deploy(true, true);
  await scene.fleet.progress(A_WHILE);
  await scene.check("all");
  await planToBase(scene);
});
