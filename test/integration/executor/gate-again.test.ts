/** Between the answer of a gate and the locks of its revision somebody may write: the gate is asked again under the locks. */
import type pg from "pg";
import { beforeEach, expect, test } from "vitest";
import { confirmUseCase } from "../../../src/app/confirm.js";
import { downgradeUseCase } from "../../../src/app/downgrade.js";
import { planUseCase } from "../../../src/app/plan.js";
import { upgradeUseCase } from "../../../src/app/upgrade.js";
import { workerUseCase } from "../../../src/app/worker.js";
import { useProject } from "../../support/app.js";
import { letTickPass } from "../../support/clock.js";
import { useDatabase } from "../../support/database.js";
import { eventually } from "../../support/runner.js";

const database = useDatabase();
const project = useProject(() => database.url);
const patience = { lockWaitMs: 10_000, deadlineMs: 20_000 };

beforeEach(async () => {
  await database.sql("drop schema if exists app, changeover cascade; create schema app");
  await database.sql(`create table app.people (id bigint primary key, name text not null);
    insert into app.people select n, 'name ' || n from generate_series(1, 100) n`);
  await project.writeChange(
    "0001-people-name",
    "change: rename_column\ntable: app.people\ncolumn: name\nto: full_name\nsoak: 0s\n",
  );
  await project.run((app) => planUseCase(app, "people-name", { write: true, force: true }));
  await upgrade("head");
});

const upgrade = (target: string, fresh = false) =>
  project.run((app) => upgradeUseCase(app, { ...patience, target, fresh, sqlOnly: false, concurrency: 1 }));

const columns = async () =>
  (
    await database.sql<{ name: string }>(
      "select attname as name from pg_attribute where attrelid = 'app.people'::regclass and attnum > 0 and not attisdropped order by 1",
    )
  ).map(({ name }) => name);

/** A session that has written in a transaction which is still open: nobody can see yet that it did. */
async function writing(statement: string): Promise<pg.Client> {
  const writer = await database.client({ application_name: "old-web" });
  await writer.query("begin");
  await writer.query(statement);
  return writer;
}

/** Ends the writer's transaction when the command has come to stand behind it. */
async function behind<T>(writer: pg.Client, command: Promise<T>): Promise<T> {
  const [row] = (await writer.query("select pg_backend_pid() as pid")).rows;
  const before = project.events.length;
  await eventually(async () => {
    const waits = project.events
      .slice(before)
      .some((e) => e.kind === "notice" && /outside the lock queue/.test(e.message));
    const queues = await database.sql("select 1 from pg_stat_activity where $1 = any (pg_blocking_pids(pid))", [
      row.pid,
    ]);
    return waits || queues.length > 0;
  });
  await writer.query("commit");
  return command;
}

const drained = async () => {
  await project.run((app) => workerUseCase(app, { drain: true, concurrency: 1, plan: null, pollMs: 50 }));
  await letTickPass(database.sql);
  await project.run((app) => confirmUseCase(app, { plan: "people-name", release: "v2", despite: [], reason: null }));
};

test("a contract is not carried out over an old-side write that it could not see when it was decided", async () => {
  await drained();
  const writer = await writing("update app.people set name = 'late' where id = 1");
  const error = await behind(
    writer,
    upgrade("people-name@head").catch((caught: unknown) => caught),
  );
  expect(error).toMatchObject({
    code: "gate",
    exitCode: 7,
    details: [expect.stringMatching(/^quiet: The old side was written after .*old-web/)],
  });
  expect(await columns()).toEqual(["full_name", "id", "name"]);
  expect(await database.sql("select name, full_name from app.people where id = 1")).toEqual([
    { name: "late", full_name: "late" },
  ]);
  // What it had begun is gone with its transaction; with the writer gone, a new confirm opens the gate.
  await writer.end();
  await letTickPass(database.sql);
  await project.run((app) => confirmUseCase(app, { plan: "people-name", release: "v2", despite: [], reason: null }));
  await upgrade("people-name@head");
  expect(await columns()).toEqual(["full_name", "id"]);
});

test("`heads` ends there without a failure", async () => {
  await drained();
  const writer = await writing("update app.people set name = 'late' where id = 1");
  const result = await behind(writer, upgrade("heads"));
  expect(result.notices).toEqual([expect.stringMatching(/^The gate of people-name before /)]);
  expect(await columns()).toEqual(["full_name", "id", "name"]);
});

test("an undo does not take the new side from under a writer that it could not see", async () => {
  const writer = await writing("update app.people set full_name = 'new' where id = 1");
  const undo = project.run((app) => downgradeUseCase(app, { ...patience, target: "people-name@base", sqlOnly: false }));
  const error = await behind(
    writer,
    undo.catch((caught: unknown) => caught),
  );
  expect(error).toMatchObject({ code: "gate", details: [expect.stringMatching(/^idle: .*old-web/)] });
  expect(await columns()).toEqual(["full_name", "id", "name"]);
  expect(await database.sql("select name from app.people where id = 1")).toEqual([{ name: "new" }]);
});
