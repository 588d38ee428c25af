import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import {
  checkExpression,
  ExpressionError,
  identifiersIn,
  loadParser,
  rewriteColumns,
} from "../../../src/sql/expression.js";
import { ident } from "../../../src/sql/identifier.js";
import { type SqlText, trusted } from "../../../src/sql/text.js";

beforeAll(loadParser);

const text = (value: string) => trusted(value, "reviewed");
const renaming = (from: string, to: string) => (column: string) => (column === from ? ident(to) : null);

const cases: readonly [string, string, string, string][] = [
  // expression, column, new name, result
  ["total > 0", "total", "amount", "amount > 0"],
  ["Total > TOTAL", "total", "amount", "amount > amount"],
  ['"Total" > total', "Total", "amount", "amount > total"],
  ['"Total" > total', "total", "Amount", '"Total" > "Amount"'],
  ["app.orders.total + orders.total + total", "total", "amount", "amount + amount + amount"],
  ['app /* total */ . "orders" . total', "total", "amount", "amount"],
  ["'total' || $$total$$ || total -- total\n", "total", "amount", "'total' || $$total$$ || amount -- total\n"],
  ["/* total */ total", "total", "amount", "/* total */ amount"],
  ["total(total => total)", "total", "amount", "total(total => amount)"],
  ["app.total(total, totals)", "total", "amount", "app.total(amount, totals)"],
  ["total::total", "total", "amount", "amount::total"],
  ["cast(total as app.total)", "total", "amount", "cast(amount as app.total)"],
  ["g::geometry(point, 4326)", "point", "p", "g::geometry(point, 4326)"],
  ['total collate "total"', "total", "amount", 'amount collate "total"'],
  ["(addr).total", "total", "amount", "(addr).total"],
  ["total[1].total", "total", "amount", "amount[1].total"],
  ["(total).x", "total", "amount", "(amount).x"],
  ["total.x", "total", "amount", "total.x"],
  ["\"é\" || é || '💥' || total", "é", "Ü", '"Ü" || "Ü" || \'💥\' || total'],
  ["'💥é' || total", "total", "amount", "'💥é' || amount"],
  ['"order" + "select"', "order", "user", '"user" + "select"'],
  ['"a""b" + 1', 'a"b', 'c"d', '"c""d" + 1'],
  ['not"total"is null', "total", "amount", "not amount is null"],
  ["u&total", "total", "Amount", 'u& "Amount"'],
  ["U&\"t!006ftal\" UESCAPE '!' + 1", "total", "amount", "amount + 1"],
  ['U&"t\\006ftal"."x" + 1', "x", "y", "y + 1"],
  ["case total when 1 then total end", "total", "amount", "case amount when 1 then amount end"],
  ["total between total and total", "total", "amount", "amount between amount and amount"],
  ["total in (1, total)", "total", "amount", "amount in (1, amount)"],
  ["((metadata ->> 'total'::text))", "total", "amount", "((metadata ->> 'total'::text))"],
];

test.each(cases)("%s: %s to %s", (before, from, to, after) => {
  expect(rewriteColumns(text(before), renaming(from, to))).toBe(after);
});

test("the qualifier is given, and a replacement that is no reference gets parentheses", () => {
  const seen: string[] = [];
  const rewritten = rewriteColumns(text("b * App.T.b + -b"), (column, qualifier) => {
    seen.push([...qualifier, column].join("."));
    return qualifier.length > 0 ? null : text("x + 1");
  });
  expect(rewritten).toBe("(x + 1) * App.T.b + -(x + 1)");
  expect(seen).toEqual(["b", "app.t.b", "b"]);
  expect(rewriteColumns(text("b and (b and c)"), (c) => (c === "b" ? text("x or y") : null))).toBe(
    "(x or y) and ((x or y) and c)",
  );
  expect(rewriteColumns(text("b"), () => text('new."B"'))).toBe('new."B"');
});

test.each(["(select total)", "total in (select total from t)", "f(orders.*)", "total, x", "total) or (true"])(
  "%s is refused",
  (bad) => {
    expect(() => rewriteColumns(text(bad), renaming("total", "amount"))).toThrow(ExpressionError);
  },
);

test("a replacement that is not one expression is refused", () => {
  expect(() => rewriteColumns(text("total"), () => text("a) or (b"))).toThrow(ExpressionError);
});

test("there and back again gives the same text, whatever the names", () => {
  const name = fc.oneof(
    fc.constantFrom(
      "total",
      "Total",
      "order",
      "select",
      "user",
      "é",
      "💥",
      'a"b',
      "a.b",
      "a b",
      "u&",
      "--",
      "$1",
      "x$",
    ),
    fc.string({ minLength: 1, maxLength: 15, unit: "binary" }).filter((s) => !s.includes("\0")),
  );
  const shapes: readonly ((a: SqlText, b: SqlText) => string)[] = [
    (a, b) => `${a} + ${b}`,
    (a, b) => `f(${a}, total => ${b}) || '${"total"}' /* total */`,
    (a, b) => `case when ${a} is null then app.t.${b} else ${a}[1] end`,
    (a, b) => `not ${a} = any(array[${b}, 1])`,
  ];
  fc.assert(
    fc.property(name, name, name, fc.constantFrom(...shapes), (from, other, to, make) => {
      fc.pre(from !== other && to !== other && to !== from);
      const before = text(make(ident(from), ident(other)));
      const there = rewriteColumns(before, renaming(from, to));
      expect(checkExpression(there).columns).toEqual(checkExpression(before).columns.map((c) => (c === from ? to : c)));
      expect(rewriteColumns(there, renaming(to, from))).toBe(before.replaceAll(`app.t.${ident(from)}`, ident(from)));
    }),
    { numRuns: 500 },
  );
});

test("identifiersIn finds names as the catalog spells them", () => {
  const body = `
    declare v orders.Total%type; "Mixed" text;
    begin -- not_this
      new."Order" := old.user || 'nor_this' || $x$nor_that$x$ || U&"d\\0061ta" || U&"d!0061ten" uescape '!';
      insert into app.t (type, "a""b") values (select_me, é);
      /* nor /* nested */ */ execute 'update dynamic set x = 1' using ${"y".repeat(70)};
    end`;
  const found = identifiersIn(body);
  for (const name of [
    "total",
    "Mixed",
    "Order",
    "user",
    "data",
    "daten",
    "app",
    "t",
    "type",
    'a"b',
    "select_me",
    "é",
    "v",
    "y".repeat(63),
  ]) {
    expect(found).toContain(name);
  }
  for (const name of [
    "Total",
    "order",
    "not_this",
    "nor_this",
    "nor_that",
    "nor",
    "nested",
    "dynamic",
    "select",
    "into",
  ]) {
    expect(found).not.toContain(name);
  }
});

test("identifiersIn never throws, and of text that the scanner refuses every word counts", () => {
  expect(identifiersIn("")).toEqual(new Set());
  expect([...identifiersIn("x := 'it''s new.Total; \"Netto\"")]).toEqual(expect.arrayContaining(["total", "Netto"]));
  expect([...identifiersIn("a\0b total")]).toEqual(expect.arrayContaining(["total"]));
  expect([...identifiersIn("total \u0007\u001b\u000b amount")]).toEqual(["total", "amount"]);
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."aé💥\"'$\\/*-;:. \n\0\u0001\ud800U&Ee1") }), (odd) => {
      expect(identifiersIn(odd)).toBeInstanceOf(Set);
    }),
    { numRuns: 3000 },
  );
});
