/** Two commands at one moment. */
import { expect, test } from "vitest";
import { checkout } from "../../support/cli.js";
import { useDatabase } from "../../support/database.js";
import { columnsOf, planned, tables } from "../../support/team.js";

const database = useDatabase(tables("a", "b"));
const TIME = { timeout: 120_000 };

test("two upgrades on one plan: one does it, both end with 0; so with workers", TIME, async () => {
  const made = await planned(await checkout(() => database.url), "0001", "a");
  const both = await Promise.all([made.run(["upgrade", "head"]), made.run(["upgrade", "head"])]);
  expect(both.map(({ code, stderr }) => (code === 0 ? 0 : stderr))).toEqual([0, 0]);
  const lines = both.flatMap(({ stdout }) => stdout.split("\n")).filter((line) => line.startsWith("applied"));
  expect(lines).toHaveLength(2);
  expect(await database.sql("select count(*)::int as n from changeover.event where kind = 'revision-done'")).toEqual([
    { n: 2 },
  ]);
  const workers = await Promise.all([made.run(["worker", "--drain"]), made.run(["worker", "--drain"])]);
  expect(workers.map(({ code, stdout, stderr }) => (code === 0 ? 0 : `${code}: ${stdout}${stderr}`))).toEqual([0, 0]);
  expect(await database.sql("select sum(rows)::int as n from changeover.slice")).toEqual([{ n: 300 }]);

  // So with two verifications: the second waits for the first.
  const verified = await Promise.all([made.run(["verify", "a"]), made.run(["verify", "a"]), made.run(["verify", "a"])]);
  expect(verified.map(({ stdout }) => stdout)).toEqual(Array(3).fill("a: 300 rows, 0 not in step\n"));

  await planned(made, "0002", "b");
  const holder = await database.client();
  await holder.query("select pg_advisory_lock(hashtextextended('changeover trunk', 0))");
  await holder.query("update changeover.lock set holder = 'ann@build-7 pid 4711', since = now() where name = 'trunk'");
  const ended = await made.run(["upgrade", "head", "--lock-wait", "1s"]);
  expect(ended.code).toBe(6);
  expect(ended.stderr).toMatch(/INFO: waiting for another runner on trunk: ann@build-7 pid 4711 since /);
  expect(ended.stderr).toMatch(/^error Another runner holds the lock on trunk\.\n {2}at {4}ann@build-7/m);
  expect(ended.stderr).toMatch(/^ {2}do {4}.*--lock-wait/m);
  expect(await columnsOf(database, "b")).toBe("id note total");

  // One that waits longer gets its turn.
  const waiting = made.run(["upgrade", "head"]);
  await expect
    .poll(
      async () =>
        (
          await database.sql(
            "select from pg_stat_activity where application_name = 'changeover lock' and datname = current_database()",
          )
        ).length,
      { timeout: 20_000 },
    )
    .toBe(1);
  await holder.query("select pg_advisory_unlock_all()");
  expect((await waiting).stdout).toMatch(/^applied .*\napplied .*\n$/);
});
