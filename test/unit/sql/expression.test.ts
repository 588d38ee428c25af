import fc from "fast-check";
import { parseSync } from "libpg-query";
import { beforeAll, describe, expect, test } from "vitest";
import { cannotFail, checkExpression, ExpressionError, isNeverNull, loadParser } from "../../../src/sql/expression.js";

beforeAll(loadParser);

/** [text, message, the text from the offset on] */
const refused: readonly [string, RegExp, string][] = [
  ["", /empty/, ""],
  [" \n\t", /empty/, " \n\t"],
  ["-- nothing", /comment at the end/, ""],
  ["/* nothing */", /at or near "\)"/, ""],
  ["1) from t; drop table x; --", /at or near "\)"/, ") from t; drop table x; --"],
  ["1) + (2", /at or near "\)"/, ") + (2"],
  ["1)::int, (2", /at or near "\)"/, ")::int, (2"],
  ["1)) --", /at or near "\)"/, ")) --"],
  ["(1", /end of input/, ""],
  ["a, b", /2 expressions/, "a, b"],
  ["a from t", /at or near "from"/, "from t"],
  ["a where b", /at or near "where"/, "where b"],
  ["a order by b", /at or near "order"/, "order by b"],
  ["a limit 1", /at or near "limit"/, "limit 1"],
  ["a for update", /at or near "for"/, "for update"],
  ["1 into x", /at or near "into"/, "into x"],
  ["1 union select 2", /at or near "union"/, "union select 2"],
  ["distinct a", /at or near "distinct"/, "distinct a"],
  ["all a", /at or near "all"/, "all a"],
  ["select 1", /at or near "select"/, "select 1"],
  ["1 as x", /at or near "as"/, "as x"],
  ["1 x", /at or near "x"/, "x"],
  ["*", /at or near "\*"/, "*"],
  ["t.*", /whole row/, "t.*"],
  ["1;", /at or near ";"/, ";"],
  [";", /at or near ";"/, ";"],
  ["1; select 2", /more than one statement/, "select 2"],
  ["1; drop table x --", /more than one statement/, "drop table x --"],
  ["1; -- x", /at or near ";"/, "; -- x"],
  ["1 -- x", /comment at the end/, ""],
  ["1 /* x", /unterminated \/\* comment/, "/* x"],
  ["'abc", /unterminated quoted string/, "'abc"],
  ['"abc', /unterminated quoted identifier/, '"abc'],
  ["$q$ abc", /unterminated dollar-quoted string/, "$q$ abc"],
  ["e'\\'", /unterminated quoted string/, "e'\\'"],
  ["coalesce(a, default)", /DEFAULT/, "default)"],
  ["merge_action()", /MERGE/, "merge_action()"],
  ["a := 1", /at or near ":="/, ":= 1"],
  ["'ééé' || 💥 💥 x", /at or near "x"/, "x"],
  ["a\0b", /zero byte/, "\0b"],
  ["'\ud800'", /surrogate/, "\ud800'"],
  [`${"(".repeat(20_000)}1${")".repeat(20_000)}`, /memory exhausted|too deeply/, ""],
  [`${"a+".repeat(20_000)}1`, /too deeply/, ""],
];

describe("checkExpression refuses what is not exactly one expression", () => {
  test.each(refused.map(([text, message, rest]) => [text.slice(0, 40), text, message, rest] as const))(
    "%j",
    (_name, text, message, rest) => {
      const error = failure(text);
      expect(error).toBeInstanceOf(ExpressionError);
      expect(error.message).toMatch(message);
      if (text.length < 100) expect(text.slice(error.offset)).toBe(rest);
    },
  );
});

test("checkExpression reads what an expression mentions", () => {
  expect(
    checkExpression("coalesce(Total, app.orders.\"Netto\") + app.tax(total, rate => 2) * length('qty')"),
  ).toMatchObject({
    columns: ["total", "Netto"],
    references: [
      { qualifier: [], column: "total", offset: 9 },
      { qualifier: ["app", "orders"], column: "Netto", offset: 16 },
      { qualifier: [], column: "total", offset: 46 },
    ],
    functions: [["app", "tax"], ["length"]],
    constant: false,
  });
  expect(checkExpression("a::geometry(Point, 4326)").columns).toEqual(["a"]);
  expect(checkExpression("1 -- one\n").constant).toBe(true);
});

const traits: readonly [string, string][] = [
  ["'x'::text || 1", "constant"],
  ["current_date", ""],
  ["now()", ""],
  ["total", ""],
  ["(select 1)", "hasSubquery"],
  ["a in (select b from t)", "hasSubquery"],
  ["exists (select from t)", "hasSubquery"],
  ["array(select 1)", "hasSubquery"],
  ["count(*)", "hasAggregate"],
  ["sum(a)", "hasAggregate"],
  ["pg_catalog.max(a)", "hasAggregate"],
  ["app.f(distinct a)", "hasAggregate"],
  ["f(a) filter (where b)", "hasAggregate"],
  ["percentile_cont(0.5) within group (order by a)", "hasAggregate"],
  ["json_arrayagg(a)", "hasAggregate"],
  ["grouping(a)", "hasAggregate"],
  ["app.sum(a)", ""],
  ["row_number() over ()", "hasWindow"],
  ["sum(a) over (order by b)", "hasWindow"],
  ["$1", "hasParam"],
  ["generate_series(1, 2)", "hasSetReturning"],
  ["1 + unnest(a)", "hasSetReturning"],
  ["f(t.*)", "hasWholeRow"],
];

