/**
 * Is a side no longer written? Two questions that are easily mixed up: `quiet` asks it of the old side, before it is
 * dropped for ever, and counts from a person's word; `idle` asks it of the new side, before an undo takes it away, now.
 */
import type { Sightings } from "../journal/state.js";
import { confirmCommand, type Judge, met, unmet } from "./answer.js";
import { moment, secondsBetween, span, writer } from "./words.js";

/**
 * A sighting trigger notes a session at most once a minute, so for a while after a sighting the session may write
 * without being noted again. Twice that, to be on the safe side.
 */
const UNNOTED_SECONDS = 120;

export const quiet: Judge<"quiet"> = ({ soakSeconds }, { now, confirmation, sightedSince, sightings }, { plan }) => {
  const { lastAt, lastConnected } = sightings.old;
  const lastSeen = `last seen: ${lastSeenBy(sightings.old)}`;
  if (confirmation === null) {
    return unmet(
      `Silence counts from a confirm, and there is none (${lastSeen}).`,
      "Confirm once the last process of the old release is gone.",
      confirmCommand(plan),
    );
  }
  const confirmed = `the confirm of ${moment(confirmation.at)}`;
  if (sightedSince === null) return noRecord("old", soakSeconds);
  if (lastAt !== null && lastAt >= confirmation.at) {
    return unmet(
      `The old side was written after ${confirmed}: ${lastSeenBy(sightings.old)}.`,
      "Something of the old release still runs. Find and end it, then confirm again.",
      confirmCommand(plan),
    );
  }
  const before = lastConnected === null ? 0 : secondsBetween(lastConnected.lastAt, confirmation.at);
  if (soakSeconds < UNNOTED_SECONDS && lastConnected !== null && before < UNNOTED_SECONDS) {
    return unmet(
      `A session of ${writer(lastConnected)}, pid ${lastConnected.pid}, wrote the old side at ${moment(lastConnected.lastAt)}, ${span(before)} before ${confirmed}, and is still connected: it may have written since without being noted again.`,
      `End that session, or confirm again when the old side has been silent for ${span(UNNOTED_SECONDS)}.`,
    );
  }
  const from = lastAt !== null && lastAt > sightedSince ? lastAt : sightedSince;
  const silent = secondsBetween(from, now);
  const since = from === lastAt ? "the last write" : "when the record of sightings began";
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

export const idle: Judge<"idle"> = ({ soakSeconds }, { now, sightedSince, sightings }, { mirrored }) => {
  if (!mirrored) return met("The dual-write is not applied, so nothing keeps the new side and nobody relies on it.");
  const wanted = Math.min(soakSeconds, UNNOTED_SECONDS);
  const { lastAt, lastConnected } = sightings.new;
  const lastSeen = `last seen: ${lastSeenBy(sightings.new)}`;
  if (sightedSince === null) return noRecord("new", wanted);
  const hint = "Roll the new release back first: an undo would take the column from under it.";
  if (lastAt !== null && secondsBetween(lastAt, now) < wanted) {
    return unmet(
      `The new side was written ${span(secondsBetween(lastAt, now))} ago: ${lastSeenBy(sightings.new)}.`,
      hint,
    );
  }
  if (lastConnected !== null && secondsBetween(lastConnected.lastAt, now) < UNNOTED_SECONDS) {
    return unmet(
      `A session of ${writer(lastConnected)}, pid ${lastConnected.pid}, wrote the new side at ${moment(lastConnected.lastAt)}, ${span(secondsBetween(lastConnected.lastAt, now))} ago, and is still connected: it may have written since without being noted again.`,
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
