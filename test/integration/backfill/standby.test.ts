/** A real standby: its lag, what its reads keep back, and who may see it. */
import { beforeAll, beforeEach, expect, test } from "vitest";
import { changeLimits, type SignalChange } from "../../../src/journal/limits.js";
import { type Standby, useOwnServer } from "../../support/own-server.js";
import { answersOf, closeAfterEach, connected, ordinaryRole } from "./answers.js";
import { useTable } from "./table.js";

const server = useOwnServer({ autovacuum: "off" });
const bench = useTable(server);
closeAfterEach();
const set = (name: string, to: SignalChange["to"]) =>
  bench.db.borrow((session) => changeLimits(session, "t-rename", { signals: [{ name, to }] }));

let standby: Standby;
beforeAll(async () => {
  standby = await server.standby("s1", { hot_standby_feedback: "on" });
});
beforeEach(() => bench.table(10));

const onStandby = () => standby.connect(new URL(bench.url).pathname.slice(1));

test("whose replay stands still is late, and is not once it has caught up", async () => {
  await set("replica-lag", { slow: 1, stop: 2 });
  const answer = answersOf(bench.db);
  await answer("go");
  const there = await onStandby();
  await there.query("select pg_wal_replay_pause()");
  try {
    await bench.sql("create table app.more as select n from generate_series(1, 1000) n");
    await answer(
      "wait",
      /^replica-lag: standby s1 \(pid \d+, 127\.0\.0\.1, streaming since [-\d]+ [:\d]+ UTC\) replays [\d.]+ s late, which stops it from 2 on, until below 1\.6; .*look there/,
    );
  } finally {
    await there.query("select pg_wal_replay_resume()");
  }
  await answer("go");
});

test("that answers no more is late before the server gives it up", async () => {
  await set("replica-lag", { slow: 1, stop: 2 });
  const answer = answersOf(bench.db);
  await answer("go");
  const there = await onStandby();
  const receiver = Number((await there.query("select pid from pg_stat_wal_receiver")).rows[0]?.pid);
  expect(receiver).toBeGreaterThan(0);
  process.kill(receiver, "SIGSTOP");
  try {
    await bench.sql("create table app.more as select n from generate_series(1, 1000) n");
    await answer("wait", /^replica-lag: standby s1 .* replays [\d.]+ s late/);
  } finally {
    process.kill(receiver, "SIGCONT");
  }
  await answer("go");
});

test("is hidden from an ordinary role, which stops it and says what to grant", async () => {
  await ordinaryRole(bench.sql, "lesser_owner");
  try {
    const answer = answersOf(connected(bench.db, "lesser_owner"));
    await answer(
      "wait",
      /^replica-lag: cannot be read \(s1 is hidden from role lesser_owner; to see it: grant pg_monitor to lesser_owner\).*--signal replica-lag=off/,
    );
    await set("replica-lag", "off");
    await answer("go");
    await set("replica-lag", "default");
    await answer("wait", /^replica-lag: cannot be read/);
    await bench.sql("grant pg_monitor to lesser_owner");
    await answer("go");
  } finally {
    await bench.sql("drop owned by lesser_owner; drop role lesser_owner");
  }
});

test.runIf(process.env.CHANGEOVER_LONG === "1")(
  "keeps dead rows for its reads: by its feedback, then by its slot, also when it is gone",
  async () => {
    await set("old-snapshot", { slow: 3, stop: 4 });
    const answer = answersOf(bench.db);
    await answer("go");
    const reader = await onStandby();
    await reader.query("begin isolation level repeatable read; select 1 from pg_class");
    const burn = async () => {
      for (let n = 0; n < 5; n += 1) await bench.sql("select pg_current_xact_id()");
    };
    await burn();
    // Younger, and in nobody's way.
    const younger = await bench.client();
    await younger.query("begin isolation level repeatable read; select 1");
    await answer(
      "wait",
      /^old-snapshot: standby s1, streaming keeps the dead rows of .*the oldest query there has ended/,
    );
    await younger.query("commit");
    await reader.query("commit");
    await answer("go");

    await bench.sql("select pg_create_physical_replication_slot('s1_slot')");
    try {
      const there = await onStandby();
      await there.query("alter system set primary_slot_name = 's1_slot'");
      await there.query("select pg_reload_conf()");
      await there.query("begin isolation level repeatable read; select 1 from pg_class");
      await burn();
      await answer(
        "wait",
        /^old-snapshot: replication slot s1_slot, active keeps .*drop_replication_slot\('s1_slot'\)/,
      );
      await standby.stop();
      await answer("wait", /^old-snapshot: replication slot s1_slot, not active keeps /);
    } finally {
      await standby.stop();
      await bench.sql("select pg_drop_replication_slot('s1_slot')");
    }
    await answer("go");
    expect(await bench.sql("select 1 from pg_stat_replication")).toEqual([]);
  },
);
