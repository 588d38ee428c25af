/** What the gates of a partitioned table's plan rest on: every leaf, as they are when it is asked. */
import { beforeEach, expect, test } from "vitest";
import { isChangeoverError } from "../../../src/errors.js";
import { useProject } from "../../support/app.js";
import { useDatabase } from "../../support/database.js";
import { rolloutOf } from "../../support/rollout.js";

const database = useDatabase();
const project = useProject(() => database.url);
const rollout = rolloutOf(project, "t");

beforeEach(async () => {
  await database.sql(`drop schema if exists changeover cascade; drop schema if exists app cascade; create schema app;
    create table app.t (id int not null, day int not null, a int) partition by range (day);
    create table app.t1 partition of app.t for values from (0) to (100);
    create table app.t_rest partition of app.t default;
    insert into app.t select n, n % 200, n from generate_series(1, 400) n`);
  await project.writeChange("0001-t", "change: rename_column\ntable: app.t\ncolumn: a\nto: b\nsoak: 0s\n");
  await rollout.plan(true);
  await rollout.upgrade("head");
  expect(await rollout.drain()).toMatchObject({ exitCode: 0 });
});

const LATE = `create table app.late (like app.t including all); insert into app.late (id, day, a) values (9001, 450, 1);
  alter table app.t attach partition app.late for values from (400) to (500)`;

test("a partition that is attached after the verify shuts the gate, until its rows have been looked at", async () => {
  await rollout.confirm();
  await database.sql(LATE);
  const shut: unknown = await rollout.upgrade("@head").catch((error: unknown) => error);
  expect(isChangeoverError(shut) && [shut.code, shut.details.join()]).toEqual([
    "gate",
    expect.stringContaining("app.late"),
  ]);
  // The worker looks by itself, at what is new alone.
  await rollout.drain();
  const [pass] = await database.sql(
    "select rows::int, mismatches::int from changeover.verification order by id desc limit 1",
  );
  expect(pass).toEqual({ rows: 401, mismatches: 1 });
  await expect(rollout.upgrade("@head")).rejects.toMatchObject({ code: "gate" });
  await database.sql("update app.t set a = 2 where id = 9001");
  await rollout.finish();
  expect(await database.sql("select b from app.t where id = 9001")).toEqual([{ b: 2 }]);
});

test("a trigger that is disabled on one partition alone is found, and what is printed puts it right", async () => {
  await rollout.confirm();
  await database.sql("alter table app.t1 disable trigger all; update app.t1 set a = a + 1 where id = 7");
  const broken: unknown = await rollout.upgrade("@head").catch((error: unknown) => error);
  expect(isChangeoverError(broken) && broken.code).toMatch(/gate|drift/);
  const told: unknown = await rollout.confirm().catch((error: unknown) => error);
  if (!isChangeoverError(told)) throw told;
  expect(told.code).toBe("drift");
  expect(told.details.join("\n")).toContain("partition app.t1");
  const restore = told.details.filter((line) => line.startsWith("  ")).join("\n");
  await database.sql(restore);
  // It was off for a while: what was seen before counts no more.
  await expect(rollout.upgrade("@head")).rejects.toMatchObject({ code: "gate" });
  await expect(rollout.finish()).rejects.toMatchObject({ code: "gate" });
  await database.sql("update app.t1 set a = a + 1 where id = 7");
  await rollout.finish();
  expect(await database.sql("select b from app.t where id = 7")).toEqual([{ b: 9 }]);
});
