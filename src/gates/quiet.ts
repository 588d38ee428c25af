/**
 * Is a side no longer written? Two questions that are easily mixed up: `quiet` asks it of the old side, before it is
 * dropped for ever, and counts from a person's word; `idle` asks it of the new side, before an undo takes it away, now.
 */
import type { Evidence, Sightings } from "../journal/state.js";
import { TICK_SECONDS } from "../revisions/revision.js";
import { type Answer, confirmCommand, type Judge, met, SETTLE_ROWS, unmet } from "./answer.js";
import { alteredSince, broken } from "./mirror.js";
import { backfillDoneAt, type GateProgress } from "./progress.js";
import { tickEnd } from "./reversible.js";
import { counted, listed, moment, secondsBetween, span, writer } from "./words.js";

/** A writer of the new side that was seen so recently is taken to be still at it. */
const RECENT_SECONDS = 2 * TICK_SECONDS.new;

export const quiet: Judge<"quiet"> = (
  { soakSeconds },
  { now, confirmation, sightedSince, sightings, mirror },
  { plan },
) => {
  const { lastAt } = sightings.old;
  const lastSeen = `last seen: ${lastSeenBy(sightings.old)}`;
  const confirmAgain = (evidence: string, hint: string) => unmet(evidence, hint, confirmCommand(plan));
  if (mirror.faults.length > 0) return broken(mirror.faults, plan);
  if (confirmation === null) {
    return confirmAgain(
      `Silence counts from a confirm, and there is none (${lastSeen}).`,
      "Confirm once the last process of the old release is gone.",
    );
  }
  const confirmed = `the confirm of ${moment(confirmation.at)}`;
  if (sightedSince === null) return noRecord("old", soakSeconds);
  if (lastAt !== null && lastAt >= confirmation.at) {
    return confirmAgain(
      `The old side was written after ${confirmed}: ${lastSeenBy(sightings.old)}.`,
      "Something of the old release still runs. Find and end it, then confirm again.",
    );
  }
  const altered = alteredSince(confirmation.mirror, mirror);
  if (altered.length > 0) {
    return confirmAgain(
      `After ${confirmed}, ${listed(altered)} ${altered.length === 1 ? "was" : "were"} altered: writes may have passed unseen.`,
      "Look at who did that and why, then confirm again.",
    );
  }
  const lastWrite = lastAt === null ? null : tickEnd(lastAt);
  const from = lastWrite !== null && lastWrite > sightedSince ? lastWrite : sightedSince;
  const silent = secondsBetween(from, now);
  const since = from === lastWrite ? "ten seconds from the last write" : "when the record of sightings began";
  if (silent < soakSeconds) {
    return unmet(
      `The old side has been silent for ${span(silent)} of ${span(soakSeconds)}, since ${moment(from)}, ${since} (${lastSeen}).`,
      `Wait: it opens at ${moment(new Date(from.getTime() + soakSeconds * 1000))} if nobody writes the old side.`,
    );
  }
  const gap = sightedSince > confirmation.at ? `; sightings are on record since ${moment(sightedSince)} only` : "";
  return met(
    `Nobody has written the old side since ${confirmed}; it has been silent for ${span(silent)}, soak ${span(soakSeconds)} (${lastSeen}${gap}).`,
  );
};

export const idle: Judge<"idle"> = ({ soakSeconds }, evidence, progress) => {
  const { now, sightedSince, sightings } = evidence;
  if (!progress.mirrored)
    return met("The dual-write is not applied, so nothing keeps the new side and nobody relies on it.");
  if (evidence.mirror.table === "gone") return met("The table was dropped, and nothing of it can be lost any more.");
  const apart = onlyOnTheNewSide(evidence, progress);
  if (apart !== null) return apart;
  const wanted = Math.min(soakSeconds, RECENT_SECONDS);
  const { lastAt, lastConnected } = sightings.new;
  const lastSeen = `last seen: ${lastSeenBy(sightings.new)}`;
  if (sightedSince === null) return noRecord("new", wanted);
  const hint = "Roll the new release back first: an undo would take the column from under it.";
  // Code of either release may have written it through them.
  const through =
    progress.beforeViews === undefined
      ? ""
      : ` What is written through the views over the column counts as well: changeover downgrade ${progress.beforeViews} puts those back first.`;
  if (lastAt !== null && secondsBetween(lastAt, now) < wanted) {
    return unmet(
      `The new side was written ${span(secondsBetween(lastAt, now))} ago: ${lastSeenBy(sightings.new)}.${through}`,
      hint,
    );
  }
  if (lastConnected !== null && secondsBetween(lastConnected.lastAt, now) < RECENT_SECONDS) {
    return unmet(
      `A session of ${writer(lastConnected)}, pid ${lastConnected.pid}, wrote the new side at ${moment(lastConnected.lastAt)}, ${span(secondsBetween(lastConnected.lastAt, now))} ago, and is still connected: it may have written since without being noted again.${through}`,
      hint,
    );
  }
  const recorded = secondsBetween(sightedSince, now);
  if (recorded < wanted) {
    return unmet(
      `Sightings are on record for ${span(recorded)} only, since ${moment(sightedSince)}; ${span(wanted)} are asked for.`,
      `Wait: it opens at ${moment(new Date(sightedSince.getTime() + wanted * 1000))} if nobody writes the new side.`,
    );
  }
  return met(`Nobody writes the new side now (${lastSeen}).`);
};

/** What an undo would lose: values that the old side does not have, or may not have. */
function onlyOnTheNewSide({ mirror, verification }: Evidence, progress: GateProgress): Answer | null {
  const { plan } = progress;
  if (mirror.faults.length > 0) return broken(mirror.faults, plan);
  if (verification !== null && verification.mismatches > 0) {
    const named = verification.keys.length === 0 ? "" : `, the first: ${listed(verification.keys.slice(0, 3))}`;
    return unmet(
      `The verify of ${moment(verification.startedAt)} found ${counted(verification.mismatches, "row")} not in step${named}: an undo would lose what only the new side holds.`,
      SETTLE_ROWS,
      `changeover verify ${plan}`,
    );
  }
  const altered = alteredSince(mirror.trusted, mirror);
  if (altered.length === 0) return null;
  return unmet(
    `${listed(altered)} ${altered.length === 1 ? "was" : "were"} altered: what was written meanwhile may stand on the new side alone, and an undo would lose it.`,
    "A verify tells; the rows have to be filled first.",
    backfillDoneAt(progress) === null ? "changeover worker --drain" : `changeover verify ${plan}`,
  );
}

function noRecord(side: "old" | "new", seconds: number) {
  return unmet(
    `There is no record of who writes the ${side} side: a server crash or a failover has emptied the sightings.`,
    `Any upgrade or worker starts the record again, and ${span(seconds)} of silence count from there.`,
    "changeover worker --drain",
  );
}

function lastSeenBy({ lastAt, writers }: Sightings): string {
  if (lastAt === null) return "nobody";
  return writers
    .slice(0, 3)
    .map((who) => `${writer(who)} at ${moment(who.lastAt)}${who.connected ? ", still connected" : ""}`)
    .join("; ");
}
