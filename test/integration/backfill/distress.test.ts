/** What a server shows of its distress, made true on a server of its own with the default thresholds, and cleared. */
import { beforeEach, test } from "vitest";
import { changeLimits, type SignalChange } from "../../../src/journal/limits.js";
import { useOwnServer } from "../../support/own-server.js";
import { answersOf, closeAfterEach, connected, ordinaryRole } from "./answers.js";
import { until, useTable } from "./table.js";

const LONG = process.env.CHANGEOVER_LONG === "1";
const server = useOwnServer({
  archive_mode: "on",
  archive_command: "true",
  autovacuum_naptime: "1s",
  max_connections: "30",
  max_slot_wal_keep_size: "64MB",
  max_wal_size: "2GB",
});
const bench = useTable(server);
closeAfterEach();
const set = (name: string, to: SignalChange["to"]) =>
  bench.db.borrow((session) => changeLimits(session, "t-rename", { signals: [{ name, to }] }));

beforeEach(async () => {
  await bench.table(2_000);
  await bench.sql("alter table app.t set (autovacuum_enabled = false)");
});

/** Goes on to the next WAL file. */
const nextFile = async () => {
  await bench.sql("select pg_logical_emit_message(false, 'test', 'x')");
  await bench.sql("select pg_switch_wal()");
};
async function archiveBy(command: string): Promise<void> {
  await bench.sql(`alter system set archive_command = '${command}'`);
  await bench.sql("select pg_reload_conf()");
}

test("an ordinary role is in nobody's way on a quiet server, and sees who waits for the fill and what is not archived", async () => {
  await ordinaryRole(bench.sql, "plain_owner");
  const db = connected(bench.db, "plain_owner");
  const answer = answersOf(db);
  try {
    await nextFile();
    await until(
      async () => (await bench.sql("select from pg_stat_archiver where last_archived_wal is not null")).length > 0,
      "a file is archived",
    );
    await answer("go");

    const [holder, ...waiters] = await Promise.all([
      bench.client({ application_name: "changeover fill 1" }),
      ...["web", "web", "job", "job"].map((name) => bench.client({ application_name: name })),
    ]);
    await holder?.query("begin; lock table app.t in access exclusive mode");
    const waiting: Promise<unknown>[] = [];
    for (const [n, waiter] of waiters.entries()) {
      waiting.push(waiter.query("select count(*) from app.t"));
      if (n === 0)
        await answer(
          "slower",
          /^waiting-sessions: 1 session waits for a lock of the backfill \(pid \d+ \(role postgres, web\) since .* UTC\), which slows it from 1 on/,
        );
    }
    await answer("wait", /^waiting-sessions: 4 sessions wait for .* which stops it from 4 on/);
    await holder?.query("commit");
    await Promise.all(waiting);
    await answer("go");

    await set("archiver", { slow: 2, stop: 4 });
    await archiveBy("false");
    for (let n = 0; n < 3; n += 1) await nextFile();
    await answer("slower", /^archiver: 3 WAL files wait to be archived/);
    await archiveBy("true");
    await nextFile();
    await answer("go");
  } finally {
    await archiveBy("true");
    await bench.sql("drop owned by plain_owner; drop role plain_owner");
  }
});

test("what the archiver cannot archive slows it down and stops it, until it can", async () => {
  const answer = answersOf(bench.db);
  await answer("go");
  await set("archiver", { slow: 2, stop: 4 });
  await archiveBy("false");
  try {
    for (let n = 0; n < 2; n += 1) await nextFile();
    await answer("slower", /^archiver: [23] WAL files wait to be archived/);
    for (let n = 0; n < 3; n += 1) await nextFile();
    await answer("wait", /^archiver: \d+ WAL files wait to be archived \(it failed last with [0-9A-F]{24} at .* UTC\)/);
  } finally {
    await archiveBy("true");
  }
  await nextFile();
  await answer("go");
});

