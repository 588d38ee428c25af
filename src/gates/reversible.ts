/** Has the old side every row's value? Asked before an undo of the switch, which makes it the one that counts again. */
import type { Unmirrored, Verification } from "../journal/state.js";
import { TICK_SECONDS } from "../revisions/revision.js";
import { type Judge, met, unmet } from "./answer.js";
import { alteredSince, broken } from "./mirror.js";
import { counted, moment } from "./words.js";

export const reversible: Judge<"reversible"> = (_condition, evidence, { plan, contractedAt }) => {
  const { mirror, verification, sightedSince, unmirrored } = evidence;
  if (mirror.table === "gone") return met("The table was dropped, and nothing of it can be lost any more.");
  if (mirror.faults.length > 0) return broken(mirror.faults, plan);
  const verify = (what: string, hint: string) => unmet(what, hint, `changeover verify ${plan}`);
  const whole = verification === null || verification.finishedAt === null ? null : verification;
  if (alteredSince(mirror.trusted, mirror).length > 0)
    return verify("The triggers were altered: values may stand on the new side alone.", "A verify tells.");
  if (whole !== null && whole.mismatches > 0)
    return verify(
      `The verify of ${moment(whole.startedAt)} found ${counted(whole.mismatches, "row")} not in step.`,
      MEND,
    );
  const { back } = unmirrored;
  if (back !== null && (whole === null || tickEnd(back.at) > whole.startedAt))
    return verify(`${unconverted(back, "the old type")}: an undo would lose it.`, MEND);
  if (whole !== null && whole.lost > 0) {
    return verify(
      `The verify of ${moment(whole.startedAt)} found ${counted(whole.lost, "row")} with a value that the old type cannot hold${named(whole, back)}: an undo would lose ${whole.lost === 1 ? "it" : "them"}.`,
      MEND,
    );
  }
  // What was noted between the switch and a crash is gone, and a verify has to have looked since.
  const noted = sightedSince !== null && contractedAt !== null && sightedSince <= contractedAt;
  if (!noted && (sightedSince === null || whole === null || whole.startedAt < sightedSince))
    return verify(
      "There is no whole record of what could not be converted: a server crash or a failover has emptied it.",
      "A verify tells.",
    );
  return met("The old side has every row's value.");
};

const MEND = "Give these rows a value that both types can hold, then verify again; or leave the switch as it is.";

/** In the place of a SQLSTATE: nothing failed, and something was lost. */
const INEXACT = "inexact";

/** One that was noted may be one of several: a session is noted once a tick. */
export function unconverted(note: Unmirrored, type: string): string {
  const row = note.key === "" ? "A row" : `Row ${note.key}`;
  const how = note.sqlstate === INEXACT ? "cannot hold exactly" : `cannot hold (${note.sqlstate})`;
  return `${row} was given a value at ${moment(note.at)} that ${type} ${how}`;
}

/** The first of them by key, as far as verify or the triggers have noted them. */
function named({ lost, lostKeys }: Verification, back: Unmirrored | null): string {
  if (lostKeys.length === 0) return back === null ? "" : `, one of them ${rowOf(back)}`;
  const first = lostKeys.slice(0, 3);
  return ` (${first.join(", ")}${lost > first.length ? " …" : ""})`;
}

const rowOf = ({ key }: Unmirrored) => (key === "" ? "without a key" : key);

/** Until then a session that was noted may have written again without being noted. */
export function tickEnd(at: Date): Date {
  const tick = TICK_SECONDS.old * 1000;
  return new Date((Math.floor(at.getTime() / tick) + 1) * tick);
}
