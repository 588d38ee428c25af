/** A folder of revisions that is not what it was, or contradicts itself or the database. */
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Checkout, checkout, everything, expectBlock, refuses } from "../../support/cli.js";
import { useDatabase } from "../../support/database.js";

const database = useDatabase(`
  create schema app;
  create table app.orders (id bigint primary key, total integer not null, note text);
  create table app.users (id bigint primary key, name text);
  insert into app.orders select n, n from generate_series(1, 500) n;
`);
const url = () => database.url;

const rename = (table: string, column: string, to: string) =>
  `change: rename_column\ntable: app.${table}\ncolumn: ${column}\nto: ${to}\nsoak: 0s\n`;
const byHand = (id: string, parent: string, upgrade: string, more = "") =>
  `-- changeover revision ${id}\n-- parent ${parent}\n${more}\n-- upgrade\n${upgrade};\n\n-- downgrade\nselect 1;\n`;

/** A folder with a plan that is written, and not run. */
async function planned(table = "orders", column = "total", to = "amount"): Promise<Checkout> {
  const made = await checkout(url);
  await made.write("plans/0001-first/change.yaml", rename(table, column, to));
  await made.ok(["plan", "first", "--write"]);
  return made;
}

async function fileOf(made: Checkout, part: string): Promise<{ path: string; text: string }> {
  const [path, text] = Object.entries(await made.files()).find(([name]) => name.includes(part)) ?? ["", ""];
  return { path, text };
}

const READS_AND_WRITES = [["status"], ["upgrade", "head"], ["history"], ["plan", "first"]];

describe("a folder that contradicts itself is told with its files, before anything runs", () => {
  test.each<[string, Record<string, string>, ...string[]]>([
    ["a missing parent", { "plans/2-b.sql": byHand("bbbbbbbbbbbb", "aaaaaaaaaaaa", "select 1") }, "plans/2-b.sql"],
    [
      "a duplicate id",
      {
        "plans/2-b.sql": byHand("bbbbbbbbbbbb", "none", "select 1"),
        "plans/3-c.sql": byHand("bbbbbbbbbbbb", "none", "select 2"),
      },
      "plans/2-b.sql",
      "plans/3-c.sql",
    ],
    [
      "a cycle",
      {
        "plans/2-b.sql": byHand("bbbbbbbbbbbb", "cccccccccccc", "select 1"),
        "plans/3-c.sql": byHand("cccccccccccc", "bbbbbbbbbbbb", "select 2"),
      },
      "plans/2-b.sql",
      "plans/3-c.sql",
      "→",
    ],
    ["a folder without a number", { "plans/orders/change.yaml": rename("orders", "total", "x") }, "0004-orders-total"],
  ])("%s", async (_what, files, ...says) => {
    const made = await planned();
    for (const [file, text] of Object.entries(files)) await made.write(file, text);
    const before = await everything(database, made);
    for (const ended of await Promise.all(READS_AND_WRITES.map((args) => made.run(args))))
      expectBlock(ended, 2, ...says);
    expect(await everything(database, made)).toEqual(before);
  });

  test("a file that is none: what changes something ends there; status names it and tells the rest, show shows others", async () => {
    const made = await planned();
    const { text } = await fileOf(made, "1-expand");
    await made.write("plans/0009-other/change.yaml", rename("users", "name", "full_name"));
    await made.write("plans/2-b.sql", "create table x ();\n");
    const before = await everything(database, made);
    for (const args of [["upgrade", "head"], ["history"], ["plan", "first"], ["status", "--require", "expand"]])
      expectBlock(await made.run(args), 2, "plans/2-b.sql:1");
    const { stdout } = await made.ok(["status"]);
    expect(stdout).toContain("first  planned");
    expect(stdout).toMatch(/^other {2}declared\n.*\n.*\n {2}next {6}changeover plan other --write$/m);
    expect(stdout).toMatch(/^1 file not right: no upgrade runs\n {2}file {6}plans\/2-b\.sql:1$/m);
    expect((await made.ok(["show", text.slice(23, 35).trim()])).stdout).toContain("phase       expand");
    expect(await everything(database, made)).toEqual(before);
  });

  test("two heads, with the commands that join them", async () => {
    const made = await planned();
    await made.write("plans/2-b.sql", byHand("bbbbbbbbbbbb", "none", "select 1"));
    await refuses(
      database,
      made,
      ["upgrade", "head"],
      4,
      "Multiple heads",
      "changeover rebase first",
      "changeover merge",
    );
  });

  test("a folder that cannot be read", async () => {
    const made = await checkout(url);
    await made.write("plans", "this is a file");
    await refuses(database, made, ["status"], 2, "plans cannot be read", "not a folder");
    await refuses(database, made, ["upgrade", "head", "--plans", "plans"], 2, "not a folder");
    if (process.getuid?.() === 0) return;
    const locked = await planned();
    await chmod(join(locked.directory, "plans/0001-first"), 0);
    await refuses(database, locked, ["upgrade", "head"], 2, "permission denied");
    await chmod(join(locked.directory, "plans/0001-first"), 0o755);
  });

  test("a folder that is not there is empty", async () => {
    const made = await checkout(url);
    expect((await made.ok(["status"])).stdout).toContain("There are no plans.");
    expect((await made.ok(["upgrade", "head"])).stdout).toBe("up to date\nThere are no revisions in plans.\n");
    await refuses(
      database,
      made,
      ["upgrade", "head", "--plans", "plan"],
      2,
      "no such folder",
      join(made.directory, "plan"),
    );
    await refuses(database, made, ["merge"], 2, "not two heads");
    expect(await database.sql("select to_regnamespace('changeover') as schema")).toEqual([{ schema: null }]);
  });
});

