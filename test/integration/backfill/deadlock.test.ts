/** Batch and application hold what the other asks for: it is the batch that lets go, whoever asked first. */
import { expect, test } from "vitest";
import { runBatch } from "../../../src/backfill/batch.js";
import { drainFill, seedFill } from "../../../src/backfill/fill.js";
import { openLane, takeSlice } from "../../../src/backfill/lane.js";
import { oneStep } from "../../../src/backfill/pace/stride.js";
import { silent } from "../../../src/events.js";
import { fillOf, REVISION, until, useTable } from "./table.js";

const bench = useTable();

/** A user's trigger that, at the second row, asks for a row of another table; `first` runs before it does. */
async function scene(first: string): Promise<void> {
  await bench.table(200);
  await bench.sql(`create table app.z (id int primary key); insert into app.z values (1);
    create function app.ask() returns trigger language plpgsql as $$
    begin
      ${first}
      perform from app.z for update;
      return new;
    end $$;
    create trigger a_ask before update on app.t for each row when (old.id = 2) execute function app.ask()`);
  await seedFill(bench.db, fillOf(), silent);
}

const AT_ONCE = "";
// Locks are seen as they are, whatever the snapshot.
const ONCE_SOMEBODY_WAITS = `while not exists (select from pg_locks where not granted and pid <> pg_backend_pid()) loop
  perform pg_sleep(0.002);
end loop;`;

const waits = async (pid: number) =>
  (await bench.sql("select from pg_locks where pid = $1 and not granted", [pid])).length > 0;
const isLocked = async () => (await bench.sql("select from app.t where id = 1 for update skip locked")).length === 0;

test.each([
  ["the batch", AT_ONCE],
  ["the application", ONCE_SOMEBODY_WAITS],
])("where %s waits first, the application goes on", async (who, first) => {
  await scene(first);
  const lane = openLane(bench.db, "fill 1");
  const session = await lane.session();
  const lease = await takeSlice(bench.db, lane, { revision: REVISION, worker: "test", leaseMs: 60_000 });
  if (lease === null) throw new Error("no lease");
  const application = await bench.client();
  await application.query("begin; select from app.z for update");
  const times = { targetMs: 250, leaseMs: 60_000, deadlockTimeoutMs: lane.deadlockTimeoutMs(), patience: 1 };
  const batch = runBatch(session, fillOf(), lease, oneStep([0, 1]), times);
  if (who === "the batch") await until(() => waits(session.pid), "the batch waits for the application's row");
  else await until(isLocked, "the batch has the application's next row");
  // The circle is closed: without anybody's giving up the server would end one of the two.
  await application.query("update app.t set pad = 'theirs' where id = 1");
  await application.query("commit");
  expect(await batch).toMatchObject({ kind: "failed", stage: "work", error: { sqlstate: "55P03" } });
  await lane.drop();
  await bench.sql("drop trigger a_ask on app.t");
  await bench.sql("update changeover.slice set state = 'due', worker = null, lease_until = null");
  const signal = new AbortController().signal;
  expect(
    await drainFill(bench.db, fillOf(), { concurrency: 1, signal, emit: silent, worker: "next", pollMs: 20 }),
  ).toEqual({
    kind: "done",
  });
  expect(await bench.unfilled()).toBe(0);
  expect(await bench.sql("select pad from app.t where id = 1")).toEqual([{ pad: "theirs" }]);
});
