import { expect, test } from "vitest";
import { verifyFill } from "../../../src/backfill/verify/verify.js";
import { type Event, silent } from "../../../src/events.js";
import { latestVerification } from "../../../src/journal/verifications.js";
import { fillOf, REVISION, recorder, useTable } from "./table.js";

const bench = useTable();
const never = new AbortController().signal;

async function filled(rows: number) {
  await bench.table(rows);
  await bench.sql("update app.t set b = a");
  await bench.sql("vacuum full app.t");
}

/** Past the sync trigger. */
const spoil = (where: string) =>
  bench.sql(
    `set session_replication_role = replica; update app.t set b = -1 where ${where}; reset session_replication_role`,
  );

test("sees every row in step", async () => {
  await filled(5_000);
  const { emit, events } = recorder();
  const seen = await verifyFill(bench.db, fillOf(), { signal: never, emit });
  expect(seen).toMatchObject({ rows: 5_000, mismatches: 0, keys: [], finishedAt: expect.any(Date) });
  expect(await latestVerification(bench.db, REVISION)).toMatchObject({ rows: 5_000, finishedAt: seen.finishedAt });
  expect(events.at(-1)).toMatchObject({ kind: "verify-done", rows: 5_000, mismatches: 0 });
});

test("counts rows out of step, and names the first twenty by their key", async () => {
  await filled(5_000);
  await spoil("id in (select generate_series(100, 3000, 100))");
  const options = { signal: never, emit: silent };
  const seen = await verifyFill(bench.db, fillOf("a", undefined, ["tenant", "id"]), options);
  expect(seen).toMatchObject({ rows: 5_000, mismatches: 30 });
  expect(seen.keys).toHaveLength(20);
  expect(seen.keys).toContain("tenant=x, id=100");
});

test("goes on where it was stopped, and begins again on another file", async () => {
  await filled(20_000);
  const stop = new AbortController();
  const emit = (event: Event) => {
    if (event.kind === "verify-progress") stop.abort();
  };
  const first = await verifyFill(bench.db, fillOf(), { signal: stop.signal, emit });
  expect(first.finishedAt).toBeNull();
  expect(first.rows).toBeGreaterThan(0);
  const { emit: record, events } = recorder();
  const second = await verifyFill(bench.db, fillOf(), { signal: never, emit: record });
  expect(second).toMatchObject({ startedAt: first.startedAt, rows: 20_000 });
  expect(events.find(({ kind }) => kind.startsWith("verify"))).toMatchObject({ kind: "verify-progress" });

  const again = new AbortController();
  await verifyFill(bench.db, fillOf(), { signal: again.signal, emit: () => again.abort() });
  await bench.sql("vacuum full app.t");
  const third = await verifyFill(bench.db, fillOf(), { signal: never, emit: silent });
  expect(third).toMatchObject({ rows: 20_000, finishedAt: expect.any(Date) });
});

test("does not go on with a pass that began before the fill was done", async () => {
  await filled(20_000);
  const stop = new AbortController();
  const early = await verifyFill(bench.db, fillOf(), { signal: stop.signal, emit: () => stop.abort() });
  await bench.sql("update changeover.revision set state = 'done', finished_at = clock_timestamp()");
  const late = await verifyFill(bench.db, fillOf(), { signal: never, emit: silent });
  expect(late.startedAt.getTime()).toBeGreaterThan(early.startedAt.getTime());
  expect(late.rows).toBe(20_000);
});

test("of an empty table is done at once", async () => {
  await bench.table(0);
  expect(await verifyFill(bench.db, fillOf(), { signal: never, emit: silent })).toMatchObject({
    rows: 0,
    mismatches: 0,
  });
});

test("takes a row that someone has skipped for no mismatch, and counts it apart", async () => {
  await filled(5_000);
  await spoil("id in (7, 8, 3000)");
  await bench.sql("insert into changeover.fill (revision, pages, rows_estimated) values ($1, 1, 1)", [REVISION]);
  const note = (id: number, settled: string | null) =>
    bench.sql(
      `insert into changeover.quarantine (revision, relation, key, name, page, sqlstate, message, settled, settled_by, settled_at, reason)
       select $1, 'app.t'::regclass, array[$2::text], 'id=' || $2, 0, '22012', '', $3, w, case when w is not null then now() end, w
         from (select case when $3::text is not null then 'ann' end) as word (w)`,
      [REVISION, id, settled],
    );
  await note(7, "skipped");
  await note(8, null);
  await note(9, "skipped");
  const seen = await verifyFill(bench.db, fillOf(), { signal: never, emit: silent });
  expect(seen).toMatchObject({ rows: 5_000, mismatches: 2, skipped: 1, keys: ["id=8", "id=3000"] });
  expect(await latestVerification(bench.db, REVISION)).toMatchObject({ mismatches: 2, skipped: 1 });
});
