import { describe, expect, test } from "vitest";
import { parseRevision } from "../../../src/revisions/format.js";
import { trusted } from "../../../src/sql/text.js";
import { refusal } from "./make.js";

const sqlText = (text: string) => trusted(text, "constant");

describe("hand-written", () => {
  const minimal =
    "-- changeover revision 0123456789ab\n-- parent none\n\n-- upgrade\ncreate table t (id int);\ncomment on table t is 'it''s; -- upgrade';\n\n-- downgrade\ndrop table t;\n";

  test("plain SQL is one step with sensible timeouts", () => {
    expect(parseRevision(minimal, "plans/0007-add_Note.sql")).toMatchObject({
      id: "0123456789ab",
      parents: [],
      dependsOn: [],
      plan: null,
      phase: null,
      lane: "trunk",
      runner: "transactional",
      name: "add-note",
      title: "add note",
      file: "plans/0007-add_Note.sql",
      upgrade: [
        {
          name: "main",
          sql: "create table t (id int);\ncomment on table t is 'it''s; -- upgrade'",
          lockTimeoutMs: 2000,
          statementTimeoutMs: 30_000,
        },
      ],
      downgrade: [{ name: "main", sql: "drop table t" }],
    });
  });

  test("outside a transaction each statement is a step, without limits", () => {
    const text = minimal.replace(
      "-- parent none",
      "-- parent none\n-- runner autocommit\n-- note run by hand at night\n-- title Build it",
    );
    const split = (sql: string) =>
      sql
        .split(";")
        .map((part) => ({ text: sqlText(part), offset: 0 }))
        .filter((part) => part.text.trim() !== "");
    const read = parseRevision(text.replaceAll("'it''s; -- upgrade'", "'its'"), "plans/1-x.sql", split);
    expect(read.title).toBe("Build it");
    expect(read.upgrade.map(({ name, sql, lockTimeoutMs }) => [name, sql, lockTimeoutMs])).toEqual([
      ["statement-1", "create table t (id int)", 0],
      ["statement-2", "comment on table t is 'its'", 0],
    ]);
    expect(refusal(() => parseRevision(text, "plans/1-x.sql"))).toMatchObject({
      message: expect.stringContaining("need a step each"),
    });
  });

  test("steps may leave out what they do not need", () => {
    const read = parseRevision(
      "-- changeover revision 0123456789ab\n-- parent ffffffffffff, 000000000000\n-- upgrade\n-- remarks may stand here\n-- step one\nselect 1;\n-- step two: More\n--   timeout lock 1s, statement none\nselect 2;\n-- downgrade\n-- nothing",
      "x.sql",
    );
    expect(read.parents).toEqual(["ffffffffffff", "000000000000"]);
    expect(read.upgrade).toMatchObject([
      { name: "one", title: "", sql: "select 1", work: "catalog" },
      { name: "two", title: "More", lockTimeoutMs: 1000, statementTimeoutMs: 0 },
    ]);
    expect(read.downgrade).toEqual([]);
  });
});

describe("a mistake in a file is told with its line", () => {
  const head = "-- changeover revision 0123456789ab\n-- parent none\n";
  const tail = "-- upgrade\nselect 1;\n-- downgrade\n";
  test.each<[string, string, number | null, string]>([
    ["no revision at all", "select 1;\n", 1, "begins with its id"],
    ["an empty file", "", 1, "holds no revision"],
    ["an id that is none", `-- changeover revision xyz\n-- parent none\n${tail}`, 1, '"xyz" is no revision\'s id'],
    ["no parent", `-- changeover revision 0123456789ab\n${tail}`, 1, "names no parent"],
    [
      "an abbreviated parent",
      `-- changeover revision 0123456789ab\n-- parent abcd\n${tail}`,
      2,
      '"abcd" is no revision\'s id',
    ],
    ["a mistyped key", `${head}-- titel x\n${tail}`, 3, 'no line for "-- titel x"'],
    ["a key twice", `${head}-- title x\n-- title y\n${tail}`, 4, "second line for title"],
    ["SQL above the sections", `${head}create table t ();\n${tail}`, 3, "SQL stands above"],
    ["no such runner", `${head}-- runner fast\n${tail}`, 3, '"fast" is not one of transactional, autocommit, backfill'],
    ["no such gate", `${head}-- gate later\n${tail}`, 3, '"later" is not one of backfill, verified'],
    ["half a verdict", `${head}-- deploy old yes: fine\n${tail}`, 3, "and one for deploy new"],
    ["no downgrade", `${head}-- upgrade\nselect 1;\n`, 4, "no section downgrade"],
    ["sections the wrong way round", `${head}-- downgrade\n-- upgrade\n`, null, "not in order"],
    ["a section twice", `${head}${tail}-- downgrade\n`, 6, "second section downgrade"],
    ["a lost semicolon", `${head}-- upgrade\nselect 1\n-- downgrade\n`, 5, "begins on line 4 has not ended"],
    ["a string without an end", `${head}-- upgrade\nselect 'a;\n-- downgrade\n`, 4, "A string begins here"],
    ["a body without an end", `${head}-- upgrade\ndo $x$ begin\n-- downgrade\n$y$;`, 4, "A body begins here"],
    [
      "SQL before the first step",
      `${head}-- upgrade\nselect 1;\n-- step a\nselect 2;\n-- downgrade\n`,
      4,
      "before the section's first step",
    ],
    [
      "a step's header that is none",
      `${head}-- upgrade\n-- step a b: c\nselect 2;\n-- downgrade\n`,
      4,
      "no step's header",
    ],
    [
      "a step's key that is none",
      `${head}-- upgrade\n-- step a\n--   loc x\nselect 2;\n-- downgrade\n`,
      5,
      'no line for "--   loc x"',
    ],
    [
      "a step's timeout that is none",
      `${head}-- upgrade\n-- step a\n--   timeout 5s\nselect 2;\n-- downgrade\n`,
      5,
      "This is no timeout: 5s",
    ],
    [
      "a plan without a phase",
      `${head}-- plan p\n-- name x\n-- lane trunk\n-- runner transactional\n${tail}`,
      1,
      "has a line for phase",
    ],
    [
      "a bare carriage return",
      `${head}-- upgrade\nselect 1; -- a\rdrop table t;\n-- downgrade\n`,
      4,
      "bare carriage return",
    ],
  ])("%s", (_, text, line, message) => {
    const error = refusal(() => parseRevision(text, "plans/x.sql"));
    expect(error).toMatchObject({
      code: "revision-invalid",
      where: line === null ? "plans/x.sql" : `plans/x.sql:${line}`,
    });
    expect(error.message).toContain(message);
  });
});
