import { expect, test } from "vitest";
import { readLines } from "../../../src/revisions/lines.js";

/** Where SQL stands at the beginning of the line that follows. */
const after = (text: string) => readLines(`${text}\nnext`).lines.at(-1)?.place;

test.each([
  ["", "free"],
  ["select 1;", "free"],
  ["select 1", "statement"],
  ["-- it's a remark; 'so", "free"],
  ["/* a remark */", "free"],
  ["select 1; -- done", "free"],
  ["select 1 -- not; ", "statement"],
  ["create rule r as on insert to t do (select 1;", "statement"],
  ["create rule r as on insert to t do (select 1; select 2);", "free"],
  ["select ')';", "free"],
  ["select 'a", "quoted"],
  ["select 'it''s", "quoted"],
  ["select 'it''s';", "free"],
  ["select 'a\\';", "free"],
  ["select E'a\\';", "quoted"],
  ["select e'a''b\\';", "quoted"],
  ["select E'a''b\\'';", "free"],
  ["select name'a\\';", "free"],
  ['alter table "a;', "quoted"],
  ['alter table "a"";"" b";', "free"],
  ["/* a /* b */", "quoted"],
  ["/* a /* b */ */", "free"],
  ["do $$ begin; ' -- ", "quoted"],
  ["do $$ begin; ' -- $$;", "free"],
  ["do $a$ $$ $b$", "quoted"],
  ["do $a$ $$ $b$ $a$;", "free"],
  ["do $ä1$ $ä1$;", "free"],
  ["select a$b$c;", "free"],
  ["select $1, $2;", "free"],
] as const)("after %j: %s", (text, place) => expect(after(text)).toBe(place));

test("what is open at the end is told with the line on which it began", () => {
  expect(readLines("select 1;\nselect 'a\nb").open).toEqual({ what: "string", line: 2 });
  expect(readLines("/*\n/* */").open).toEqual({ what: "comment", line: 1 });
  expect(readLines("select 'a';").open).toBeNull();
});
