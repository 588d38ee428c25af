/** Whose column a reference in a view's text is: what is rewritten, what is left, and what nobody can tell. */
import { beforeAll, describe, expect, test } from "vitest";
import { loadParser } from "../../../src/sql/expression.js";
import {
  exchangeRelations,
  qualifySelect,
  readsWholeRow,
  renameInSelect,
  SelectError,
} from "../../../src/sql/select.js";
import { sql } from "../../../src/sql/text.js";

beforeAll(loadParser);

const ORDERS = { schema: "app", name: "orders" };
const rename = (text: string, to = "amount") => renameInSelect(text, ORDERS, "total", to);

describe("a reference to the table's column", () => {
  test.each([
    ["SELECT orders.total FROM app.orders", "SELECT orders.amount AS total FROM app.orders"],
    ["SELECT orders.total AS t, orders.id FROM app.orders", "SELECT orders.amount AS t, orders.id FROM app.orders"],
    [
      "SELECT (o.total + 1) AS more FROM app.orders o WHERE (o.total > 0)",
      "SELECT (o.amount + 1) AS more FROM app.orders o WHERE (o.amount > 0)",
    ],
    [
      "SELECT o.id FROM ONLY app.orders o TABLESAMPLE system (1) ORDER BY o.total DESC",
      "SELECT o.id FROM ONLY app.orders o TABLESAMPLE system (1) ORDER BY o.amount DESC",
    ],
    [
      "SELECT o.total, sum(o.total) OVER (PARTITION BY o.total) AS s FROM app.orders o GROUP BY ROLLUP(o.total) HAVING (max(o.total) > 1)",
      "SELECT o.amount AS total, sum(o.amount) OVER (PARTITION BY o.amount) AS s FROM app.orders o GROUP BY ROLLUP(o.amount) HAVING (max(o.amount) > 1)",
    ],
    [
      "SELECT DISTINCT ON (o.total) o.total FROM app.orders o FOR UPDATE OF o",
      "SELECT DISTINCT ON (o.amount) o.amount AS total FROM app.orders o FOR UPDATE OF o",
    ],
    [
      "SELECT a.total, b.total AS t FROM app.orders a, app.orders b",
      "SELECT a.amount AS total, b.amount AS t FROM app.orders a, app.orders b",
    ],
    ['SELECT é.total AS "ß" FROM app.orders é', 'SELECT é.amount AS "ß" FROM app.orders é'],
  ])("%s", (before, after) => {
    expect(rename(before)).toBe(after);
  });

  test("takes a name that needs quotes, and gives the old one as it is spelled", () => {
    const text = 'SELECT orders."Total" FROM app.orders';
    expect(renameInSelect(text, ORDERS, "Total", "select")).toBe('SELECT orders."select" AS "Total" FROM app.orders');
  });
});

describe("scopes", () => {
  test.each([
    // The innermost table of a name is the one that is meant.
    [
      "SELECT orders.id FROM app.orders WHERE (EXISTS ( SELECT orders.total FROM other.orders))",
      "SELECT orders.id FROM app.orders WHERE (EXISTS ( SELECT orders.total FROM other.orders))",
    ],
    [
      "SELECT o.id FROM other.t o WHERE (o.total IN ( SELECT o.total FROM app.orders o WHERE (o.id = 1)))",
      "SELECT o.id FROM other.t o WHERE (o.total IN ( SELECT o.amount AS total FROM app.orders o WHERE (o.id = 1)))",
    ],
    // An outer one, from inside.
    [
      "SELECT ( SELECT max(c.total) AS max FROM app.customers c WHERE (c.id = o.total)) AS m FROM app.orders o",
      "SELECT ( SELECT max(c.total) AS max FROM app.customers c WHERE (c.id = o.amount)) AS m FROM app.orders o",
    ],
    // A subquery and a CTE give the column its old name.
    [
      "SELECT x.total FROM ( SELECT orders.total FROM app.orders) x",
      "SELECT x.total FROM ( SELECT orders.amount AS total FROM app.orders) x",
    ],
    [
      "WITH orders AS ( SELECT o.total FROM app.orders o) SELECT orders.total FROM orders",
      "WITH orders AS ( SELECT o.amount AS total FROM app.orders o) SELECT orders.total FROM orders",
    ],
    [
      "SELECT o.id, l.t FROM app.orders o, LATERAL ( SELECT o.total AS t) l, LATERAL generate_series(1, o.total) g(total)",
      "SELECT o.id, l.t FROM app.orders o, LATERAL ( SELECT o.amount AS t) l, LATERAL generate_series(1, o.amount) g(total)",
    ],
    [
      "( SELECT o.total FROM app.orders o UNION ALL SELECT c.total FROM app.customers c) EXCEPT SELECT v.total FROM app.v ORDER BY 1",
      "( SELECT o.amount AS total FROM app.orders o UNION ALL SELECT c.total FROM app.customers c) EXCEPT SELECT v.total FROM app.v ORDER BY 1",
    ],
    [
      "SELECT o.total, c.total AS ct FROM (app.orders o LEFT JOIN app.customers c USING (id))",
      "SELECT o.amount AS total, c.total AS ct FROM (app.orders o LEFT JOIN app.customers c USING (id))",
    ],
    // A view over the table is not the table.
    ["SELECT large.total FROM app.large", "SELECT large.total FROM app.large"],
    [
      "SELECT total FROM (app.a FULL JOIN app.b USING (total))",
      "SELECT total FROM (app.a FULL JOIN app.b USING (total))",
    ],
  ])("%s", (before, after) => {
    expect(rename(before)).toBe(after);
  });
});

