import { beforeAll, expect, test } from "vitest";
import { namesColumn } from "../../../src/journal/evidence.js";
import { loadParser } from "../../../src/sql/parser.js";

beforeAll(loadParser);

test.each([
  ["new.total := 1;", "total", true],
  ["NEW.TOTAL := 1;", "total", true],
  ["new.subtotal := new.total_net + new.total2;", "total", false],
  ["-- total is amount now\n/* total */ return new;", "total", false],
  ["execute 'update t set total = 1';", "total", true],
  ["execute 'update t set subtotal = 1';", "total", false],
  ["execute $q$update t set TOTAL = 1$q$;", "total", true],
  ["execute E'update t set\\ttotal = 1';", "total", true],
  ['new."Order" := 1;', "Order", true],
  ["new.order := 1;", "order", true],
  ['new."a""b" := 1;', 'a"b', true],
  ["new.größe := 1;", "größe", true],
  ["execute 'set übergröße = 1';", "größe", false],
  ["execute 'a$b';", "b", false],
  ["execute 'axb';", "a.b", false],
  ["total := 'never closed", "total", true],
])("%s names %s: %s", (source, name, named) => expect(namesColumn(source, name)).toBe(named));
