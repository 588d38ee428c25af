import { expect, test } from "vitest";
import { parseRevision } from "../../../src/revisions/format.js";
import { printScript } from "../../../src/revisions/script.js";

const revision = parseRevision(
  `-- changeover revision 0123456789ab
-- parent aaaaaaaaaaaa
-- title Add it
-- gate confirmed

-- upgrade
-- step add: a column
--   lock     ACCESS EXCLUSIVE on app.t
--   timeout  lock 2s, statement none
alter table app.t add c int;
-- step old
--   server   < 18
select 14;
-- step new
--   server   >= 18
select 18;

-- downgrade
-- step drop
alter table app.t drop c;
`,
  "plans/1-add.sql",
);

test("one direction alone, with what each statement takes, for one server", () => {
  const text = printScript(revision, "upgrade", 14);
  expect(text.split("\n").slice(0, 9)).toEqual([
    "-- Running upgrade aaaaaaaaaaaa -> 0123456789ab, Add it",
    "-- plans/1-add.sql",
    "-- gate: confirmed",
    "begin;",
    "",
    "-- add: a column",
    "-- lock: ACCESS EXCLUSIVE on app.t; work: catalog",
    "set local lock_timeout = '2s'; set local statement_timeout = '0';",
    "alter table app.t add c int;",
  ]);
  expect(text).toContain("select 14;");
  expect(text).not.toContain("select 18;");
  expect(text).not.toContain("drop c");
  expect(text.endsWith("\ncommit;")).toBe(true);
  expect(printScript(revision, "upgrade", 18)).toContain("select 18;");
});

test("the way back, and nothing of the way there", () => {
  const text = printScript(revision, "downgrade", 18);
  expect(text).toContain("-- Running downgrade 0123456789ab -> aaaaaaaaaaaa, Add it");
  expect(text).toContain("alter table app.t drop c;");
  expect(text).not.toMatch(/add c|gate/);
});

test("a title cannot end its comment", () => {
  const text = printScript({ ...revision, title: "x\ndrop table t;" }, "upgrade", 18);
  expect(text.split("\n").filter((line) => line.startsWith("drop table"))).toEqual([]);
});
