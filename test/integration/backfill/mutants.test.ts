/** The engine on trial; and the trials themselves, which have to find what is wrong with engines that are wrong. */
import { beforeAll, describe, expect, test } from "vitest";
import { type Engine, useEngines } from "../../support/engines.js";
import { MUTANTS } from "./mutants.js";
import { useTable } from "./table.js";
import { TRIALS, type TrialName } from "./trials.js";

const LONG = process.env.CHANGEOVER_LONG === "1";
const bench = useTable();
const engines = useEngines();
const names = Object.keys(TRIALS) as TrialName[];

describe("the engine stands", () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await engines.load();
  });
  test.for(names)("%s", (name) => TRIALS[name](engine, bench));
});

describe("found:", () => {
  test.for(MUTANTS.filter(({ telling }) => LONG || telling === true))("$name", async ({ changes, found }) => {
    const engine = await engines.load(changes);
    const said = await TRIALS[found](engine, bench).then(
      () => null,
      (error: Error) => error,
    );
    expect(said, "nobody has found it").not.toBeNull();
    // By what it did, and not because it cannot be loaded or run.
    expect(said?.name, said?.stack).toMatch(/^(AssertionError|ServerError)$/);
    expect(said).not.toMatchObject({ sqlstate: expect.stringMatching(/^42/) });
  });

  test("a change whose place is not there any more is an error", async () => {
    const gone = { file: "backfill/batch.js", from: "no such text", to: "" };
    await expect(engines.load([gone])).rejects.toThrow(/0 times/);
  });
});
