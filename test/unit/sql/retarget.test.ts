import { beforeAll, expect, test } from "vitest";
import { loadParser } from "../../../src/sql/parser.js";
import { retarget } from "../../../src/sql/retarget.js";
import { trusted } from "../../../src/sql/text.js";

beforeAll(loadParser);

const over = (text: string, from = "orders", to = "Orders 2024") =>
  retarget(trusted(text, "reviewed"), { schema: "app", name: from }, { schema: "app", name: to });

const cases: readonly [string, string, string][] = [
  [
    "a read",
    "select count(*) from app.orders where ctid >= $1::tid",
    'select count(*) from only app."Orders 2024" as orders where ctid >= $1::tid',
  ],
  [
    "a write, with the reads in it",
    "update app.orders set b = a\nwhere ctid = any (array(select ctid from app.orders where b is null for no key update skip locked))",
    'update only app."Orders 2024" as orders set b = a\nwhere ctid = any (array(select ctid from only app."Orders 2024" as orders where b is null for no key update skip locked))',
  ],
  [
    "a name that is quoted, spaced and commented, in a text of more than one byte a character",
    `select 'größe app.orders' from "app" . /* app.orders */ "orders" where orders.a = 'app.orders'`,
    `select 'größe app.orders' from only app."Orders 2024" as orders where orders.a = 'app.orders'`,
  ],
  [
    "a table that has another name already, or comes without its children",
    "select o.a from only app.orders o",
    'select o.a from only app."Orders 2024" o',
  ],
  [
    "no other table, and no column",
    "select orders, app.orders(1) from app.orders join other.orders x using (id) join orders y using (id)",
    'select orders, app.orders(1) from only app."Orders 2024" as orders join other.orders x using (id) join orders y using (id)',
  ],
  [
    "a constraint",
    "alter table app.orders validate constraint c",
    'alter table app."Orders 2024" validate constraint c',
  ],
];

test.each(cases)("replaces in %s", (_, text, result) => {
  expect(over(text)).toBe(result);
});

test.each([
  ["names another table", "select 1 from app.others"],
  ["is two", "select 1 from app.orders; delete from app.orders"],
  ["is none", ""],
  ["is no SQL", "update app.orders"],
  ["has a name in escapes", `select 1 from app.U&"orders"`],
])("refuses a statement that %s", (_, text) => {
  expect(() => over(text)).toThrow();
});
