/** `verify --repair` on whole plans: which side is right at which point, what is not repaired, and what is kept of it. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { type RepairInput, repairUseCase } from "../../../src/app/repair.js";
import { statusUseCase } from "../../../src/app/status.js";
import { readMirror } from "../../../src/journal/mirror.js";
import { useProject } from "../../support/app.js";
import { useDatabase } from "../../support/database.js";
import { rolloutOf } from "../../support/rollout.js";
import { upgradeTo } from "../change-type/switching.js";

const database = useDatabase("create schema app; create table app.orders ()");
const project = useProject(() => database.url);
const rollout = rolloutOf(project, "orders");
const agreed = { authority: null, agree: async () => true } as const;
const repair = (input: Partial<RepairInput> = {}) =>
  project.run((app) => repairUseCase(app, { plan: "orders", ...agreed, ...input }));
const rows = (columns: string) => database.sql(`select id::int, ${columns} from app.orders where id <= 5 order by id`);
const audit = () => database.sql("select actor, data from changeover.event where kind = 'rows-repaired' order by id");

async function started(change: string): Promise<void> {
  await project.writeChange("0001-orders", `${change}\nsoak: 0s\n`);
  await rollout.plan(true);
  await rollout.upgrade("head");
  await rollout.drain();
}

beforeEach(async () => {
  await rm(join(project.directory, "plans"), { recursive: true, force: true });
  await database.sql(`drop schema if exists changeover cascade; drop schema app cascade; create schema app;
    create table app.orders (id bigint primary key, total numeric(10, 2), note text);
    insert into app.orders select n, n, 'note ' || n from generate_series(1, 20) n`);
});

const RENAME = "change: rename_column\ntable: app.orders\ncolumn: note\nto: remark\nallow: [explicit-null]";
const TYPE =
  "change: change_type\ntable: app.orders\ncolumn: total\ntype: numeric(12, 4)\nallow: [client-type-change, explicit-null]";
/** Both sides are wrong alone; the triggers see nothing of it. */
const spoil = (column: string, value: string, where: string) =>
  database.sql(`alter table app.orders disable trigger user; update app.orders set ${column} = ${value} where ${where};
    alter table app.orders enable trigger user`);
const enableAlways = () =>
  database.sql(`do $$ declare t record; begin
    for t in select tgname from pg_trigger where tgrelid = 'app.orders'::regclass and tgname like '~~changeover%' loop
      execute format('alter table app.orders enable always trigger %I', t.tgname); end loop; end $$`);

