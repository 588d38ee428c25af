/** The changes that the crash tests take through their phases. */
import type { Plan } from "./stages.js";

/** With a default, an index, a check and a NOT NULL, so that every phase has something to do; one page of rows. */
export const RENAME: Plan & { readonly seed: string } = {
  folder: "0001-people-name",
  slug: "people-name",
  yaml: "change: rename_column\ntable: app.people\ncolumn: name\nto: full_name\nsoak: 0s\n",
  seed: `create schema app;
    create table app.people (id bigint primary key, name text not null default 'nobody', note text,
      constraint named check (name <> ''));
    create index people_name on app.people (name);
    insert into app.people select n, 'name ' || n, 'note ' || n from generate_series(1, 50) n;
    analyze app.people`,
};

export const NOT_NULL: Plan & { readonly seed: string } = {
  folder: "0001-people-note",
  slug: "people-note",
  yaml: "change: set_not_null\ntable: app.people\ncolumn: note\nfill: \"'none'\"\nsoak: 0s\n",
  seed: `create schema app;
    create table app.people (id bigint primary key, note text);
    insert into app.people select n, case when n % 2 = 0 then 'note ' || n end from generate_series(1, 50) n;
    analyze app.people`,
};

/** A conversion that may fail, so that its contract has every revision that there can be; slug and table as the renamed one's. */
export const TYPE: Plan & { readonly seed: string } = {
  ...RENAME,
  yaml: "change: change_type\ntable: app.people\ncolumn: name\ntype: varchar(40)\nallow: [client-type-change, lossy-cast]\nsoak: 0s\n",
};

/** Six slices of rows that lie far apart, so that several workers have something to share. */
export const WIDE: Plan & { readonly seed: string; readonly rows: number } = {
  ...RENAME,
  rows: 12_000,
  seed: `create schema app;
    create table app.people (id bigint primary key, name text, note text) with (fillfactor = 10);
    insert into app.people select n, 'name ' || n, repeat('x', 60) from generate_series(1, 12000) n;
    analyze app.people`,
};

export const OTHER: Plan & { readonly seed: string } = {
  folder: "0002-pets-note",
  slug: "pets-note",
  yaml: "change: set_not_null\ntable: app.pets\ncolumn: note\nfill: \"'none'\"\nsoak: 0s\n",
  // What the constraint allows can be changed under the plan's feet.
  seed: `create function app.allowed(id bigint, note text) returns boolean language sql return true;
    create table app.pets (id bigint primary key, note text, check (app.allowed(id, note))) with (fillfactor = 10);
    insert into app.pets select n, null from generate_series(1, 6000) n;
    analyze app.pets`,
};