test("a catalog that has moved on since planning is drift, with each object, and nothing runs", async () => {
  const made = await planned("users", "name", "full_name");
  await database.sql("create index users_name on app.users (name)");
  const drift = ["app.users is not what plan first was made for", "index users_name", "changeover plan first --write"];
  await refuses(database, made, ["upgrade", "head"], 5, ...drift.slice(0, 2));
  await refuses(database, made, ["plan", "first", "--check"], 5, ...drift.slice(1));
  const refused = await made.run(["upgrade", "head", "--json"]);
  expect(JSON.parse(refused.stderr).error).toMatchObject({
    code: "drift",
    exitCode: 5,
    details: [expect.stringContaining("users_name")],
  });
  // Planned again, it carries the index.
  await made.ok(["plan", "first", "--write", "--force"]);
  expect((await made.ok(["plan", "first", "--check"])).stdout).toContain("fit this database");
  await database.sql("drop index app.users_name");
});

describe("a file that was edited", () => {
  test("before it ran is what runs; after it ran it is refused", async () => {
    const made = await planned();
    const { path, text } = await fileOf(made, "1-expand");
    await made.write(path, text.replace("-- step add-column: like total", "-- step add-column: reviewed"));
    await made.ok(["upgrade", "first@expand"]);
    expect((await made.ok(["show", text.slice(23, 29).trim().slice(0, 6)])).stdout).toContain("reviewed");

    const [id] = /[0-9a-f]{12}/.exec(text) ?? [];
    const applied = (await made.files())[path];
    const says = [path, "is not what was applied", `changeover show ${id} --applied > ${path}`];
    await made.write(path, text);
    await refuses(database, made, ["upgrade", "head"], 5, ...says);
    // Who only asks, or goes back, goes by the text that ran.
    const { stdout } = await made.ok(["status"]);
    expect(stdout).toContain("first  running, in phase expand");
    expect(stdout).toContain(`            changeover show ${id} --applied > ${path}`);
    // As a shell does it: the file is empty by the time that the command reads the folder.
    await made.write(path, "");
    expect((await made.ok(["status"])).stdout).toContain(`changeover show ${id} --applied > ${path}`);
    const back = await made.ok(["show", id ?? "", "--applied"]);
    expect(back.stdout).toBe(applied);
    await made.write(path, back.stdout);
    expect((await made.ok(["status"])).stdout).not.toContain("not right");
    await made.ok(["downgrade", "first@base"]);
    await made.ok(["upgrade", "head"]);
  });

  test("for the first time in the trunk, or only in its links, is not", async () => {
    const made = await checkout(url);
    const row = (id: string, parent: string, note: string) =>
      byHand(id, parent, `comment on table app.users is '${note}'`);
    await made.write("plans/1-a.sql", row("aaaaaaaaaaaa", "none", "a"));
    // The database is ahead of this folder by a plan; what is put in its place is refused.
    const refused = await refuses(database, made, ["upgrade", "head"], 5, "aaaaaaaaaaaa", "git pull");
    expect(refused.stderr).toContain("plans/1-a.sql");
  });
});
