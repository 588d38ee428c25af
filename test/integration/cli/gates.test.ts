/** One rollout, and everything that is asked too early, without a reason, in the wrong place or past the point of no return. */
import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { checkout, expectBlock, refuses } from "../../support/cli.js";
import { useDatabase } from "../../support/database.js";

const database = useDatabase(`
  create schema app;
  create table app.orders (id bigint primary key, total integer not null, note text);
  insert into app.orders select n, n from generate_series(1, 500) n;
`);

test("gates, confirmations and ways back", { timeout: 180_000 }, async () => {
  const made = await checkout(() => database.url);
  const no = (line: string, code: number, ...says: (string | RegExp)[]) =>
    refuses(database, made, line.split(" "), code, ...says);
  const reason = ["--reason", "the nightly job was stopped"];
  await made.write(
    "plans/0001-orders/change.yaml",
    "change: rename_column\ntable: app.orders\ncolumn: total\nto: amount\nsoak: 1h\n",
  );
  await no("confirm orders --release v2", 2, "no revisions yet", "changeover plan orders --write");
  await made.ok(["plan", "orders", "--write"]);

  // Before anything ran.
  const require = async (phase: string) => (await made.run(["status", "--require", phase, "orders"])).code;
  expect([await require("expand"), await require("contract")]).toEqual([3, 3]);
  await no("confirm orders --release v2", 3, "has not begun in this database", "changeover worker --drain");
  await no("verify orders", 3, "not filled yet");
  await no("downgrade -1", 2, "didn't produce 1");
  expect((await made.ok(["downgrade", "orders@base"])).stdout).toBe("nothing to undo\n");
  expect((await made.ok(["backfill", "pause", "--all"])).stdout).toBe("no plan has begun here\n");
  expect(await database.sql("select to_regnamespace('changeover') as schema")).toEqual([{ schema: null }]);

  await made.ok(["upgrade", "head"]);
  expect([await require("expand"), await require("dual-write"), await require("backfill")]).toEqual([0, 0, 3]);
  const notYet = await made.run(["status", "--require", "backfill"]);
  expect(notYet.stdout).toContain("orders  running, in phase dual-write");
  expectBlock({ ...notYet, stdout: "" }, 3, "backfill is not done yet", "orders: fill is pending", "changeover worker");
  await no("confirm orders --release v2", 3, "fill is pending", "validate is pending");
  await no("verify orders", 3, "not filled yet");
  expect((await made.ok(["plan", "orders", "--write", "--force"])).stdout).toContain("under way here");

  // A bare -1 with an open tail: the choices, ready to be typed.
  const choices = await no("downgrade -1", 4, "-1 is ambiguous", "changeover downgrade orders@expand");
  expect(choices.stderr).toContain("changeover downgrade orders@base");

  await made.ok(["worker", "--drain"]);
  expect([await require("backfill"), await require("contract")]).toEqual([0, 3]);
  await no("upgrade orders@head", 7, "gate of orders", "confirmed: Nobody has confirmed", "changeover status orders");
  expect((await made.ok(["upgrade", "heads"])).stdout).toContain("is shut");
  await no("confirm orders --release v2 --despite quiet", 2, "needs a reason", "--reason");
  expectBlock(
    await made.run(["confirm", "orders", "--release", "v2", "--despite", "quite", ...reason]),
    2,
    "no gate condition quite",
    "backfill, verified, settled, confirmed, quiet",
  );
  await no("downgrade orders@nowhere", 2, '"nowhere"', "orders@base");
  await no("downgrade head", 2, "where an upgrade goes");

  // A condition opened by hand is kept with its reason; then the contract, and from there no way back.
  const opened = await made.ok(["confirm", "orders", "--release", "v2", "--despite", "quiet,verified", ...reason]);
  expect(opened.stdout).toBe("orders: release v2 confirmed by tester\n");
  expect((await made.ok(["status"])).stdout).toMatch(/! quiet .*Opened by tester at .*the nightly job was\s+stopped/s);
  await made.ok(["upgrade", "orders@head"]);
  expect([await require("contract"), await require("expand")]).toEqual([0, 0]);
  await no("downgrade orders@backfill", 7, "cannot be undone", "column total was dropped");
  await no("downgrade orders@base", 7, "cannot be undone");
  await no("downgrade base", 7, "cannot be undone");
  expect((await made.ok(["plan", "orders"])).stdout).toContain("nothing to do");
  expect((await made.ok(["upgrade", "orders@head"])).stdout).toBe("up to date\n");
});

test("a copied database is told from its original, and nothing works in it", async () => {
  const [original, copy] = ["original", "copy"].map((one) => `${one}_${randomBytes(4).toString("hex")}`);
  const at = (name: string | undefined) => Object.assign(new URL(database.url), { pathname: `/${name}` }).toString();
  await database.sql(`create database ${original}`);
  const setUp = await database.client({ connectionString: at(original) });
  await setUp.query("create table t (id bigint primary key, a integer)");
  await setUp.end();
  const made = await checkout(() => at(original));
  await made.write("plans/0001-t/change.yaml", "change: rename_column\ntable: t\ncolumn: a\nto: b\nsoak: 0s\n");
  await made.ok(["plan", "t", "--write"]);
  await made.ok(["upgrade", "head"]);

  await database.sql(`create database ${copy} template ${original}`);
  for (const line of ["status", "upgrade t@head", "worker --drain", "downgrade t@base", "backfill pause --all"])
    expectBlock(
      await made.run(line.split(" "), { url: at(copy) }),
      5,
      `copy of the journal of database ${original}`,
      `database ${copy}`,
    );
  expect((await made.ok(["status"])).stdout).toContain("t  running");
  for (const name of [original, copy]) await database.sql(`drop database ${name} with (force)`);
});
