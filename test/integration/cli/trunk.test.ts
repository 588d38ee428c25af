/** Revisions written by hand, in the trunk among plans; and old plans in a new database. */
import { describe, expect, test } from "vitest";
import { checkout, expectBlock, refuses } from "../../support/cli.js";
import { useDatabase } from "../../support/database.js";
import { byHand, columnsOf, finished, idOf, planned, tables } from "../../support/team.js";

const TIME = { timeout: 180_000 };

describe("hand-written revisions", TIME, () => {
  const database = useDatabase(tables("a", "b"));
  const [TABLE, INDEX, AFTER] = ["aaaaaaaaaaaa", "bbbbbbbbbbbb", "cccccccccccc"];

  test("run between plans, in a transaction or without one, and wait for the tail that they depend on", async () => {
    const made = await checkout(() => database.url);
    await made.write(
      "plans/0001-audit.sql",
      byHand(TABLE, "none", "create table app.audit (id bigint)", "drop table app.audit"),
    );
    await planned(made, "0002", "a");
    expect((await made.files())["plans/0002-a/1-expand.add-column.sql"]).toContain(`-- parent              ${TABLE}`);
    await made.write(
      "plans/0003-index.sql",
      byHand(
        INDEX,
        await idOf(made, "0002-a/2-dual-write"),
        "create index concurrently if not exists audit_id on app.audit (id);\nvacuum app.audit",
        "drop index concurrently if exists app.audit_id",
        "-- runner autocommit\n",
      ),
    );
    const drop = await idOf(made, "contract.drop");
    await made.write(
      "plans/0004-comment.sql",
      byHand(
        AFTER,
        INDEX,
        "comment on column app.a.amount is 'only'",
        "comment on column app.a.amount is null",
        `-- depends_on ${drop}\n-- title Say that it is the only one\n`,
      ),
    );
    await planned(made, "0005", "b");

    // As far as the tail that has to come first.
    const stopped = await made.run(["upgrade", "head"]);
    expect(stopped.stderr.match(/INFO: .* done in/g)).toHaveLength(4);
    const block = stopped.stderr.slice(stopped.stderr.indexOf("error "));
    expectBlock(
      { ...stopped, stderr: block },
      3,
      '"Say that it is the only one" needs the plan a, which is not finished',
      "changeover upgrade a@head",
      `done before: ${INDEX}`,
    );
    expect(await database.sql("select to_regclass('app.audit_id') is not null as there")).toEqual([{ there: true }]);
    await refuses(database, made, ["upgrade", "head"], 3, "needs the plan a");
    await refuses(database, made, ["upgrade", "b@head"], 3, "needs the plan a");

    await finished(made, "a");
    expect((await made.ok(["upgrade", "head"])).stdout.match(/^applied/gm)).toHaveLength(3);
    expect(
      await database.sql(
        "select col_description('app.a'::regclass, (select attnum from pg_attribute where attrelid = 'app.a'::regclass and attname = 'amount')) as said",
      ),
    ).toEqual([{ said: "only" }]);

    // Back: what the comment stands on does not go from under it.
    await made.ok(["downgrade", "b@base"]);
    await refuses(database, made, ["downgrade", "a@base"], 7);
    expect((await made.ok(["downgrade", "-1"])).stdout).toMatch(new RegExp(`undone +${AFTER}`));
    expect((await made.ok(["downgrade", "--", "-1"])).stdout).toMatch(new RegExp(`undone +${INDEX}`));
    expect(await database.sql("select to_regclass('app.audit_id') is not null as there")).toEqual([{ there: false }]);
    expect((await made.ok(["upgrade", "+1"])).stdout).toContain(`applied  ${INDEX}`);
    expect((await made.ok(["history"])).stdout).toContain(`<base> -> ${TABLE}, audit  [done`);
  });
});

describe("upgrade head --fresh", TIME, () => {
  const developer = useDatabase(`${tables("a", "b")} truncate app.a;`);

  test("runs old plans to their end at once where their tables are empty, and leaves the others alone", async () => {
    const made = await checkout(() => developer.url);
    await planned(made, "0001", "a");
    await planned(made, "0002", "b");
    const ended = await made.run(["upgrade", "heads", "--fresh"]);
    expect(ended.code).toBe(0);
    expect(await columnsOf(developer, "a")).toBe("amount id note");
    expect(await columnsOf(developer, "b")).toBe("amount id note total");
    expect(ended.stdout).toContain("The gate of b before");
    const status = (await made.ok(["status"])).stdout;
    expect(status).toMatch(/^a {2}done/m);
    expect(status).toMatch(/^b {2}waiting \(gate\)/m);
  });
});
