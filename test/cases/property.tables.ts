/** Tables with all that may hang on a column, and a change of that column. */
import fc from "fast-check";
import { HAZARD_NAMES } from "../../src/change/hazards.js";

export type Sample = {
  /** makes `app.t` and its rows */
  readonly before: string;
  /** change.yaml */
  readonly change: string;
  /** the same change as one would make it on a quiet database */
  readonly after: string;
  /** all the way back once, before it goes to its end */
  readonly undo: boolean;
};

type Type = {
  /** SQL over n: a value of the type */
  readonly value: string;
  readonly constant: string;
  /** it has a btree order */
  readonly ordered: boolean;
  /** what it may become: type, using, reverse, in terms of `c` */
  readonly becomes: readonly (readonly [type: string, using: string | null, reverse: string | null])[];
};

const TYPES: Readonly<Record<string, Type>> = {
  smallint: {
    value: "n * 2",
    constant: "7",
    ordered: true,
    becomes: [
      ["integer", null, null],
      ["bigint", null, null],
    ],
  },
  integer: {
    value: "n * 3",
    constant: "7",
    ordered: true,
    becomes: [
      ["bigint", null, null],
      ["smallint", null, null],
      ["text", "c::text", "c::integer"],
      ["numeric(14, 2)", null, null],
    ],
  },
  text: { value: "'v' || n", constant: "'seven'", ordered: true, becomes: [["varchar(60)", "c", "c"]] },
  "varchar(30)": {
    value: "'v' || n",
    constant: "'seven'",
    ordered: true,
    becomes: [
      ["varchar(60)", null, null],
      ["text", null, null],
    ],
  },
  "numeric(10, 2)": {
    value: "n / 4.0",
    constant: "7.25",
    ordered: true,
    becomes: [
      ["numeric(12, 4)", null, null],
      ["numeric(20, 2)", null, null],
    ],
  },
  date: {
    value: "date '2026-01-01' + n",
    constant: "date '2026-07-07'",
    ordered: true,
    becomes: [["timestamp", null, null]],
  },
  boolean: { value: "n % 2 = 0", constant: "true", ordered: true, becomes: [["integer", "c::integer", "c::boolean"]] },
  jsonb: {
    value: "jsonb_build_object('n', n)",
    constant: `'{"n": 7}'`,
    ordered: true,
    becomes: [["json", null, null]],
  },
  "text[]": { value: "array['v' || n, 'w']", constant: "'{seven}'", ordered: true, becomes: [] },
  box: { value: "box(point(n, n), point(n + 1, n + 2))", constant: "'(1,1),(0,0)'", ordered: false, becomes: [] },
};

type Table = {
  readonly type: string;
  readonly notNull: boolean;
  readonly byDefault: boolean;
  /** of an integer: the rest of GENERATED; null: it is none */
  readonly identity: string | null;
  readonly nulls: boolean;
  readonly objects: readonly string[];
  readonly trigger: boolean;
};

/** Statements over `app.t (id, c, other)`; those that a type has not got are left out. */
const OBJECTS: Readonly<Record<string, (type: string) => string | null>> = {
  index: (type) => (TYPES[type]?.ordered ? "create index t_c on app.t (c)" : null),
  "index of several": (type) =>
    TYPES[type]?.ordered ? "create index t_several on app.t (other desc, c desc nulls last, id)" : null,
  "partial index": () => "create index t_partial on app.t (other) where c is not null",
  "index over an expression": () => "create index t_expression on app.t ((c is null), other)",
  "index that includes it": () => "create index t_includes on app.t (other) include (c)",
  "hash index": (type) =>
    TYPES[type]?.ordered && type !== "text[]"
      ? "create index t_hash on app.t using hash (c) with (fillfactor = 60)"
      : null,
  "brin index": (type) =>
    ["integer", "text", "date", "varchar(30)"].includes(type) ? "create index t_brin on app.t using brin (c)" : null,
  "gin index": (type) => (type === "jsonb" || type === "text[]" ? "create index t_gin on app.t using gin (c)" : null),
  "gist index": (type) => (type === "box" ? "create index t_gist on app.t using gist (c)" : null),
  "unique index": (type) => (TYPES[type]?.ordered ? "create unique index t_unique on app.t (id, c)" : null),
  "unique constraint": (type) =>
    TYPES[type]?.ordered ? "alter table app.t add constraint t_once unique (c, id)" : null,
  check: () => "alter table app.t add constraint t_check check (c is not null or other >= 0)",
  "check that is not valid": () => "alter table app.t add constraint t_later check (c is null or other > -5) not valid",
  "comment on the column": () => "comment on column app.t.c is 'it''s the one'",
  "comment on the check": () =>
    "do $$ begin comment on constraint t_check on app.t is 'checked'; exception when undefined_object then null; end $$",
  "statistics target": () => "alter table app.t alter c set statistics 77",
  grant: () => "grant select (c), update (c) on app.t to public",
  "cluster mark": (type) =>
    TYPES[type]?.ordered
      ? "create index t_clustered on app.t (c, other); alter table app.t cluster on t_clustered"
      : null,
  statistics: (type) => (TYPES[type]?.ordered ? "create statistics app.t_statistics on other, c from app.t" : null),
  "statistics of an expression": () =>
    "create statistics app.t_expressions on other, (c is null) from app.t; alter statistics app.t_expressions set statistics 33",
  view: () => "create view app.v_plain with (check_option = local) as select id, c, other from app.t where other >= 0",
  "view over a view": () =>
    "create view app.v_under as select id, c from app.t; create view app.v_over as select v.c, t.other from app.v_under v join app.t using (id); grant select (c) on app.v_over to public",
  "view that gives nothing of it": () =>
    "create view app.v_silent as select id from app.t where c is not null order by c is null",
  "view with all that hangs on one": () =>
    "create view app.v_all as with x as (select c from app.t) select x.c as d, (select count(*) from app.t where t.c is null) as n from x; comment on view app.v_all is 'all'; comment on column app.v_all.d is 'the d'; grant select on app.v_all to public",
  "view by hand": (type) =>
    type === "integer" ? "create view app.v_sum as select other, sum(c) as c from app.t group by other" : null,
  "index of others": () => "create index t_other on app.t (other)",
  "foreign key of another": () =>
    "alter table app.t add constraint t_parent foreign key (other) references app.parents",
};

