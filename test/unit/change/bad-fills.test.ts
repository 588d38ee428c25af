/** What people get to read, each bad file with the whole block that answers it: the expression of fill, and several mistakes at once. */
import { beforeAll, expect, test } from "vitest";
import { loadParser } from "../../../src/sql/expression.js";
import { type BadFile, blockOf, NOT_NULL } from "./block.js";

beforeAll(loadParser);

const cases: readonly BadFile[] = [
  // fill: the place inside of each of YAML's styles
  [
    `${NOT_NULL}fill: coalesce(a b)\n`,
    [
      'change.yaml:4:18: `fill` is not one SQL expression: syntax error at or near "b".',
      "Write what could stand in parentheses after SELECT: a value, a column, a call.",
    ],
  ],
  [
    `${NOT_NULL}fill: "'é💥\\u00e9\\U0001F4A5\\n' || \\"B\\" c"\n`,
    [
      'change.yaml:4:41: `fill` is not one SQL expression: syntax error at or near "c".',
      "Write what could stand in parentheses after SELECT: a value, a column, a call.",
    ],
  ],
  [
    `${NOT_NULL}fill: 'coalesce(a, ''x'' c)'\n`,
    [
      'change.yaml:4:26: `fill` is not one SQL expression: syntax error at or near "c".',
      "Write what could stand in parentheses after SELECT: a value, a column, a call.",
    ],
  ],
  [
    `${NOT_NULL}fill: |\n  coalesce(a,\n    b c)\n`,
    [
      'change.yaml:6:7: `fill` is not one SQL expression: syntax error at or near "c".',
      "Write what could stand in parentheses after SELECT: a value, a column, a call.",
    ],
  ],
  [
    `${NOT_NULL}fill: |2-  # why\n\n    coalesce(a,\n\n    b c)\n`,
    [
      'change.yaml:8:7: `fill` is not one SQL expression: syntax error at or near "c".',
      "Write what could stand in parentheses after SELECT: a value, a column, a call.",
    ],
  ],
  [
    `${NOT_NULL}fill: >-\n  coalesce(a,\n  b c)\n`,
    [
      'change.yaml:6:5: `fill` is not one SQL expression: syntax error at or near "c".',
      "Write what could stand in parentheses after SELECT: a value, a column, a call.",
    ],
  ],
  [
    `${NOT_NULL}fill: coalesce(a,\n  b c)\n`,
    [
      'change.yaml:5:5: `fill` is not one SQL expression: syntax error at or near "c".',
      "Write what could stand in parentheses after SELECT: a value, a column, a call.",
    ],
  ],
  [
    `${NOT_NULL}fill: "coalesce(a, \\\n  b c)"\n`,
    [
      'change.yaml:5:5: `fill` is not one SQL expression: syntax error at or near "c".',
      "Write what could stand in parentheses after SELECT: a value, a column, a call.",
    ],
  ],
  [
    `${NOT_NULL}fill: coalesce(a\n`,
    [
      "change.yaml:4:17: `fill` is not one SQL expression: syntax error at end of input.",
      "Write what could stand in parentheses after SELECT: a value, a column, a call.",
    ],
  ],
  [
    `${NOT_NULL}fill: 'coalesce(a'\n`,
    [
      "change.yaml:4:18: `fill` is not one SQL expression: syntax error at end of input.",
      "Write what could stand in parentheses after SELECT: a value, a column, a call.",
    ],
  ],
  // fill: not one value for one row
  [
    `${NOT_NULL}fill:\n`,
    [
      "change.yaml:4:6: `fill` is empty; expected a SQL expression over the row's columns.",
      "Write one, or leave `fill` out: NULLs are then listed, not filled.",
    ],
  ],
  [
    `${NOT_NULL}fill: ''\n`,
    [
      "change.yaml:4:7: `fill` is empty; expected a SQL expression.",
      "Write one, or leave `fill` out: NULLs are then listed, not filled.",
    ],
  ],
  [
    `${NOT_NULL}fill: [1]\n`,
    [
      "change.yaml:4:7: `fill` is a list; expected a SQL expression over the row's columns.",
      "Write it as in `fill: 0`.",
    ],
  ],
  [
    `${NOT_NULL}fill: 'new'::text\n`,
    [
      "change.yaml:4:12: The value goes on after its closing quote.",
      "Put the whole value in quotes: fill: \"'new'::text\"",
    ],
  ],
  [
    `${NOT_NULL}fill: case when a then 'x: y' end\n`,
    [
      "change.yaml:4:7: A colon and a space, which YAML takes for a key inside of the value.",
      "Put the whole value in quotes: fill: \"case when a then 'x: y' end\"",
    ],
  ],
  [
    `${NOT_NULL}fill: 1, 2\n`,
    [
      "change.yaml:4:7: `fill` is not one SQL expression: 2 expressions where one is expected.",
      "Write what could stand in parentheses after SELECT: a value, a column, a call.",
    ],
  ],
  [
    `${NOT_NULL}fill: 1) from t; --\n`,
    [
      'change.yaml:4:8: `fill` is not one SQL expression: syntax error at or near ")".',
      "Write what could stand in parentheses after SELECT: a value, a column, a call.",
    ],
  ],
  [
    `${NOT_NULL}fill: 1; drop table x\n`,
    [
      "change.yaml:4:10: `fill` is not one SQL expression: more than one statement.",
      "Write what could stand in parentheses after SELECT: a value, a column, a call.",
    ],
  ],
  [
    `${NOT_NULL}fill: select 1\n`,
    [
      'change.yaml:4:7: `fill` is not one SQL expression: syntax error at or near "select".',
      "Write what could stand in parentheses after SELECT: a value, a column, a call.",
    ],
  ],
  [
    `${NOT_NULL}fill: 1 -- one\n`,
    [
      "change.yaml:4:15: `fill` is not one SQL expression: the comment at the end would swallow what follows.",
      "Write comments in YAML, after # on a line of its own.",
    ],
  ],
  [
    `${NOT_NULL}fill: default\n`,
    [
      "change.yaml:4:7: `fill` is not one SQL expression: DEFAULT is not a value here.",
      "Write what could stand in parentheses after SELECT: a value, a column, a call.",
    ],
  ],
  [
    `${NOT_NULL}fill: (select 1)\n`,
    [
      "change.yaml:4:7: `fill` holds a subquery.",
      "Put the query into a function of your own and call that, or fill these rows by hand first.",
    ],
  ],
  [
    `${NOT_NULL}fill: sum(a)\n`,
    ["change.yaml:4:7: `fill` calls an aggregate, which is one value for many rows.", "Use what the row itself holds."],
  ],
  [
    `${NOT_NULL}fill: row_number() over ()\n`,
    ["change.yaml:4:7: `fill` calls a window function, which looks at other rows.", "Use what the row itself holds."],
  ],
  [`${NOT_NULL}fill: $1\n`, ["change.yaml:4:7: `fill` holds a parameter.", "Write the value itself."]],
  [
    `${NOT_NULL}fill: unnest(a)\n`,
    ["change.yaml:4:7: `fill` calls a function that returns rows.", "Use one that returns a single value."],
  ],
  [`${NOT_NULL}fill: f(orders.*)\n`, ["change.yaml:4:7: `fill` reads a whole row.", "Name the columns that it reads."]],
  [
    `${NOT_NULL}fill: orders.a + other.x\n`,
    [
      "change.yaml:4:18: `fill` reads other.x, which is not a column of app.orders.",
      "Name columns of the change's own table alone; no table's name is needed before them.",
    ],
  ],
  [
    `${NOT_NULL}fill: public.orders.a\n`,
    [
      "change.yaml:4:7: `fill` reads public.orders.a, which is not a column of app.orders.",
      "Name columns of the change's own table alone; no table's name is needed before them.",
    ],
  ],
  // several at once
  [
    "change: rename_column\ntable: app orders\ncolumn: total\nto: total\ntoo: amount\nallow: [all]\nsoak: 24\nsoak: 7\n",
    [
      "change.yaml:2:8: 6 mistakes in this change.",
      "change.yaml:2:8: `table` is \"app orders\", which is not a name in SQL. If that is the name, put it in SQL's quotes, inside of YAML's: '\"app orders\"'.",
      "change.yaml:4:5: `to` is total, the name that the column has. Write its new name.",
      "change.yaml:5:1: `too` is not a key of a change. Did you mean `to`?",
      'change.yaml:6:9: `allow` holds "all", which is not the name of a hazard. The hazards are column-order, prepared-statements, positional-copy, int4-parameters, identity-sequence, client-type-change, functions-by-type, lossy-cast, fallible-index, session-dependent, explicit-null, unique-twin-upsert, functions-by-name, published-table and fill-may-be-null.',
      "change.yaml:8:1: `soak` is given twice. Remove one of them.",
      "change.yaml:8:7: `soak` is 7, a number; expected a duration. Write 7h, or another unit: s, m, h, d or w.",
    ],
  ],
  [
    "change: set_not_null\ntable: app.orders\ncolumn: 7\nfill: other.x\n",
    [
      "change.yaml:3:9: 2 mistakes in this change.",
      "change.yaml:3:9: `column` is 7, a number; expected the column's name. If that is the name, put it in SQL's quotes, inside of YAML's: '\"7\"'.",
      "change.yaml:4:7: `fill` reads other.x, which is not a column of app.orders. Name columns of the change's own table alone; no table's name is needed before them.",
    ],
  ],
];

test.each(cases)("%j", (text, block) => {
  expect(blockOf(text)).toEqual(block);
});
