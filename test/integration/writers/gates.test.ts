/** Whoever is not stopped when it should be holds the gate shut, by name, and keeps working. */
import { expect, test } from "vitest";
import { useWriters } from "../../support/writers/bench.js";
import type { Scene } from "../../support/writers/scene.js";
import { RENAME_NOT_NULL, SET_NOT_NULL } from "../../support/writers/variant.js";
import { A_WHILE, backToBase, confirmed, released, toDualWrite } from "./flows.js";
import { refusalOf } from "./ways.js";

const renaming = useWriters(RENAME_NOT_NULL);
const constraining = useWriters(SET_NOT_NULL);

async function bothWrite(scene: Scene): Promise<void> {
  await scene.deployBase();
  await toDualWrite(scene);
  await scene.worker();
  await released(scene);
}

test("an undo below dual-write is refused while new code writes, and goes once it is stopped", async () => {
  const scene = await renaming.scene();
  await bothWrite(scene);
  const before = await scene.status();
  for (const target of ["@expand", "@base"]) {
    const refusal = await refusalOf(scene.downgrade(target));
    expect(refusal.exitCode).toBe(7);
    expect(refusal.text).toMatch(new RegExp(`idle: .*${scene.parts.role} \\(application_name shop v2 #\\d`));
  }
  const after = await scene.status();
  expect(after.revisions.map(({ state }) => state)).toEqual(before.revisions.map(({ state }) => state));
  expect(after.undo.gate?.open).toBe(false);
  await scene.fleet.progress(A_WHILE);
  await scene.check("all");
  await backToBase(scene);
});

test("an undo waits for a trigger function that names the new column: it would fail every write", async () => {
  const scene = await renaming.scene();
  await bothWrite(scene);
  await scene.fleet.quit("new");
  const refusal = await refusalOf(scene.downgrade("@base"));
  expect(refusal.exitCode).toBe(7);
  expect(refusal.text).toContain("functions: 1 trigger function on the table names item_code: app.bump().");
  expect((await scene.status()).undo.gate?.open).toBe(false);
  await backToBase(scene);
});

test("an insert that names neither side counts as old code's where the old one has a default, until someone knows better", async () => {
  const scene = await renaming.scene();
  await bothWrite(scene);
  await confirmed(scene);
  const [newCode] = scene.fleet.writers.new;
  const insert = `insert into ${scene.parts.variant.table} (region, id, other) values (99, $1, 0)`;
  await newCode?.once((client) => client.query(insert, [1]));
  const refusal = await refusalOf(scene.upgrade("@head"));
  expect(refusal.text).toMatch(/quiet: .*\(application_name shop v2 #1/);
  await scene.confirm(["quiet"]);
  await scene.upgrade("@head");
  await newCode?.once((client) => client.query(insert, [2]));
  const made = await scene.sql(`select item_code from ${scene.parts.variant.table} where region = 99`);
  expect(made).toEqual([{ item_code: "none" }, { item_code: "none" }]);
  expect(scene.problems()).toEqual([]);
});

const LEFT_BEHIND = [
  ["rename_column", renaming, "drop"],
  ["set_not_null", constraining, "set-not-null"],
] as const;

test.for(LEFT_BEHIND)("contract of %s waits for an old process that was forgotten", async ([, bench, contract]) => {
  const scene = await bench.scene();
  await bothWrite(scene);
  await confirmed(scene);
  const [forgotten] = scene.fleet.writers.old;
  await forgotten?.start();
  await forgotten?.progress(A_WHILE);
  const refusal = await refusalOf(scene.upgrade("@head"));
  expect(refusal.exitCode).toBe(7);
  expect(refusal.text).toMatch(new RegExp(`quiet: .*${scene.parts.role} \\(application_name shop v1 #1`));
  const { revisions } = await scene.status();
  expect(revisions.find(({ name }) => name === contract)?.state).toBe("pending");
  await scene.fleet.progress(A_WHILE);
  await scene.check("all");

  await confirmed(scene);
  await scene.upgrade("@head");
  await scene.deploy(false, true);
  await scene.fleet.progress(A_WHILE);
  await scene.check("all");
  expect(scene.problems()).toEqual([]);
});
