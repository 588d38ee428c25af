import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { loadParser, ParseError, splitStatements, statementKinds } from "../../../src/sql/split.js";

beforeAll(loadParser);

test("statements come with their own extent, whatever stands around them", () => {
  const text = `-- first; not a statement
    create index concurrently "é;" on t (a) ; /* é; */ create function f() returns int
      begin atomic select 1; select 2; end -- trailing
    ;; do $$ begin perform ';'; end $$;
    select 'ü;' -- the end`;
  const found = splitStatements(text);
  expect(found.map((s) => s.text.replace(/\s+/g, " "))).toEqual([
    'create index concurrently "é;" on t (a)',
    "create function f() returns int begin atomic select 1; select 2; end",
    "do $$ begin perform ';'; end $$",
    "select 'ü;'",
  ]);
  expect(found.map((s) => s.kind)).toEqual(["IndexStmt", "CreateFunctionStmt", "DoStmt", "SelectStmt"]);
  for (const statement of found) expect(text.startsWith(statement.text, statement.offset)).toBe(true);
});

test.each([
  ["", []],
  ["  ;; -- nothing", []],
  ["alter table t validate constraint c", ["AlterTableStmt"]],
  ["create index concurrently i on t (a); analyze t", ["IndexStmt", "VacuumStmt"]],
  ["begin; commit", ["TransactionStmt", "TransactionStmt"]],
])("statementKinds(%j)", (text, kinds) => {
  expect(statementKinds(text)).toEqual(kinds);
});

test.each([
  ["select 'é'; selec 2", 12],
  ["\\d orders", 0],
  ["select '", 7],
  ["select \0", 7],
])("%j is refused at its place", (text, offset) => {
  try {
    splitStatements(text);
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(ParseError);
    expect(error).toMatchObject({ offset });
  }
});

test("what was joined comes apart again", () => {
  const statement = fc.constantFrom(
    "select 1",
    "select ';é💥'",
    "select $a$;$$;$a$",
    'select "a;b"',
    "select 1 /* ; */ + 2",
  );
  const gap = fc.constantFrom(";", " ; ", ";\n-- c;\n", ";/* é;*/", ";;");
  fc.assert(
    fc.property(fc.array(fc.tuple(statement, gap), { maxLength: 6 }), (parts) => {
      expect(splitStatements(parts.flat().join("")).map((s) => s.text)).toEqual(parts.map(([text]) => text));
    }),
  );
});
