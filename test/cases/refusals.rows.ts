/** Every refusal of the planner, made real. Each row has `app.t (id integer primary key, a text, b integer)` to begin with. */
import type { RefusalOf } from "../support/refusals.js";

export type Row = {
  readonly name: string;
  /** what to tell two rows of one name apart by */
  readonly case?: string;
  readonly of: RefusalOf;
  readonly setup?: string;
  /** lines of change.yaml over the usual ones: `change`, `table`, `column`, `to` or `fill` */
  readonly change?: Readonly<Record<string, string | null>>;
  /** change.ts instead of change.yaml */
  readonly module?: string;
  /** one text, for `$1` in the change */
  readonly lookup?: string;
  /** another plan, written before, as lines of its change.yaml */
  readonly other?: Readonly<Record<string, string | null>>;
  /** only from this major on */
  readonly from?: number;
  /** only before this major */
  readonly below?: number;
  /** as a role that is not superuser */
  readonly asRole?: boolean;
  readonly code?: "not-found" | "privilege";
};

/** The role that `asRole` connects as. */
export const ROLE = "refusal_role";

const touch = `create function app.touch() returns trigger language plpgsql as $$ begin return new; end $$;
  create trigger touch before update on app.t for each row execute function app.touch();`;
const owned = `alter table app.t owner to ${ROLE};`;
const bypass = { on_user_triggers: "bypass" };

const parted = `create table app.p (id integer, a text) partition by range (id);
  create table app.leaf partition of app.p for values from (0) to (9);`;

const ANY: readonly Omit<Row, "of">[] = [
  { name: "table-not-found", change: { table: "app.nowhere" }, code: "not-found" },
  { name: "column-not-found", change: { column: "nowhere" }, code: "not-found" },
  { name: "system-table", change: { table: "information_schema.sql_features", column: "comments" } },
  {
    name: "partition",
    setup: `${parted}`,
    change: { table: "app.leaf" },
  },
  { name: "partition-key", case: "of the table", setup: parted, change: { table: "app.p", column: "id" } },
  {
    name: "partition-key",
    case: "of a partition, in an expression",
    setup: `${parted} create table app.branch partition of app.p for values from (10) to (20) partition by list (lower(a));`,
    change: { table: "app.p" },
  },
  {
    name: "partition-unwalkable",
    setup: `${parted} create foreign data wrapper refused_wrapper; create server refused foreign data wrapper refused_wrapper;
      create foreign table app.far partition of app.p for values from (10) to (20) server refused`,
    change: { table: "app.p" },
  },
  {
    name: "partition-owner",
    setup: `${parted} alter table app.p owner to ${ROLE}; grant usage on schema app to ${ROLE}`,
    change: { table: "app.p" },
    asRole: true,
  },
  ...[
    ["an index", "create index on app.leaf (a)"],
    ["a check", "alter table app.leaf add check (a <> '')"],
    [
      "a foreign key",
      "create table app.f (a text primary key); alter table app.leaf add foreign key (a) references app.f",
    ],
    ["a default", "alter table app.leaf alter a set default 'x'"],
    ["NOT NULL", "alter table app.leaf alter a set not null"],
    ["a column grant", "grant select (a) on app.leaf to public"],
    ["a statistics object", "create statistics app.s on id, a from app.leaf"],
    ["a view", "create view app.v as select a from app.leaf"],
    ["a policy", "create policy mine on app.leaf using (a = 'x')"],
    ["a rule", "create rule mine as on insert to app.leaf do also nothing"],
    [
      "a trigger",
      `create function app.touch() returns trigger language plpgsql as $$ begin return new; end $$;
       create trigger touch before update on app.leaf for each row execute function app.touch()`,
    ],
  ].map(([what, setup]) => ({
    name: "partition-differs",
    case: what ?? "",
    setup: `${parted} ${setup}`,
    change: { table: "app.p" },
  })),
  {
    name: "partitioned-identity",
    from: 17,
    setup: "create table app.p (id integer, a bigint generated always as identity) partition by range (id)",
    change: { table: "app.p" },
  },
  {
    name: "partitioned-foreign-key",
    below: 18,
    setup: `${parted} create table app.f (a text primary key); alter table app.p add foreign key (a) references app.f`,
    change: { table: "app.p" },
  },
  { name: "not-a-table", case: "a view", setup: "create view app.v as select 1 as a", change: { table: "app.v" } },
  {
    name: "not-a-table",
    case: "a materialized view",
    setup: "create materialized view app.v as select 1 as a",
    change: { table: "app.v" },
  },
  {
    name: "temporary-table",
    setup: "create temporary table refused (a text)",
    lookup: "select relnamespace::regnamespace::text || '.refused' from pg_class where relname = 'refused'",
    change: { table: "$1" },
  },
  {
    name: "access-method",
    setup: `create access method refused_heap type table handler heap_tableam_handler;
      create table app.other (a text) using refused_heap`,
    change: { table: "app.other" },
  },
  {
    name: "inheritance",
    case: "a child",
    setup: "create table app.child () inherits (app.t)",
    change: { table: "app.child" },
  },
  { name: "inheritance", case: "a parent", setup: "create table app.child () inherits (app.t)" },
  {
    name: "typed-table",
    setup: "create type app.kind as (id integer, a text); create table app.typed of app.kind",
    change: { table: "app.typed" },
  },
  { name: "rewrite-rule", setup: "create rule noisy as on update to app.t do also notify noise" },
  {
    name: "row-security",
    setup: `${owned} alter table app.t enable row level security; alter table app.t force row level security`,
    asRole: true,
  },
  { name: "not-owner", asRole: true, code: "privilege" },
  {
    name: "later-trigger",
    setup: `create function app.touch() returns trigger language plpgsql as $$ begin return new; end $$;
      create trigger "~~later" before insert on app.t for each row execute function app.touch()`,
  },
  {
    name: "composite-column",
    case: "of the type itself",
    setup: "create type app.pair as (x integer, y integer); alter table app.t add c app.pair",
    change: { column: "c" },
  },
  {
    name: "composite-column",
    case: "of a domain over it",
    setup: `create type app.pair as (x integer, y integer); create domain app.pairs as app.pair;
      alter table app.t add c app.pairs`,
    change: { change: "set_not_null", column: "c", to: null },
  },
  { name: "open-plan", case: "on the column", other: { to: "other" } },
  {
    name: "open-plan",
    case: "on one that shares an index",
    setup: "create index on app.t (a, b)",
    other: { column: "b" },
  },
  { name: "user-triggers", setup: touch },
  { name: "bypass-not-granted", setup: `${owned} ${touch}`, change: bypass, asRole: true },
  { name: "bypass-always-trigger", setup: `${touch} alter table app.t enable always trigger touch`, change: bypass },
  {
    name: "bypass-replica-trigger",
    setup: `${touch} create trigger again before update on app.t for each row execute function app.touch();
      alter table app.t enable replica trigger again`,
    change: bypass,
  },
  {
    name: "bypass-foreign-key",
    setup: `${touch} alter table app.t add foreign key (b) references app.t`,
    change: { ...bypass, change: "set_not_null", column: "b", to: null, fill: "1" },
  },
];

