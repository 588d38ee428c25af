/** A table, a change of it, and the two versions of an application that write it. */
import type { ChangeKind } from "../../../src/change/change.js";

/** What one version of the application knows. */
export type Shape = {
  /** in application_name */
  readonly release: string;
  /** quoted column, as this version writes it */
  readonly column: string;
  /** it may send NULL for the column */
  readonly sendsNull: boolean;
  /** it may leave the column out of an insert */
  readonly omits: boolean;
};

export type Domain = {
  readonly type: string;
  fresh(random: () => number): string;
  /** an equal value, another one where equality is coarser than identity */
  respelt(value: string): string;
  /** what the user's own trigger makes of a bump */
  bumped(bump: number): string;
  /** a good value that is only written by what is rolled back */
  readonly lost: string;
  /** refused by the CHECK */
  readonly bad: string;
  /** SQL over id: what a row holds that was there before */
  readonly seeded: string;
};

export type Variant = {
  readonly slug: string;
  readonly kind: ChangeKind;
  /** quoted, with its schema */
  readonly table: string;
  readonly schema: string;
  /** makes everything but the rows */
  readonly ddl: string;
  /** the change, as YAML */
  readonly change: string;
  readonly domain: Domain;
  readonly old: Shape;
  readonly new: Shape;
  /** quoted: what the other side is called while there are two; null: there is one column */
  readonly other: string | null;
  /** what an insert that leaves the column out ends with */
  readonly byDefault: string | null;
  /** set_not_null: what NULL becomes; null: it stays NULL */
  readonly fill: ((region: number) => string) | null;
  /** the user's trigger function as the old and as the new release want it */
  readonly bump: { readonly old: string; readonly new: string };
};

const WORDS: Domain = {
  type: "text",
  fresh: (random) => `c${Math.floor(random() * 20_000)}`,
  respelt: (value) => value,
  bumped: (bump) => `c${bump % 20_000}`,
  lost: "lost",
  bad: "this is longer than the check allows",
  seeded: "'c' || id % 20000",
};

/** 1.5, 1.50 and 1.500 are equal and not the same. */
const AMOUNTS: Domain = {
  type: "numeric",
  fresh: (random) => (Math.floor(random() * 40) / 10).toFixed(1 + Math.floor(random() * 4)),
  respelt: (value) => (value.length > 12 ? value.replace(/0+$/, "0") : `${value}0`),
  bumped: (bump) => (bump / 100).toFixed(2),
  lost: "-1",
  bad: "-2000",
  seeded: "(id / 10.0)::numeric(20,1)",
};

const NUMBERS: Domain = {
  type: "integer",
  fresh: (random) => `${Math.floor(random() * 20_000)}`,
  respelt: (value) => value,
  bumped: (bump) => `${bump % 20_000}`,
  lost: "-1",
  bad: "-2000",
  seeded: "id % 20000",
};

/** In every table: a composite key, a column that no change is about, and the user's own BEFORE trigger. */
function table(name: string, schema: string, columns: string, bump: string): string {
  return `
create schema ${schema};
create table ${schema}.codes (code text primary key);
insert into ${schema}.codes select 'c' || n from generate_series(0, 19999) n union all values ('none'), ('lost');
create table ${name} (
  region integer not null,
  ${columns},
  id integer not null,
  other integer not null,
  bump integer not null default 0,
  primary key (region, id)
) with (fillfactor = 10);
${bump};
create trigger bump before update on ${name} for each row when (old.bump <> new.bump) execute function ${schema}.bump();
create index on ${name} (other);
`;
}

const bumpFunction = (schema: string, assignment: string) =>
  `create or replace function ${schema}.bump() returns trigger language plpgsql as $$ begin ${assignment}; return new; end $$`;

type Rename = {
  readonly slug: string;
  readonly name: string;
  readonly schema: string;
  readonly from: string;
  readonly to: string;
  readonly domain: Domain;
  readonly columns: string;
  readonly further?: string;
  readonly notNull: boolean;
  readonly onTriggers: "fire" | "bypass";
};

function rename(parts: Rename): Variant {
  const { slug, schema, from, to, domain, notNull } = parts;
  const name = `${schema}.${parts.name}`;
  const value = domain.type === "text" ? "'c' || new.bump % 20000" : "(new.bump / 100.0)::numeric(20,2)";
  const bump = {
    old: bumpFunction(schema, `new.${from} := ${value}`),
    new: bumpFunction(schema, `new.${to} := ${value}`),
  };
  return {
    slug,
    kind: "rename_column",
    table: name,
    schema,
    ddl: table(name, schema, parts.columns, bump.old) + (parts.further ?? ""),
    change: [
      "change: rename_column",
      `table: '${name}'`,
      `column: '${from}'`,
      `to: '${to}'`,
      "allow: [functions-by-name]",
      `on_user_triggers: ${parts.onTriggers}`,
      "soak: 0s",
    ].join("\n"),
    domain,
    // With a default on the old side, an insert that leaves both out looks like one that gives the old side.
    old: { release: "v1", column: from, sendsNull: !notNull, omits: true },
    new: { release: "v2", column: to, sendsNull: !notNull, omits: !notNull },
    other: to,
    byDefault: notNull ? "none" : null,
    fill: null,
    bump,
  };
}