test("a slot that nobody reads slows it down at half of what it may keep, and stops it before it is lost", async () => {
  const answer = answersOf(bench.db);
  await answer("go");
  // It keeps what the last checkpoint needs.
  await bench.sql("checkpoint");
  await bench.sql("select pg_create_physical_replication_slot('nobody', true)");
  try {
    for (let n = 0; n < 3; n += 1) await nextFile();
    await answer(
      "slower",
      /^slot-retention: replication slot nobody \(physical, which nobody reads\) keeps \d+ % of the WAL/,
    );
    await nextFile();
    await answer("wait", /^slot-retention: .*which stops it from 0\.8 on.*pg_drop_replication_slot\('nobody'\)/);
  } finally {
    await bench.sql("select pg_drop_replication_slot('nobody')");
  }
  await answer("go");
});

test("a slot that is read on lets it go", async () => {
  await set("slot-retention", { slow: 0.4, stop: 0.5 });
  const answer = answersOf(bench.db);
  await answer("go");
  await bench.sql("checkpoint");
  await bench.sql("select pg_create_physical_replication_slot('reader', true)");
  try {
    for (let n = 0; n < 3; n += 1) await nextFile();
    await answer("wait", /^slot-retention: replication slot reader /);
    await bench.sql("select pg_replication_slot_advance('reader', pg_current_wal_lsn())");
    await answer("go");
  } finally {
    await bench.sql("select pg_drop_replication_slot('reader')");
  }
});

test.runIf(LONG)("an autovacuum of the table stops it, and is named", async () => {
  const answer = answersOf(bench.db);
  await answer("go");
  await bench.sql(`alter table app.t set (autovacuum_enabled = true, autovacuum_vacuum_threshold = 1,
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_cost_limit = 1, autovacuum_vacuum_cost_delay = 100)`);
  // A session tells its statistics when it ends, at the latest.
  const writer = await bench.client();
  await writer.query("update app.t set pad = 'y'");
  await writer.end();
  await answer("wait", /^autovacuum: autovacuum works on the table \(pid \d+ since .* UTC\), .*when that is done/);
  // Gives way to whoever waits for it.
  await bench.sql("alter table app.t set (autovacuum_enabled = false)");
  await answer("go");
});

test("connections near the maximum slow it down and stop it", async () => {
  const answer = answersOf(bench.db);
  await answer("go");
  const used = async () =>
    Number((await bench.sql("select count(*) as n from pg_stat_activity where backend_type = 'client backend'"))[0]?.n);
  const crowd = [];
  while ((await used()) < 27) crowd.push(await bench.client({ application_name: "crowd" }));
  await answer("slower", /^connections: \d+ % of the server's connections are in use \(\d+ by crowd\)/);
  while ((await used()) < 29) crowd.push(await bench.client({ application_name: "crowd" }));
  await answer("wait", /^connections: .*which stops it from 0\.95 on, until below 0\.76/);
  for (const one of crowd) await one.end();
  await answer("go");
});

test("checkpoints that are asked for slow it down, for a minute", { timeout: 150_000 }, async () => {
  await set("checkpoints", "default");
  const answer = answersOf(bench.db);
  await answer("go");
  for (let n = 0; n < 2; n += 1) await bench.sql("checkpoint");
  await answer("go");
  for (let n = 0; n < 2; n += 1) await bench.sql("checkpoint");
  await answer("slower", /^checkpoints: [34] checkpoints in a minute .*a max_wal_size above 2GB makes them rarer/);
  if (LONG) await answer("go", "", 100_000);
});

test.runIf(LONG)("dead rows slow it down and stop it, until they are vacuumed away", { timeout: 150_000 }, async () => {
  const answer = answersOf(bench.db);
  await bench.sql("drop table app.t; create table app.t (id int) with (autovacuum_enabled = false)");
  await bench.sql("insert into app.t select generate_series(1, 2200000)");
  await answer("go");
  await bench.sql("delete from app.t where id <= 1050000");
  await answer("slower", /^dead-rows: 48 % of the table's row versions are dead \(never vacuumed\)/);
  await bench.sql("delete from app.t where id <= 1650000");
  await answer("wait", /^dead-rows: 75 % .*which stops it from 0\.7 on, .*vacuum "?app"?\."?t"?/);
  await bench.sql("vacuum app.t");
  await answer("go");
});
