/** Sightings as real triggers write them: the old side is `total`, the new one `amount`, and old code knows no better. */
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { readEvidence } from "../../../src/journal/evidence.js";
import { ensureEpoch, pruneSightings } from "../../../src/journal/sightings.js";
import { useDatabase } from "../../support/database.js";

const database = useDatabase();
const role = `evidence_app_${process.pid}_${database.major}`;
const other = `evidence_other_${process.pid}_${database.major}`;
const tick = (seconds: number) => `floor(date_part('epoch', clock_timestamp()) / ${seconds})::text`;

beforeAll(async () => {
  await database.sql(await readFile("src/journal/schema.sql", "utf8"));
  const due = (side: string) =>
    `current_setting('changeover.seen_p_${side}', true) is distinct from ${tick(side === "old" ? 10 : 60)}`;
  await database.sql(`
    create schema app;
    create table app.orders (id bigint primary key, total integer default 7, amount integer, note text);
    create trigger "~~changeover_sight_old_u" before update of total on app.orders for each row
      when (${due("old")}) execute function changeover.sight('p', 'old', 'changeover.seen_p_old', '10');
    create trigger "~~changeover_sight_old_i" before insert on app.orders for each row
      when (new.total is not null and new.amount is null and ${due("old")})
      execute function changeover.sight('p', 'old', 'changeover.seen_p_old', '10');
    create trigger "~~changeover_sight_new_u" before update of amount on app.orders for each row
      when (${due("new")}) execute function changeover.sight('p', 'new', 'changeover.seen_p_new', '60');
    create trigger "~~changeover_sight_new_i" before insert on app.orders for each row
      when (new.amount is not null and ${due("new")})
      execute function changeover.sight('p', 'new', 'changeover.seen_p_new', '60');
    insert into app.orders select n, n, n from generate_series(1, 20) n;
    create role ${role} login password 'x';
    create role ${other};
    grant ${other} to ${role};
    grant usage on schema app to ${role}, ${other};
    grant select, insert, update on app.orders to ${role}, ${other};
  `);
});

afterAll(() => database.sql(`drop owned by ${role}, ${other}; drop role ${role}, ${other}`));

beforeEach(async () => {
  await database.sql("truncate changeover.sighting; delete from app.orders where id > 20");
});

/** A session of the application's role, which has been granted nothing of ours. */
function application(app: string) {
  return database.client({ ...connection(), application_name: app });
}
function connection() {
  const url = new URL(database.url);
  url.username = role;
  url.password = "x";
  return { connectionString: url.toString() };
}

const read = () => readEvidence(database.db, "p", []);

/** The session is gone when the server says so, not when the client has hung up. */
async function gone(pid: number) {
  while ((await database.sql("select 1 from pg_stat_activity where pid = $1", [pid])).length > 0) {}
}
const pidOf = async (client: Awaited<ReturnType<typeof application>>) =>
  Number((await client.query("select pg_backend_pid() as pid")).rows[0]?.pid);