export const RENAME_NULLABLE = rename({
  slug: "lines-size",
  name: '"Order Lines"',
  schema: '"Shop"',
  from: '"Größe"',
  to: '"Size of ""it"""',
  domain: WORDS,
  columns: `"Größe" text constraint "Size" check (length("Größe") < 20) references "Shop".codes on delete restrict`,
  further: `
create index "Nach Größe" on "Shop"."Order Lines" ("Größe", region) where other >= 0;
create index on "Shop"."Order Lines" (lower("Größe"));
`,
  notNull: false,
  onTriggers: "fire",
});

export const RENAME_NOT_NULL = rename({
  slug: "items-code",
  name: "items",
  schema: "app",
  from: "code",
  to: "item_code",
  domain: WORDS,
  columns: "code text not null default 'none' check (length(code) < 20)",
  further: `
create index on app.items (code);
create table app.regions (region integer primary key);
insert into app.regions select n from generate_series(0, 99) n;
alter table app.items add foreign key (region) references app.regions;
`,
  notNull: true,
  onTriggers: "bypass",
});

export const RENAME_NUMERIC = rename({
  slug: "orders-total",
  name: "orders",
  schema: "app",
  from: "total",
  to: "amount",
  domain: AMOUNTS,
  columns: "total numeric check (total > -1000)",
  further: "create index on app.orders (total desc nulls last) include (other);",
  notNull: false,
  onTriggers: "bypass",
});

function setNotNull(slug: string, fill: boolean): Variant {
  const bump = bumpFunction("app", `new."Channel" := 'c' || new.bump % 20000`);
  const column = '"Channel"';
  return {
    slug,
    kind: "set_not_null",
    table: 'app."Visits"',
    schema: "app",
    ddl: `${table('app."Visits"', "app", `"Channel" text check (length("Channel") < 20) references app.codes`, bump)}
create index on app."Visits" ("Channel");
insert into app.codes select 'none of ' || n from generate_series(0, 99) n;
`,
    change: [
      "change: set_not_null",
      `table: 'app."Visits"'`,
      `column: '"Channel"'`,
      ...(fill ? [`fill: "'none of ' || region::text"`] : []),
      "on_user_triggers: fire",
      "soak: 0s",
    ].join("\n"),
    domain: WORDS,
    old: { release: "v1", column, sendsNull: true, omits: true },
    new: { release: "v2", column, sendsNull: false, omits: false },
    other: null,
    byDefault: null,
    fill: fill ? (region) => `none of ${region}` : null,
    bump: { old: bump, new: bump },
  };
}

export const SET_NOT_NULL = setNotNull("visits-channel", true);
export const SET_NOT_NULL_BARE = setNotNull("visits-channel-bare", false);

type Retype = {
  readonly slug: string;
  readonly columns: string;
  readonly lines: readonly string[];
  readonly further?: string;
  readonly notNull: boolean;
};

/** Both releases know the column by its one name; the new one is ready for either type, and runs in every phase. */
function retype({ slug, columns, lines, further = "", notNull }: Retype): Variant {
  const bump = bumpFunction("app", 'new."Menge" := new.bump % 20000');
  const shape = { column: '"Menge"', sendsNull: !notNull, omits: true };
  return {
    slug,
    kind: "change_type",
    table: "app.lines",
    schema: "app",
    ddl: `${table("app.lines", "app", columns, bump)}
create table app.numbers (n integer primary key);
insert into app.numbers select generate_series(-1, 20000);
grant select on app.numbers to public;
${further}`,
    change: [
      "change: change_type",
      "table: app.lines",
      `column: '"Menge"'`,
      ...lines,
      "allow: [client-type-change, functions-by-type]",
      "on_user_triggers: fire",
      "soak: 0s",
    ].join("\n"),
    domain: NUMBERS,
    old: { release: "v1", ...shape },
    new: { release: "v2", ...shape },
    other: '"changeover_Menge"',
    byDefault: notNull ? "7" : null,
    fill: null,
    bump: { old: bump, new: bump },
  };
}

/** Every write converts: twins and NOT NULL stand from the dual-write on. */
export const TYPE_WIDER = retype({
  slug: "lines-menge",
  columns: '"Menge" integer not null default 7 check ("Menge" > -1000)',
  lines: ["type: bigint"],
  further: `alter table app.lines add foreign key ("Menge") references app.numbers;
create index "Nach Menge" on app.lines ("Menge" desc, region) where other >= 0;`,
  notNull: true,
});

/** A conversion of one's own, guarded both ways; the constraints come with the contract. */
export const TYPE_GUARDED = retype({
  slug: "lines-menge-guarded",
  columns: `"Menge" integer check ("Menge"::text <> '-2000')`,
  lines: ["type: text", `using: '("Menge" + 0)::text'`, `reverse: '"Menge"::integer'`],
  further: 'create index on app.lines ("Menge");',
  notNull: false,
});

/** Rows that were there before: some hold NULL where the column may. */
export function seed({ table: name, old, domain, byDefault }: Variant, regions: number, rowsEach: number): string {
  const value = domain.seeded;
  const orNull = byDefault === null ? `case when id % 5 > 0 then ${value} end` : value;
  return `insert into ${name} (region, id, ${old.column}, other)
    select region, id, ${orNull}, 0 from generate_series(0, ${regions}) region, generate_series(1, ${rowsEach}) id;
  analyze ${name};`;
}
