import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ensureJournal } from "../../../src/journal/install.js";
import { runTransactional } from "../../../src/runner/transactional.js";
import { sql } from "../../../src/sql/text.js";
import { useDatabase } from "../../support/database.js";
import { lock, revision, step } from "../../support/revisions.js";
import { journalOf, startRunner, withRunner } from "../../support/runner.js";

const database = useDatabase();
const columns = async (table = "t") =>
  (
    await database.sql<{ name: string }>(
      `select attname as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attnum`,
      [`app.${table}`],
    )
  ).map((row) => row.name);

const expand = revision("expand", {
  upgrade: [
    step("add", "alter table app.t add column b int"),
    step("old", "alter table app.t add column before_18 int", { server: { below: 18 } }),
    step("new", "alter table app.t add column from_18 int", { server: { from: 18 } }),
    step("child", "alter table app.s add column c int", { locks: [lock("s", "SHARE ROW EXCLUSIVE"), lock("t")] }),
  ],
  downgrade: [
    step("child", "alter table app.s drop column c", { locks: [lock("s")] }),
    step("add", "alter table app.t drop column b, drop column if exists before_18, drop column if exists from_18"),
  ],
});

beforeAll(() => ensureJournal(database.db));
beforeEach(() =>
  database.sql(`drop schema if exists app cascade; create schema app; create table app.t (id int primary key, a int);
                create table app.s (id int); truncate changeover.plan, changeover.revision, changeover.event cascade`),
);

test("up, down, up: the steps of this server's version, with the journal's row", async () => {
  const applied = ["id", "a", "b", database.major >= 18 ? "from_18" : "before_18"];
  await withRunner(database.db, {}, async ({ ctx, events }) => {
    await runTransactional(ctx, expand, "upgrade");
    expect(await columns()).toEqual(applied);
    expect(await journalOf(database.db, expand.id)).toMatchObject({ state: "done", actor: "tester", plan: "orders" });
    expect(events.map((event) => event.kind)).toEqual([
      "revision-started",
      ...Array.from({ length: 3 }, () => ["step-started", "step-done"]).flat(),
      "revision-done",
    ]);
    await runTransactional(ctx, expand, "downgrade");
    expect([await columns(), await columns("s")]).toEqual([["id", "a"], ["id"]]);
    expect(await journalOf(database.db, expand.id)).toBeNull();
    await runTransactional(ctx, expand, "upgrade");
    expect([await columns(), await columns("s")]).toEqual([applied, ["id", "c"]]);
  });
  expect(await database.sql("select kind, revision from changeover.event order by id")).toEqual(
    ["revision-done", "revision-undone", "revision-done"].map((kind) => ({ kind, revision: expand.id })),
  );
});

describe("a statement that the server refuses", () => {
  const broken = revision("broken", {
    plan: null,
    change: null,
    scope: null,
    file: "revisions/0007-mine.sql",
    upgrade: [
      step("add", "alter table app.t add column b int"),
      step("mine", "insert into app.nothere values (1)", { locks: [] }),
    ],
    downgrade: [step("drop", "alter table app.t drop column b")],
  });

  test("leaves nothing but a blocked row with SQLSTATE, step and file; an undo takes that row away", async () => {
    await withRunner(database.db, {}, async ({ ctx, events }) => {
      await expect(runTransactional(ctx, broken, "upgrade")).rejects.toMatchObject({
        code: "blocked",
        where: "revisions/0007-mine.sql, step mine",
        message: expect.stringContaining("42P01"),
      });
      expect(await columns()).toEqual(["id", "a"]);
      expect(await journalOf(database.db, broken.id)).toMatchObject({
        state: "blocked",
        error: { code: "42P01", details: ["revisions/0007-mine.sql, step mine"] },
      });
      expect(events.at(-1)).toMatchObject({ kind: "revision-blocked", revision: broken.id });
      await database.sql("create table app.nothere (a int)");
      await runTransactional(ctx, broken, "upgrade");
      expect(await journalOf(database.db, broken.id)).toMatchObject({ state: "done", error: null });
    });
  });

  test("was never applied, so that its undo has nothing to undo", async () => {
    await withRunner(database.db, {}, async ({ ctx }) => {
      await runTransactional(ctx, broken, "upgrade").catch(() => undefined);
      await runTransactional(ctx, broken, "downgrade");
      expect(await journalOf(database.db, broken.id)).toBeNull();
    });
  });

  test("in an undo leaves the revision done", async () => {
    const stuck = { ...expand, downgrade: [step("drop", "alter table app.t drop column nothere")] };
    await withRunner(database.db, {}, async ({ ctx }) => {
      await runTransactional(ctx, stuck, "upgrade");
      await expect(runTransactional(ctx, stuck, "downgrade")).rejects.toMatchObject({ code: "blocked" });
    });
    expect(await journalOf(database.db, stuck.id)).toMatchObject({ state: "done", error: null });
    expect(await database.sql("select kind from changeover.event order by id desc limit 1")).toEqual([
      { kind: "revision-blocked" },
    ]);
  });

  test("at its statement_timeout counts as refused, not as a lock to wait for", async () => {
    const slow = revision("slow", { upgrade: [step("sleep", "select pg_sleep(30)", { statementTimeoutMs: 50 })] });
    await withRunner(database.db, {}, async ({ ctx, events }) => {
      await expect(runTransactional(ctx, slow, "upgrade")).rejects.toMatchObject({
        message: expect.stringContaining("57014"),
      });
      expect(events.filter((event) => event.kind === "step-retry")).toEqual([]);
    });
  });
});

