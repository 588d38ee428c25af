/** The triggers that the evidence rests on: where one does not stand, or was altered since, there is no evidence. */
import type { Mirror, MirrorFault, Stamps } from "../journal/state.js";
import { type Answer, unmet } from "./answer.js";
import { counted } from "./words.js";

/** Of the triggers that should stand now, those that are not what they were. */
export function alteredSince(then: Stamps, { stamps }: Mirror): string[] {
  return Object.keys(stamps)
    .filter((name) => then[name] !== stamps[name])
    .sort();
}

/** The first of them; all are named where the plan's standing is told. */
export function broken([first, ...more]: readonly MirrorFault[], plan: string): Answer {
  const others = more.length === 0 ? "" : ` So it is with ${counted(more.length, "more", "more")}.`;
  return unmet(
    `${first?.what ?? ""}${others}`,
    "Writes may have passed unseen. Verify prints the statements that put it right; then verify, and confirm again.",
    `changeover verify ${plan}`,
  );
}
