/** Plans that are taken away or replaced, as a deploy does it, while a worker drains. */
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { workerUseCase } from "../../../src/app/worker.js";
import { useProject } from "../../support/app.js";
import { useDatabase } from "../../support/database.js";
import { rolloutOf } from "../../support/rollout.js";
import { until } from "./table.js";

const database = useDatabase();
const project = useProject(() => database.url);
const rollout = rolloutOf(project, "name");
const plans = (name: string) => join(project.directory, name);

beforeEach(async () => {
  await database.sql(`create table people (id bigint primary key, name text);
    insert into people select n, 'name ' || n from generate_series(1, 500) n`);
  await project.writeChange("0001-name", "change: rename_column\ntable: people\ncolumn: name\nto: full_name\n");
  await rollout.plan(true);
  await rollout.upgrade("head");
});

/** It has looked at the journal, and at what it has found there, since. */
async function looksTwice(): Promise<void> {
  for (let n = 0; n < 2; n += 1) {
    const [from] = await database.sql("select clock_timestamp() as at");
    await until(
      async () =>
        (
          await database.sql(
            `select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
                and query like '%string_agg(concat_ws(%' and query_start > $1`,
            [from?.at],
          )
        ).length > 0,
      "the worker looks",
    );
  }
}

test("a worker whose plans are gone ends what it has begun, and says that it is not done", async () => {
  const holder = await database.client();
  await holder.query("begin; select from people where id = 7 for update");
  const draining = project.run((app) => workerUseCase(app, { drain: true, concurrency: 1, plan: null, pollMs: 20 }));
  const unfilled = async () =>
    Number((await database.sql("select count(*) as n from people where full_name is null"))[0]?.n);
  await until(async () => (await unfilled()) === 1, "all but the locked row are filled");
  await rename(plans("plans"), plans("away"));
  // Another pulse: it reads the folder again.
  await database.sql("update changeover.plan set opened_at = opened_at + interval '1 s'");
  await looksTwice();
  await holder.query("commit");
  expect(await draining).toMatchObject({
    exitCode: 3,
    lines: [expect.stringMatching(/^name: The files of name were taken away/), "not there yet: name"],
    plans: [{ plan: "name", state: "blocked" }],
  });
  expect(await unfilled()).toBe(0);
  expect(await database.sql("select state from changeover.revision where runner = 'backfill'")).toEqual([
    { state: "done" },
  ]);
  await rename(plans("away"), plans("plans"));
  expect(await rollout.drain()).toMatchObject({ exitCode: 0, plans: [{ plan: "name", state: "gate" }] });
  await rollout.confirm();
});
