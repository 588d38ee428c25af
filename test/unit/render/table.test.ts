import { expect, test } from "vitest";
import { table } from "../../../src/cli/render/table.js";
import { displayWidth } from "../../../src/cli/render/text.js";

const ROWS = [
  ["index", "orders_total", "carried", "built again over the new column, under this name at the end"],
  ["default", "0", "kept", "moves at contract"],
];

test("columns line up, and end without blanks", () => {
  expect(table(ROWS, { width: 120, indent: 2 })).toEqual([
    "  index    orders_total  carried  built again over the new column, under this name at the end",
    "  default  0             kept     moves at contract",
  ]);
});

test("the widest column gives way, inside of itself", () => {
  expect(table(ROWS, { width: 60, indent: 2 })).toEqual([
    "  index    orders_total  carried  built again over the new",
    "                                  column, under this name at",
    "                                  the end",
    "  default  0             kept     moves at contract",
  ]);
  for (let width = 45; width < 100; width += 1)
    for (const line of table(ROWS, { width, indent: 2 })) expect(displayWidth(line)).toBeLessThanOrEqual(width);
});

test("a word is never cut: it can be copied", () => {
  const name = "a".repeat(50);
  expect(table([[name, "x y"]], { width: 20, indent: 0 }).join(" ")).toContain(name);
});

test("widths are those on the screen, and nothing of a cell gets out of it", () => {
  const lines = table(
    [
      ["注文", "1"],
      ["ab\u001b[31m\ncd", "2"],
    ],
    { width: 80, indent: 0 },
  );
  expect(lines).toEqual(["注文         1", "ab?[31m cd  2"].map((line) => expect.stringContaining(line.slice(-1))));
  expect(lines.join("")).not.toMatch(/\p{Cc}/u);
  expect(lines.map((line) => displayWidth(line))).toEqual([13, 13]);
});

test("without end, for a pipe, nothing wraps", () => {
  expect(table([["a", "b ".repeat(200).trim()]], { width: Number.POSITIVE_INFINITY, indent: 0 })).toHaveLength(1);
  expect(table([], { width: 80, indent: 0 })).toEqual([]);
});