describe("change_type", () => {
  test("before the switch the new side is given what the old one gives", async () => {
    await started(TYPE);
    await spoil("changeover_total", "99", "id = 1");
    await spoil("changeover_total", "null", "id = 2");
    await spoil("total", "33", "id = 3");
    await enableAlways();
    const result = await repair();
    expect(result).toMatchObject({
      found: { mismatches: 3, found: [{ key: "id=1", old: "1.00", new: "99.0000", due: "1.0000" }, {}, {}] },
      authority: { side: "old", sets: "changeover_total", by: "forth" },
      repaired: { rows: 3, leftRows: 0 },
      after: { mismatches: 0 },
    });
    expect(await rows("total::text, changeover_total::text as new")).toEqual(
      [1, 2, 33, 4, 5].map((n, i) => ({ id: i + 1, total: `${n}.00`, new: `${n}.0000` })),
    );
    const [entry] = await audit();
    expect(entry).toMatchObject({
      actor: expect.any(String),
      data: {
        authority: "old",
        column: "changeover_total",
        rows: 3,
        former: [
          { key: "id=1", old: "1.00", new: "99.0000", is: "1.0000" },
          { key: "id=2", old: "2.00", new: null, is: "2.0000" },
          { key: "id=3", old: "33.00", new: "3.0000", is: "33.0000" },
        ],
      },
    });
  });

  test("after it the old side is, and the new one stays what it is, to the last digit", async () => {
    await started(TYPE);
    await rollout.confirm();
    await upgradeTo(project, rollout, "switch");
    await spoil("total", "1.2345", "id = 1");
    await spoil("changeover_total", "77", "id = 2");
    await enableAlways();
    const before = await database.sql("select count(*)::int as n from changeover.sighting where side = 'old'");
    expect(await repair()).toMatchObject({
      authority: { side: "new", sets: "changeover_total", by: "back" },
      repaired: { rows: 2 },
      after: { mismatches: 0, lost: 1, lostRows: [{ key: "id=1", old: "1.23", new: "1.2345" }] },
    });
    expect(await rows("total::text, changeover_total::text as old")).toMatchObject([
      { id: 1, total: "1.2345", old: "1.23" },
      { id: 2, total: "2.0000", old: "2.00" },
      {},
      {},
      {},
    ]);
    // Nor is it taken for a writer of the old side.
    expect(await database.sql("select count(*)::int as n from changeover.sighting where side = 'old'")).toEqual(before);
    const { report } = await project.run((app) => statusUseCase(app, { plan: "orders", require: null }));
    expect(report.plans[0]?.verification).toMatchObject({ lost: 1, lostRows: [{ key: "id=1" }], mismatches: 0 });
    expect(report.plans[0]?.undo.readiness).toMatch(/^Undo of the switch would fail for 1 row: id=1\.$/);
  });

  test("a row that is written after it was found, or held by somebody, is left as it is", async () => {
    await started(TYPE);
    await spoil("changeover_total", "99", "id in (1, 2, 3)");
    await enableAlways();
    const holder = await database.client();
    const agree = async () => {
      await database.sql("update app.orders set total = 111 where id = 1");
      await holder.query("begin; select from app.orders where id = 2 for update");
      return true;
    };
    const given = repair({ agree });
    const watch = setInterval(() => {
      void audit().then((entries) => (entries.length > 0 ? holder.query("commit") : undefined));
    }, 50);
    const result = await given.finally(() => clearInterval(watch));
    expect(result.repaired).toMatchObject({
      rows: 1,
      left: [
        { key: "id=1", why: "it was changed since it was found" },
        { key: "id=2", why: "it is locked by somebody, or gone" },
      ],
    });
    expect(await rows("changeover_total::text as new")).toMatchObject([
      { new: "111.0000" },
      { new: "99.0000" },
      { new: "3.0000" },
      {},
      {},
    ]);
    expect(result.after).toMatchObject({ mismatches: 1, keys: ["id=2"] });
  });

  test.each([
    ["fire", "touched"],
    ["bypass", "note 1"],
  ])("the user's own triggers: %s", async (policy, note) => {
    await database.sql(`create function app.touch() returns trigger language plpgsql as $$
        begin new.note := 'touched'; return new; end $$;
      create trigger touch before update on app.orders for each row execute function app.touch()`);
    await started(`${TYPE}\non_user_triggers: ${policy}`);
    await database.sql("alter table app.orders disable trigger touch; update app.orders set note = 'note ' || id");
    await spoil("changeover_total", "99", "id = 1");
    await database.sql(
      "alter table app.orders disable trigger touch; update app.orders set note = 'note 1' where id = 1",
    );
    await enableAlways();
    await database.sql("alter table app.orders enable trigger touch");
    expect(await repair()).toMatchObject({ repaired: { rows: 1 }, after: { mismatches: 0 } });
    expect(await rows("note")).toMatchObject([{ note }, { note: "note 2" }, {}, {}, {}]);
  });

  test("a row that the old side's value cannot be made from is left, with its reason", async () => {
    await started(
      "change: change_type\ntable: app.orders\ncolumn: note\ntype: integer\nusing: substr(note, 6)::integer\nreverse: \"'note ' || note\"\nallow: [client-type-change, fill-may-be-null, explicit-null]",
    );
    await spoil("note", "'wrong value'", "id = 1");
    await enableAlways();
    expect(await repair()).toMatchObject({
      found: {
        found: [{ key: "id=1", old: "wrong value", new: "1", due: null, problem: expect.stringMatching(/^22P02 /) }],
      },
      repaired: { rows: 0, left: [{ key: "id=1", why: expect.stringMatching(/^22P02 /) }] },
      after: { mismatches: 1 },
    });
    expect(await audit()).toEqual([]);
  });

  test("nothing is written that nobody has agreed to", async () => {
    await started(TYPE);
    await spoil("changeover_total", "99", "id = 1");
    await enableAlways();
    expect(await repair({ agree: async () => false })).toMatchObject({ repaired: null, after: { mismatches: 1 } });
    expect(await audit()).toEqual([]);
    expect(await rows("changeover_total::text as new")).toMatchObject([{ new: "99.0000" }, {}, {}, {}, {}]);
    await expect(repair({ authority: "new" })).rejects.toMatchObject({ code: "usage" });
  });
});

