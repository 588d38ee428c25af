/** What is wrong in a change.yaml, or about it, is told as one block, and nothing has happened. */
import { describe, expect, test } from "vitest";
import { type Checkout, checkout, everything, expectBlock, refuses } from "../../support/cli.js";
import { useDatabase } from "../../support/database.js";

const database = useDatabase(`
  create schema app;
  create type app.mood as enum ('good', 'bad');
  create table app.orders (id bigint primary key, total numeric(12,2) not null, note text, mood app.mood, stored integer);
  create table app.others (id bigint primary key, total integer);
  create function app.label(text) returns text language sql as $$ select $1 $$;
  create function app.three() returns setof text language sql as $$ values ('a'), ('b'), ('c') $$;
  insert into app.orders (id, total) select n, n from generate_series(1, 50) n;
`);
const url = () => database.url;

const folder = (yaml: string): Promise<Checkout> => withFiles({ "plans/0001-orders/change.yaml": yaml });

async function withFiles(files: Record<string, string>): Promise<Checkout> {
  const made = await checkout(url);
  for (const [file, text] of Object.entries(files)) await made.write(file, text);
  return made;
}

const rename = (more = "") => `change: rename_column\ntable: app.orders\ncolumn: total\nto: amount\n${more}`;
const quick = (more = "") => `${rename()}soak: 0s\n${more}`;
const fill = (expression: string, column = "note") =>
  `change: set_not_null\ntable: app.orders\ncolumn: ${column}\nallow: [fill-may-be-null]\nfill: >-\n  ${expression}\n`;
const AT = "plans/0001-orders/change.yaml";

describe("a change.yaml", () => {
  test.each([
    ["with an unknown key", rename("colour: red\n"), 2, `${AT}:5:1`, "`colour` is not a key"],
    ["with a key that is nearly one", rename("sok: 1h\n"), 2, `${AT}:5:1`, "Did you mean `soak`?"],
    ["with a wrong type", rename("allow: 3\n"), 2, `${AT}:5:8`, "`allow`"],
    ["with a duration without its unit", rename("soak: 24\n"), 2, `${AT}:5:7`, "24h"],
    ["that is no YAML", "change: [rename_column\ntable: x", 2, AT, "do"],
    ["that is empty", "", 2, AT, "declares nothing"],
    ["of an unknown kind", rename().replace("rename_column", "rename_colum"), 2, `${AT}:1:9`, "rename_column"],
    ["of a table that is not there", rename().replace("app.orders", "app.oders"), 2, AT, "no table app.oders "],
    ["of a column that is not there", rename().replace("total", "totals"), 2, AT, "It has: id, total, note"],
    ["to a name that is taken", rename().replace("amount", "note"), 7, AT, "note"],
    ["with a syntax error in an expression", fill("'a' ||"), 2, `${AT}:6:9`, "not one SQL expression"],
    ["with a second statement in it", fill("'a'; drop table app.orders"), 2, `${AT}:6:8`, "not one SQL expression"],
    ["with a subquery in it", fill("(select 'a')"), 2, `${AT}:5:7`, "subquery"],
    ["with another table in it", fill("app.others.total"), 2, `${AT}:5:7`, "app.others.total"],
    ["with a column in it that is not there", fill("nope || 'a'"), 2, AT, "fill reads nope"],
    ["with a function that is not there", fill("'a' || nope(id)"), 2, `${AT}:6:10`, "nope(bigint) does not exist"],
    ["with one that has no schema", fill("'é' || label(note)"), 2, `${AT}:6:10`, "with their schema"],
    ["with the wrong arguments", fill("app.label(total)"), 2, `${AT}:5:7`, "app.label(numeric) does not exist"],
    ["with the wrong type", fill("now()", "stored"), 2, `${AT}:5:7`, "expression is of type timestamp"],
    ["with a value that the type does not have", fill("'fair'", "mood"), 2, `${AT}:5:7`, '"fair"'],
    ["with a type that has no schema", fill("'good'::mood", "mood"), 2, `${AT}:6:11`, 'type "mood" does not exist'],
    ["with rows for one value", fill("app.three()"), 2, `${AT}:5:7`, "set-returning"],
    ["with what fails for every row", fill("(1 / 0)::text"), 2, `${AT}:5:7`, "division by zero"],
  ])("%s", async (_what, yaml, code, ...says) => {
    await refuses(database, await folder(yaml), ["plan", "orders", "--write"], code, ...says);
  });

  test("with several mistakes is told of all of them at once", async () => {
    const yaml = "change: rename_column\ntable: 4.5.6\ncolumn:\nto: x\nsoak: soon\nwhat: 1\n";
    const ended = await refuses(database, await folder(yaml), ["plan", "orders"], 2, "mistakes in this change");
    for (const line of [2, 3, 5, 6]) expect(ended.stderr).toMatch(new RegExp(`^ {2}${AT}:${line}:\\d+: `, "m"));
  });

  test("with a fill that the server takes makes a plan", async () => {
    const made = await folder(fill("coalesce(app.label(note), 'x' || id)"));
    expect((await made.ok(["plan", "orders"])).stdout).toContain("Nothing was written");
  });
});

