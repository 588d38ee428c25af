import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { collectStatus } from "../../../src/status/collect.js";
import { buildReport } from "../../../src/status/report.js";
import { useDatabase } from "../../support/database.js";
import { opened, PLAN, row, scene } from "../../unit/status/fixture.js";

const database = useDatabase();
const bare = { folder: PLAN, applied: [], journal: { meta: null, plans: [], revisions: [], fills: [] } };

const NOTHING = "-- changeover revision aaaaaaaaaaaa\n-- parent none\n\n-- upgrade\n\n-- downgrade\n";

test("without a journal there is no evidence to read, and everything is planned", async () => {
  const input = await collectStatus(database.db, bare);
  expect(input.evidence.size).toBe(0);
  const report = buildReport(input);
  expect(report.plans.map((plan) => plan.state)).toEqual(["planned"]);
  expect(Math.abs(Date.parse(report.at) - Date.now())).toBeLessThan(60_000);
});

test("of a plan that has begun, the evidence stands in the gates of its report", async () => {
  await database.sql(await readFile("src/journal/schema.sql", "utf8"));
  const [server] = await database.sql<{ ago: Date; now: Date }>(
    "select clock_timestamp() - interval '3 days' as ago, clock_timestamp() as now",
  );
  const long = server?.ago ?? new Date();
  await database.sql(`
    create schema app;
    create table app.orders (id bigint, total integer, amount integer);
    create function app.touch() returns trigger language plpgsql as $$ begin new.total := 1; return new; end $$;
    create trigger touch before insert on app.orders for each row execute function app.touch();
    insert into changeover.plan (slug, change, kind, table_schema, table_name, columns)
      values ('orders-total', '', 'rename_column', 'app', 'orders', '{total}');
    insert into changeover.sighting values ('orders-total', 'epoch', 'r', '', 0, clock_timestamp() - interval '3 days');
  `);
  const applied = PLAN.slice(0, 4);
  const rows = applied.map((one) => ({ ...row(one), startedAt: long, finishedAt: long }));
  for (const one of rows) {
    await database.sql(
      `insert into changeover.revision (id, plan, name, title, parents, depends_on, lane, phase, runner, checksum, text, state, started_at, finished_at, actor)
       values ($1, $2, $3, '', '{}', '{}', $4, $5, $6, '', $8, 'done', $7, $7, 'ann')`,
      [one.id, one.plan, one.name, one.lane, one.phase, one.runner, long, NOTHING],
    );
  }
  await database.sql(`
    insert into changeover.verification (revision, pages, rows, started_at, finished_at)
      values ('cccccccccccc', 1, 5, clock_timestamp() - interval '1 day', clock_timestamp() - interval '1 day');
    insert into changeover.confirmation (plan, release, actor) values ('orders-total', 'v2', 'ann');
  `);
  const journal = { ...scene({}).journal, plans: [opened], revisions: rows };
  const input = await collectStatus(database.db, { folder: PLAN, applied, journal });
  const [plan] = buildReport(input).plans;
  expect(plan?.gates[0]?.conditions.map((one) => [one.kind, one.met])).toEqual([
    ["backfill", true],
    ["verified", true],
    ["settled", true],
    ["confirmed", true],
    ["quiet", true],
    ["functions", false],
  ]);
  expect(plan?.why).toContain("functions is not met");
  await database.sql("alter table app.orders disable trigger user; drop trigger touch on app.orders");
  const again = await collectStatus(database.db, { folder: PLAN, applied, journal });
  expect(buildReport(again).plans[0]).toMatchObject({
    state: "waiting",
    gates: [{ open: true }],
    next: "changeover upgrade orders-total@head",
  });
});