describe("rename_column", () => {
  test("as long as no release has written the new side, the old one is right", async () => {
    await started(RENAME);
    await spoil("remark", "'mine'", "id = 1");
    await enableAlways();
    // As if they had never been altered.
    const { stamps } = await readMirror(database.db, "orders");
    await database.sql("update changeover.plan set mirror = $1", [JSON.stringify(stamps)]);
    expect(await repair()).toMatchObject({ authority: { side: "old", sets: "remark" }, repaired: { rows: 1 } });
    expect(await rows("note, remark")).toMatchObject([{ note: "note 1", remark: "note 1" }, {}, {}, {}, {}]);
  });

  test("where both may have been written, it is a person's to say, and nothing is repaired before", async () => {
    await started(RENAME);
    await spoil("remark", "'new code'", "id = 1");
    await spoil("note", "'old code'", "id = 2");
    await enableAlways();
    const refused = await repair();
    expect(refused).toMatchObject({
      authority: { side: null, why: expect.stringContaining("altered"), hint: expect.stringContaining("--authority") },
      repaired: null,
      after: { mismatches: 2, keys: ["id=1", "id=2"] },
    });
    expect(await rows("note, remark")).toMatchObject([
      { note: "note 1", remark: "new code" },
      { note: "old code", remark: "note 2" },
      {},
      {},
      {},
    ]);
    expect(await repair({ authority: "new" })).toMatchObject({
      authority: { side: "new", sets: "note" },
      repaired: { rows: 2 },
      after: { mismatches: 0 },
    });
    expect(await rows("note, remark")).toMatchObject([
      { note: "new code", remark: "new code" },
      { note: "note 2", remark: "note 2" },
      {},
      {},
      {},
    ]);
  });
});

test("set_not_null gives a NULL the declared fill, and nothing where none is declared", async () => {
  await database.sql("update app.orders set note = null where id <= 2");
  await started("change: set_not_null\ntable: app.orders\ncolumn: note\nfill: \"'none'\"");
  expect(await repair()).toMatchObject({ found: { mismatches: 0 }, authority: null, repaired: null });
  const constraint =
    "(select conname from pg_constraint where conrelid = 'app.orders'::regclass and contype in ('c', 'n') and conname like 'changeover%')";
  await database.sql(`do $$ begin execute format('alter table app.orders drop constraint %I', ${constraint}); end $$`);
  await spoil("note", "null", "id = 4");
  await enableAlways();
  expect(await repair()).toMatchObject({
    found: { mismatches: 1, found: [{ key: "id=4", new: null, due: "none" }] },
    authority: { side: "fill", sets: "note" },
    repaired: { rows: 1, mended: [{ key: "id=4", is: "none" }] },
    after: { mismatches: 0 },
  });
});

test("of a bare set_not_null nothing is repaired: nothing says what should be there", async () => {
  await started("change: set_not_null\ntable: app.orders\ncolumn: note");
  await database.sql("update app.orders set note = null where id = 5");
  expect(await repair()).toMatchObject({
    authority: { side: null, why: "The plan declares no fill." },
    repaired: null,
    after: { mismatches: 1, keys: ["id=5"] },
  });
});
