/** Hazards as they arise; their names and sentences are part of what an engineer declares (`change/hazards.ts`). */
import { HAZARDS, type HazardName } from "../change/hazards.js";

export { HAZARD_NAMES, HAZARDS, type HazardName, isHazardName } from "../change/hazards.js";

/** A hazard that arises for this change on this table. */
export type Hazard = {
  readonly name: HazardName;
  readonly notice: boolean;
  readonly sentence: string;
  /** the objects it arises from */
  readonly objects: readonly string[];
};

export function hazard(name: HazardName, objects: readonly string[] = []): Hazard {
  return { name, ...HAZARDS[name], objects };
}
