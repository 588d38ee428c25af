/** Two tables, each with a plan: a rename whose rows an application's trigger may refuse, and a cast that may fail. */
import { HAZARD_NAMES } from "../../../src/change/hazards.js";
import type { Plan } from "../../crash/stages.js";

const COMMON = `allow: [${HAZARD_NAMES.join(", ")}]\non_user_triggers: fire\nsoak: 0s\n`;

export const RENAME: Plan = {
  folder: "0001-renamed",
  slug: "renamed",
  yaml: `change: rename_column\ntable: app.t\ncolumn: a\nto: b\n${COMMON}`,
};
export const CAST: Plan = {
  folder: "0002-cast",
  slug: "cast",
  yaml: `change: change_type\ntable: app.u\ncolumn: a\ntype: integer\nusing: a::integer\nreverse: a::text\n${COMMON}`,
};

/** Rows of each table at first; three slices and two. */
export const ROWS = { t: 4_000, u: 3_000 } as const;
export type TableName = keyof typeof ROWS;
export const PLAN_OF = { t: RENAME.slug, u: CAST.slug } as const;

/** What the backfill itself fills is noted with the table's file, in the same transaction. */
export const SEED = `create schema app;
create table app.bad (id bigint primary key);
create table app.filled (name text, id bigint, filenode oid);
create function app.refuse() returns trigger language plpgsql as $$
begin
  if exists (select from app.bad where id = new.id) then raise exception 'row % is refused', new.id; end if;
  return new;
end $$;
create function app.note() returns trigger language plpgsql as $$
begin
  insert into app.filled values (tg_table_name, new.id, pg_relation_filenode(tg_relid));
  return null;
end $$;
create table app.t (id bigint primary key, a integer, pad text) with (autovacuum_enabled = off);
create table app.u (id bigint primary key, a text, pad text) with (fillfactor = 10, autovacuum_enabled = off);
create trigger refuse before update on app.t for each row execute function app.refuse();
create trigger note after update on app.t for each row when (current_setting('changeover.backfill', true) = 'on') execute function app.note();
create trigger note after update on app.u for each row when (current_setting('changeover.backfill', true) = 'on') execute function app.note();
insert into app.t select n, n, repeat('x', 900) from generate_series(1, ${ROWS.t}) n;
insert into app.u select n, n::text, 'x' from generate_series(1, ${ROWS.u}) n;
alter table app.t cluster on t_pkey;
alter table app.u cluster on u_pkey;
analyze`;

/** Rows by id, as whoever wrote them last left them: the model, which knows nothing of the backfill. */
export class Model {
  readonly rows = {
    t: new Map<number, string | null>(Array.from({ length: ROWS.t }, (_, n) => [n + 1, String(n + 1)])),
    u: new Map<number, string | null>(Array.from({ length: ROWS.u }, (_, n) => [n + 1, String(n + 1)])),
  };

  /** What of a value the new side can hold. */
  static newSide(table: TableName, value: string | null): string | null {
    return table === "u" && value !== null && !/^\d+$/.test(value) ? null : value;
  }
}
