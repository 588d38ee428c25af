/** The triggers that the evidence rests on: where one does not stand, or was altered since, there is no evidence. */
import type { Mirror, MirrorFault, Stamps } from "../journal/state.js";
import { type Answer, unmet } from "./answer.js";

/** Of the triggers that should stand now, those that are not what they were. */
export function alteredSince(then: Stamps, { stamps }: Mirror): string[] {
  return Object.keys(stamps)
    .filter((name) => then[name] !== stamps[name])
    .sort();
}

export function broken(faults: readonly MirrorFault[], plan: string): Answer {
  return unmet(
    faults.map((fault) => fault.what).join(" "),
    "Writes may have passed unseen. Verify prints the statements that put it right; then verify, and confirm again.",
    `changeover verify ${plan}`,
  );
}
