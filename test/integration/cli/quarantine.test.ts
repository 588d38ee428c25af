/** Rows that fail, from the command line: told, listed, asked for by name, skipped for a reason, and gone on from. */
import { expect, test } from "vitest";
import { checkout, refuses } from "../../support/cli.js";
import { useDatabase } from "../../support/database.js";

const database = useDatabase(`
  create schema app;
  create table app.orders (tenant text, id bigint, total text, primary key (tenant, id));
  insert into app.orders select 'a', n, case when n in (7, 8) then 'about ' || n else n::text end from generate_series(1, 500) n;
`);
const CHANGE = `change: change_type
table: app.orders
column: total
type: integer
using: total::integer
reverse: total::text
allow: [client-type-change, fill-may-be-null]
soak: 0s
`;

test("backfill quarantine", { timeout: 180_000 }, async () => {
  const made = await checkout(() => database.url);
  const no = (words: string[], code: number, ...says: (string | RegExp)[]) =>
    refuses(database, made, ["backfill", "quarantine", ...words], code, ...says);
  const quarantine = (...words: string[]) => made.ok(["backfill", "quarantine", ...words]);
  expect((await quarantine("list")).stdout).toBe("no row is in quarantine\n");
  await no(["list", "orders"], 2, "has not begun in this database");
  await made.write("plans/0001-orders/change.yaml", CHANGE);
  await made.ok(["plan", "orders", "--write"]);
  await made.ok(["upgrade", "head"]);
  const blocked = await made.run(["worker", "--drain"]);
  expect(blocked.code).toBe(1);
  expect(blocked.stderr).toMatch(/orders \(\w{12}\) row tenant=a, id=7 is in quarantine: invalid input syntax/);
  expect(blocked.stdout).toMatch(/^orders: A row cannot be filled: tenant=a, id=7 and 1 more\.$/m);
  expect(blocked.stdout).toMatch(/\nblocked: orders\n$/);

  const listed = (await quarantine("list")).stdout.split("\n");
  expect(listed.slice(0, 3)).toEqual([
    "PLAN    ROW             SINCE             SQLSTATE  STATE    MESSAGE",
    expect.stringMatching(
      /^orders {2}tenant=a, id=7 {2}[\d-]{10} [\d:]{5} {2}22P02 {5}waiting {2}invalid input .*"about 7"$/,
    ),
    expect.stringMatching(/^orders {2}tenant=a, id=8 .*"about 8"$/),
  ]);
  // What it prints can be run.
  expect(listed.join("\n")).toContain("changeover backfill quarantine skip orders --row 'tenant=a, id=7' --reason");
  const json = JSON.parse((await quarantine("list", "orders", "--json")).stdout);
  expect(json).toMatchObject([
    { plan: "orders", row: "tenant=a, id=7", sqlstate: "22P02", state: "waiting", skipped: null },
    { row: "tenant=a, id=8" },
  ]);

  await no(["skip", "orders", "--reason", "x"], 2, "Name rows with --row, or --all", "quarantine list orders");
  await no(["skip", "orders", "--row", "id=7"], 2, "--reason");
  await no(["skip", "orders", "--all", "--reason", " "], 2, "needs a reason");
  await no(["skip", "orders", "--row", "id=7", "--reason", "x"], 2, "No row id=7 of orders", "tenant=a, id=7");
  await no(["retry", "other"], 2, "has not begun");
  expect((await quarantine("retry", "orders", "--row", "tenant=a, id=7")).stdout).toBe(
    "orders: 1 row will be tried again by a worker (changeover worker --drain)\n",
  );
  const skipped = await quarantine("skip", "orders", "--row", "tenant=a, id=7", "--reason", "a test order");
  expect(skipped.stdout).toMatch(/^orders: 1 row skipped\. .*the new column stays NULL/);
  expect((await made.run(["worker", "--drain"])).stdout).toMatch(/^orders: A row cannot be filled: tenant=a, id=8\.$/m);
  expect((await made.ok(["status", "orders"])).stdout).toMatch(
    /failed +tenant=a, id=8: 22P02[\s\S]* skipped +1 row, by hand/,
  );
  await database.sql("update app.orders set total = '8' where id = 8");
  await made.ok(["worker", "--drain"]);
  expect((await made.ok(["verify", "orders"])).stdout).toBe("orders: 500 rows, 0 not in step, 1 skipped by hand\n");
  expect((await quarantine("retry", "orders")).stdout).toBe("orders: no row waits\n");
  await no(["retry", "orders", "--row", "tenant=a, id=7"], 2, "is not tried again", "Update the row");
});