const RENAME: readonly Omit<Row, "of">[] = [
  { name: "name-taken", change: { to: "b" } },
  { name: "system-column-name", change: { to: "xmin" } },
  {
    name: "view-unreadable",
    case: "joined by name",
    setup: "create table app.o (a text); create view app.v as select a from app.t natural join app.o",
  },
  {
    name: "view-unreadable",
    case: "a join with a name of its own",
    setup: "create table app.o (c integer); create view app.v as select j.a from (app.t join app.o on o.c = t.b) j",
  },
  {
    name: "view-impossible",
    setup: `create table app.o (z integer); create table app.p (z integer);
      create view app.v as select z, t.a from app.t, app.o full join app.p using (z)`,
  },
];

/** Of every kind that adds a column; where a column is named, `b` or one like it, its type becomes bigint. */
const TWINS: readonly Omit<Row, "of">[] = [
  {
    name: "generated-column",
    setup: "alter table app.t add g integer generated always as (b * 2) stored",
    change: { column: "g" },
  },
  {
    name: "identity-sequence-used",
    case: "by another column",
    setup: `alter table app.t add i integer generated always as identity;
      create table app.other (n integer default nextval('app.t_i_seq'))`,
    change: { column: "i" },
  },
  {
    name: "identity-sequence-used",
    case: "by a view",
    setup: `alter table app.t add i integer generated always as identity;
      create view app.v as select last_value from app.t_i_seq`,
    change: { column: "i" },
  },
  {
    name: "constrained-domain",
    setup: "create domain app.positive as integer check (value > 0); alter table app.t add d app.positive",
    change: { column: "d" },
  },
  {
    name: "security-label",
    case: "of an identity's sequence",
    setup: `alter table app.t add i integer generated always as identity;
      insert into pg_seclabel values ('app.t_i_seq'::regclass, 'pg_class'::regclass, 0, 'none', 'secret')`,
    change: { column: "i" },
  },
  {
    name: "security-label",
    setup: `insert into pg_seclabel
      select 'app.t'::regclass, 'pg_class'::regclass, attnum, 'none', 'secret' from pg_attribute
       where attrelid = 'app.t'::regclass and attname = 'a'`,
  },
  {
    name: "grant-by-another",
    case: "on an identity's sequence",
    setup: `alter table app.t add i integer generated always as identity;
      grant usage on sequence app.t_i_seq to ${ROLE} with grant option; grant usage on schema app to ${ROLE};
      set role ${ROLE}; grant usage on sequence app.t_i_seq to public; reset role`,
    change: { column: "i" },
  },
  {
    name: "grant-by-another",
    setup: `grant select (a) on app.t to ${ROLE} with grant option; grant usage on schema app to ${ROLE};
      set role ${ROLE}; grant select (a) on app.t to public; reset role`,
  },
  {
    name: "not-valid-not-null",
    setup: "alter table app.t add constraint a_given not null a not valid",
    from: 18,
  },
  {
    name: "generated-from-column",
    setup: "alter table app.t add g text generated always as (a || '!') stored",
  },
  { name: "primary-key-column", change: { column: "id" } },
  {
    name: "constraint-kind",
    setup: "alter table app.t add constraint apart exclude using btree (b with =)",
    change: { column: "b" },
  },
  {
    name: "referenced-column",
    setup: "alter table app.t add unique (b); create table app.child (b integer references app.t (b))",
    change: { column: "b", allow: "[unique-twin-upsert]" },
  },
  { name: "unusual-constraint", setup: "alter table app.t add check (a <> '') not enforced", from: 18 },
  { name: "deferrable-unique", setup: "alter table app.t add unique (b) deferrable", change: { column: "b" } },
  {
    name: "invalid-index",
    setup: `create index broken on app.t (a);
      update pg_index set indisvalid = false where indexrelid = 'app.broken'::regclass`,
  },
  { name: "whole-row", case: "a check", setup: "alter table app.t add check (t is not null or a = 'x')" },
  {
    name: "whole-row",
    case: "a check that names no column",
    setup: "alter table app.t add check (t.* is distinct from null)",
  },
  { name: "whole-row", case: "an index", setup: "create index on app.t ((t is null)) where a = 'x'" },
  { name: "materialized-view", setup: "create materialized view app.v as select a from app.t" },
  {
    name: "temporary-view",
    setup: "create temporary view refused_view as select a from app.t",
  },
  {
    name: "view-of-extension",
    setup: "create view app.v as select a from app.t; alter extension plpgsql add view app.v",
  },
  {
    name: "view-rule",
    setup: "create view app.v as select a from app.t; create rule r as on insert to app.v do instead nothing",
  },
  {
    name: "view-owner",
    setup: `${owned} grant usage, create on schema app to ${ROLE}; create view app.v as select a from app.t`,
    asRole: true,
  },
  { name: "whole-row", case: "a view", setup: "create view app.v as select t as whole from app.t" },
  { name: "policy-column", setup: "create policy p on app.t using (a = current_user)" },
  {
    name: "trigger-column",
    case: "update of",
    setup: `create trigger watch after update of a on app.t for each row execute function suppress_redundant_updates_trigger()`,
  },
  {
    name: "trigger-column",
    case: "when",
    setup: `create trigger watch after insert on app.t for each row when (new.a = 'x') execute function suppress_redundant_updates_trigger()`,
  },
  {
    name: "publication-columns",
    case: "a list of columns",
    setup: "create publication refused for table app.t (id, b)",
    change: { allow: "[published-table]" },
    from: 15,
  },
  {
    name: "publication-columns",
    case: "a filter of rows",
    setup: "create publication refused for table app.t where (a = 'x')",
    change: { allow: "[published-table]" },
    from: 15,
  },
];

