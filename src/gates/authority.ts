/**
 * Of two sides that are not in step, which one is right? Asked before a repair overwrites the other. Pure, and the only
 * place where it is decided.
 *
 * Until the switch of change_type all code knows the old column alone, and from then on the new one alone: who was written
 * is known, whatever became of the triggers. Of rename_column both codes write a side each for as long as both run; then a
 * row may hold two acknowledged writes, and only where one of the codes has certainly written nothing is it known which.
 */
import type { Evidence } from "../journal/state.js";
import { alteredSince } from "./mirror.js";
import { listed, moment } from "./words.js";

export type RepairScene = {
  /** of the plan: `rename_column` */
  readonly kind: string;
  /** the old column, the one that the plan has added beside it, and the one that is to hold no NULL */
  readonly columns: readonly string[];
  readonly added: string | null;
  readonly notNull: string | null;
  /** change_type: the two columns have swapped their names; null: they may be about to */
  readonly switched: boolean | null;
  /** when the dual-write was done; null: it is not */
  readonly mirroredAt: Date | null;
  /** set_not_null: there is something to put in a NULL's place */
  readonly fills: boolean;
};

export type Authority = {
  /** fill: the plan's own expression */
  readonly side: "old" | "new" | "fill";
  /** the column that is written */
  readonly sets: string;
  readonly by: "forth" | "back";
  /** one sentence */
  readonly why: string;
};

export type NoAuthority = { readonly side: null; readonly why: string; readonly hint: string };

/** `said`: a person's word, which is taken where nothing else tells. */
export function authorityOf(
  scene: RepairScene,
  evidence: Evidence,
  said: "old" | "new" | null,
): Authority | NoAuthority {
  const { kind, columns, added, notNull, switched, fills } = scene;
  const old = columns[0] ?? "";
  if (kind === "set_not_null") {
    if (notNull === null || !fills)
      return none("The plan declares no fill.", `Set a value in these rows: ${notNull ?? old}.`);
    return { side: "fill", sets: notNull, by: "forth", why: "A NULL gets what the plan's fill declares." };
  }
  if (added === null) return none("The plan has one side alone.", "Mend the rows by hand.");
  if (kind === "change_type") {
    if (switched === null)
      return none("The switch has begun and not ended, or its undo.", "Bring that to its end first.");
    return switched
      ? {
          side: "new",
          sets: added,
          by: "back",
          why: `All code has written the new type since the switch, under the name ${old}.`,
        }
      : { side: "old", sets: added, by: "forth", why: `Until the switch all code writes ${old} as it was.` };
  }
  const forth = (why: string): Authority => ({ side: "old", sets: added, by: "forth", why });
  const back = (why: string): Authority => ({ side: "new", sets: old, by: "back", why });
  if (said !== null) return (said === "old" ? forth : back)("Someone has said so, with --authority.");
  return ofRename(scene, evidence, forth, back);
}

type Give = (why: string) => Authority;

function ofRename(
  { added, mirroredAt }: RepairScene,
  evidence: Evidence,
  forth: Give,
  back: Give,
): Authority | NoAuthority {
  const { mirror, confirmation, sightedSince, sightings } = evidence;
  const altered = alteredSince(mirror.trusted, mirror);
  const unknown = (why: string) =>
    none(
      `${why} A row may hold a write of the old release on one side and one of the new release on the other.`,
      "Look at the rows, and mend them by hand; or say which side is right for all of them: --authority old, or --authority new.",
    );
  if (mirror.faults.length > 0 || altered.length > 0)
    return unknown(
      `${altered.length === 0 ? "Triggers" : listed(altered)} ${altered.length === 1 ? "was" : "were"} altered, so that either side may have been written unseen.`,
    );
  if (confirmation !== null) {
    const whole = sightedSince !== null && sightedSince <= confirmation.at;
    const quiet = sightings.old.lastAt === null || sightings.old.lastAt < confirmation.at;
    if (whole && quiet)
      return back(`Nobody has written the old side since the confirm of ${moment(confirmation.at)}: ${added} counts.`);
    return unknown(`The old side was written after the confirm of ${moment(confirmation.at)}, or may have been.`);
  }
  const whole = sightedSince !== null && mirroredAt !== null && sightedSince <= mirroredAt;
  if (whole && sightings.new.lastAt === null) return forth(`No release has ever written ${added}.`);
  return unknown(`Both sides are written${whole ? "" : ", or may have been: the record of it is not whole"}.`);
}

const none = (why: string, hint: string): NoAuthority => ({ side: null, why, hint });
