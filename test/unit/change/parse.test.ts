import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { Document, Scalar } from "yaml";
import type { Change } from "../../../src/change/change.js";
import { describeChange } from "../../../src/change/describe.js";
import { readDuration } from "../../../src/change/duration.js";
import { HAZARD_NAMES } from "../../../src/change/hazards.js";
import { nearest } from "../../../src/change/mistake.js";
import { parseChange } from "../../../src/change/parse.js";
import { scaffoldChange } from "../../../src/change/scaffold.js";
import { changeJsonSchema, KEYS, KINDS } from "../../../src/change/schema.js";
import { ChangeoverError } from "../../../src/errors.js";
import { loadParser } from "../../../src/sql/expression.js";
import { ident, MAX_NAME_BYTES, nameBytes, qualified } from "../../../src/sql/identifier.js";

beforeAll(loadParser);

const read = (text: string) => parseChange(text, "change.yaml");
const common = {
  table: { schema: "app", name: "orders" },
  column: "total",
  allow: [],
  onUserTriggers: "refuse",
  soakSeconds: 86_400,
};

test("a rename with every key, and one with the required keys alone", () => {
  expect(
    read(`# the order's amount
change: rename_column
table: App."Orders"   # folded, and kept
column: '"Total"'
to: Amount
allow: [explicit-null, column-order, explicit-null]
on_user_triggers: bypass
soak: 1d 12h
`),
  ).toEqual({
    kind: "rename_column",
    table: { schema: "app", name: "Orders" },
    column: "Total",
    to: "amount",
    allow: ["explicit-null", "column-order"],
    onUserTriggers: "bypass",
    soakSeconds: 129_600,
  });
  expect(read("change: rename_column\ntable: orders\ncolumn: order\nto: yes")).toEqual({
    ...common,
    kind: "rename_column",
    table: { schema: "public", name: "orders" },
    column: "order",
    to: "yes",
  });
});

test("JSON is YAML, and a file may begin with a byte order mark and end its lines as Windows does", () => {
  const json = JSON.stringify({ change: "rename_column", table: "app.orders", column: "total", to: "amount" });
  const expected = { ...common, kind: "rename_column", to: "amount" };
  expect(read(json)).toEqual(expected);
  expect(read("\ufeffchange: rename_column\r\ntable: app.orders\r\ncolumn: total\r\nto: amount\r\n")).toEqual(expected);
});

test.each([
  ["", null],
  ["fill: 0\n", "0"],
  ["fill: -1.50\n", "-1.50"],
  ["fill: false\n", "false"],
  ["fill: app.next(net, 'x') || \"Net\"\n", "app.next(net, 'x') || \"Net\""],
  ["fill: app.orders.net + orders.tax\n", "app.orders.net + orders.tax"],
  ["fill: |\n  case -- which\n    when a then 1\n    else 2\n  end\n", "case -- which\n  when a then 1\n  else 2\nend"],
])("set_not_null with %j", (line, fill) => {
  expect(read(`change: set_not_null\ntable: app.orders\ncolumn: total\n${line}`)).toEqual({
    ...common,
    kind: "set_not_null",
    fill,
    transform: null,
  });
});

test("the change in one line shows what folding made of the names", () => {
  const line = (text: string) => describeChange(read(text));
  expect(line("change: rename_column\ntable: App.Orders\ncolumn: Total\nto: amount")).toBe(
    "rename_column app.orders.total to amount",
  );
  expect(line("change: rename_column\ntable: App.Orders\ncolumn: '\"Total\"'\nto: '\"a\n\n  b\"'")).toBe(
    'rename_column app.orders."Total" to "a b"',
  );
  expect(line("change: set_not_null\ntable: app.orders\ncolumn: total")).toBe("set_not_null app.orders.total");
  expect(line("change: set_not_null\ntable: app.orders\ncolumn: total\nfill: |\n  coalesce(a,\n    b)")).toBe(
    "set_not_null app.orders.total, NULLs become coalesce(a, b)",
  );
  const long = line(`change: set_not_null\ntable: app.orders\ncolumn: total\nfill: "'${"💥".repeat(90)}'"`);
  expect(long).toBe(`set_not_null app.orders.total, NULLs become '${"💥".repeat(58)}…`);
});

