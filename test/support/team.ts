/** What tests about several people share: tables to change, plans, checkouts that meet. */
import type { Checkout } from "./cli.js";
import type { TestDatabase } from "./database.js";

/** `app.<name>` (id, total, note), each with some rows. */
export function tables(...names: string[]): string {
  return `create schema app; ${names
    .map(
      (name) =>
        `create table app.${name} (id bigint primary key, total integer not null, note text);
         insert into app.${name} select n, n from generate_series(1, 300) n;`,
    )
    .join("\n")}`;
}

/** Declares a rename of `app.<table>.total` to amount in `plans/<number>-<table>`, and writes its revisions. */
export async function planned(made: Checkout, number: string, table: string): Promise<Checkout> {
  await made.write(
    `plans/${number}-${table}/change.yaml`,
    `change: rename_column\ntable: app.${table}\ncolumn: total\nto: amount\nsoak: 0s\n`,
  );
  await made.ok(["plan", table, "--write"]);
  return made;
}

/** Its backfill, its confirmation and its contract: everything after `upgrade head`. */
export async function finished(made: Checkout, slug: string): Promise<void> {
  await made.ok(["worker", "--drain", "--plan", slug]);
  await made.ok(["confirm", slug, "--release", "v2"]);
  await made.ok(["upgrade", `${slug}@head`]);
}

/** What git leaves of two branches that touch different files. */
export async function merged(into: Checkout, from: Checkout): Promise<void> {
  for (const [file, text] of Object.entries(await from.files())) await into.write(file, text);
}

export function byHand(id: string, parent: string, upgrade: string, downgrade: string, more = ""): string {
  return `-- changeover revision ${id}\n-- parent ${parent}\n${more}\n-- upgrade\n${upgrade};\n\n-- downgrade\n${downgrade};\n`;
}

export async function columnsOf(database: TestDatabase, table: string): Promise<string> {
  const [row] = await database.sql<{ names: string }>(
    `select string_agg(attname, ' ' order by attname) as names from pg_attribute
      where attrelid = $1::regclass and attnum > 0 and not attisdropped`,
    [`app.${table}`],
  );
  return row?.names ?? "";
}

/** Ids of the revisions in a checkout's file whose path has `part` in it. */
export async function idOf(made: Checkout, part: string): Promise<string> {
  const [, text] = Object.entries(await made.files()).find(([path]) => path.includes(part)) ?? [];
  return /^-- changeover revision ([0-9a-f]{12})/.exec(text ?? "")?.[1] ?? "";
}
