import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { AGGREGATES, SET_RETURNING } from "../../../src/sql/builtins.js";
import { ident, MAX_NAME_BYTES, nameBytes, parseIdentifier, parseQualified } from "../../../src/sql/identifier.js";
import { dollarQuote, literal, textArray } from "../../../src/sql/literal.js";
import { RESERVED_WORDS } from "../../../src/sql/reserved.js";
import { useDatabase } from "../../support/database.js";

const database = useDatabase("create table words as select word, catcode from pg_get_keywords()");

const nasty = [
  ..."aZ_$09é߀💥\"'\\.;-/*%:& \t\n\r\f\v\u00a0\u0001\u007f\u0085\u2028\ufeff",
  "--",
  "/*",
  "$$",
  "select",
  "E'",
  "U&",
];
const strings = fc.oneof(
  fc.string({ unit: fc.constantFrom(...nasty), maxLength: 24 }),
  fc.string({ unit: "binary", maxLength: 24 }).map((s) => s.replaceAll("\0", "")),
);
const names = strings.filter((s) => s.length > 0 && nameBytes(s) <= MAX_NAME_BYTES);

let keywords: string[] = [];
beforeAll(async () => {
  keywords = (await database.sql<{ word: string }>("select word from words")).map(({ word }) => word);
});

test("ident quotes as quote_ident does, every key word of this server included", async () => {
  const samples = [...fc.sample(names, 1500), ...keywords];
  const rows = await database.sql<{ q: string }>(
    "select quote_ident(n) as q from unnest($1::text[]) with ordinality as u(n, o) order by o",
    [samples],
  );
  rows.forEach(({ q }, n) => {
    const name = samples[n] ?? "";
    // A word that another major reserves is quoted too: the file runs on all of them.
    expect(ident(name)).toBe(RESERVED_WORDS.has(name) ? `"${name}"` : q);
  });
});

test("literal means the same string with standard_conforming_strings on and off, and quotes as quote_literal does", async () => {
  const samples = fc.sample(strings, 1000);
  for (const setting of ["on", "off"]) {
    const client = await database.client();
    await client.query(`set standard_conforming_strings = ${setting}; set escape_string_warning = off`);
    const { rows } = await client.query(
      `select ${textArray(samples)} as back, array(select quote_literal(s) from unnest($1::text[]) with ordinality as u(s, o) order by o) as quoted`,
      [samples],
    );
    expect(rows[0].back).toEqual(samples);
    expect(samples.map((sample) => literal(sample).trimStart())).toEqual(rows[0].quoted);
  }
});

test("dollarQuote gives the body back, whatever it holds and ends with", async () => {
  const body = fc.string({
    unit: fc.constantFrom("$", "$$", "$body0$", "$body0", "$body1$", "a", "'", "\\", "é"),
    maxLength: 8,
  });
  const samples = ["", "$", "a$", "$$", "$$ $body0", "$$$body0$$body1", ...fc.sample(body, 300)];
  const rows = await database.sql<{ b: string[] }>(`select array[${samples.map(dollarQuote).join(", ")}]::text[] as b`);
  expect(rows[0]?.b).toEqual(samples);
});

test("a real column gets the name, and parseIdentifier reads it as the server does", async () => {
  const client = await database.client();
  const columnOf = async (spelling: string): Promise<string[] | null> => {
    await client.query("begin");
    try {
      await client.query(`create table public.probe (${spelling}\n int)`);
      const { rows } = await client.query(
        "select attname as name from pg_attribute where attrelid = 'public.probe'::regclass and attnum > 0",
      );
      return rows.map((row) => String(row.name));
    } catch {
      return null;
    } finally {
      await client.query("rollback");
    }
  };
  const spelling = fc.oneof(
    names.map((name): string => ident(name)),
    names.map((name) => `"${name.replaceAll('"', '""')}"`),
    fc.string({ unit: fc.constantFrom(...nasty.filter((c) => !/[;,()'-]/.test(c))), minLength: 1, maxLength: 8 }),
    fc.stringMatching(/^[A-Za-zéß_\u00a0💥][A-Za-z0-9_$éß\u00a0💥]{0,12}$/u),
  );
  let read = 0;
  await fc.assert(
    fc.asyncProperty(spelling, async (text) => {
      const name = parseIdentifier(text);
      const real = await columnOf(text);
      if (name !== null && !keywords.includes(name)) {
        read += 1;
        expect(real).toEqual([name]);
        expect(await columnOf(ident(name))).toEqual([name]);
      }
      // The server also takes comments, U&"…", and (from 16 on) \v as white space; we need not.
      if (name === null && real !== null) expect(text).toMatch(/--|\/\*|u&|\v/i);
    }),
    { numRuns: 700 },
  );
  expect(read).toBeGreaterThan(150);
});

test("names that the server would cut, and text that is no name, are not read", async () => {
  expect(parseIdentifier("é".repeat(31))).toBe("é".repeat(31));
  expect(parseIdentifier("é".repeat(32))).toBeNull();
  expect(parseIdentifier(`"${"x".repeat(64)}"`)).toBeNull();
  for (const text of ["", " ", '""', "a b", "1a", "a.b", "a.", ".a", '"a', 'a"b"', "a-b", "a;", '"a\0b"', '"\ud800"']) {
    expect(parseIdentifier(text)).toBeNull();
  }
  expect(parseQualified(' App . "Or""ders" ')).toEqual({ schema: "app", name: 'Or"ders' });
  expect(parseQualified("Orders")).toEqual({ schema: "public", name: "orders" });
  expect(parseQualified("a.b.c")).toBeNull();
  for (const bad of ["", "a\0", "\ud800"]) expect(() => ident(bad)).toThrow(RangeError);
  for (const bad of ["a\0", "\udc00"]) expect(() => literal(bad)).toThrow(RangeError);
});

test("the lists of aggregates and set-returning functions are this server's, and the reserved words too", async () => {
  const named = async (condition: string) =>
    (
      await database.sql<{ name: string }>(
        `select distinct proname as name from pg_proc where pronamespace = 'pg_catalog'::regnamespace and ${condition}`,
      )
    ).map(({ name }) => name);
  expect((await named("prokind = 'a'")).filter((name) => !AGGREGATES.has(name))).toEqual([]);
  expect((await named("proretset")).filter((name) => !SET_RETURNING.has(name))).toEqual([]);
  // A name that is also a plain function's would be refused without need; monitoring functions are no loss.
  const plain = new Set(await named("prokind = 'f' and not proretset"));
  expect([...AGGREGATES, ...SET_RETURNING].filter((name) => plain.has(name) && !name.startsWith("pg_"))).toEqual([]);
  const reserved = await database.sql<{ word: string }>("select word from words where catcode <> 'U'");
  expect(reserved.map(({ word }) => word).filter((word) => !RESERVED_WORDS.has(word))).toEqual([]);
});
