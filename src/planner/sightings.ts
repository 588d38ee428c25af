/**
 * Who still writes which side, noted by triggers that can neither block nor fail a write: at most once a session and tick
 * of the server's clock (a session setting, compared as text, that WHEN reads before anything is called), in an UNLOGGED
 * table. A tick is ten seconds for the old side, because a confirm has to wait for its end, and a minute for the new one,
 * which is written for as long as the soak lasts.
 *
 * The clock, not the transaction's time: a long transaction is noted again in each tick. That costs 0.2 microseconds a
 * row (18, a virtual machine whose clock is slow) and is what lets a gate say that nobody wrote after the confirm.
 *
 * An update counts by its SET list (`UPDATE OF`): an ORM's `SET old = old` will fail once the column is gone, though no
 * value changes. An insert counts by what was given, before the sync triggers fill the other side.
 */
import type { Column } from "../catalog/snapshot.js";
import { type Step, TICK_SECONDS } from "../revisions/revision.js";
import { ident, type QualifiedName, qualified } from "../sql/identifier.js";
import { integer, literal } from "../sql/literal.js";
import { join, type SqlText, sql } from "../sql/text.js";
import { NOT_OURS } from "./mirror.js";
import type { PlanNames } from "./naming.js";
import { ddl, plain } from "./steps.js";

export type Sight = {
  readonly trigger: string;
  readonly side: "old" | "new";
  readonly event: SqlText;
  /** further conditions on the row */
  readonly when: SqlText;
};

/**
 * Old: writes that only the old code makes. New: writes that name the new side, the backfill's own apart. No code names an
 * identity column that is generated always when it inserts, and every insert gives it a value: that tells nothing.
 */
export function renameSights(
  names: PlanNames,
  oldColumn: string,
  newColumn: string,
  identity: Column["identity"] = null,
): Sight[] {
  const oldSide = ident(oldColumn);
  const newSide = ident(newColumn);
  const oldInsert: Sight = {
    trigger: names.sightOldInsert,
    side: "old",
    event: sql`insert`,
    when: sql`new.${oldSide} is not null and new.${newSide} is null`,
  };
  return [
    ...(identity === "always" ? [] : [oldInsert]),
    { trigger: names.sightOldUpdate, side: "old", event: sql`update of ${oldSide}`, when: NOT_OURS },
    { trigger: names.sightNewInsert, side: "new", event: sql`insert`, when: sql`new.${newSide} is not null` },
    {
      trigger: names.sightNewUpdate,
      side: "new",
      event: sql`update of ${newSide}`,
      when: NOT_OURS,
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
    beginSightings(slug),
  ];
}

export function beginSightings(slug: string): Step {
  return plain("sighting-epoch", epoch(slug), {
    title: "since when sightings are complete; a server crash empties the table, and this row with it",
  });
}

function trigger(table: QualifiedName, slug: string, names: PlanNames, sight: Sight): SqlText[] {
  const setting = sight.side === "old" ? names.seenOld : names.seenNew;
  const seconds = TICK_SECONDS[sight.side];
  const due = sql`current_setting(${literal(setting)}, true) is distinct from ${tick(integer(seconds))}`;
  const when = sql`${sight.when} and ${due}`;
  return [
    sql`create trigger ${ident(sight.trigger)} before ${sight.event} on ${qualified(table)}
  for each row when (${when}) execute function changeover.sight(${literal(slug)}, ${literal(sight.side)}, ${literal(setting)}, ${literal(String(seconds))})`,
    sql`alter table ${qualified(table)} enable always trigger ${ident(sight.trigger)}`,
  ];
}

/** The number of the tick, as `changeover.sight()` writes it into the setting. */
function tick(seconds: SqlText): SqlText {
  return sql`floor(date_part('epoch', clock_timestamp()) / ${seconds})::text`;
}

function epoch(slug: string): SqlText {
  return sql`insert into changeover.sighting (plan, side, role, app, pid) values (${literal(slug)}, 'epoch', session_user, '', 0)`;
}

/** Of a change whose values may not convert: what the triggers have noted of those goes as well. */
export function forgetUnmirrored(slug: string): Step {
  return plain("forget-unmirrored", sql`delete from changeover.unmirrored where plan = ${literal(slug)}`);
}

export function forgetSightings(slug: string): Step {
  return plain("forget-sightings", sql`delete from changeover.sighting where plan = ${literal(slug)}`);
}
