/** From when a confirm counts: from there on every write of the old side is on record. */
import { beforeEach, expect, test } from "vitest";
import { confirmUseCase } from "../../../src/app/confirm.js";
import { readEvidence } from "../../../src/journal/evidence.js";
import { useProject } from "../../support/app.js";
import { letTickPass } from "../../support/clock.js";
import { useDatabase } from "../../support/database.js";
import { rolloutOf } from "../../support/rollout.js";
import { eventually } from "../../support/runner.js";

const database = useDatabase(
  "create schema app; create table app.people (id bigint primary key, name text, note text)",
);
const project = useProject(() => database.url);
const rollout = rolloutOf(project, "people");
const OLD = "update app.people set name = name || '!'";

beforeEach(async () => {
  await database.sql("drop schema if exists changeover cascade; drop table app.people");
  await database.sql("create table app.people (id bigint primary key, name text, note text)");
  await database.sql("insert into app.people values (1, 'a'), (2, 'b')");
  await project.writeChange(
    "0001-people",
    "change: rename_column\ntable: app.people\ncolumn: name\nto: full_name\nsoak: 0s\n",
  );
  await rollout.plan(true);
  await rollout.upgrade("head");
  await rollout.drain();
  project.events.length = 0;
});

const confirm = (signal?: AbortSignal) =>
  project.run(
    (app) => confirmUseCase(app, { plan: "people", release: "v2", despite: [], reason: null }),
    signal === undefined ? {} : { signal },
  );
const waiting = () => project.events.some(({ kind }) => kind === "confirm-waiting");
const evidence = () => readEvidence(database.db, "people", []);
const noted = async () => (await database.sql("select 1 from changeover.sighting where side = 'old'")).length;

/** So that what follows lies in one tick of the server's clock: six seconds of it are left, at least. */
async function earlyInATick(): Promise<void> {
  await eventually(async () => {
    const [row] = await database.sql<{ into: number }>(
      "select (date_part('epoch', clock_timestamp())::numeric % 10)::float8 as into",
    );
    return (row?.into ?? 10) < 4;
  });
}

test("where nobody writes it counts from now", async () => {
  const before = (await evidence()).now;
  const { at } = await confirm();
  expect(at.getTime()).toBeGreaterThanOrEqual(before.getTime());
  expect(at.getTime()).toBeLessThanOrEqual((await evidence()).now.getTime());
  expect(waiting()).toBe(false);
});

test("a session that has just been noted may write on unnoted: it counts from when it would be noted again", async () => {
  const old = await database.client({ application_name: "old-web" });
  await earlyInATick();
  await old.query(OLD);
  const confirming = confirm();
  await eventually(async () => waiting());
  await old.query(OLD);
  expect(await noted()).toBe(1);
  const confirmation = await confirming;
  expect((await evidence()).sightings.old.lastAt?.getTime()).toBeLessThan(confirmation.at.getTime());
  expect((await evidence()).now.getTime()).toBeGreaterThanOrEqual(confirmation.at.getTime());
  // The same session, in a long transaction or not: noted again, and the gate is shut.
  await old.query(OLD);
  await old.end();
  expect(await noted()).toBe(2);
  await expect(rollout.upgrade("@head")).rejects.toMatchObject({
    code: "gate",
    details: [expect.stringContaining("The old side was written after the confirm")],
  });
  await letTickPass(database.sql);
});

test("one that was noted in a transaction that is still open is waited for; interrupted, nothing is confirmed", async () => {
  const old = await database.client({ application_name: "old-web" });
  await earlyInATick();
  await old.query("begin");
  await old.query(OLD);
  const stop = new AbortController();
  const confirming = confirm(stop.signal);
  await eventually(async () => {
    const [row] = await database.sql<{ n: number }>(
      "select count(*)::int as n from pg_stat_activity where query like '%virtualtransaction = any%' and pid <> pg_backend_pid() and datname = current_database()",
    );
    return (row?.n ?? 0) > 0;
  });
  await old.query("commit");
  await eventually(async () => waiting());
  stop.abort();
  await expect(confirming).rejects.toMatchObject({ code: "interrupted" });
  expect((await evidence()).confirmation).toBeNull();
});

test("a transaction that writes nothing of the old side is waited for until it ends, and no longer", async () => {
  const other = await database.client({ application_name: "new-web" });
  await other.query("begin");
  await other.query("update app.people set note = 'x'");
  const confirming = confirm();
  await other.query("commit");
  await confirming;
  expect(waiting()).toBe(false);
});

test("what an undo has dropped from the record is still in the sessions' settings", async () => {
  const old = await database.client({ application_name: "old-web" });
  await old.query(OLD);
  await rollout.downgrade("expand");
  await rollout.upgrade("head");
  await rollout.drain();
  // All of that may have taken longer than a tick.
  await database.sql("update changeover.event set at = at + interval '1 minute' where kind = 'revision-undone'");
  const stop = new AbortController();
  const confirming = confirm(stop.signal);
  await eventually(async () => waiting());
  stop.abort();
  await expect(confirming).rejects.toMatchObject({ code: "interrupted" });
});
