/**
 * Who still writes which side, noted by triggers that can neither block nor fail a write: at most once a session and
 * minute (a session setting, compared as text, that WHEN reads before anything is called), in an UNLOGGED table.
 *
 * An update counts by its SET list (`UPDATE OF`): an ORM's `SET old = old` will fail once the column is gone, though no
 * value changes. An insert counts by what was given, before the sync triggers fill the other side.
 */
import type { Step } from "../revisions/revision.js";
import { ident, type QualifiedName, qualified } from "../sql/identifier.js";
import { literal } from "../sql/literal.js";
import { join, type SqlText, sql } from "../sql/text.js";
import { BACKFILL_SETTING } from "./mirror.js";
import type { PlanNames } from "./naming.js";
import { ddl, plain } from "./steps.js";

export type Sight = {
  readonly trigger: string;
  readonly side: "old" | "new";
  readonly event: SqlText;
  /** further conditions on the row */
  readonly when: SqlText;
};

/** Old: writes that only the old code makes. New: writes that name the new side, the backfill's own apart. */
export function renameSights(names: PlanNames, oldColumn: string, newColumn: string): Sight[] {
  const oldSide = ident(oldColumn);
  const newSide = ident(newColumn);
  return [
    {
      trigger: names.sightOldInsert,
      side: "old",
      event: sql`insert`,
      when: sql`new.${oldSide} is not null and new.${newSide} is null`,
    },
    { trigger: names.sightOldUpdate, side: "old", event: sql`update of ${oldSide}`, when: sql`true` },
    { trigger: names.sightNewInsert, side: "new", event: sql`insert`, when: sql`new.${newSide} is not null` },
    {
      trigger: names.sightNewUpdate,
      side: "new",
      event: sql`update of ${newSide}`,
      when: sql`current_setting(${literal(BACKFILL_SETTING)}, true) is distinct from 'on'`,
    },
  ];
}

/** Old: writes that send NULL. An update of other columns of a row that is not filled yet is not one. */
export function nullSights(names: PlanNames, column: string): Sight[] {
  const side = ident(column);
  return [
    { trigger: names.sightOldInsert, side: "old", event: sql`insert`, when: sql`new.${side} is null` },
    { trigger: names.sightOldUpdate, side: "old", event: sql`update of ${side}`, when: sql`new.${side} is null` },
  ];
}

export function sightingSteps(table: QualifiedName, slug: string, names: PlanNames, sights: readonly Sight[]): Step[] {
  return [
    ddl(
      "sighting-triggers",
      "SHARE ROW EXCLUSIVE",
      [table],
      join(
        sights.flatMap((sight) => trigger(table, slug, names, sight)),
        ";\n",
      ),
      {
        title: "who still writes which side",
      },
    ),
    plain("sighting-epoch", epoch(slug), {
      title: "since when sightings are complete; a server crash empties the table, and this row with it",
    }),
  ];
}

function trigger(table: QualifiedName, slug: string, names: PlanNames, sight: Sight): SqlText[] {
  const setting = sight.side === "old" ? names.seenOld : names.seenNew;
  const due = sql`current_setting(${literal(setting)}, true) is distinct from (extract(epoch from now())::bigint / 60)::text`;
  const when = sight.when === "true" ? due : sql`${sight.when} and ${due}`;
  return [
    sql`create trigger ${ident(sight.trigger)} before ${sight.event} on ${qualified(table)}
  for each row when (${when}) execute function changeover.sight(${literal(slug)}, ${literal(sight.side)}, ${literal(setting)})`,
    sql`alter table ${qualified(table)} enable always trigger ${ident(sight.trigger)}`,
  ];
}

function epoch(slug: string): SqlText {
  return sql`insert into changeover.sighting (plan, side, role, app, pid) values (${literal(slug)}, 'epoch', session_user, '', 0)`;
}

export function forgetSightings(slug: string): Step {
  return plain("forget-sightings", sql`delete from changeover.sighting where plan = ${literal(slug)}`);
}
