import { expect, test } from "vitest";
import {
  clean,
  clip,
  displayWidth,
  pad,
  percent,
  progressBar,
  renderOptions,
  wrap,
} from "../../../src/cli/render/text.js";

const unicode = { unicode: true };

test.each([
  ["", 0],
  ["orders", 6],
  ["größe", 5],
  ["gro\u0308ße", 5],
  ["注文", 4],
  ["ｗ", 2],
  ["한글", 4],
  ["🚀", 2],
  ["👩‍🚀", 2],
  ["é́", 1],
])("%s takes %d columns", (text, width) => expect(displayWidth(text)).toBe(width));

test("padding and cutting go by columns, not by characters", () => {
  expect(pad("注文", 6)).toBe("注文  ");
  expect(clip("注文番号", 5, unicode)).toBe("注文…");
  expect(clip("orders", 6, unicode)).toBe("orders");
  expect(clip("orders", 5, { unicode: false })).toBe("orde~");
});

test("lines break between words, and a word that is too long stays whole", () => {
  expect(wrap("one two three", 7)).toEqual(["one two", "three"]);
  expect(wrap("a postgres://a-very-long-word b", 10)).toEqual(["a", "postgres://a-very-long-word", "b"]);
  expect(wrap("注文 番号", 5)).toEqual(["注文", "番号"]);
  expect(wrap("", 5)).toEqual([""]);
});

test("what could steer a terminal is shown, not obeyed", () => {
  expect(clean("a\u001b[31mb\u0007")).toBe("a?[31mb?");
  expect(clean("two\r\nlines\tand")).toBe("two lines and");
  expect(clean("abc\u202edef")).toBe("abc?def");
});

test("a bar and its figure are full only when all is done", () => {
  expect(progressBar(0.5, 10, { unicode: false })).toBe("[#####-----]");
  expect(progressBar(0.999, 10, unicode)).toBe("[█████████░]");
  expect(progressBar(7, 4, unicode)).toBe("[████]");
  expect([percent(0.9999), percent(1), percent(0)]).toEqual(["99.9 %", "100.0 %", "0.0 %"]);
});

test("what a stream can show: no colour without a terminal, marks by its locale", () => {
  expect(renderOptions({}, { LANG: "en_US.UTF-8" })).toEqual({ width: 80, color: false, unicode: true });
  expect(renderOptions({ isTTY: true, columns: 200 }, { LANG: "C" })).toMatchObject({ width: 200, unicode: false });
  expect(renderOptions({ isTTY: true, columns: 20 }, { LC_ALL: "C", LANG: "de_DE.utf8" })).toMatchObject({
    width: 40,
    unicode: false,
  });
  expect(renderOptions({ isTTY: true }, { NO_COLOR: "1" }).color).toBe(false);
});
