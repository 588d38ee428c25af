/** Steps that are run for each leaf of a partitioned table, cut off anywhere, while partitions come and go. */
import { beforeAll, beforeEach, expect, test } from "vitest";
import type { Event } from "../../../src/events.js";
import { ensureJournal } from "../../../src/journal/install.js";
import type { Direction } from "../../../src/journal/journal.js";
import { runAutocommit } from "../../../src/runner/autocommit.js";
import { useDatabase } from "../../support/database.js";
import { lock, revision, step, text } from "../../support/revisions.js";
import { withRunner } from "../../support/runner.js";

const database = useDatabase();
const each = { schema: "app", name: "p" };
const gentle = [lock("p", "SHARE UPDATE EXCLUSIVE")];
const valid = (name: string) =>
  text(`select coalesce((select indisvalid from pg_index where indexrelid = to_regclass('app.${name}')), false)`);
const gone = (name: string) => text(`select to_regclass('app.${name}') is null`);

const indexes = revision("leaves", {
  phase: "backfill",
  runner: "autocommit",
  upgrade: [
    step("parent", "create index changeover_p_a on only app.p (a)", {
      locks: [lock("p", "SHARE")],
      done: text("select to_regclass('app.changeover_p_a') is not null"),
    }),
    step("build", "create index concurrently changeover_p_a on app.p using btree (a)", {
      locks: gentle,
      work: "build",
      done: valid("changeover_p_a"),
      each,
    }),
    step("once", "alter table only app.p add constraint changeover_p_once unique (a, id, day)", {
      done: text("select to_regclass('app.changeover_p_once') is not null"),
    }),
    step("build-once", "create unique index concurrently changeover_p_once on app.p using btree (a, id, day)", {
      locks: gentle,
      work: "build",
      done: valid("changeover_p_once"),
      each,
    }),
    step("validate", "alter table app.p validate constraint positive", {
      locks: gentle,
      work: "scan",
      done: text("select convalidated from pg_constraint where conname = 'positive' and conrelid = 'app.p'::regclass"),
      each,
    }),
  ],
  downgrade: [
    step("drop", "drop index if exists app.changeover_p_a", { done: gone("changeover_p_a"), each }),
    step("drop-once", "alter table app.p drop constraint if exists changeover_p_once", {
      done: gone("changeover_p_once"),
      each,
    }),
  ],
});

const LEAVES = 4;

beforeAll(() => ensureJournal(database.db));
beforeEach(() =>
  database.sql(`drop schema if exists app cascade; create schema app;
    create table app.p (id int not null, day int not null, a int) partition by range (day);
    create table app.p1 partition of app.p for values from (0) to (10);
    create table app.p2 partition of app.p for values from (10) to (20) partition by list (id);
    create table app."P2 a" partition of app.p2 for values in (1, 2, 3);
    create table app.p2_rest partition of app.p2 default;
    create table app.p_rest partition of app.p default;
    insert into app.p select n, n % 30, n from generate_series(1, 600) n;
    alter table app.p add constraint positive check (a > 0) not valid;
    truncate changeover.plan, changeover.revision, changeover.event cascade`),
);

/** What there is besides the tables: indexes that are no part of one, or not valid; and constraints that are not. */
async function amiss(): Promise<unknown[]> {
  return database.sql(`select c.relname::text as name from pg_index i join pg_class c on c.oid = i.indexrelid
      where c.relnamespace = 'app'::regnamespace
        and (not i.indisvalid or (c.relkind = 'i' and not exists (select from pg_inherits where inhrelid = c.oid)))
    union all select conname::text from pg_constraint where connamespace = 'app'::regnamespace and not convalidated`);
}

async function indexCount(): Promise<number> {
  const [row] = await database.sql<{ n: string }>(
    "select count(*) as n from pg_class where relnamespace = 'app'::regnamespace and relkind = 'i'",
  );
  return Number(row?.n);
}

const run = (direction: Direction, onEvent: (event: Event) => void = () => undefined) =>
  withRunner(database.db, {}, async ({ ctx }) => {
    const emit = (event: Event) => {
      ctx.emit(event);
      onEvent(event);
    };
    await runAutocommit({ ...ctx, emit }, indexes, direction);
  });

test("builds, attaches and validates on every leaf of every level, and takes all of it away again", async () => {
  await run("upgrade");
  expect(await amiss()).toEqual([]);
  expect(await indexCount()).toBe(2 * LEAVES);
  const [name] = await database.sql<{ name: string }>(
    "select indexrelid::regclass::text as name from pg_index where indrelid = 'app.p1'::regclass and indnatts = 1",
  );
  expect(name?.name).toMatch(/^app\.p1_a_[0-9a-f]{8}$/);
  await run("downgrade");
  expect(await indexCount()).toBe(0);
  await run("upgrade");
  expect(await amiss()).toEqual([]);
});

test("goes on wherever it was cut off, and can be undone from there", async () => {
  // The checks are valid from here on.
  await run("upgrade");
  await run("downgrade");
  let started = 0;
  await run("upgrade", (event) => {
    if (event.kind === "step-started") started += 1;
  });
  expect(started).toBeGreaterThan(15);
  for (let cut = 2; cut <= started; cut += 5) {
    await run("downgrade");
    expect(await indexCount()).toBe(0);
    const cutOff = async () => {
      let left = cut;
      const dying = run("upgrade", (event) => {
        if (event.kind !== "step-started") return;
        left -= 1;
        if (left === 0) throw new Error("cut off");
      });
      await expect(dying).rejects.toThrow();
      // As a process leaves it that is killed.
      await database.sql("update changeover.revision set state = 'running', error = null, finished_at = null");
    };
    await cutOff();
    if (cut % 2 === 0) {
      await database.sql("update changeover.revision set state = 'done', finished_at = now()");
      await run("downgrade");
      expect(await indexCount()).toBe(0);
      await database.sql("delete from changeover.revision");
    }
    await run("upgrade");
    expect(await amiss()).toEqual([]);
    expect(await indexCount()).toBe(2 * LEAVES);
  }
}, 120_000);

test("takes leaves as they come and go", async () => {
  let done = false;
  const changes: Promise<unknown>[] = [];
  await run("upgrade", (event) => {
    if (done || event.kind !== "step-started" || !event.sql.startsWith("alter index")) return;
    done = true;
    changes.push(
      database.sql(`create table app.late (like app.p); insert into app.late values (1, 105, 5);
        alter table app.late add constraint positive check (a > 0);
        alter table app.p attach partition app.late for values from (100) to (110);
        drop table app.p_rest`),
    );
  });
  await Promise.all(changes);
  await run("upgrade").catch(() => undefined);
  expect(done).toBe(true);
  expect(await amiss()).toEqual([]);
  expect(await indexCount()).toBe(2 * LEAVES);
});

test("leaves nothing INVALID where a leaf holds duplicates, and goes on when they are gone", async () => {
  await database.sql("insert into app.p values (1, 15, 7), (1, 15, 7)");
  await expect(run("upgrade")).rejects.toMatchObject({ code: "blocked" });
  const broken = await database.sql(
    "select 1 from pg_index i join pg_class c on c.oid = i.indexrelid where c.relkind = 'i' and not i.indisvalid",
  );
  expect(broken).toEqual([]);
  await database.sql("delete from app.p where id = 1 and day = 15");
  await run("upgrade");
  expect(await amiss()).toEqual([]);
});
