import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ensureJournal } from "../../../src/journal/install.js";
import { runAutocommit } from "../../../src/runner/autocommit.js";
import { useDatabase } from "../../support/database.js";
import { lock, revision, step, text } from "../../support/revisions.js";
import { eventually, journalOf, startRunner, withRunner } from "../../support/runner.js";

const database = useDatabase();
const gentle = [lock("t", "SHARE UPDATE EXCLUSIVE")];
const valid = (name: string) =>
  text(`select exists (select from pg_index where indexrelid = to_regclass('app.${name}') and indisvalid)`);

const indexes = revision("indexes", {
  phase: "backfill",
  runner: "autocommit",
  upgrade: [
    step("unique", "create unique index concurrently if not exists t_a on app.t (a)", {
      locks: gentle,
      work: "build",
      done: valid("t_a"),
      heals: { schema: "app", name: "t_a" },
    }),
    step("check", "alter table app.t validate constraint positive", {
      locks: gentle,
      work: "scan",
      done: text("select convalidated from pg_constraint where conname = 'positive'"),
    }),
  ],
  downgrade: [
    step("unique", "drop index concurrently if exists app.t_a", {
      locks: gentle,
      done: text("select to_regclass('app.t_a') is null"),
    }),
  ],
});

const state = async () =>
  (
    await database.sql<{ state: unknown }>(`select jsonb_build_object(
        'indexes', (select jsonb_agg(c.relname || case when i.indisvalid then '' else ' INVALID' end order by c.relname)
                      from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid = 'app.t'::regclass),
        'validated', (select convalidated from pg_constraint where conname = 'positive')) as state`)
  )[0]?.state;

beforeAll(() => ensureJournal(database.db));
beforeEach(() =>
  database.sql(`drop schema if exists app cascade; create schema app; create table app.t (id int primary key, a int);
                insert into app.t select n, n from generate_series(1, 1000) n;
                alter table app.t add constraint positive check (a > 0) not valid;
                truncate changeover.plan, changeover.revision, changeover.event cascade`),
);

test("up, down, up", async () => {
  await withRunner(database.db, {}, async ({ ctx, events }) => {
    await runAutocommit(ctx, indexes, "upgrade");
    expect(await state()).toEqual({ indexes: ["t_a", "t_pkey"], validated: true });
    expect(await journalOf(database.db, indexes.id)).toMatchObject({ state: "done", runner: "autocommit" });
    expect(await database.sql("select name, direction, state from changeover.step order by 1")).toEqual([
      { name: "check", direction: "upgrade", state: "done" },
      { name: "unique", direction: "upgrade", state: "done" },
    ]);
    expect(events.map((event) => event.kind)).toEqual([
      "revision-started",
      "step-started",
      "step-done",
      "step-started",
      "step-done",
      "revision-done",
    ]);
    await runAutocommit(ctx, indexes, "downgrade");
    expect(await state()).toMatchObject({ indexes: ["t_pkey"] });
    expect(await journalOf(database.db, indexes.id)).toBeNull();
    await runAutocommit(ctx, indexes, "upgrade");
    expect(await state()).toEqual({ indexes: ["t_a", "t_pkey"], validated: true });
  });
});

test("what is done already is not run again", async () => {
  await database.sql("create unique index t_a on app.t (a)");
  const [before] = await database.sql("select 'app.t_a'::regclass::oid as oid");
  await withRunner(database.db, {}, ({ ctx }) => runAutocommit(ctx, indexes, "upgrade"));
  expect(await database.sql("select 'app.t_a'::regclass::oid as oid")).toEqual([before]);
});

