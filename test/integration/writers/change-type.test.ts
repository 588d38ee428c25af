/** One name, two types: old code until the confirm, code that is ready for either type all the way, across the switch and back. */
import { expect, test } from "vitest";
import { useWriters } from "../../support/writers/bench.js";
import type { Scene } from "../../support/writers/scene.js";
import { TYPE_WIDER } from "../../support/writers/variant.js";
import { A_WHILE, confirmed, forwards, halfFilled, planToBase, released, toDualWrite } from "./flows.js";

const bench = useWriters(TYPE_WIDER);

test("forwards, phase by phase, through the switch and the drop, everybody writes on", async () => {
  await forwards(await bench.scene());
});

test("back from dual-write, from the middle of the fill and from the end of the backfill, everybody writes on", async () => {
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

test("the switch, and back, and forth again, with what was written between", async () => {
  const scene = await bench.scene();
  await scene.deployBase();
  await toDualWrite(scene);
  await scene.worker();
  await released(scene);
  await confirmed(scene);
  await switched(scene);
  await scene.downgrade("@backfill");
  await scene.deploy(true, true);
  await scene.fleet.progress(A_WHILE);
  await scene.check("all");
  expect((await scene.verify()).mismatches).toBe(0);
  await confirmed(scene);
  await switched(scene);
  await planToBase(scene);
});

async function switched(scene: Scene): Promise<void> {
  const { revisions } = await scene.status();
  await scene.upgrade(revisions.find(({ name }) => name === "switch")?.id ?? "none");
  await scene.deploy(false, true);
  await scene.fleet.progress(A_WHILE);
  await scene.check("all");
  expect((await scene.verify()).mismatches).toBe(0);
}