describe("a write of the old side", () => {
  test("by a role without privileges of ours is noted: who, when, and that it is still connected", async () => {
    const client = await application("web-7");
    await client.query("update app.orders set total = 5 where id = 1");
    const { now, sightings } = await read();
    const { old } = sightings;
    expect(old.lastAt?.getTime()).toBeLessThanOrEqual(now.getTime());
    expect(old.lastAt?.getTime()).toBeGreaterThan(now.getTime() - 30_000);
    expect(old.writers).toEqual([{ role, app: "web-7", lastAt: old.lastAt, connected: true }]);
    expect(old.lastConnected).toEqual({ role, app: "web-7", pid: await pidOf(client), lastAt: old.lastAt });
    expect(sightings.new).toEqual({ side: "new", lastAt: null, writers: [], lastConnected: null });
    await client.end();
  });

  test("is noted under the login role, whatever SET ROLE says", async () => {
    const client = await application("web-7");
    await client.query(`set role ${other}; update app.orders set total = 5 where id = 1`);
    expect((await read()).sightings.old.writers).toMatchObject([{ role }]);
    await client.end();
  });

  test("counts by the SET list: set total = total would fail once the column is gone", async () => {
    const client = await application("orm");
    await client.query("update app.orders set total = total where id = 1");
    expect((await read()).sightings.old.writers).toMatchObject([{ app: "orm" }]);
    await client.end();
  });

  test("that names other columns only, or gives only the new side, is none", async () => {
    const client = await application("web-8");
    await client.query("update app.orders set note = 'x' where id = 1");
    await client.query("insert into app.orders (id, amount) values (30, 1)");
    await client.query("update app.orders set amount = 2 where id = 1");
    const { sightings } = await read();
    expect(sightings.old.writers).toEqual([]);
    expect(sightings.new.writers).toMatchObject([{ app: "web-8", connected: true }]);
    await client.end();
  });

  test("that is rolled back neither counts nor silences the next one", async () => {
    const client = await application("web-9");
    await client.query("begin; update app.orders set total = 5 where id = 1; rollback");
    expect((await read()).sightings.old.lastAt).toBeNull();
    await client.query("update app.orders set total = 6 where id = 1");
    expect((await read()).sightings.old.writers).toMatchObject([{ app: "web-9" }]);
    await client.end();
  });

  test("that is undone to a savepoint neither counts nor silences the next one", async () => {
    const client = await application("web-9");
    await client.query("begin; savepoint a; update app.orders set total = 5 where id = 1; rollback to a; commit");
    expect((await read()).sightings.old.lastAt).toBeNull();
    await client.query("begin; savepoint a; insert into app.orders (id, total) values (31, 1); release a; commit");
    expect((await read()).sightings.old.writers).toMatchObject([{ app: "web-9" }]);
    await client.end();
  });

  test("is noted once a tick and session, at most, whatever the number of rows and statements", async () => {
    const client = await application("web-7");
    const ticks = new Set<string>();
    const look = async () => ticks.add(String((await client.query(`select ${tick(10)} as t`)).rows[0]?.t));
    for (let n = 0; n < 5; n += 1) {
      await look();
      await client.query("update app.orders set total = $1", [n]);
      await look();
    }
    const [rows] = await database.sql<{ n: number }>("select count(*)::int as n from changeover.sighting");
    expect(rows?.n).toBeGreaterThanOrEqual(1);
    expect(rows?.n).toBeLessThanOrEqual(ticks.size);
    await client.end();
  });

  test("waits 20 ms at most for a table that is locked, and goes through", async () => {
    const blocker = await database.client();
    await blocker.query("begin; lock table changeover.sighting in access exclusive mode");
    const client = await application("web-7");
    await client.query("update app.orders set total = 99");
    await blocker.query("rollback");
    expect(await database.sql("select distinct total from app.orders where id <= 20")).toEqual([{ total: 99 }]);
    expect((await read()).sightings.old.lastAt).toBeNull();
    await client.end();
  });
});

describe("connected", () => {
  test("is a pooled session that has been idle since", async () => {
    const client = await application("pool");
    await client.query("update app.orders set total = 5 where id = 1");
    const pid = await pidOf(client);
    expect((await read()).sightings.old.lastConnected?.pid).toBe(pid);
    await client.end();
    await gone(pid);
    const { old } = (await read()).sightings;
    expect(old.lastConnected).toBeNull();
    expect(old.writers).toMatchObject([{ app: "pool", connected: false }]);
  });

  test("is not another session that has got its pid since", async () => {
    const client = await application("pool");
    const pid = await pidOf(client);
    await database.sql(
      "insert into changeover.sighting values ('p', 'old', 'app', 'before', $1, clock_timestamp() - interval '1 hour')",
      [pid],
    );
    expect((await read()).sightings.old).toMatchObject({ lastConnected: null, writers: [{ connected: false }] });
    await client.end();
  });

  test("is told of each session, not of the newest of its application", async () => {
    const stays = await application("web");
    const pid = await pidOf(stays);
    await stays.query("update app.orders set total = 5 where id = 1");
    const goes = await application("web");
    await goes.query("update app.orders set total = 5 where id = 2");
    const left = await pidOf(goes);
    await goes.end();
    await gone(left);
    const { old } = (await read()).sightings;
    expect(old.writers).toMatchObject([{ app: "web", connected: true }]);
    expect(old.lastConnected?.pid).toBe(pid);
    expect(old.lastConnected?.lastAt.getTime()).toBeLessThan(old.lastAt?.getTime() ?? 0);
    await stays.end();
  });

  test("is assumed where the asking role may not see when the other session began", async () => {
    const { openDatabase } = await import("../../../src/db/pool.js");
    await database.sql(
      `grant usage on schema changeover to ${role}; grant select on all tables in schema changeover to ${role}`,
    );
    const main = await database.client();
    await main.query("update app.orders set total = 5 where id = 1");
    const low = openDatabase({ url: connection().connectionString, applicationName: "low", connectTimeoutMs: 5000 });
    try {
      expect((await readEvidence(low, "p", [])).sightings.old.lastConnected?.pid).toBe(await pidOf(main));
    } finally {
      await low.close();
      await database.sql(
        `revoke all on schema changeover from ${role}; revoke all on all tables in schema changeover from ${role}`,
      );
    }
  });
});