describe("an index build", () => {
  test("over duplicates is blocked with the key, and leaves no INVALID index to refuse the application's writes", async () => {
    await database.sql("insert into app.t values (5001, 77)");
    await withRunner(database.db, {}, async ({ ctx, events }) => {
      await expect(runAutocommit(ctx, indexes, "upgrade")).rejects.toMatchObject({
        code: "blocked",
        where: "plans/0001-orders/1-indexes.sql, step unique",
        details: [expect.stringContaining("(a)=(77)")],
      });
      expect(await state()).toEqual({ indexes: ["t_pkey"], validated: false });
      expect(await journalOf(database.db, indexes.id)).toMatchObject({ state: "blocked", error: { code: "23505" } });
      expect(events.map((event) => event.kind)).toContain("index-healed");
      await database.sql("delete from app.t where id = 5001");
      await runAutocommit(ctx, indexes, "upgrade");
      expect(await journalOf(database.db, indexes.id)).toMatchObject({ state: "done", error: null });
    });
  });

  test("that was left INVALID is dropped and built again, although IF NOT EXISTS would be content", async () => {
    await database.sql("insert into app.t values (5001, 77)");
    await database.sql("create unique index concurrently t_a on app.t (a)").catch(() => undefined);
    await database.sql("delete from app.t where id = 5001");
    expect(await state()).toMatchObject({ indexes: ["t_a INVALID", "t_pkey"] });
    await withRunner(database.db, {}, async ({ ctx, events }) => {
      await runAutocommit(ctx, indexes, "upgrade");
      expect(events).toContainEqual({ kind: "index-healed", revision: indexes.id, index: "app.t_a" });
    });
    expect(await state()).toEqual({ indexes: ["t_a", "t_pkey"], validated: true });
  });

  test("of someone else is waited for, not dropped under them", async () => {
    const holder = await database.client();
    await holder.query("begin; insert into app.t values (6001, 6001)");
    const other = await database.client();
    const build = other.query("create unique index concurrently t_a on app.t (a)");
    await eventually(
      async () =>
        (await database.sql("select 1 from pg_stat_progress_create_index where index_relid = to_regclass('app.t_a')"))
          .length === 1,
    );
    await withRunner(database.db, {}, async (runner) => {
      const run = runAutocommit(runner.ctx, indexes, "upgrade");
      await runner.until((event) => event.kind === "notice" && event.message.includes("build of index app.t_a"));
      await holder.query("commit");
      await Promise.all([build, run]);
      expect(runner.events.map((event) => event.kind)).not.toContain("index-healed");
    });
    expect(await state()).toEqual({ indexes: ["t_a", "t_pkey"], validated: true });
  });

  test.each(["interrupted", "lock"] as const)(
    "is cancelled when its runner is to stop (%s), and taken up by the next",
    async (code) => {
      const holder = await database.client();
      await holder.query("begin; insert into app.t values (6001, 6001)");
      const runner = await startRunner(database.db);
      const run = runAutocommit(runner.ctx, indexes, "upgrade").catch((error) => error);
      const building = "select 1 from pg_stat_progress_create_index where datname = current_database()";
      await eventually(async () => (await database.sql(building)).length === 1);
      if (code === "interrupted") runner.stop();
      else {
        await database.sql(
          "select pg_terminate_backend(pid) from pg_stat_activity where application_name like '% lock' and datname = current_database()",
        );
      }
      expect(await run).toMatchObject({ code });
      expect(await database.sql(building)).toEqual([]);
      expect(await journalOf(database.db, indexes.id)).toMatchObject({ state: "running" });
      await holder.query("commit");
      await runner.release();
      await withRunner(database.db, {}, ({ ctx }) => runAutocommit(ctx, indexes, "upgrade"));
      expect(await state()).toEqual({ indexes: ["t_a", "t_pkey"], validated: true });
    },
  );
});

test("an undo that was given up half-way is applied again", async () => {
  const half = {
    ...indexes,
    downgrade: [...indexes.downgrade, step("stuck", "select 1/0", { locks: gentle, done: text("select false") })],
  };
  await withRunner(database.db, {}, async ({ ctx }) => {
    await runAutocommit(ctx, half, "upgrade");
    await expect(runAutocommit(ctx, half, "downgrade")).rejects.toMatchObject({ code: "blocked" });
    expect(await journalOf(database.db, half.id)).toMatchObject({ state: "blocked", error: { code: "22012" } });
    expect(await state()).toMatchObject({ indexes: ["t_pkey"] });
    await runAutocommit(ctx, half, "upgrade");
  });
  expect(await state()).toMatchObject({ indexes: ["t_a", "t_pkey"] });
});

test("a statement that changes nothing it should is not believed", async () => {
  const lying = revision("lying", {
    runner: "autocommit",
    upgrade: [step("lie", "select 1", { done: text("select false") })],
  });
  await withRunner(database.db, {}, async ({ ctx }) => {
    await expect(runAutocommit(ctx, lying, "upgrade")).rejects.toMatchObject({
      code: "blocked",
      details: ["select false"],
    });
  });
});

test("a hand-written step without a done query is run, and not again once it is recorded", async () => {
  await database.sql("create sequence public.runs");
  const unchecked = revision("unchecked", {
    runner: "autocommit",
    upgrade: [step("a", "select nextval('public.runs')"), step("b", "select nextval('public.missing')")],
  });
  await withRunner(database.db, {}, async ({ ctx }) => {
    await expect(runAutocommit(ctx, unchecked, "upgrade")).rejects.toMatchObject({ code: "blocked" });
    await database.sql("create sequence public.missing");
    await runAutocommit(ctx, unchecked, "upgrade");
  });
  expect(await database.sql("select last_value::int from public.runs")).toEqual([{ last_value: 1 }]);
  expect(await journalOf(database.db, unchecked.id)).toMatchObject({ state: "done" });
});

test("a strong lock in autocommit has a timeout and is parked at the deadline", async () => {
  const strong = revision("strong", {
    runner: "autocommit",
    upgrade: [
      step("add", "alter table app.t add column if not exists b int", {
        lockTimeoutMs: 100,
        done: text("select exists (select from pg_attribute where attrelid = 'app.t'::regclass and attname = 'b')"),
      }),
    ],
  });
  const holder = await database.client();
  await holder.query("begin; select count(*) from app.t");
  await withRunner(database.db, { deadlineMs: 500 }, async ({ ctx }) => {
    await expect(runAutocommit(ctx, strong, "upgrade")).rejects.toMatchObject({ code: "blocked", where: "app.t" });
    await holder.query("rollback");
    await runAutocommit(ctx, strong, "upgrade");
  });
  expect(await journalOf(database.db, strong.id)).toMatchObject({ state: "done" });
});
