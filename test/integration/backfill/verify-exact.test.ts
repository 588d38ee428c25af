/** Counts that are exact whatever happens: writers at work, several at the same verification, the table rewritten, a row that moves. */
import { expect, test } from "vitest";
import { verifyFill } from "../../../src/backfill/verify/verify.js";
import { walkWindow } from "../../../src/backfill/verify/window.js";
import { type Event, silent } from "../../../src/events.js";
import { foundRows } from "../../../src/journal/findings.js";
import { leasePart } from "../../../src/journal/parts.js";
import { readVerification } from "../../../src/journal/verifications.js";
import { fillOf, REVISION, recorder, until, useTable } from "./table.js";

const bench = useTable();
const never = new AbortController().signal;
/** Past the sync trigger. */
const PAST = "set session_replication_role = replica";
const past = (text: string) => bench.sql(`${PAST}; ${text}; reset session_replication_role`);

async function filled(rows: number, columns?: string) {
  await bench.table(rows, columns);
  await bench.sql("update app.t set b = a");
  await bench.sql("vacuum full app.t");
}

const one = async (text: string) => Number((await bench.sql(text))[0]?.n);
const suspects = () => one("select count(*) as n from changeover.finding where not settled");
const pagesRead = () =>
  bench.sql(`select v.pages::int, v.walked::int, (select sum(next - lo)::int from changeover.verification_part) as parts,
    (select count(*)::int from changeover.verification_part where next < hi) as unread from changeover.verification v`);

/** Never throws away the first event's chance: runs `work` once, when the verify is under way. */
function onProgress(work: () => Promise<unknown>) {
  let begun: Promise<unknown> | null = null;
  const emit = (event: Event) => {
    if (event.kind === "verify-progress") begun ??= work();
  };
  return { emit, done: async () => begun };
}

test.each([
  ["puts right, is no mismatch", "commit", 0],
  ["puts right and takes back, is one", "rollback", 1],
])("a row that a writer holds and %s", async (_, end, mismatches) => {
  await filled(500);
  await past("update app.t set b = -1 where id = 7");
  const writer = await bench.client();
  await writer.query(`${PAST}; begin; update app.t set b = a where id = 7`);
  const looking = verifyFill(bench.db, fillOf(), { signal: never, emit: silent });
  await until(async () => (await suspects()) === 1, "it has looked once");
  // Nothing counts, and nothing is over, for as long as the writer may go either way.
  await bench.sql("select pg_sleep(0.3)");
  expect(await bench.sql("select mismatches::int, finished_at from changeover.verification")).toEqual([
    { mismatches: 0, finished_at: null },
  ]);
  await writer.query(end);
  expect(await looking).toMatchObject({ mismatches, rows: 500, finishedAt: expect.any(Date) });
});

test("several at once, in one process and two, read every page once and count every row once", async () => {
  await filled(20_000);
  await past("update app.t set b = -1 where id % 1000 = 0; update app.t set b = null where id % 1000 = 1");
  const options = { signal: never, emit: silent, concurrency: 2, minPartPages: 16, targetMs: 1, pollMs: 10 };
  const [first, second] = await Promise.all([
    verifyFill(bench.db, fillOf(), options),
    verifyFill(bench.db, fillOf(), options),
  ]);
  expect(second).toEqual(first);
  expect(first).toMatchObject({ rows: 20_000, mismatches: 40 });
  const [read] = await pagesRead();
  expect(read).toMatchObject({ unread: 0, walked: read?.pages, parts: read?.pages });
  expect(await one("select count(*) as n from changeover.verification_part")).toBeGreaterThan(4);
  expect(await one("select count(*) as n from changeover.verification")).toBe(1);
});

test("no more are at work than the plan's workers", async () => {
  await filled(20_000);
  await bench.sql("update changeover.plan set limits = limits || '{\"workers\": 1}'");
  let most = 0;
  const watch = async () => {
    most = Math.max(most, await one("select count(*) as n from changeover.verification_part where worker is not null"));
  };
  const looks: Promise<void>[] = [];
  const emit = () => void looks.push(watch());
  const options = { signal: never, emit, concurrency: 3, minPartPages: 16, targetMs: 1, pollMs: 5 };
  expect(await verifyFill(bench.db, fillOf(), options)).toMatchObject({ rows: 20_000 });
  await Promise.all(looks);
  expect(most).toBe(1);
});

