import { describe, expect, test } from "vitest";
import { judgeRows, type Tried, tooMany } from "../../../src/backfill/quarantine/verdict.js";

let n = 0;
function tried(filled: number, sqlstate?: string): Tried {
  n += 1;
  const trouble = sqlstate === undefined ? null : { sqlstate, message: "no" };
  return { row: { key: [String(n)], tid: `(0,${n})` }, filled, trouble };
}

describe("of a page's rows", () => {
  test.each<[what: string, rows: Tried[], blame: string, failed: number, filled: number]>([
    ["none", [], "rows", 0, 0],
    ["all filled", [tried(1), tried(1)], "rows", 0, 2],
    ["one fails, one was not due", [tried(0, "22012"), tried(0)], "rows", 1, 0],
    ["one was filled and undone", [tried(1, "09000"), tried(1)], "rows", 1, 1],
    ["all fail by their values", [tried(0, "22012"), tried(0, "22003")], "rows", 2, 0],
    ["all fail for want of a privilege", [tried(0, "42501"), tried(0, "42501")], "statement", 2, 0],
    ["all that were due do, others were not", [tried(0, "42883"), tried(0)], "statement", 1, 0],
    ["one is refused, another filled", [tried(0, "42P01"), tried(1)], "rows", 1, 1],
    ["one is refused, another fails by its value", [tried(0, "42P01"), tried(0, "22012")], "rows", 2, 0],
    ["a schema is not there", [tried(0, "3F000")], "statement", 1, 0],
  ])("%s", (_, rows, blame, failed, filled) => {
    const verdict = judgeRows(rows);
    expect([verdict.blame, verdict.failed.length, verdict.filled]).toEqual([blame, failed, filled]);
  });
});

test("too many name the limit and one of them", () => {
  expect(tooMany({ key: "id=7", sqlstate: "22012", message: "division by zero" })).toEqual({
    key: "id=7",
    sqlstate: "22012",
    message:
      "more than 1000 rows fail, so that it is the expression rather than the rows; the last one: division by zero",
  });
});
