/** What a runner asks once more before it does what cannot be taken back. */
import { beforeAll, beforeEach, expect, test } from "vitest";
import type { Session } from "../../../src/db/session.js";
import { ChangeoverError } from "../../../src/errors.js";
import { ensureJournal } from "../../../src/journal/install.js";
import { runAutocommit } from "../../../src/runner/autocommit.js";
import { runTransactional } from "../../../src/runner/transactional.js";
import { useDatabase } from "../../support/database.js";
import { revision, step, text } from "../../support/revisions.js";
import { journalOf, withRunner } from "../../support/runner.js";
import { indexes, TABLES } from "./kill.revisions.js";

const database = useDatabase();
beforeAll(() => ensureJournal(database.db));
beforeEach(() => database.sql(`${TABLES}; truncate changeover.plan, changeover.revision, changeover.event cascade`));

const shut = () => new ChangeoverError("gate", "Shut.");

test("a transactional revision asks with its locks held, and leaves nothing when the answer is no", async () => {
  const drop = revision("drop", { phase: "contract", upgrade: [step("drop", "alter table app.t drop column a")] });
  const held: unknown[] = [];
  await withRunner(database.db, {}, async ({ ctx }) => {
    const afterLocks = async () => {
      held.push(
        ...(await database.sql(
          "select mode from pg_locks where relation = 'app.t'::regclass and granted and mode = 'AccessExclusiveLock'",
        )),
      );
      throw shut();
    };
    await expect(runTransactional({ ...ctx, afterLocks }, drop, "upgrade")).rejects.toMatchObject({ code: "gate" });
  });
  expect(held).toEqual([{ mode: "AccessExclusiveLock" }]);
  expect(await journalOf(database.db, drop.id)).toBeNull();
  expect(await database.sql("select a from app.t where id = 1")).toEqual([{ a: 1 }]);
});

test("views go before the tables are locked, as whoever reads one locks it first", async () => {
  await database.sql("create view app.v as select a from app.t");
  const lock = (name: string) => ({ locks: [{ table: { schema: "app", name }, mode: "ACCESS EXCLUSIVE" as const }] });
  const change = revision("change", {
    upgrade: [
      step("drop-views", "drop view app.v", lock("v")),
      step("widen", "alter table app.t alter a type bigint", lock("t")),
      step("create-views", "create view app.v as select a from app.t"),
    ],
  });
  const seen: unknown[] = [];
  await withRunner(database.db, {}, async ({ ctx }) => {
    const afterLocks = async (session: Session) => {
      seen.push(await session.one(text("select to_regclass('app.v') is null as gone")));
    };
    await runTransactional({ ...ctx, afterLocks }, change, "upgrade");
  });
  expect(seen).toEqual([{ gone: true }]);
  expect(await database.sql("select pg_typeof(a)::text as type from app.v limit 1")).toEqual([{ type: "bigint" }]);
});

test("a table that comes into being on the way is asked about after it is there", async () => {
  const table = { schema: "app", name: "u" };
  const create = revision("create", {
    upgrade: [step("create", "create table app.u (id int)", { locks: [{ table, mode: "ACCESS EXCLUSIVE" }] })],
  });
  const there: boolean[] = [];
  await withRunner(database.db, {}, ({ ctx }) => {
    const afterLocks = async (session: Session) => {
      there.push(
        (await session.one<{ there: boolean }>(text("select to_regclass('app.u') is not null as there"))).there,
      );
    };
    return runTransactional({ ...ctx, afterLocks }, create, "upgrade");
  });
  expect(there).toEqual([false, true]);
});

test("an autocommit revision asks before each statement, and stands where the answer was no", async () => {
  let asked = 0;
  await withRunner(database.db, {}, async ({ ctx }) => {
    const afterLocks = async () => {
      asked += 1;
      if (asked === 2) throw shut();
    };
    await expect(runAutocommit({ ...ctx, afterLocks }, indexes, "upgrade")).rejects.toMatchObject({ code: "gate" });
  });
  expect(asked).toBe(2);
  expect(await journalOf(database.db, indexes.id)).toMatchObject({ state: "running", error: null });
  expect(await database.sql("select name, state from changeover.step order by 1")).toEqual([
    { name: "analyze", state: "intent" },
    { name: "unique", state: "done" },
  ]);
  await withRunner(database.db, {}, ({ ctx }) => runAutocommit(ctx, indexes, "upgrade"));
  expect(await journalOf(database.db, indexes.id)).toMatchObject({ state: "done" });
});
