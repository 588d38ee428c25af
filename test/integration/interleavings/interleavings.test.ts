/**
 * Programs of whatever may happen under two running fills: writers, stops, kills, rewrites of the tables. After each of them
 * a drain comes to its end, every row is as its last writer left it, and the journal has counted what happened.
 * CHANGEOVER_SEED and CHANGEOVER_PATH, as a failure prints them, run one program again.
 */
import fc from "fast-check";
import { test } from "vitest";
import { useStages } from "../../crash/stages.js";
import { programArbitrary, textOf } from "./actions.js";
import { InterleavedFills } from "./scene.js";
import { CAST, RENAME, SEED } from "./tables.js";

const LONG = process.env.CHANGEOVER_LONG === "1";
const RUNS = Number(process.env.CHANGEOVER_RUNS ?? (LONG ? 80 : 2));
const seed = Number(process.env.CHANGEOVER_SEED ?? (LONG ? Date.now() % 1e9 : 20_260_101));
const path = process.env.CHANGEOVER_PATH;

const stages = useStages(SEED, [RENAME, CAST], "trunk");

test(
  "after any program every row is right, and counted once",
  async () => {
    process.stdout.write(`interleavings: seed ${seed}, ${RUNS} programs\n`);
    await fc.assert(
      fc.asyncProperty(programArbitrary(LONG ? 60 : 30), (program) =>
        stages.on("trunk", async (place) => {
          const fills = await InterleavedFills.on(place, stages.project);
          if (process.env.CHANGEOVER_TELL === "1") process.stdout.write(textOf(program));
          await fills.carryOut(program);
          if (process.env.CHANGEOVER_TELL === "1") process.stdout.write(`  ${JSON.stringify(await fills.seen())}\n`);
          await fills.settle();
        }),
      ),
      {
        numRuns: RUNS,
        seed,
        ...(path === undefined ? {} : { path }),
        // A smaller program is worth minutes, not hours.
        endOnFailure: !LONG || process.env.CHANGEOVER_SHRINK === "0",
        interruptAfterTimeLimit: LONG ? 40 * 60_000 : 110_000,
      },
    );
  },
  LONG ? 45 * 60_000 : 120_000,
);