describe("the record", () => {
  const epoch = (plan: string, ago: string) =>
    database.sql(
      "insert into changeover.sighting values ($1, 'epoch', 'r', 'a', 1, clock_timestamp() - $2::interval)",
      [plan, ago],
    );

  test("begins with the oldest epoch row of the plan", async () => {
    expect((await read()).sightedSince).toBeNull();
    await epoch("q", "9 hours");
    await epoch("p", "1 hour");
    await epoch("p", "3 hours");
    const { now, sightedSince } = await read();
    expect(Math.round((now.getTime() - (sightedSince?.getTime() ?? 0)) / 60_000)).toBe(180);
  });

  test("is lost in a crash, which empties the table, and begins again when a command that writes says so", async () => {
    await epoch("p", "3 hours");
    expect(await ensureEpoch(database.db, "p")).toBe(false);
    await database.sql("truncate changeover.sighting");
    expect((await read()).sightedSince).toBeNull();
    expect(await ensureEpoch(database.db, "p")).toBe(true);
    expect(await ensureEpoch(database.db, "p")).toBe(false);
    const { now, sightedSince } = await read();
    expect(now.getTime() - (sightedSince?.getTime() ?? 0)).toBeLessThan(30_000);
  });

  test("is emptied by a crash indeed: the table is unlogged, so no subscriber is sent it", async () => {
    expect(
      await database.sql("select relpersistence from pg_class where oid = 'changeover.sighting'::regclass"),
    ).toEqual([{ relpersistence: "u" }]);
  });

  test("is pruned to the newest of each writer, the last hour, those still connected, and the epoch", async () => {
    const [me] = await database.sql<{ pid: number }>("select pg_backend_pid() as pid");
    await epoch("p", "3 days"); // stays: the oldest counts
    await epoch("p", "1 day");
    const add = (side: string, app: string, pid: number, ago: string) =>
      database.sql("insert into changeover.sighting values ('p', $1, 'r', $2, $3, clock_timestamp() - $4::interval)", [
        side,
        app,
        pid,
        ago,
      ]);
    await add("old", "web", -1, "9 hours"); // goes
    await add("old", "web", -2, "8 hours"); // goes
    await add("old", "web", me?.pid ?? 0, "7 hours"); // goes: the same session was seen again
    await add("old", "web", me?.pid ?? 0, "6 hours"); // stays: still connected
    await add("old", "web", -1, "59 minutes"); // stays: the last hour
    await add("old", "web", -1, "1 minute"); // stays: newest
    await add("old", "job", -3, "2 days"); // stays: newest of its application
    await add("new", "web", -1, "2 days"); // stays: newest of its side
    const before = (await read()).sightings;
    expect(await pruneSightings(database.db)).toBe(3);
    expect(await pruneSightings(database.db)).toBe(0);
    const left = await database.sql<{ what: string }>(
      "select side || ' ' || app || ' ' || date_trunc('minute', clock_timestamp() - at) as what from changeover.sighting order by at",
    );
    expect(left.map((row) => row.what)).toEqual([
      "epoch a 3 days",
      "old job 2 days",
      "new web 2 days",
      "epoch a 1 day",
      "old web 06:00:00",
      "old web 00:59:00",
      "old web 00:01:00",
    ]);
    expect((await read()).sightings).toEqual(before);
  });
});
