/** Reads and writes through views during the whole of a plan: no statement fails, and what was written is there. */
import pg from "pg";
import { expect, test } from "vitest";
import { downgradeUseCase } from "../../../src/app/downgrade.js";
import { useProject } from "../../support/app.js";
import { useDatabase } from "../../support/database.js";
import { rolloutOf } from "../../support/rollout.js";
import { idOf, upgradeTo } from "../change-type/switching.js";

const database = useDatabase();
const renames = useProject(() => database.url);
const types = useProject(() => database.url);

const FIXTURE = `
  drop schema if exists changeover cascade; drop schema if exists app cascade; create schema app;
  create table app.customers (id integer primary key, name text);
  create table app.orders (id integer primary key, customer integer, total integer not null default 0, note text);
  create unique index on app.orders (total, id);
  create view app.open with (check_option = cascaded) as select id, customer, total, note from app.orders where total >= 0;
  create view app.dear as select o.id, o.total, c.name from app.open o join app.customers c on c.id = o.customer;
  create function app.most() returns integer language plpgsql as
    $$ begin return (select max(total)::integer from app.dear); end $$;
  insert into app.customers select n, 'c' || n from generate_series(0, 9) n;
  insert into app.orders select n, n % 10, n, 'x' from generate_series(1, 500) n;`;

type Writer = {
  readonly stop: () => Promise<{ rows: Map<number, number>; rounds: number }>;
  readonly round: () => Promise<void>;
};

/** One session, each statement as it comes; `table`: writes the table in the same transactions, under this name of the column. */
async function writer(from: number, table: string | null): Promise<Writer> {
  const client = new pg.Client(database.url);
  client.on("error", () => undefined);
  await client.connect();
  const rows = new Map<number, number>();
  let [rounds, stopped] = [0, false];
  const one = async (n: number) => {
    const id = from + (n % 40);
    await client.query(
      "insert into app.open (id, customer, total) values ($1, 1, $2) on conflict (id) do update set total = excluded.total",
      [id, n],
    );
    await client.query("update app.open set total = total + 1, note = 'w' where id = $1", [id]);
    rows.set(id, n + 1);
    const read = await client.query("select o.total, d.name from app.open o join app.dear d using (id) where id = $1", [
      id,
    ]);
    expect(read.rows.map(({ total, name }) => [Number(total), name])).toEqual([[n + 1, "c1"]]);
    await client.query("select app.most()");
    // Table first and view first in one transaction: whatever order the locks of ours are taken in, it may stand across.
    if (n % 25 > 0) return;
    await client.query("begin");
    if (table !== null) await client.query(`update app.orders set ${table} = ${table} + 1 where id = $1`, [id]);
    await client.query("select count(*) from app.dear");
    if (table !== null) await client.query("update app.open set total = total + 1 where id = $1", [id]);
    await client.query("commit");
    if (table !== null) rows.set(id, n + 3);
  };
  let wake: () => void = () => undefined;
  const running = (async () => {
    while (!stopped) {
      await one(rounds * 5);
      rounds += 1;
      wake();
    }
  })();
  running.catch(() => wake());
  return {
    stop: async () => {
      stopped = true;
      await running;
      await client.end();
      return { rows, rounds };
    },
    round: async () => {
      const until = rounds + 15;
      while (rounds < until) {
        await Promise.race([
          new Promise<void>((resolve) => {
            wake = resolve;
          }),
          running,
        ]);
      }
    },
  };
}

async function wrote(writers: readonly Writer[], column: string): Promise<void> {
  for (const one of writers) {
    const { rows, rounds } = await one.stop();
    expect(rounds).toBeGreaterThan(30);
    const found = await database.sql<{ id: number; value: string }>(
      `select id, ${column}::text as value from app.orders where id = any ($1) order by id`,
      [[...rows.keys()]],
    );
    expect(found.map(({ id, value }) => [id, Number(value)])).toEqual([...rows].sort(([a], [b]) => a - b));
  }
}

const PATIENCE = { lockWaitMs: 20_000, deadlineMs: 45_000 };

const head =
  "table: app.orders\ncolumn: total\nallow: [unique-twin-upsert, client-type-change, functions-by-name, functions-by-type]\nsoak: 0s\n";

test("a renamed column: through the views all the way, and back", async () => {
  await database.sql(FIXTURE);
  const project = renames;
  const rollout = rolloutOf(project, "orders");
  await project.writeChange("0001-orders", `change: rename_column\nto: amount\n${head}`);
  await rollout.plan(true);
  const through = await writer(1000, null);
  const old = await writer(2000, "total");
  await rollout.upgrade("head");
  await through.round();
  await rollout.drain();
  await through.round();
  await old.round();
  // The views write the new side by now, and nobody knows whose writes those are: they are put back first.
  await expect(rollout.downgrade("base")).rejects.toMatchObject({
    code: "gate",
    details: expect.arrayContaining([
      expect.stringContaining(`changeover downgrade ${idOf(rollout, "validate")} puts`),
    ]),
  });
  await project.run((app) => downgradeUseCase(app, { target: idOf(rollout, "validate"), sqlOnly: false, ...PATIENCE }));
  await through.round();
  await database.sql("update changeover.sighting set at = at - interval '5 minutes' where side = 'new'");
  await rollout.downgrade("base");
  await old.round();
  await rollout.upgrade("head");
  await rollout.drain();
  await old.round();
  await wrote([old], "total");
  const young = await writer(3000, "amount");
  await young.round();
  // What goes through the views counts as new: it keeps nothing shut.
  await rollout.finish();
  await young.round();
  await through.round();
  await wrote([young, through], "amount");
});

test("a changed type: through the views, across the switch and back and forth", async () => {
  await database.sql(FIXTURE);
  const project = types;
  const rollout = rolloutOf(project, "orders");
  await project.writeChange("0001-orders", `change: change_type\ntype: bigint\n${head}`);
  await rollout.plan(true);
  const both = [await writer(1000, null), await writer(2000, "total")];
  const rounds = () => Promise.all(both.map((one) => one.round()));
  await rollout.upgrade("head");
  await rounds();
  await rollout.drain();
  await rounds();
  await rollout.confirm();
  await upgradeTo(project, rollout, "switch");
  await rounds();
  await rollout.downgrade("backfill");
  await rounds();
  await rollout.confirm();
  await rollout.upgrade("@head");
  await rounds();
  await wrote(both, "total");
});
