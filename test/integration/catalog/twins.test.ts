/** An index put together from its pieces is the index: the pieces are what twins are made of. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { readSnapshot } from "../../../src/catalog/read.js";
import type { Index } from "../../../src/catalog/snapshot.js";
import { useDatabase } from "../../support/database.js";
import { LONG } from "./rich.js";

const COLUMNS: Record<string, string> = {
  'a "b"': "text",
  Select: 'varchar(20) collate "C"',
  [LONG]: "integer",
  d: "other.caseless",
  é: "other.mood",
  f: "numeric[]",
};
const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
const t = useDatabase(`
  create schema other;
  create type other.mood as enum ('a', 'b');
  create domain other.caseless as text;
  create collation other."Odd coll" from "POSIX";
  create operator class other."Odd ops" for type text using btree as
    operator 1 <, operator 2 <=, operator 3 =, operator 4 >=, operator 5 >, function 1 bttextcmp(text, text);
  create table other.t (dropped integer, ${Object.entries(COLUMNS)
    .map(([name, type]) => `${quoted(name)} ${type}`)
    .join(", ")});
  alter table other.t drop column dropped;`);

const order = fc.constantFrom("", " asc nulls first", " desc", " desc nulls last");
const textual = fc.record({
  subject: fc.oneof(
    fc.constantFrom('a "b"', "Select", "d").map(quoted),
    fc.constantFrom('a "b"', "Select").map((name) => `lower(${quoted(name)})`),
    fc.constantFrom('a "b"', "d").map((name) => `(${quoted(name)} || 'x')`),
  ),
  collation: fc.constantFrom("", ' collate "C"', ' collate other."Odd coll"', ' collate "default"'),
  opclass: fc.constantFrom("", " text_pattern_ops", ' other."Odd ops"', " text_ops"),
  order,
});
const plain = fc.record({
  subject: fc.constantFrom(LONG, "é", "f").map(quoted),
  collation: fc.constant(""),
  opclass: fc.constant(""),
  order,
});
const key = fc.oneof(textual, plain).map((k) => `${k.subject}${k.collation}${k.opclass}${k.order}`);
const index = fc.record({
  keys: fc.array(key, { minLength: 1, maxLength: 4 }),
  include: fc.constantFrom("", ` include (${quoted(LONG)}, ${quoted("é")})`),
  where: fc.constantFrom("", ` where ${quoted(LONG)} > 3`, ` where ${quoted("é")} = 'a' and f is not null`),
});

function rebuilt(made: Index): string {
  const keys = made.keys.map((k) =>
    [
      k.column === null ? `(${k.expression})` : quoted(k.column),
      k.collation === null ? "" : `collate ${k.collation}`,
      k.opclass ?? "",
      k.descending ? "desc" : "asc",
      k.nullsFirst ? "nulls first" : "nulls last",
    ].join(" "),
  );
  const include = made.include.length === 0 ? "" : ` include (${made.include.map(quoted).join(", ")})`;
  const where = made.predicate === null ? "" : ` where ${made.predicate}`;
  return `create index i on other.t using ${made.method} (${keys.join(", ")})${include}${where}`;
}

test("any index, rebuilt from its pieces, prints the same definition and mentions the same columns", async () => {
  const read = async () => {
    const made = (await readSnapshot(t.db, { schema: "other", name: "t" })).table?.indexes[0];
    if (made === undefined) throw new Error("no index");
    await t.sql("drop index other.i");
    return made;
  };
  await fc.assert(
    fc.asyncProperty(index, async ({ keys, include, where }) => {
      const text = `(${keys.join(", ")})${include}${where}`;
      await t.sql(`create index i on other.t using btree ${text}`);
      const first = await read();
      await t.sql(rebuilt(first));
      const second = await read();
      expect(second).toEqual(first);
      const mentioned = Object.keys(COLUMNS).filter((name) =>
        /^[a-z]$/.test(name) ? new RegExp(`(?<![\\w"])"?${name}"?(?![\\w"])`).test(text) : text.includes(quoted(name)),
      );
      expect([...first.columns].sort()).toEqual(mentioned.sort());
    }),
    { numRuns: 60 },
  );
});
