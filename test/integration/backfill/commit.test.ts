/** A connection that is lost while COMMIT is on its way: whatever became of it, every row is filled and counted once. */
import { afterEach, expect, test } from "vitest";
import { drainFill, seedFill } from "../../../src/backfill/fill.js";
import { fateOf } from "../../../src/backfill/resume.js";
import { type Database, openDatabase } from "../../../src/db/pool.js";
import { silent } from "../../../src/events.js";
import { type Cut, type CuttingProxy, cuttingProxy } from "../../support/cutting-proxy.js";
import { fillOf, recorder, until, useTable } from "./table.js";

const bench = useTable();
let proxy: CuttingProxy | null = null;
let through: Database | null = null;
afterEach(async () => {
  await through?.close();
  proxy?.close();
  [through, proxy] = [null, null];
});

/** Fills 20,000 rows; at the second batch's COMMIT it is told, and may cut. */
async function filled(atCommit: (cut: Cut) => void) {
  await bench.table(20_000);
  await seedFill(bench.db, fillOf(), silent, { minSlicePages: 100_000 });
  let commits = 0;
  const [before] = await bench.sql<{ slices: number }>("select count(*)::int as slices from changeover.slice");
  proxy = await cuttingProxy(bench.url, (text, cut) => {
    if (!/^update changeover\.slice[\s\S]*;\ncommit$/.test(text)) return;
    commits += 1;
    if (commits === 2) atCommit(cut);
  });
  through = openDatabase({ url: proxy.url, applicationName: "changeover cut", connectTimeoutMs: 5000 });
  const { emit, events, first } = recorder();
  const signal = new AbortController().signal;
  const options = { concurrency: 1, signal, emit, worker: "test", pollMs: 20, targetMs: 100 };
  const drained = drainFill(through, fillOf(), options);
  expect(before?.slices).toBe(1);
  return { drained, events, first };
}

async function expectAll(drained: Promise<unknown>): Promise<void> {
  expect(await drained).toEqual({ kind: "done" });
  expect(await bench.unfilled()).toBe(0);
  const [slice] = await bench.slices();
  // One lease from its beginning to its end: it went on from where the journal had it.
  expect(slice).toMatchObject({ rows: 20_000, fence: 1 });
}

test("it was committed: goes on behind it", async () => {
  const { drained, first, events } = await filled((cut) => cut.after());
  expect(await first("commit-settled")).toMatchObject({ fate: "committed", plan: "t-rename", slice: 1 });
  await expectAll(drained);
  expect(events.filter(({ kind }) => kind === "slice-retry")).toEqual([]);
});

test("it never arrived: does the batch again", async () => {
  const { drained, first } = await filled((cut) => cut.before());
  expect(await first("commit-settled")).toMatchObject({ fate: "aborted" });
  await expectAll(drained);
});

test("it is still under way: waits for its end", async () => {
  let stopped = 0;
  const { drained, first } = await filled((cut) => {
    process.kill(cut.pid, "SIGSTOP");
    stopped = cut.pid;
    cut.after();
  });
  const asks = () =>
    bench.sql("select from pg_stat_activity where query like '%pg_xact_status(%' and pid <> pg_backend_pid()");
  await until(async () => (await asks()).length > 0, "it asks");
  process.kill(stopped, "SIGCONT");
  expect(await first("commit-settled")).toMatchObject({ fate: "committed" });
  await expectAll(drained);
});

test("the backend is ended by another session while the COMMIT waits for it", async () => {
  let stopped = 0;
  const { drained, first } = await filled(({ pid }) => {
    process.kill(pid, "SIGSTOP");
    stopped = pid;
  });
  await until(() => stopped !== 0, "the COMMIT");
  await bench.sql("select pg_terminate_backend($1)", [stopped]);
  process.kill(stopped, "SIGCONT");
  expect(await first("commit-settled")).toMatchObject({ fate: expect.stringMatching(/^(committed|aborted)$/) });
  await expectAll(drained);
});

test("a number that the server has not given out, or has forgotten, leaves it to the cursor", async () => {
  expect(await fateOf(bench.db, "3", 1_000)).toBe("unknown");
  const [next] = await bench.sql<{ xid: string }>(
    "select (pg_snapshot_xmax(pg_current_snapshot())::text::bigint + 1000)::text as xid",
  );
  expect(await fateOf(bench.db, next?.xid ?? "", 1_000)).toBe("unknown");
});
