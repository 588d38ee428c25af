/**
 * A partitioned table under an application that writes all the time: rows move from leaf to leaf, a partition with rows that
 * no trigger has seen is attached while the fill runs, another is detached and a third made. No write fails or is lost.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { useProject } from "../../support/app.js";
import { useDatabase } from "../../support/database.js";
import { rolloutOf } from "../../support/rollout.js";

const ROWS = 12_000;
const SETUP = `create schema app;
  create table app.orders (id bigint not null, day int not null, total int, note text, primary key (id, day)) partition by range (day);
  create table app.o1 partition of app.orders for values from (0) to (100);
  create table app.o2 partition of app.orders for values from (100) to (200) partition by hash (id);
  create table app.o2a partition of app.o2 for values with (modulus 2, remainder 0);
  create table app.o2b partition of app.o2 for values with (modulus 2, remainder 1);
  create table app.o_gone partition of app.orders for values from (900) to (1000);
  create table app.o_rest partition of app.orders default;
  create index orders_total_idx on app.orders (total, day);
  create unique index orders_once on app.orders (total, id, day);
  insert into app.orders select n, n % 300, n, 'n' from generate_series(1, ${ROWS}) n;
  insert into app.orders select 900000 + n, 900, n, 'n' from generate_series(1, 500) n;`;

/** Each in a transaction of its own: together they would deadlock with the application by themselves. */
const MEANWHILE = [
  "create table app.late (like app.orders including all)",
  "insert into app.late (id, day, total, note) select 500000 + n, 450, n, 'late' from generate_series(1, 700) n",
  "alter table app.orders attach partition app.late for values from (400) to (500)",
  "create table app.made partition of app.orders for values from (500) to (600)",
  "insert into app.orders values (600001, 550, 5, 'made')",
  "alter table app.orders detach partition app.o_gone",
];

type Ledger = Map<number, number | null>;

/** Writes rows of its own until it is stopped, and knows what each holds. `column`: as its code knows it. */
function writer(connect: ReturnType<typeof useDatabase>["client"], first: number, column: string, ledger: Ledger) {
  let running = true;
  let moves = true;
  let writes = 0;
  const errors: string[] = [];
  let seed = first;
  const random = (n: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % n;
  };
  const ended = (async () => {
    const client = await connect();
    while (running) {
      const id = first + 2 * random(ROWS / 2);
      const value = random(10) === 0 ? null : random(1_000_000);
      const day = random(390);
      try {
        if (!ledger.has(id)) {
          await client.query(`insert into app.orders (id, day, ${column}) values ($1, $2, $3)`, [id, day, value]);
          ledger.set(id, value);
        } else if (random(12) === 0) {
          await client.query("delete from app.orders where id = $1", [id]);
          ledger.delete(id);
        } else if (moves && random(3) === 0) {
          await client.query("update app.orders set day = $2 where id = $1", [id, day]);
        } else if (random(4) === 1) {
          await client.query("update app.orders set note = 'seen' where id = $1", [id]);
        } else {
          const moved = moves && random(2) === 0 ? `, day = ${day}` : "";
          await client.query(`update app.orders set ${column} = $2${moved} where id = $1`, [id, value]);
          ledger.set(id, value);
        }
        writes += 1;
      } catch (error) {
        errors.push(
          `${error} ${(error as { detail?: string }).detail ?? ""} ${(error as { where?: string }).where ?? ""}`,
        );
        if (errors.length > 5) break;
        // Whether it was written is not known.
        ledger.delete(id);
        await client.query("delete from app.orders where id = $1", [id]).catch(() => undefined);
      }
    }
    await client.end();
  })();
  return {
    progress: async (n = 100) => {
      const until = writes + n;
      while (writes < until && errors.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    },
    /** Whether rows go from leaf to leaf. */
    moving: (on: boolean) => {
      moves = on;
    },
    stop: async () => {
      running = false;
      await ended;
      return errors;
    },
  };
}

const known = (first: number): Ledger =>
  new Map(Array.from({ length: ROWS / 2 }, (_, n) => [first + 2 * n, first + 2 * n] as const));

describe.each([
  ["rename_column", "to: amount", "amount", "total"],
  ["change_type", "type: bigint", "total", "changeover_total"],
])("%s", (kind, line, end, other) => {
  const database = useDatabase(SETUP);
  const project = useProject(() => database.url);
  const rollout = rolloutOf(project, "orders");
  const ledger = [known(1), known(2)] as const;

  beforeAll(() =>
    project.writeChange(
      "0001-orders",
      `change: ${kind}\ntable: app.orders\ncolumn: total\n${line}\nallow: [unique-twin-upsert, client-type-change]\nsoak: 0s\n`,
    ),
  );

  const rowsOf = async (column: string) => {
    const rows = await database.sql<{ id: string; v: string | null }>(
      `select id::text, ${column}::text as v from app.orders where id <= ${ROWS}`,
    );
    return new Map(rows.map(({ id, v }) => [Number(id), v === null ? null : Number(v)]));
  };
  const expected = () => new Map([...ledger[0], ...ledger[1]]);
  const sorted = (map: Ledger) => [...map].sort(([a], [b]) => a - b);

  test("there and back, and to its end", async () => {
    await rollout.plan(true);
    const old = writer(database.client, 1, "total", ledger[0]);
    const second = writer(database.client, 2, "total", ledger[1]);
    // A row that moves is inserted with both names, as new code may do it: that keeps an undo of rename_column shut.
    const moving = (on: boolean) => [old, second].map((one) => one.moving(on || kind !== "rename_column"));
    moving(false);
    await rollout.upgrade("head");
    await old.progress();
    expect(await rollout.drain()).toMatchObject({ exitCode: 0 });
    await rollout.downgrade("base");
    moving(true);
    await old.progress();
    await rollout.upgrade("head");
    const draining = rollout.drain();
    await old.progress(20);
    for (const statement of MEANWHILE) await database.sql(statement);
    expect(await draining).toMatchObject({ exitCode: 0 });
    await second.progress();
    expect(await second.stop()).toEqual([]);
    const young = writer(database.client, 2, end, ledger[1]);
    await young.progress();
    // A second time: what was attached behind the first one's back is read, too.
    expect(await rollout.drain()).toMatchObject({ exitCode: 0 });
    expect(await old.stop()).toEqual([]);
    await rollout.confirm();
    const apart = await database.sql(
      `select id from app.orders where ${kind === "rename_column" ? "amount" : "changeover_total"} is distinct from total`,
    );
    expect(apart).toEqual([]);
    await rollout.upgrade("@head");
    await young.progress();
    expect(await young.stop()).toEqual([]);
    expect(sorted(await rowsOf(end))).toEqual(sorted(expected()));
    const late = await database.sql(
      `select count(*)::int as n from app.orders where id > 500000 and ${end} is not null`,
    );
    expect(late).toEqual([{ n: 701 }]);
    const columns = await database.sql(
      "select attname from pg_attribute where attrelid = 'app.late'::regclass and attname = $1",
      [other],
    );
    expect(columns).toEqual([]);
  }, 240_000);
});
