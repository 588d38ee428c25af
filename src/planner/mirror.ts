/**
 * The sync triggers of a renamed column: after the dual-write has committed, no row version is written in which the two
 * sides differ, whoever writes and whichever side they know.
 *
 * Plain BEFORE INSERT and BEFORE UPDATE, never UPDATE OF: the SET list does not show what a user's own trigger changes,
 * and a row that is not filled yet must be filled by any update of it, or a concurrent writer carries it past the
 * backfill unfilled (0.6 to 1 % of rows under 10 writers) and a NOT VALID constraint refuses the application's update.
 * Their WHEN is false for a row in step, so an unrelated update costs a comparison and no call.
 */
import type { Column } from "../catalog/snapshot.js";
import type { Step } from "../revisions/revision.js";
import { ident, type QualifiedName, qualified } from "../sql/identifier.js";
import { dollarQuote, literal } from "../sql/literal.js";
import { type SqlText, sql } from "../sql/text.js";
import type { PlanNames } from "./naming.js";
import { ddl, plain } from "./steps.js";

/** In a backfill batch's transaction 'on'; in that of a repair of the old side from the new one 'repair'. */
export const BACKFILL_SETTING = "changeover.backfill";

/** The statement is nobody's of ours. */
export const NOT_OURS = sql`coalesce(current_setting(${literal(BACKFILL_SETTING)}, true), '') = ''`;

/**
 * `a` and `b` are not the same value. Where equality is coarser than identity (numeric 1.0 and 1.00, json, which has no
 * `=` at all, nondeterministic collations) the images are compared; the function form, because pg_get_triggerdef drops
 * the cast that the operator form needs, and the printed trigger would not restore.
 */
export function differs(column: Pick<Column, "equalityIsImage">, a: SqlText, b: SqlText): SqlText {
  return column.equalityIsImage
    ? sql`${a} is distinct from ${b}`
    : sql`pg_catalog.record_image_ne(row(${a}), row(${b}))`;
}

export function mirrorSteps(table: QualifiedName, column: Column, to: string, names: PlanNames): Step[] {
  const oldSide = ident(column.name);
  const newSide = ident(to);
  const fn = sql`changeover.${ident(names.syncFunction)}`;
  const apart = differs(column, sql`new.${oldSide}`, sql`new.${newSide}`);
  return [
    plain(
      "sync-function",
      sql`create or replace function ${fn}() returns trigger language plpgsql as ${dollarQuote(body(column, oldSide, newSide))}`,
      {
        title: "keeps the two sides in step, whichever is written",
      },
    ),
    ddl(
      "sync-triggers",
      "SHARE ROW EXCLUSIVE",
      [table],
      sql`create trigger ${ident(names.syncInsert)} before insert on ${qualified(table)}
  for each row when (${apart}) execute function ${fn}();
create trigger ${ident(names.syncUpdate)} before update on ${qualified(table)}
  for each row when (${apart}) execute function ${fn}();
alter table ${qualified(table)} enable always trigger ${ident(names.syncInsert)};
alter table ${qualified(table)} enable always trigger ${ident(names.syncUpdate)}`,
      { title: "also where session_replication_role is replica" },
    ),
  ];
}

/** The body refers to nothing but the row, so that it runs for every role and under every search_path. */
function body(column: Column, oldSide: SqlText, newSide: SqlText): SqlText {
  const changed = (side: SqlText) => differs(column, sql`new.${side}`, sql`old.${side}`);
  return sql`
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.${newSide} is not null then
      new.${oldSide} := new.${newSide};
    else
      new.${newSide} := new.${oldSide};
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if ${changed(newSide)}
     and not (${changed(oldSide)}
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
    new.${oldSide} := new.${newSide};
  elsif ${changed(oldSide)} or new.${newSide} is null then
    new.${newSide} := new.${oldSide};
  end if;
  return new;
end
`;
}