const TYPE: readonly Omit<Row, "of">[] = [
  {
    name: "replica-identity",
    setup: `alter table app.t alter b set not null; create unique index key on app.t (b);
      alter table app.t replica identity using index key`,
    change: { column: "b", type: "bigint", allow: "[unique-twin-upsert]" },
  },
  {
    name: "identity-type",
    case: "no integer",
    setup: "alter table app.t add i integer generated always as identity",
    change: { column: "i", type: "numeric(20)" },
  },
  {
    name: "identity-type",
    case: "the catalog alone would change",
    setup: "create domain app.number as integer; alter table app.t add i integer generated always as identity",
    change: { column: "i", type: "app.number", allow: "[client-type-change]" },
  },
  {
    name: "identity-type",
    case: "its bounds",
    setup: "alter table app.t add i bigint generated by default as identity (maxvalue 5000000000)",
    change: { column: "i", type: "integer" },
  },
  { name: "name-taken", setup: "alter table app.t add changeover_a text" },
  { name: "null-conversion", case: "using", change: { using: "coalesce(a, '')" } },
  { name: "null-conversion", case: "reverse", change: { reverse: "coalesce(a, '')" } },
  { name: "unique-conversion", setup: "create unique index on app.t (a, b)" },
  {
    name: "unique-conversion",
    case: "by the fallback",
    setup: "create unique index on app.t (b)",
    change: { column: "b", type: "bigint", fallback: "0" },
  },
  {
    name: "unique-conversion",
    case: "by NULLs that are not distinct",
    setup: "create unique index on app.t (b) nulls not distinct",
    change: { column: "b", type: "bigint" },
    from: 15,
  },
  {
    name: "foreign-key-type",
    setup: "create table app.codes (code text primary key); alter table app.t add foreign key (a) references app.codes",
  },
  {
    name: "twin-impossible",
    case: "a check",
    setup: "alter table app.t add check (b > 0)",
    change: { column: "b", type: "text", reverse: "b::integer" },
  },
  {
    name: "twin-impossible",
    case: "an index",
    setup: "create index on app.t using gist (int4range(b, b, '[]'))",
    change: { column: "b", type: "text", reverse: "b::integer" },
  },
  {
    name: "view-impossible",
    setup: "create view app.v as select id, b + 1 as more from app.t; create view app.w as select more from app.v",
    change: { column: "b", type: "text", reverse: "b::integer" },
  },
  {
    name: "view-trigger",
    setup: `create view app.v as select a from app.t; create function app.touch() returns trigger language plpgsql as
      $$ begin return new; end $$; create trigger touch instead of insert on app.v for each row execute function app.touch()`,
  },
  {
    name: "view-dependent",
    case: "a function",
    setup: `create view app.v as select a from app.t;
      create function app.f() returns setof app.v language sql as 'select * from app.v'`,
  },
  {
    name: "view-dependent",
    case: "a policy, of a view over a view",
    setup: `create view app.v as select a from app.t; create view app.w as select a from app.v;
      create table app.o (a text); create policy p on app.o using (exists (select from app.w))`,
  },
  {
    name: "materialized-view",
    case: "over a view",
    setup: "create view app.v as select a from app.t; create materialized view app.w as select a from app.v",
  },
  {
    name: "security-label",
    case: "of a view",
    setup: `create view app.v as select a from app.t;
      insert into pg_seclabel values ('app.v'::regclass, 'pg_class'::regclass, 0, 'none', 'secret')`,
  },
  {
    name: "grant-by-another",
    case: "on a view",
    setup: `create view app.v as select a from app.t; grant select (a) on app.v to ${ROLE} with grant option;
      grant usage on schema app to ${ROLE}; set role ${ROLE}; grant select (a) on app.v to public; reset role`,
  },
  {
    name: "composite-column",
    setup: "create type app.pair as (x text, y integer)",
    change: { type: "app.pair", using: "case when a is not null then row(a, 1)::app.pair end", reverse: "(a).x" },
  },
  {
    name: "trigger-function-owner",
    setup: `${touch} ${owned} grant usage, create on schema app to ${ROLE}`,
    change: { on_user_triggers: "fire" },
    asRole: true,
  },
];