describe("the fence", () => {
  test("a runner whose lock was taken over commits nothing", async () => {
    const stale = await startRunner(database.db);
    await database.sql("update changeover.lock set epoch = epoch + 1 where name = 'trunk'");
    await expect(runTransactional(stale.ctx, expand, "upgrade")).rejects.toMatchObject({ code: "lock" });
    await stale.release();
    expect(await columns()).toEqual(["id", "a"]);
    expect(await journalOf(database.db, expand.id)).toBeNull();
  });

  test("a runner that loses its lock while it works is cancelled, and the next one does the work", async () => {
    const holder = await database.client();
    await holder.query("begin; lock table app.t in access share mode");
    const stale = await startRunner(database.db, { lockTimeoutMs: 20_000 });
    const patient = {
      ...expand,
      upgrade: [step("add", "alter table app.t add column b int", { lockTimeoutMs: 20_000 })],
    };
    const run = runTransactional(stale.ctx, patient, "upgrade").catch((error) => error);
    const queued = "select 1 from pg_locks where not granted and relation = 'app.t'::regclass";
    await expect.poll(async () => (await database.sql(queued)).length, { timeout: 10_000 }).toBe(1);
    await database.sql(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name like '% lock' and datname = current_database()",
    );
    expect(await run).toMatchObject({ code: "lock" });
    expect(await database.sql(queued)).toEqual([]);
    await holder.query("rollback");
    await withRunner(database.db, {}, ({ ctx }) => runTransactional(ctx, patient, "upgrade"));
    expect(await columns()).toEqual(["id", "a", "b"]);
  });

  test("a takeover waits for a transaction that the stale runner has open", async () => {
    const stale = await startRunner(database.db);
    const order: string[] = [];
    await stale.ctx.db.borrow(async (session) => {
      await session.run(sql`begin`);
      await stale.ctx.lock.fence(session);
      const takeover = database
        .sql("update changeover.lock set epoch = epoch + 1 where name = 'trunk'")
        .then(() => order.push("taken over"));
      // Of this database: others on the server have waits of their own.
      const waiting = sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      await expect.poll(async () => (await session.query(waiting)).length).toBe(1);
      order.push("commit");
      await session.run(sql`commit`);
      await takeover;
    });
    expect(order).toEqual(["commit", "taken over"]);
    await stale.release();
  });
});

test("an interruption while it queues leaves nothing", async () => {
  const holder = await database.client();
  await holder.query("begin; lock table app.t in access share mode");
  await withRunner(database.db, {}, async (runner) => {
    const run = runTransactional(runner.ctx, expand, "upgrade").catch((error) => error);
    await runner.until((event) => event.kind === "step-retry" || event.kind === "notice");
    runner.stop();
    expect(await run).toMatchObject({ code: "interrupted", exitCode: 130 });
  });
  await holder.query("rollback");
  expect(await journalOf(database.db, expand.id)).toBeNull();
});
