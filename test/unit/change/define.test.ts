/** `defineChange`: what it gives, what it refuses, and that a module's change is the change of a `change.yaml`. */
import { beforeAll, describe, expect, expectTypeOf, test, vi } from "vitest";
import type { RenameColumn, SetNotNull } from "../../../src/change/change.js";
import { type ChangeInput, changeOf, defineChange } from "../../../src/change/define.js";
import { describeChange } from "../../../src/change/describe.js";
import { parseChange } from "../../../src/change/parse.js";
import { ChangeoverError } from "../../../src/errors.js";
import { loadParser } from "../../../src/sql/expression.js";

const RENAME = { change: "rename_column", table: "app.orders", column: "total", to: "amount" } as const;

function refusal(work: () => unknown): ChangeoverError {
  try {
    work();
  } catch (error) {
    if (error instanceof ChangeoverError) return error;
    throw error;
  }
  throw new Error("it was not refused");
}

test("without the parser a fill is kept as it is, and what would be planned is not read at all", async () => {
  // Modules of its own: another file of this process may have loaded the parser.
  vi.resetModules();
  const { changeOf, defineChange } = await import("../../../src/change/define.js");
  const { parseChange } = await import("../../../src/change/parse.js");
  const change = defineChange({ change: "set_not_null", table: "orders", column: "note", fill: " select from " });
  expect(change.fill).toBe("select from");
  expect(() => changeOf(change, "change.ts")).toThrow("loadParser() must be awaited");
  expect(() => parseChange("", "change.yaml")).toThrow("loadParser() must be awaited");
});

