/** The oracle proved: with nothing wrong it finds nothing, and with each of these in the database it finds something. */
import { describe, expect, test } from "vitest";
import { type Bench, LONG, useWriters } from "../../support/writers/bench.js";
import type { Scene } from "../../support/writers/scene.js";
import {
  RENAME_NOT_NULL,
  RENAME_NULLABLE,
  RENAME_NUMERIC,
  SET_NOT_NULL,
  type Variant,
} from "../../support/writers/variant.js";
import { A_WHILE, confirmed } from "./flows.js";
import { DUE, fillFromAfar, MUTANTS, type Mutant } from "./mutants.js";
import { refusalOf } from "./ways.js";

const benches = new Map<Variant, Bench>(
  [RENAME_NULLABLE, RENAME_NOT_NULL, RENAME_NUMERIC, SET_NOT_NULL].map((variant) => [variant, useWriters(variant)]),
);

async function sceneOf(variant: Variant): Promise<Scene> {
  const bench = benches.get(variant);
  if (bench === undefined) throw new Error(`no bench for ${variant.slug}`);
  return bench.scene();
}

/** As far as both write, with the mutant where it belongs; ends with the first problem. */
async function problemsWith(scene: Scene, mutant: Pick<Mutant, "when" | "install">): Promise<string[]> {
  const found = () => scene.problems().length > 0;
  const look = async (filled: "touched" | "all") => {
    await scene.fleet.progress(A_WHILE);
    await scene.check(filled);
  };
  await scene.deployBase();
  await scene.upgrade("@dual-write");
  if (mutant.when === "dual-write") await mutant.install(scene);
  scene.ledgers.mark();
  await look("touched");
  if (found()) return scene.problems();
  await scene.worker();
  await scene.deployFunction("new");
  if (mutant.when === "released") await mutant.install(scene);
  await look("all");
  return scene.problems();
}

describe("nothing wrong, nothing found", () => {
  // The runs forwards and back say the same of every variant.
  test.for(LONG ? [...benches.keys()] : [RENAME_NULLABLE])("$slug", async (variant) => {
    const nothing = { when: "dual-write", install: async () => undefined } as const;
    expect(await problemsWith(await sceneOf(variant), nothing)).toEqual([]);
  });

  test("a fill from afar with the right predicate", async () => {
    const install = (scene: Scene) => fillFromAfar(scene, DUE(scene.parts.variant));
    expect(await problemsWith(await sceneOf(RENAME_NULLABLE), { when: "dual-write", install })).toEqual([]);
  });
});

describe("found:", () => {
  test.for(MUTANTS)("$name", async (mutant) => {
    const found = await problemsWith(await sceneOf(mutant.variant), mutant);
    expect(found.join("\n")).toMatch(mutant.shows);
    process.stdout.write(`found, as it should be: ${found.find((line) => mutant.shows.test(line))}\n`);
  });

  test("sightings are lost, and the gate would open under an old process: the function is compared, too", async () => {
    const scene = await sceneOf(RENAME_NULLABLE);
    await scene.deployBase();
    await scene.upgrade("@dual-write");
    await scene.worker();
    await scene.deployFunction("new");
    await scene.sql("alter function changeover.sight() security invoker");
    expect(await refusalOf(confirmed(scene))).toMatchObject({ exitCode: 5 });
  });
});