describe("a plan", () => {
  test("without change.yaml says so", async () => {
    const made = await folder(rename());
    await made.ok(["plan", "orders", "--write"]);
    await made.remove(AT);
    await refuses(database, made, ["plan", "orders"], 2, "no change.yaml", "0001-orders");
    // Its revisions are what counts: they still fit, and still run.
    expect((await made.ok(["plan", "orders", "--check"])).stdout).toContain("fit this database");
  });

  test("that nobody knows is told with the nearest", async () => {
    const made = await folder(rename());
    await refuses(database, made, ["plan", "oders"], 2, "no plan oders", "orders");
    await refuses(database, made, ["status", "orders"], 2, "has no revisions", "changeover plan orders --write");
    await refuses(database, made, ["plan", "--check", "orders"], 2, "no revisions", "changeover plan orders --write");
    await made.ok(["plan", "orders", "--write"]);
    for (const args of [
      ["status"],
      ["worker", "--drain", "--plan"],
      ["verify"],
      ["confirm", "--release", "2"],
      ["rebase"],
    ])
      await refuses(database, made, [...args, "oders"], 2, "oders", "Did you mean orders?");
    await refuses(database, made, ["upgrade", "oders@head"], 2, "oders", "Did you mean orders?");
  });

  test("of a name that is none, or is taken, is not made", async () => {
    const made = await folder(rename());
    await refuses(database, made, ["new", "rename_columns", "x"], 2, "rename_columns", "rename_column, set_not_null");
    await refuses(database, made, ["new", "rename_column", "../x"], 2, '"../x"');
    await refuses(database, made, ["new", "rename_column", "Orders Total"], 2, "orders-total");
    await refuses(database, made, ["new", "rename_column", "orders"], 2, "0001-orders");
  });

  test("over edited files is written only by --force", async () => {
    const made = await folder(rename());
    await made.ok(["plan", "orders", "--write"]);
    const file = Object.keys(await made.files()).find((path) => path.includes("1-expand")) ?? "";
    const text = (await made.files())[file] ?? "";
    await made.write(file, text.replace("numeric(12,2)", "numeric(14,2)"));
    await refuses(database, made, ["plan", "orders", "--write"], 7, file, "--force");
    await made.ok(["plan", "orders", "--write", "--force"]);
    expect((await made.files())[file]).toBe(text);
  });
});

describe("a column under another open plan", () => {
  const two = { "plans/0001-first/change.yaml": quick(), "plans/0002-second/change.yaml": fill("'0'", "total") };
  const second = {
    "plans/0002-second/change.yaml": "change: rename_column\ntable: app.orders\ncolumn: total\nto: sum\n",
  };

  test("is refused: in the folder alone, in both, and in the journal alone", async () => {
    const made = await withFiles({ ...two, ...second });
    await made.ok(["plan", "first", "--write"]);
    await refuses(database, made, ["plan", "second", "--write"], 7, "Plan first", "plans/0002-second/change.yaml");

    await made.ok(["upgrade", "head"]);
    await refuses(database, made, ["plan", "second", "--write"], 7, "Plan first", "changeover downgrade first@base");

    const other = await withFiles(second);
    const refused = await refuses(database, other, ["plan", "second", "--write"], 7, "Plan first");
    expect(refused.stderr).toContain("app.orders");

    // One of its columns is free again, as the plan is.
    await made.ok(["downgrade", "first@base"]);
    expect((await other.ok(["plan", "second"])).stdout).toContain("rename_column app.orders.total to sum");
  });

  test("stands in the way of --check as well", async () => {
    const made = await withFiles({ ...two, ...second });
    const before = await everything(database, made);
    const ended = await made.run(["plan", "second", "--check"]);
    expectBlock(ended, 2, "no revisions");
    expect(await everything(database, made)).toEqual(before);
  });
});
