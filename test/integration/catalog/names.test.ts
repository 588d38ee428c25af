/** The names that the server itself gives NOT NULL constraints (18), cut to 63 bytes as it cuts them. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { isDefaultNotNullName } from "../../../src/catalog/names.js";
import { readSnapshot } from "../../../src/catalog/read.js";
import { useDatabase } from "../../support/database.js";

const t = useDatabase();
const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
const name = fc
  .array(fc.constantFrom("a", "Z", "_", '"', " ", "ö", "日", "🙂", "1"), { minLength: 1, maxLength: 60 })
  .map((letters) => letters.join(""))
  .filter((text) => Buffer.byteLength(text) <= 63);

test.runIf(Number(process.env.PG_MAJOR ?? 18) >= 18)("the server's default names are known", async () => {
  await fc.assert(
    fc.asyncProperty(name, name, async (table, column) => {
      await t.sql(`create schema n; create table n.${quoted(table)} (${quoted(column)} integer not null)`);
      const found = (await readSnapshot(t.db, { schema: "n", name: table })).table?.columns[0]?.notNullConstraint?.name;
      await t.sql("drop schema n cascade");
      expect(isDefaultNotNullName(found ?? "", table, column)).toBe(true);
      expect(isDefaultNotNullName(`${found}x`, table, column)).toBe(false);
    }),
    { numRuns: 60 },
  );
});

test.runIf(Number(process.env.PG_MAJOR ?? 18) >= 18)("also where the name was taken", async () => {
  await t.sql("create table public.t (a integer, constraint t_a_not_null check (a > 0))");
  await t.sql("alter table public.t alter a set not null");
  const found = (await readSnapshot(t.db, { schema: "public", name: "t" })).table?.columns[0]?.notNullConstraint?.name;
  expect(found).toBe("t_a_not_null1");
  expect(isDefaultNotNullName("t_a_not_null1", "t", "a")).toBe(true);
});