const NOT_NULL: readonly Omit<Row, "of">[] = [
  {
    name: "partitioned-transform",
    setup: parted,
    module: `import { defineChange } from "changeover";
export default defineChange({
  change: "set_not_null",
  table: "app.p",
  column: "a",
  transform: { columns: ["id"], row: ({ id }) => String(id) },
});
`,
  },
  {
    name: "generated-column",
    setup: "alter table app.t add g integer generated always as (b * 2) stored",
    change: { column: "g", fill: null },
  },
  {
    name: "constrained-domain",
    setup: "create domain app.positive as integer check (value > 0); alter table app.t add d app.positive",
    change: { column: "d", fill: "1" },
  },
  {
    name: "not-valid-not-null",
    setup: "alter table app.t add constraint a_given not null a not valid",
    from: 18,
  },
  { name: "name-taken", setup: "alter table app.t add constraint t_a_not_null check (a <> 'x')" },
  { name: "column-not-found", change: { fill: "nowhere" }, code: "not-found" },
  {
    name: "fill-reads-generated",
    setup: "alter table app.t add g text generated always as ('g' || id) stored",
    change: { fill: "g", allow: "[fill-may-be-null]" },
  },
];

const typeOf = ({ change }: Omit<Row, "of">) => (change?.column === undefined ? {} : { type: "bigint" });