test("a part whose worker has died is taken over from where it stood", async () => {
  await filled(5_000);
  await past("update app.t set b = -1 where id in (5, 4000)");
  const stop = new AbortController();
  const early = { signal: stop.signal, emit: () => stop.abort(), minPartPages: 256, targetMs: 1 };
  await verifyFill(bench.db, fillOf(), early);
  const [part] = await bench.sql("select next::int, fence::int from changeover.verification_part");
  expect(part?.next).toBeGreaterThan(0);
  // As one that was killed leaves it.
  await bench.sql(`update changeover.verification_part set worker = 'gone', lease_until = now() - interval '1 second'`);
  expect(await verifyFill(bench.db, fillOf(), { signal: never, emit: silent })).toMatchObject({
    rows: 5_000,
    mismatches: 2,
    keys: ["id=5", "id=4000"],
  });
  expect(await one("select fence as n from changeover.verification_part")).toBe(Number(part?.fence) + 1);
});

test("a worker whose part was taken over commits nothing of its window", async () => {
  await filled(5_000);
  await past("update app.t set b = -1 where id = 5");
  await bench.sql("vacuum full app.t");
  const stop = new AbortController();
  const emit = () => stop.abort();
  const pass = await verifyFill(bench.db, fillOf(), { signal: stop.signal, emit, minPartPages: 256, targetMs: 1 });
  const early = await leasePart(bench.db, pass.id, "early", 30_000);
  await bench.sql("update changeover.verification_part set lease_until = now() - interval '1 second'");
  const late = await leasePart(bench.db, pass.id, "late", 30_000);
  if (early === null || late === null) throw new Error("nothing is left to lease");
  const place = { window: [late.next, late.hi] as const, targetMs: 250, leaseMs: 30_000 };
  expect(await walkWindow(bench.db, fillOf(), early, place)).toEqual({ kind: "lost" });
  expect(await readVerification(bench.db, pass.id)).toMatchObject({ rows: pass.rows, walked: pass.walked });
  expect(await suspects()).toBe(0);
  expect(await walkWindow(bench.db, fillOf(), late, place)).toMatchObject({ kind: "walked", pass: { rows: 5_000 } });
  expect(await suspects()).toBe(1);
});

test("a row that is met again where an update has moved it counts once", async () => {
  await filled(5_000);
  await past("update app.t set b = -1 where id = 5");
  const stop = new AbortController();
  await bench.sql("cluster app.t using t_pkey");
  await verifyFill(bench.db, fillOf(), { signal: stop.signal, emit: () => stop.abort() });
  expect(await suspects()).toBe(1);
  await bench.sql("update app.t set pad = repeat('y', 90) where id between 1 and 40");
  expect(await verifyFill(bench.db, fillOf(), { signal: never, emit: silent })).toMatchObject({
    mismatches: 1,
    keys: ["id=5"],
  });
});

test("a table that is rewritten under it is verified whole", async () => {
  await filled(20_000);
  await past("update app.t set b = -1 where id in (3, 19999)");
  const { emit, done } = onProgress(() => bench.sql("vacuum full app.t"));
  const seen = await verifyFill(bench.db, fillOf(), {
    signal: never,
    emit,
    concurrency: 2,
    minPartPages: 32,
    targetMs: 1,
  });
  await done();
  expect(seen).toMatchObject({ rows: 20_000, mismatches: 2, keys: ["id=3", "id=19999"] });
});

test("of a table that is emptied under it nothing is left", async () => {
  await filled(20_000);
  await past("update app.t set b = -1 where id = 3");
  const { emit, done } = onProgress(() => bench.sql("truncate app.t"));
  const seen = await verifyFill(bench.db, fillOf(), { signal: never, emit, minPartPages: 32, targetMs: 1 });
  await done();
  expect(seen).toMatchObject({ rows: 0, mismatches: 0 });
});

