import { beforeAll, expect, test } from "vitest";
import { namesIn } from "../../../src/catalog/functions.js";
import { loadParser } from "../../../src/sql/parser.js";

beforeAll(loadParser);

const finds = (source: string, name: string) => namesIn(source).has(name);

test("words are folded in ASCII alone, quoted ones are not", () => {
  expect(finds("select Total from APP.Orders", "total")).toBe(true);
  expect(finds("select Total from APP.Orders", "orders")).toBe(true);
  expect(finds('select "Total"', "Total")).toBe(true);
  expect(finds("select ÜMLAUT", "Ümlaut")).toBe(true);
  expect(finds("select ÜMLAUT", "ümlaut")).toBe(false);
  expect(finds('update "Odd ""x""" set a = 1', 'Odd "x"')).toBe(true);
});

test("only whole words count", () => {
  expect(finds("select subtotal, total_net, total2 from t", "total")).toBe(false);
  expect(finds("select new.total+1", "total")).toBe(true);
  expect(finds("select a$b", "a")).toBe(false);
});

test("key words and comments do not count, strings that EXECUTE may run do", () => {
  expect(finds("select 1 -- from orders", "select")).toBe(false);
  expect(finds("select 1 -- from orders", "orders")).toBe(false);
  expect(finds("begin execute 'update Orders set x = 1'; end", "orders")).toBe(true);
  expect(finds(`begin execute format($q$update "My table" set x = %L$q$, 5); end`, "My table")).toBe(true);
});

test("of text that the scanner refuses, every word counts", () => {
  expect(finds(`x = 'open\n" lone "My table" total`, "total")).toBe(true);
  expect(finds(`x = 'open\n" lone "My table" total`, "My table")).toBe(true);
});
