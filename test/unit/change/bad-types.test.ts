/** What people get to read about change_type: its type, its two conversions, its fallback. */
import { beforeAll, expect, test } from "vitest";
import { loadParser } from "../../../src/sql/expression.js";
import { type BadFile, blockOf } from "./block.js";

beforeAll(loadParser);

const TYPE = "change: change_type\ntable: app.orders\ncolumn: total\n";
const A_TYPE = "Write a type as in CREATE TABLE: bigint, numeric(12, 2), timestamptz, app.mood.";
const cases: readonly BadFile[] = [
  [TYPE, ["change.yaml:1:1: `type` is missing; expected a type.", "Add it, as in `type: bigint`."]],
  [`${TYPE}type: ''\n`, ["change.yaml:4:7: `type` is empty; expected a type.", A_TYPE]],
  [`${TYPE}type: bigint not null\n`, ['change.yaml:4:18: `type` is no type: syntax error at or near "null".', A_TYPE]],
  [`${TYPE}type: numeric(\n`, ["change.yaml:4:15: `type` is no type: syntax error at end of input.", A_TYPE]],
  [`${TYPE}type: int; drop table x\n`, ["change.yaml:4:12: `type` is no type: more than one statement.", A_TYPE]],
  [`${TYPE}type: int + 1\n`, ['change.yaml:4:7: `type` is "int + 1", which is more than a type.', A_TYPE]],
  [
    `${TYPE}type: bigserial\n`,
    [
      "change.yaml:4:7: `type` is bigserial, which is no type but an integer with a sequence.",
      "Write smallint, integer or bigint.",
    ],
  ],
  [
    `${TYPE}type: bigint\nusing: total + tax\n`,
    [
      "change.yaml:5:16: `using` reads tax; the two sides are kept in step from the column's own value alone.",
      "Name total alone.",
    ],
  ],
  [
    `${TYPE}type: bigint\nreverse: items.total::integer\n`,
    [
      "change.yaml:5:10: `reverse` reads items.total, which is not a column of app.orders.",
      "Name columns of the change's own table alone; no table's name is needed before them.",
    ],
  ],
  [
    `${TYPE}type: bigint\nusing: (select total)\n`,
    [
      "change.yaml:5:8: `using` holds a subquery.",
      "Put the query into a function of your own and call that, or fill these rows by hand first.",
    ],
  ],
  [
    `${TYPE}type: bigint\nusing: total::bigint; select 1\n`,
    [
      "change.yaml:5:23: `using` is not one SQL expression: more than one statement.",
      "Write what could stand in parentheses after SELECT: a value, a column, a call.",
    ],
  ],
  [
    `${TYPE}type: bigint\nfallback: total\n`,
    ["change.yaml:5:11: `fallback` reads total; a fallback is one value for every row.", "Write a constant."],
  ],
  [`${TYPE}type: bigint\nfill: 0\n`, ["change.yaml:5:1: `fill` does not belong to change_type.", "Remove it."]],
];

test.each(cases)("%j", (text, block) => {
  expect(blockOf(text)).toEqual(block);
});