test("writers of both sides raise no false alarm", async () => {
  await filled(5_000);
  const stop = new AbortController();
  const writers = await Promise.all(Array.from({ length: 4 }, () => bench.client()));
  const writing = writers.map(async (client, n) => {
    for (let id = n + 1; !stop.signal.aborted; id = ((id + 36) % 5_000) + 1)
      await client.query(
        `update app.t set ${n % 2 === 0 ? "a" : "b"} = $1::int, pad = repeat('z', 60 + $1::int % 60) where id = $2`,
        [id, id],
      );
  });
  try {
    for (let round = 0; round < 3; round += 1)
      expect(
        await verifyFill(bench.db, fillOf(), {
          signal: never,
          emit: silent,
          concurrency: 2,
          minPartPages: 8,
          targetMs: 5,
        }),
      ).toMatchObject({ mismatches: 0, finishedAt: expect.any(Date) });
  } finally {
    stop.abort();
    await Promise.all(writing);
  }
});

test("tells both sides and what should be there, every way to be wrong", async () => {
  await filled(500);
  await past(`update app.t set b = -1 where id = 1; update app.t set b = null where id = 2;
    update app.t set a = null where id = 3; update app.t set a = 70, b = 80 where id = 4`);
  const pass = await verifyFill(bench.db, fillOf(), { signal: never, emit: silent });
  expect(pass.mismatches).toBe(4);
  expect(await foundRows(bench.db, pass.id, 0, 10)).toEqual([
    { key: "id=1", old: "1", new: "-1", due: "1", problem: null },
    { key: "id=2", old: "2", new: null, due: "2", problem: null },
    { key: "id=3", old: null, new: "3", due: null, problem: null },
    { key: "id=4", old: "70", new: "80", due: "70", problem: null },
  ]);
  expect(await foundRows(bench.db, pass.id, 0, 2)).toHaveLength(2);
});

test("a pause holds it, with no snapshot that keeps dead rows, and a resume lets it go on", async () => {
  await filled(20_000);
  const { emit, done } = onProgress(() => bench.sql("update changeover.plan set paused_at = now(), paused_by = 'ann'"));
  const { emit: record, events, first } = recorder();
  const both = (event: Event) => {
    emit(event);
    record(event);
  };
  const looking = verifyFill(bench.db, fillOf(), {
    signal: never,
    emit: both,
    targetMs: 1,
    pollMs: 10,
    minPartPages: 32,
  });
  const said = await first("notice");
  expect(said).toMatchObject({ message: expect.stringContaining("ann has paused the plan") });
  await done();
  const [read] = await pagesRead();
  expect(read?.walked).toBeLessThan(Number(read?.pages));
  expect(events.some(({ kind }) => kind === "verify-done")).toBe(false);
  // Its looks at the journal are new transactions.
  const holding = await bench.sql(
    `select a.pid, a.query from pg_stat_activity a, changeover.plan p where a.datname = current_database()
      and a.pid <> pg_backend_pid() and a.backend_xmin is not null and a.xact_start < p.paused_at`,
  );
  expect(holding).toEqual([]);
  await bench.sql("update changeover.plan set paused_at = null, paused_by = null");
  expect(await looking).toMatchObject({ rows: 20_000, finishedAt: expect.any(Date) });
  expect(await bench.sql("select id from changeover.verification where revision = $1", [REVISION])).toHaveLength(1);
});

test("the horizon moves while it runs: no snapshot outlives its window", async () => {
  await filled(20_000);
  const seen: { readonly now: number; readonly horizon: number | null }[] = [];
  const looks: Promise<unknown>[] = [];
  // One session, one look after the other: those of others would have snapshots of their own to be seen.
  const eye = await bench.client();
  const emit = (event: Event) => {
    if (event.kind !== "verify-progress" || looks.length >= 40) return;
    looks.push(
      eye
        .query(
          `select pg_current_xact_id()::text::bigint as now, min(backend_xmin::text::bigint) as horizon from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`,
        )
        .then(({ rows: [row] }) =>
          seen.push({ now: Number(row?.now), horizon: row?.horizon == null ? null : Number(row.horizon) }),
        ),
    );
  };
  await verifyFill(bench.db, fillOf(), { signal: never, emit, targetMs: 1, minPartPages: 16, concurrency: 2 });
  await Promise.all(looks);
  expect(looks.length).toBeGreaterThan(20);
  // Every window is a transaction with a number of its own: a snapshot that outlived its window would stay before the first look.
  const late = seen.slice(-10).flatMap(({ horizon }) => horizon ?? []);
  expect(late.filter((horizon) => horizon <= (seen[0]?.now ?? 0))).toEqual([]);
});