test.each(["rename_column", "set_not_null"] as const)("the scaffold of %s explains every key and parses", (kind) => {
  const text = scaffoldChange(kind);
  expect(text.split("\n")[0]).toMatch(/^# yaml-language-server: \$schema=.*change\.schema\.json$/);
  const extra = kind === "rename_column" ? { to: "amount" } : { fill: "0", transform: null };
  expect(read(text)).toEqual({ ...common, kind, ...extra });
  for (const key of Object.keys(KINDS[kind].shape)) expect(text).toMatch(new RegExp(`\\n# .*\\n${key}: `));
  for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
  expect(scaffoldChange(kind, "https://example.org/x.json")).toContain("$schema=https://example.org/x.json\n");
});

test("the JSON Schema says what the parser takes, with a title and a sentence for each key", () => {
  const schema = changeJsonSchema() as {
    oneOf: { properties: Record<string, Record<string, unknown>>; required: string[]; additionalProperties: boolean }[];
  };
  const byKind = new Map(schema.oneOf.map((one) => [one.properties.change?.const, one]));
  expect(byKind.get("rename_column")?.required).toEqual(["change", "table", "column", "to"]);
  expect(byKind.get("set_not_null")?.required).toEqual(["change", "table", "column"]);
  for (const [kind, one] of byKind) {
    expect(one.additionalProperties).toBe(false);
    expect(Object.keys(one.properties).sort()).toEqual(Object.keys(KINDS[kind as keyof typeof KINDS].shape).sort());
    for (const [key, property] of Object.entries(one.properties)) {
      expect(property).toMatchObject({
        title: KEYS[key as keyof typeof KEYS].title,
        description: KEYS[key as keyof typeof KEYS].description,
      });
      expect(property.examples).not.toEqual([]);
    }
    expect(one.properties.soak?.default).toBe("24h");
    expect(one.properties.allow?.items).toMatchObject({ enum: HAZARD_NAMES });
  }
});

test("durations: every number has its unit, and means what it says", () => {
  const unit = fc.constantFrom<[string, number]>(["s", 1], ["m", 60], ["h", 3600], ["d", 86_400], ["w", 604_800]);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), unit), { minLength: 1, maxLength: 3 }),
      fc.boolean(),
      (parts, spaced) => {
        const text = parts.map(([n, [name]]) => `${n}${name}`).join(spaced ? " " : "");
        const seconds = parts.reduce((sum, [n, [, size]]) => sum + n * size, 0);
        if (seconds <= 366 * 86_400) expect(readDuration(text)).toBe(seconds);
        else expect(readDuration(text)).toMatchObject({ message: expect.stringContaining("longer than") });
      },
    ),
  );
  expect(readDuration("1.5h")).toBe(5400);
  for (const bad of [
    "",
    "h",
    "24",
    "1h30",
    "24H",
    "1 h",
    "1e3s",
    "5ms",
    "1y",
    "1M",
    "-1h",
    "+1h",
    "1h,",
    "1h  2m",
    "½h",
    "Infinity",
  ]) {
    expect(readDuration(bad)).toMatchObject({ hint: expect.any(String) });
  }
});

test("what was probably meant", () => {
  const keys = Object.keys(KEYS);
  expect(nearest("tabel", keys)).toBe("table");
  expect(nearest("on-user-triggers", keys)).toBe("on_user_triggers");
  expect(nearest("Column", keys)).toBe("column");
  expect(nearest("onusertrigger", keys)).toBe("on_user_triggers");
  expect(nearest("partition", keys)).toBeNull();
  expect(nearest("x", keys)).toBeNull();
});

const name = fc
  .string({ unit: "binary", minLength: 1, maxLength: 20 })
  .map((s) => s.replaceAll("\0", ""))
  .filter((s) => s.length > 0 && nameBytes(s) <= MAX_NAME_BYTES);
