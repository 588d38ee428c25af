/**
 * Names of what changeover makes. Everything on the user's table starts with `changeover_` (twins, which take their
 * final names at contract) or `~~changeover_` (triggers: name order is byte order, and ours must run after the user's).
 */
import { createHash } from "node:crypto";
import { clipName, MAX_NAME_BYTES, nameBytes } from "../sql/identifier.js";

export const TWIN_PREFIX = "changeover_";
export const TRIGGER_PREFIX = "~~changeover_";

/** 8 hex digits that stand for the plan in names of fixed length. */
export function planKey(slug: string): string {
  return createHash("sha256").update(slug).digest("hex").slice(0, 8);
}

/** The twin's name while it has to live beside the original; cut with a hash when it would be too long. */
export function twinName(original: string): string {
  const name = TWIN_PREFIX + original;
  if (nameBytes(name) <= MAX_NAME_BYTES) return name;
  const hash = createHash("sha256").update(original).digest("hex").slice(0, 8);
  return `${clipName(name, MAX_NAME_BYTES - 9)}_${hash}`;
}

export type PlanNames = {
  readonly key: string;
  readonly syncFunction: string;
  readonly syncInsert: string;
  readonly syncUpdate: string;
  /** sighting triggers sort before the sync triggers: they look at what the application sent */
  readonly sightOldInsert: string;
  readonly sightOldUpdate: string;
  readonly sightNewInsert: string;
  readonly sightNewUpdate: string;
  /** session settings that hold the tick of the session's last sighting */
  readonly seenOld: string;
  readonly seenNew: string;
  /** after the sync triggers: what one of them could not convert */
  readonly noteUnmirrored: string;
  /** the setting by which a sync trigger tells it, and that of the last note's tick */
  readonly unmirrored: string;
  readonly seenUnmirrored: string;
  readonly inStepFunction: string;
};

export function planNames(slug: string): PlanNames {
  const key = planKey(slug);
  const trigger = (suffix: string) => `${TRIGGER_PREFIX}${key}_${suffix}`;
  return {
    key,
    syncFunction: `sync_${key}`,
    sightOldInsert: trigger("1_old_insert"),
    sightOldUpdate: trigger("1_old_update"),
    sightNewInsert: trigger("1_new_insert"),
    sightNewUpdate: trigger("1_new_update"),
    syncInsert: trigger("2_sync_insert"),
    syncUpdate: trigger("2_sync_update"),
    seenOld: `changeover.seen_${key}_old`,
    seenNew: `changeover.seen_${key}_new`,
    noteUnmirrored: trigger("3_note"),
    unmirrored: `changeover.unmirrored_${key}`,
    seenUnmirrored: `changeover.seen_${key}_unmirrored`,
    inStepFunction: `in_step_${key}`,
  };
}