describe("what the text does not tell", () => {
  test.each([
    ["SELECT o.id FROM (app.orders o JOIN app.c USING (total))", /USING or NATURAL/],
    ["SELECT o.id FROM app.orders o NATURAL JOIN app.c", /USING or NATURAL/],
    ["SELECT total FROM app.orders, app.c", /whose column total is/],
    ["SELECT 1 AS one FROM app.orders o WHERE (EXISTS ( SELECT total FROM app.c))", /whose column total is/],
    ["SELECT o.a FROM app.orders o(a, b)", /other names in FROM/],
    ["SELECT j.total FROM (app.orders o JOIN app.c ON (true)) j", /name of its own/],
    ["SELECT app.orders.total FROM app.orders", /names a schema/],
    ["SELECT x.total FROM app.orders o", /FROM does not show/],
    ["SELECT o.total FROM app.orders o, app.c o", /FROM does not show/],
    ["SELECT 1; SELECT 2", /not one SELECT/],
    ["SELECT FROM FROM", /cannot be read/],
    ["INSERT INTO app.orders VALUES (1)", /not one SELECT/],
  ])("%s", (text, message) => {
    expect(() => rename(text)).toThrow(SelectError);
    expect(() => rename(text)).toThrow(message);
  });

  test.each([
    "SELECT o.*::app.orders AS o FROM app.orders o",
    "SELECT o AS whole FROM app.orders o",
    "SELECT row_to_json(orders.*) AS j FROM app.orders",
  ])("the whole row: %s", (text) => {
    expect(() => rename(text)).toThrow(expect.objectContaining({ wholeRow: true }));
    expect(readsWholeRow(text, ORDERS)).toBe(true);
  });

  test.each([
    "SELECT c.* FROM app.orders o, app.c c",
    "SELECT count(*) AS n, o.o FROM app.orders o",
    "SELECT orders.* FROM other.orders",
  ])("no row of the table: %s", (text) => expect(readsWholeRow(text, ORDERS)).toBe(false));
});

test("a text is the same whether the server has qualified a single relation's columns or not", () => {
  const bare =
    " SELECT id,\n    (total + 1) AS more,\n    ( SELECT max(c.total) AS max\n           FROM app.c\n          WHERE (c.id = o.id)) AS m\n   FROM app.orders o\n  WHERE (total > 0)\n  ORDER BY total;";
  const full =
    " SELECT o.id,\n    (o.total + 1) AS more,\n    ( SELECT max(c.total) AS max\n           FROM app.c\n          WHERE (c.id = o.id)) AS m\n   FROM app.orders o\n  WHERE (o.total > 0)\n  ORDER BY o.total;";
  expect(qualifySelect(bare)).toBe(full.trim().replace(";", ""));
  expect(qualifySelect(full)).toBe(qualifySelect(bare));
  // Nothing to qualify by.
  for (const text of [
    "SELECT a FROM (app.x FULL JOIN app.y USING (a))",
    "SELECT o.*::app.o AS o FROM app.o",
    "SELECT 1",
    "what is this",
  ])
    expect(qualifySelect(text)).toBe(text);
});

test("relations are exchanged in FROM, under the names that the text knows them by", () => {
  const text =
    "WITH orders AS ( SELECT orders.id FROM ONLY app.orders) SELECT o.id, 'app.orders'::regclass AS r FROM orders o, app.orders, app.orders x, app.v FOR UPDATE OF x";
  expect(exchangeRelations(text, ({ name }) => (name === "orders" ? sql`pg_temp.copy` : null))).toBe(
    "WITH orders AS ( SELECT orders.id FROM ONLY pg_temp.copy as orders) SELECT o.id, 'app.orders'::regclass AS r FROM orders o, pg_temp.copy as orders, pg_temp.copy x, app.v FOR UPDATE OF x",
  );
});