export const REFUSALS: readonly Row[] = [
  ...ANY.map((row) => ({ ...row, of: "any" as const })),
  ...[...RENAME, ...TWINS].map((row) => ({ ...row, of: "rename_column" as const })),
  ...TWINS.map((row) => ({ ...row, of: "change_type" as const, change: { ...row.change, ...typeOf(row) } })),
  ...TYPE.map((row) => ({ ...row, of: "change_type" as const })),
  ...NOT_NULL.map((row) => ({ ...row, of: "set_not_null" as const })),
];

/** Every hazard, made real: what is refused until it is allowed by name, and what is only told. */
export const HAZARD_ROWS: readonly (Omit<Row, "of"> & { readonly of: Exclude<RefusalOf, "any"> })[] = [
  { name: "column-order", of: "rename_column" },
  { name: "prepared-statements", of: "rename_column" },
  { name: "positional-copy", of: "rename_column" },
  { name: "explicit-null", of: "rename_column", setup: "alter table app.t alter a set default 'x'" },
  { name: "unique-twin-upsert", case: "an index", of: "rename_column", setup: "create unique index on app.t (b, a)" },
  { name: "unique-twin-upsert", case: "a constraint", of: "rename_column", setup: "alter table app.t add unique (a)" },
  {
    name: "functions-by-name",
    case: "in SQL",
    of: "rename_column",
    setup: "create function app.f() returns text language sql as 'select max(a) from app.t'",
  },
  {
    name: "functions-by-name",
    case: "in a string of plpgsql",
    of: "rename_column",
    setup:
      "create function app.f() returns void language plpgsql as $$ begin execute 'update app.t set a = null'; end $$",
  },
  {
    name: "published-table",
    case: "by name",
    of: "rename_column",
    setup: "create publication refused for table app.t",
  },
  {
    name: "published-table",
    case: "with all tables",
    of: "rename_column",
    setup: "create publication refused for all tables",
  },
  {
    name: "identity-sequence",
    of: "rename_column",
    setup: "alter table app.t add i integer generated always as identity",
    change: { column: "i" },
  },
  {
    name: "identity-sequence",
    of: "change_type",
    setup: "alter table app.t add i integer generated by default as identity",
    change: { column: "i", type: "bigint", allow: "[client-type-change]" },
  },
  { name: "client-type-change", of: "change_type", change: { column: "b", type: "bigint" } },
  {
    name: "int4-parameters",
    of: "change_type",
    change: { column: "b", type: "bigint", allow: "[client-type-change]" },
  },
  {
    name: "functions-by-type",
    of: "change_type",
    setup: `alter table app.t add n numeric(10, 2);
      create function app.f() returns numeric language sql as 'select max(n) from app.t'`,
    change: { column: "n", type: "numeric(8, 2)" },
  },
  {
    name: "lossy-cast",
    of: "change_type",
    setup: "alter table app.t add n numeric(10, 4)",
    change: { column: "n", type: "numeric(10, 2)" },
  },
  {
    name: "fallible-index",
    case: "a key",
    of: "change_type",
    setup: "alter table app.t add n numeric(10, 2); create index by_share on app.t ((100 / n))",
    change: { column: "n", type: "numeric(8, 2)" },
  },
  {
    name: "fallible-index",
    case: "a predicate",
    of: "change_type",
    setup: "alter table app.t add n numeric(10, 2); create index busy on app.t (id) where n * 1000 > 1",
    change: { column: "n", type: "numeric(8, 2)" },
  },
  {
    name: "session-dependent",
    of: "change_type",
    setup: "alter table app.t add n numeric(10, 4)",
    change: { column: "n", type: "numeric(10, 2)", using: "n + 0 * length(current_setting('TimeZone'))" },
  },
  { name: "fill-may-be-null", case: "a nullable column", of: "set_not_null", change: { fill: "b::text" } },
  { name: "fill-may-be-null", case: "a division", of: "set_not_null", change: { fill: "(100 / (id - 5))::text" } },
  { name: "fill-may-be-null", case: "a function", of: "set_not_null", change: { fill: "upper('x')" } },
];
