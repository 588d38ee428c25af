/** The switch of a type, its undo under writes, and what the old type cannot hold. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { statusUseCase } from "../../../src/app/status.js";
import { verifyUseCase } from "../../../src/app/verify.js";
import { useProject } from "../../support/app.js";
import { letTickPass } from "../../support/clock.js";
import { useDatabase } from "../../support/database.js";
import { rolloutOf } from "../../support/rollout.js";
import { schemaOf } from "../../support/table.js";
import { upgradeTo } from "./switching.js";

const database = useDatabase("create schema app; create table app.orders ()");
const project = useProject(() => database.url);
const rollout = rolloutOf(project, "total");
const TABLE = { schema: "app", name: "orders" };
const orders = () => database.sql("select id, total::text from app.orders order by id");
const status = async () =>
  (await project.run((app) => statusUseCase(app, { plan: "total", require: null }))).report.plans[0];

beforeEach(async () => {
  await rm(join(project.directory, "plans"), { recursive: true, force: true });
  await database.sql(`drop schema if exists changeover cascade; drop schema app cascade; create schema app;
    create table app.orders (id bigint primary key, total integer not null default 7 check (total > 0), note text);
    create unique index orders_total on app.orders (total, id);
    insert into app.orders select n, n, 'note ' || n from generate_series(1, 20) n`);
  await project.writeChange(
    "0001-total",
    `change: change_type
table: app.orders
column: total
type: bigint
allow: [client-type-change, unique-twin-upsert]
soak: 0s
`,
  );
  await rollout.plan(true);
  await rollout.upgrade("head");
  await rollout.drain();
});

async function switched(): Promise<void> {
  await rollout.confirm();
  await upgradeTo(project, rollout, "switch");
}

describe("the switch", () => {
  test("keeps every write, and its undo keeps those made meanwhile", async () => {
    const before = await schemaOf(database, TABLE);
    await switched();
    await database.sql("insert into app.orders (id) values (100)");
    await database.sql("insert into app.orders (id, total) values (101, 2147483647)");
    await database.sql("update app.orders set total = total + 1000 where id <= 10");
    await database.sql("update app.orders set note = 'touched' where id = 11");
    await database.sql("delete from app.orders where id = 12");
    const written = await orders();
    const columns = await database.sql("select total, changeover_total from app.orders where id = 100");
    expect(columns).toEqual([{ total: "7", changeover_total: 7 }]);
    await rollout.downgrade("backfill");
    expect(await schemaOf(database, TABLE)).toEqual(before);
    expect(await orders()).toEqual(written);
    // And forth again, to the end.
    await rollout.finish();
    expect(await orders()).toEqual(written);
    expect(await database.sql("select pg_typeof(total)::text as type from app.orders limit 1")).toEqual([
      { type: "bigint" },
    ]);
  });

  test("is undone from the drop's gate as far as base, too", async () => {
    await switched();
    await database.sql("update app.orders set total = total + 1");
    const written = await orders();
    await rollout.downgrade("base");
    expect(await orders()).toEqual(written);
    expect((await schemaOf(database, TABLE)).filter((line) => line.includes("changeover"))).toEqual([]);
  });
});

describe("a value that the old type cannot hold", () => {
  test("is written, and the undo is closed, by that row, until it is mended and verified", async () => {
    await switched();
    await database.sql("update app.orders set total = 3000000000 where id = 3");
    expect(await database.sql("select changeover_total as old from app.orders where id = 3")).toEqual([{ old: null }]);
    const refused = await rollout.downgrade("backfill").catch((error) => error);
    expect(refused).toMatchObject({ code: "gate", exitCode: 7 });
    expect(refused.details.join("\n")).toMatch(
      /Row id=3 was given a value at .* that the old type cannot hold \(22003\)/,
    );
    expect(JSON.stringify((await status())?.undo)).toContain("id=3");
    // A verify counts it, too.
    await letTickPass(database.sql);
    await project.run((app) => verifyUseCase(app, { plan: "total" }));
    await expect(rollout.downgrade("backfill")).rejects.toMatchObject({
      details: [
        expect.stringMatching(/found 1 row with a value that the old type cannot hold \(id=3\): an undo would lose it/),
      ],
    });
    await database.sql("update app.orders set total = 33 where id = 3");
    await project.run((app) => verifyUseCase(app, { plan: "total" }));
    await rollout.downgrade("backfill");
    expect(await database.sql("select total from app.orders where id = 3")).toEqual([{ total: 33 }]);
  });

  test("exactly, is told likewise, though no conversion fails", async () => {
    await database.sql(`alter table app.orders add price numeric(8, 2); update app.orders set price = id / 4.0`);
    await project.writeChange(
      "0002-price",
      "change: change_type\ntable: app.orders\ncolumn: price\ntype: numeric(10, 4)\nsoak: 0s\n",
    );
    const price = rolloutOf(project, "price", "0002");
    await price.plan(true);
    await price.upgrade("@dual-write");
    await price.drain();
    await price.confirm();
    await upgradeTo(project, price, "switch");
    await database.sql("update app.orders set price = 2.5 where id = 1");
    await price.downgrade("backfill");
    await price.confirm();
    await upgradeTo(project, price, "switch");
    await database.sql("update app.orders set price = 2.5001 where id = 2");
    await expect(price.downgrade("backfill")).rejects.toMatchObject({
      details: [
        expect.stringMatching(/Row id=2 was given a value at .* that the old type cannot hold exactly: an undo/),
      ],
    });
    expect(await database.sql("select changeover_price::text as old from app.orders where id = 2")).toEqual([
      { old: "2.50" },
    ]);
    await letTickPass(database.sql);
    expect(await project.run((app) => verifyUseCase(app, { plan: "price" }))).toMatchObject({ mismatches: 0, lost: 1 });
    await price.upgrade("@head");
    expect(await database.sql("select price::text from app.orders where id = 2")).toEqual([{ price: "2.5001" }]);
  });

  test("does not keep the switch from being finished", async () => {
    await switched();
    await database.sql("insert into app.orders (id, total) values (200, 3000000000)");
    await rollout.upgrade("@head");
    expect(await database.sql("select total from app.orders where id = 200")).toEqual([{ total: "3000000000" }]);
    expect((await schemaOf(database, TABLE)).filter((line) => line.includes("changeover"))).toEqual([]);
    expect(await database.sql("select from changeover.unmirrored")).toEqual([]);
  });

  test("nothing is known after a crash has emptied the notes: a verify has to tell", async () => {
    await switched();
    // As a crash leaves them: empty, and the record begun anew by the next command that writes.
    await database.sql("truncate changeover.sighting, changeover.unmirrored");
    await rollout.drain();
    await expect(rollout.downgrade("backfill")).rejects.toMatchObject({
      code: "gate",
      details: [expect.stringContaining("no whole record of what could not be converted")],
    });
    await project.run((app) => verifyUseCase(app, { plan: "total" }));
    await rollout.downgrade("backfill");
  });
});
