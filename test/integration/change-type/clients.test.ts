/** What clients see of a change of type: at expand, at the switch and at the drop. The page `docs/change-type.md` says the same. */
import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { planUseCase } from "../../../src/app/plan.js";
import { useProject } from "../../support/app.js";
import { useDatabase } from "../../support/database.js";
import { rolloutOf } from "../../support/rollout.js";
import { upgradeTo } from "./switching.js";

const database = useDatabase("create schema app; create table app.orders ()");
const project = useProject(() => database.url);
const rollout = rolloutOf(project, "total");

/** Statements by name, which stay prepared on their connection. */
const NAMED = {
  star: { text: "select * from app.orders where id = $1", values: [1] },
  column: { text: "select total from app.orders where id = $1", values: [1] },
  returning: { text: "update app.orders set note = $2 where id = $1 returning total", values: [1, "x"] },
  cast: { text: "select total::text as total from app.orders where id = $1", values: [1] },
  filter: { text: "select id from app.orders where total > $1", values: [0] },
  write: { text: "update app.orders set total = $2 where id = $1 returning id", values: [1, 5] },
} as const;
type Name = keyof typeof NAMED;
const NAMES = Object.keys(NAMED) as Name[];

let client: pg.Client;

beforeEach(async () => {
  await database.sql(`drop schema if exists changeover cascade; drop schema app cascade; create schema app;
    create table app.orders (id bigint primary key, total integer not null, note text);
    insert into app.orders select n, n, 'note' from generate_series(1, 5) n`);
  await project.writeChange(
    "0001-total",
    "change: change_type\ntable: app.orders\ncolumn: total\ntype: bigint\nallow: [client-type-change]\nsoak: 0s\n",
  );
  await project.run((app) => planUseCase(app, "total", { write: true, force: true }));
  client = new pg.Client(database.url);
  await client.connect();
});
afterEach(() => client.end());

/** Each once: `ok`, or its SQLSTATE. */
async function named(on: pg.Client | pg.PoolClient = client): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of NAMES) {
    const { text, values } = NAMED[name];
    found[name] = await on.query({ name, text, values: [...values] }).then(
      () => "ok",
      (error: { code: string }) => error.code,
    );
  }
  return found;
}

const WELL = { star: "ok", column: "ok", returning: "ok", cast: "ok", filter: "ok", write: "ok" };
const STALE = "0A000";

test("named statements whose result changes fail on their connection, until it is a new one; the others go on", async () => {
  expect(await named()).toEqual(WELL);
  await rollout.upgrade("head");
  // The added column is one more of `*`.
  expect(await named()).toEqual({ ...WELL, star: STALE });
  await rollout.drain();
  await rollout.confirm();
  await upgradeTo(project, rollout, "switch");
  expect(await named()).toEqual({ ...WELL, star: STALE, column: STALE, returning: STALE });
  expect(await named()).toEqual({ ...WELL, star: STALE, column: STALE, returning: STALE });
  const fresh = new pg.Client(database.url);
  await fresh.connect();
  expect(await named(fresh)).toEqual(WELL);
  await rollout.upgrade("@head");
  expect(await named(fresh)).toEqual({ ...WELL, star: STALE });
  await fresh.end();
});

test("a parameter keeps the type that it was prepared with", async () => {
  await named();
  await rollout.upgrade("head");
  await rollout.drain();
  await rollout.confirm();
  await upgradeTo(project, rollout, "switch");
  const big = { ...NAMED.write, name: "write", values: [1, "3000000000"] };
  await expect(client.query(big)).rejects.toMatchObject({ code: "22003" });
  await expect(client.query(NAMED.write.text, [1, "3000000000"])).resolves.toMatchObject({ rowCount: 1 });
});

test("statements without a name, and pools, notice nothing but the type: a number before, a text after", async () => {
  const pool = new pg.Pool({ connectionString: database.url, max: 3 });
  pool.on("error", () => undefined);
  const ask = async () => {
    const answers = await Promise.all([
      pool.query("select * from app.orders where id = 1"),
      pool.query("select total from app.orders where id = $1", [1]),
      pool.query(
        "insert into app.orders (id, total) values (10, 1) on conflict (id) do update set total = 1 returning total",
      ),
    ]);
    return answers.map(({ rows }) => typeof rows[0].total);
  };
  expect(await ask()).toEqual(["number", "number", "number"]);
  await rollout.upgrade("head");
  expect(await ask()).toEqual(["number", "number", "number"]);
  await rollout.drain();
  await rollout.confirm();
  await upgradeTo(project, rollout, "switch");
  expect(await ask()).toEqual(["string", "string", "string"]);
  await rollout.downgrade("backfill");
  expect(await ask()).toEqual(["number", "number", "number"]);
  await rollout.finish();
  expect(await ask()).toEqual(["string", "string", "string"]);
  await pool.end();
});

test("a trigger function that sessions have compiled for the old type is compiled again", async () => {
  await database.sql(`create table app.log (total numeric);
    create function app.note() returns trigger language plpgsql as $$ begin insert into app.log values (new.total * 2); return new; end $$;
    create trigger note after insert or update on app.orders for each row execute function app.note()`);
  await project.writeChange(
    "0001-total",
    `change: change_type\ntable: app.orders\ncolumn: total\ntype: bigint\nallow: [client-type-change, functions-by-type]
on_user_triggers: bypass\nsoak: 0s\n`,
  );
  await project.run((app) => planUseCase(app, "total", { write: true, force: true }));
  await rollout.upgrade("head");
  await rollout.drain();
  await rollout.confirm();
  const write = () => client.query("update app.orders set note = note || '!' where id = 1");
  await write();
  await upgradeTo(project, rollout, "switch");
  await write();
  await rollout.downgrade("backfill");
  await write();
  expect(await database.sql("select count(*)::int as writes from app.log")).toEqual([{ writes: 3 }]);
});

test("named statements over a view: those whose result keeps its type go on", async () => {
  await database.sql(`create view app.open as select id, total, note from app.orders where total > 0;
    create view app.large as select id, total::text as total from app.open where total > 1`);
  await project.run((app) => planUseCase(app, "total", { write: true, force: true }));
  const over = async () => {
    const found: Record<string, string> = {};
    for (const [name, text, values] of [
      ["over column", "select total from app.open where id = $1", [1]],
      ["over star", "select * from app.open where id = $1", [1]],
      ["over filter", "select id from app.open where total >= $1", [1]],
      ["over cast", "select * from app.large where id = $1", [2]],
      ["over write", "update app.open set total = $2 where id = $1 returning id", [1, 5]],
    ] as const) {
      found[name] = await client.query({ name, text, values: [...values] }).then(
        () => "ok",
        (error: { code: string }) => error.code,
      );
    }
    return found;
  };
  const well = { "over column": "ok", "over star": "ok", "over filter": "ok", "over cast": "ok", "over write": "ok" };
  expect(await over()).toEqual(well);
  await rollout.upgrade("head");
  await rollout.drain();
  // A view's columns are its own: one that the table gets is none of them.
  expect(await over()).toEqual(well);
  await rollout.confirm();
  await upgradeTo(project, rollout, "switch");
  expect(await over()).toEqual({ ...well, "over column": STALE, "over star": STALE });
  await rollout.downgrade("backfill");
  expect(await over()).toEqual(well);
  await rollout.finish();
  expect(await over()).toEqual({ ...well, "over column": STALE, "over star": STALE });
});