test.each(traits)("%s has the trait %j alone", (text, trait) => {
  const info = checkExpression(text);
  const found = Object.entries(info).filter(([, value]) => value === true);
  expect(found.map(([key]) => key)).toEqual(trait === "" ? [] : [trait]);
});

const never: readonly [string, boolean][] = [
  ["0", true],
  ["''", true],
  ["null", false],
  ["null::int", false],
  ["'7'::bigint", true],
  ["cast(n as text)", true],
  ["n", true],
  ["app.t.n", true],
  ["m", false],
  ["n + 1", true],
  ["-n", true],
  ["n + m", false],
  ["n || 'x' collate \"C\"", true],
  ["n operator(pg_catalog.+) 1", true],
  ["n operator(app.+) 1", false],
  ["n -> 'x'", false],
  ["n > 1 and not n = 2", true],
  ["m > 1", false],
  ["m is null", true],
  ["m is distinct from 1", true],
  ["m in (1, 2)", false],
  ["coalesce(m, 0)", true],
  ["coalesce(m, k)", false],
  ["greatest(m, 0)", true],
  ["nullif(n, 0)", false],
  ["case when m then 1 else 2 end", true],
  ["case when m then 1 end", false],
  ["case when m then k else 2 end", false],
  ["array[m]", true],
  ["current_timestamp", true],
  ["current_schema", false],
  ["lower(n)", false],
  ["(select 1)", false],
  ["row(m)", false],
  ["a.*", false],
];

test.each(never)("isNeverNull(%s) is %s", (text, answer) => {
  const ask = () => isNeverNull(text, ["n", "s"]);
  expect(ask()).toBe(answer);
});

const safe: [text: string, answer: boolean][] = [
  ["a > 0 and b is not null", true],
  ["(status)::text = 'open'::text", true],
  ["status = any (array['open'::text, 'held'::text])", true],
  ["status in ('open', 'held')", true],
  ["lower(name) || md5((id)::text)", true],
  ["coalesce(data ->> 'x', '')", true],
  ["case when a > 1 then b else c end", true],
  ["nullif(a, b) is distinct from c", true],
  ["name like 'x%'", true],
  ["100 / a", false],
  ["a * 1000 > 1", false],
  ["(name)::integer", false],
  ["(name)::varchar(3)", false],
  ["app.lower(name)", false],
  ["a operator(app.=) b", false],
  ["date_trunc('day', at)", false],
  ["case when a > 1 then 1 / b end", false],
  ["array[1 / a] = b", false],
];

test.each(safe)("cannotFail(%s) is %s", (text, answer) => {
  expect(cannotFail(text)).toBe(answer);
});

const fragments = [
  ..."()[],;*.+-='\"$:&%|",
  ..." \n\t",
  "--",
  "/*",
  "*/",
  "$$",
  "e'",
  "u&'",
  'u&"',
  "\\",
  "::int",
  ...[" from t", " as x", " into y", " union select ", " where ", "; drop table t", " order by 1", " limit 1"],
  ...[
    "select ",
    "values (1)",
    "default",
    "distinct ",
    "all ",
    "null",
    "a",
    "t.a",
    '"Ü x"',
    "💥",
    "1",
    "'s'",
    "f(",
    "case when ",
    " then ",
    " end",
    "row(",
    "array[",
    " in ",
    " over ()",
    "not ",
    " and ",
    "$1",
  ],
];

test("whatever passes is one target, alone and wherever parentheses hold it", () => {
  let passed = 0;
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...fragments), { minLength: 1, maxLength: 7 }), (parts) => {
      const text = parts.join("");
      try {
        checkExpression(text);
      } catch (error) {
        expect(error).toBeInstanceOf(ExpressionError);
        return;
      }
      passed += 1;
      for (const sql of [`select (${text})`, `select (${text}), 7`, `select 7 where (${text}) is null`]) {
        const statements = parseSync(sql).stmts ?? [];
        expect(statements).toHaveLength(1);
        const select = statements[0]?.stmt as { SelectStmt: Record<string, unknown[]> };
        const keys = ["limitOption", "op", "targetList", ...(sql.includes("7 where") ? ["whereClause"] : [])];
        expect(Object.keys(select.SelectStmt).sort()).toEqual(keys.sort());
        expect(select.SelectStmt.targetList).toHaveLength(sql.endsWith(", 7") ? 2 : 1);
      }
    }),
    { numRuns: 20_000 },
  );
  expect(passed).toBeGreaterThan(200);
});

function failure(text: string): ExpressionError {
  try {
    checkExpression(text);
  } catch (error) {
    return error as ExpressionError;
  }
  throw new Error(`passed: ${text}`);
}
