/**
 * Generated tables, each with a change: after the finished plan the table is what the plain ALTER makes of it, and nothing
 * of ours is left; after an undo it is what it was. What the planner refuses, it refuses by a name.
 */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { silent } from "../../src/events.js";
import { ensureJournal } from "../../src/journal/install.js";
import { useProject } from "../support/app.js";
import { PG_MAJOR, useDatabase } from "../support/database.js";
import { reasonsOf } from "../support/refusals.js";
import { rolloutOf } from "../support/rollout.js";
import { leftoversOf, rowsApart, rowsOf, schemaOf } from "../support/table.js";
import { type Sample, sampleArbitrary } from "./property.tables.js";

const LONG = process.env.CHANGEOVER_LONG === "1";
const RUNS = LONG ? 60 : 6;
const TABLE = { schema: "app", name: "t" };

const database = useDatabase();
const ideal = useDatabase();
const project = useProject(() => database.url);
const rollout = rolloutOf(project, "change");

beforeAll(() => ensureJournal(ideal.db, silent));

/** False: the server itself cannot make this table, or change it so, and there is nothing to compare with. */
async function made({ before, after }: Sample): Promise<boolean> {
  await database.sql("drop schema if exists changeover cascade; drop schema if exists app cascade");
  await ideal.sql("drop schema if exists app cascade");
  try {
    await ideal.sql(`begin; ${before}; ${after}; commit`);
  } catch {
    await ideal.sql("rollback");
    return false;
  }
  await database.sql(before);
  return true;
}

async function planned(): Promise<boolean> {
  try {
    return (await rollout.plan(true)).kind === "plan";
  } catch (error) {
    expect(reasonsOf(error)).not.toEqual([]);
    return false;
  }
}

test(
  "a finished plan leaves what the plain ALTER leaves, and an undone one what was there",
  async () => {
    const seen = { planned: 0, refused: 0, impossible: 0 };
    await fc.assert(
      fc.asyncProperty(sampleArbitrary(PG_MAJOR), async (sample) => {
        if (!(await made(sample))) {
          seen.impossible += 1;
          return;
        }
        await rm(join(project.directory, "plans"), { recursive: true, force: true });
        await project.writeChange("0001-change", sample.change);
        if (!(await planned())) {
          seen.refused += 1;
          return;
        }
        seen.planned += 1;
        const before = await schemaOf(database, TABLE);
        await rollout.upgrade("head");
        const alone = Object.keys(rollout.files()).length === 1;
        if (!alone) {
          expect((await rollout.drain()).exitCode).toBe(0);
          if (sample.undo) {
            await rollout.downgrade("base");
            expect(await schemaOf(database, TABLE)).toEqual(before);
            await rollout.upgrade("head");
            expect((await rollout.drain()).exitCode).toBe(0);
          }
          await rollout.finish();
        }
        expect((await schemaOf(database, TABLE)).toSorted()).toEqual((await schemaOf(ideal, TABLE)).toSorted());
        expect(rowsApart(await rowsOf(database, TABLE), await rowsOf(ideal, TABLE))).toEqual([]);
        expect(await leftoversOf(database, ideal)).toEqual([]);
        expect(await rollout.plan(true)).toMatchObject({ kind: "nothing" });
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
    process.stdout.write(`generated tables on ${PG_MAJOR}: ${JSON.stringify(seen)}\n`);
    expect(seen.planned).toBeGreaterThan(0);
  },
  LONG ? 30 * 60_000 : 120_000,
);