describe("with the parser", () => {
  beforeAll(loadParser);

  test("gives the change that a change.yaml of the same keys gives, with its type", () => {
    const renamed = defineChange({ ...RENAME, soak: "30m", allow: ["explicit-null"], on_user_triggers: "bypass" });
    expectTypeOf(renamed).toEqualTypeOf<RenameColumn>();
    expect(renamed).toEqual(
      parseChange(
        "change: rename_column\ntable: app.orders\ncolumn: total\nto: amount\nsoak: 30m\nallow: [explicit-null]\non_user_triggers: bypass\n",
        "change.yaml",
      ),
    );
    const filled = defineChange({ change: "set_not_null", table: '"Orders"', column: "note", fill: "''" });
    expectTypeOf(filled).toEqualTypeOf<SetNotNull>();
    expect(filled).toMatchObject({ table: { schema: "public", name: "Orders" }, fill: "''", soakSeconds: 86_400 });
  });

  test("a module exports what defineChange gave, or the plain keys", () => {
    const change = defineChange(RENAME);
    expect(changeOf(change, "change.ts")).toEqual(change);
    expect(changeOf({ ...RENAME, soak: undefined }, "change.js")).toEqual(change);
    // Read again by who plans it: what was let pass without the parser is not let pass here.
    const broken = refusal(() =>
      changeOf({ change: "set_not_null", table: "o", column: "c", fill: "a b" }, "change.ts"),
    );
    expect(broken).toMatchObject({ code: "change-invalid", where: "change.ts" });
    expect(broken.message).toMatch(/^`fill` is not one SQL expression: /);
  });

  test.each([
    [{ ...RENAME, to: "total" }, "`to` is total, the name that the column has.", "Write its new name."],
    [{ ...RENAME, colum: "x" }, "`colum` is not a key of a change.", "Did you mean `column`?"],
    [{ ...RENAME, soak: "24" }, "`soak` is 24, without a unit; expected a duration.", "Write 24h"],
    [{ ...RENAME, change: "rename" }, '`change` is "rename"; expected rename_column', "Did you mean `rename_column`?"],
    [
      { ...RENAME, column: "Total" },
      '`column` is "Total", in which SQL would fold the capitals: does the name have them, or not?',
      'Write "\\"Total\\"" to keep them, or "total".',
    ],
    [{ ...RENAME, allow: ["explicit"] }, '`allow` holds "explicit", which is not the name of a hazard.', "Did you"],
    [{ ...RENAME, table: 7 }, "`table` is 7, a number; expected the table's name.", "If that is the name"],
  ])("refuses %j", (declaration, message, hint) => {
    const error = refusal(() => defineChange(declaration as ChangeInput<"rename_column">));
    expect(error).toMatchObject({ code: "change-invalid", where: "defineChange()" });
    expect(error.message).toContain(message);
    expect(error.hint).toContain(hint);
  });

  test("tells all mistakes at once, in the order of the keys", () => {
    const error = refusal(() => changeOf({ ...RENAME, table: "a.b.c", to: "" }, "plans/1/change.ts"));
    expect(error.message).toBe("2 mistakes in this change.");
    expect(error.details.map((line) => line.slice(0, 8))).toEqual(["`table` ", "`to` is "]);
  });

  test.each([[undefined], [null], ["rename_column"], [[RENAME]]])(
    "a module that exports %j exports no change",
    (value) => {
      expect(refusal(() => changeOf(value, "change.js"))).toMatchObject({
        code: "change-invalid",
        message: "The module exports no change.",
        where: "change.js",
      });
    },
  );

  describe("transform", () => {
    const CODED = { change: "set_not_null", table: "people", column: "name" } as const;
    const row = ({ first }: { first: string }) => first;

    test("is kept with its columns as the catalog spells them, and what the module is", () => {
      const change = defineChange({ ...CODED, transform: { columns: ["first", '"Last"'], row } });
      expectTypeOf(change).toEqualTypeOf<SetNotNull>();
      expect(change.transform).toEqual({ columns: ["first", "Last"], row, source: null });
      const source = { module: "change.ts", checksum: "c".repeat(64) };
      expect(changeOf(change, "change.ts", source)).toMatchObject({ fill: null, transform: { row, source } });
      expect(describeChange(change)).toBe(
        'set_not_null public.people.name, NULLs become what a transform of first, "Last" gives',
      );
    });

    test("its row has the columns that it names", () => {
      defineChange({
        ...CODED,
        // @ts-expect-error `last` is not asked for
        transform: { columns: ["first"], row: ({ last }) => last },
      });
    });

    test.each([
      [{ ...CODED, fill: "''", transform: { columns: ["a"], row } }, "stands beside fill"],
      [{ ...RENAME, transform: { columns: ["a"], row } }, "does not belong to rename_column: its triggers"],
      [
        { change: "change_type", table: "t", column: "c", type: "int", transform: { columns: ["a"], row } },
        "does not belong to change_type: its triggers",
      ],
      [{ ...CODED, transform: row }, "is not an object of columns and row."],
      [{ ...CODED, transform: { columns: [], row } }, "names no columns"],
      [{ ...CODED, transform: { columns: ["a"], row: "a" } }, "has no function row"],
      [{ ...CODED, transform: { columns: ["a"], row, batch: 1 } }, "has a key batch, which means nothing"],
      [{ ...CODED, transform: { columns: ["First"], row } }, 'reads "First", which SQL would take for first.'],
      [{ ...CODED, transform: { columns: ["a", "a"], row } }, "names a twice."],
      [{ ...CODED, transform: { columns: ["a b"], row } }, 'reads "a b", which is'],
    ])("refuses %j", (declaration, message) => {
      const error = refusal(() => changeOf(declaration, "change.ts"));
      expect(error).toMatchObject({ code: "change-invalid", where: "change.ts" });
      expect(error.message).toContain(`\`transform\` ${message}`);
    });

    test("is code, which no change.yaml can hold", () => {
      const yaml = "change: set_not_null\ntable: people\ncolumn: name\ntransform: upper(first)\n";
      const error = refusal(() => parseChange(yaml, "change.yaml"));
      expect(error).toMatchObject({
        where: "change.yaml:4:1",
        message: "`transform` is code, which YAML cannot hold.",
      });
      expect(error.hint).toContain("change.ts");
      const elsewhere = refusal(() =>
        parseChange("change: rename_column\ntable: t\ncolumn: a\nto: b\ntransform: x\n", "change.yaml"),
      );
      expect(elsewhere.message).toContain("does not belong to rename_column");
    });
  });
});