const styles = [
  Scalar.QUOTE_DOUBLE,
  Scalar.QUOTE_SINGLE,
  Scalar.BLOCK_LITERAL,
  Scalar.BLOCK_FOLDED,
  Scalar.PLAIN,
] as const;

test("any names, written in SQL's quotes inside of YAML's, come back", () => {
  fc.assert(
    fc.property(name, name, name, name, (schema, table, column, to) => {
      fc.pre(column !== to);
      const document = new Document({
        change: "rename_column",
        table: qualified({ schema, name: table }),
        column: ident(column),
        to: ident(to),
      });
      const change: Change = read(document.toString());
      expect(change).toMatchObject({ table: { schema, name: table }, column, to });
      expect(describeChange(change)).not.toMatch(/[\n\r]/);
    }),
    { numRuns: 500 },
  );
});

test("a mistake in fill is shown at its very character, in every style of YAML", () => {
  const words = fc.array(
    fc.constantFrom("a", "'x''y'", '"B"', "é", "'💥'", "'\\'", "b  c", "/* \n\n */", "d\n  e", "\t"),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(words, words, fc.constantFrom(...styles), (before, after, style) => {
      const fill = new Scalar(`f( ${before.join(" + ")} @@@@ ;~ ${after.join(" ")}`);
      fill.type = style;
      const document = new Document({ change: "set_not_null", table: "app.orders", column: "total", fill });
      const text = document.toString({ lineWidth: 24 });
      const error = failure(text);
      const [, line, column] = /:(\d+):(\d+)$/.exec(error.where ?? "") ?? [];
      const at =
        text
          .split("\n")
          .slice(0, Number(line) - 1)
          .join("\n").length +
        (Number(line) > 1 ? 1 : 0) +
        Number(column) -
        1;
      // The server names the token that it stumbles over: what stands there must be that token.
      const token = /at or near "([^"]|"")/.exec(error.message)?.[1];
      expect(token).toBeDefined();
      const here = text.slice(at);
      expect(
        here.startsWith(token ?? "") ||
          (token === '"' && here.startsWith('\\"')) ||
          (token === "\\" && here.startsWith("\\\\")),
      ).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test("whatever a file holds, it is read or refused with its places", () => {
  const lines = fc.constantFrom(
    ...'change: rename_column|change: set_not_null|change:|table: app.orders|table: \'"A".b\'|column: total|column: [|to: x|to: *a|fill: |fill: |-|  a b|  a: b|- x|\t|---|...|%YAML 1.1|allow: [column-order]|allow: [*x, {a: b}, [c], null]|allow:|soak: 1h|soak: {}|? x|: y|<<: *a|&a b: c|!!int x: 1|to: !!binary eA==|\'|"|#|\u0007|\ud800|__proto__: x|constructor: x|toString: 1|null: 1|fill: "a\\u0000"|fill: (((('.split(
      "|",
    ),
  );
  fc.assert(
    fc.property(fc.array(lines, { maxLength: 8 }), (parts) => {
      const text = parts.join("\n");
      try {
        expect(["rename_column", "set_not_null"]).toContain(read(text).kind);
      } catch (error) {
        if (!(error instanceof ChangeoverError)) throw error;
        expect(error.code).toBe("change-invalid");
        const count = text.split("\n").length;
        for (const place of [error.where, ...error.details]) {
          const [, line, column] = /^change\.yaml:(\d+):(\d+)/.exec(place ?? "") ?? [];
          expect(Number(line)).toBeGreaterThan(0);
          expect(Number(line)).toBeLessThanOrEqual(count);
          expect(Number(column)).toBeLessThanOrEqual((text.split("\n")[Number(line) - 1]?.length ?? 0) + 1);
        }
      }
    }),
    { numRuns: 5000 },
  );
});

function failure(text: string): ChangeoverError {
  try {
    read(text);
  } catch (error) {
    if (error instanceof ChangeoverError) return error;
    throw error;
  }
  throw new Error(`it was read: ${text}`);
}