/** ALTER COLUMN TYPE refuses a column that they read: by hand they are dropped and made again. */
const VIEWS = ["app.v_plain", "app.v_over", "app.v_under", "app.v_silent", "app.v_all", "app.v_sum"];
const isView = (name: string) => name.startsWith("view");

const tableArbitrary: fc.Arbitrary<Table> = fc.record({
  type: fc.constantFrom(...Object.keys(TYPES)),
  notNull: fc.boolean(),
  byDefault: fc.boolean(),
  identity: fc.option(
    fc.constantFrom(
      "always as identity",
      "by default as identity (start 1000 increment 7 cache 4)",
      "always as identity (sequence name app.counter increment -1 minvalue -500 maxvalue 90 start 90 cycle)",
      "by default as identity (maxvalue 30000)",
    ),
  ),
  nulls: fc.boolean(),
  objects: fc.shuffledSubarray(Object.keys(OBJECTS), { maxLength: 7 }),
  trigger: fc.boolean(),
});

export function sampleArbitrary(_major: number): fc.Arbitrary<Sample> {
  return fc.record({ table: tableArbitrary, kind: fc.nat(2), choice: fc.nat(9), undo: fc.boolean() }).map(sampleOf);
}

type Drawn = { readonly table: Table; readonly kind: number; readonly choice: number; readonly undo: boolean };

function sampleOf({ table, kind, choice, undo }: Drawn): Sample {
  const type = TYPES[table.type];
  if (type === undefined) throw new Error(`no type ${table.type}`);
  const target = type.becomes[choice % Math.max(1, type.becomes.length)];
  const head = [
    "table: app.t",
    "column: c",
    `allow: [${HAZARD_NAMES.join(", ")}]`,
    "on_user_triggers: fire",
    "soak: 0s",
  ];
  const lines = (...own: readonly string[]) => `${[...own, ...head].join("\n")}\n`;
  if (kind === 0 || (kind === 2 && target === undefined))
    return {
      before: beforeOf(table, type),
      change: lines("change: rename_column", "to: d"),
      after: "alter table app.t rename c to d",
      undo,
    };
  if (kind === 1 || target === undefined) {
    const nullable = { ...table, notNull: false };
    return {
      before: beforeOf(nullable, type),
      change: lines("change: set_not_null", `fill: ${JSON.stringify(`(${type.constant})::${table.type}`)}`),
      after: `update app.t set c = ${type.constant} where c is null; alter table app.t alter c set not null`,
      // What was filled stays filled.
      undo: false,
    };
  }
  const [to, using, reverse] = target;
  const conversions = [
    ...(using === null ? [] : [`using: ${using}`]),
    ...(reverse === null ? [] : [`reverse: ${reverse}`]),
  ];
  return {
    before: beforeOf(table, type),
    change: lines("change: change_type", `type: ${to}`, ...conversions),
    after: [
      `drop view if exists ${VIEWS.join(", ")}`,
      `alter table app.t alter c type ${to}${using === null ? "" : ` using ${using}`}`,
      ...table.objects.filter(isView).flatMap((name) => OBJECTS[name]?.(table.type) ?? []),
    ].join("; "),
    undo,
  };
}

function beforeOf(table: Table, { value, constant }: Type): string {
  const { type, notNull, byDefault, nulls, objects, trigger } = table;
  const identity = ["smallint", "integer"].includes(type) && notNull ? table.identity : null;
  const giver = identity !== null ? ` generated ${identity}` : byDefault ? ` default ${constant}` : "";
  const cell = nulls && !notNull ? `case when n % 3 > 0 then ${value} end` : value;
  const trigger_ = `create function app.touch() returns trigger language plpgsql as $$ begin new.other := new.other; return new; end $$;
    create trigger touch before insert or update on app.t for each row execute function app.touch()`;
  return [
    "create schema app",
    "create table app.parents (other integer primary key)",
    "insert into app.parents select generate_series(0, 5)",
    `create table app.t (id integer primary key, c ${type}${notNull ? " not null" : ""}${giver}, other integer not null default 1)`,
    `insert into app.t (id, c, other) overriding system value select n, ${cell}, n % 5 from generate_series(1, 40) n`,
    ...objects.flatMap((name) => OBJECTS[name]?.(type) ?? []),
    ...(trigger ? [trigger_] : []),
  ].join(";\n");
}
