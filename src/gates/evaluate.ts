/** Whether a gate is open, and from what evidence. Pure: the same evidence gives the same answer, to the word. */
import type { Confirmation, Evidence } from "../journal/state.js";
import type { GateCondition } from "../revisions/revision.js";
import { type Answer, confirmCommand, type Judge, met, once, SETTLE_ROWS, unmet } from "./answer.js";
import { alteredSince, broken } from "./mirror.js";
import { backfillDoneAt, type GateProgress } from "./progress.js";
import { idle, quiet } from "./quiet.js";
import { reversible, tickEnd, unconverted } from "./reversible.js";
import { count, counted, listed, moment } from "./words.js";

export type ConditionReport = Answer & {
  readonly kind: GateCondition["kind"];
  /** who has opened an unmet condition by hand; null: nobody, or there was no need */
  readonly overridden: { readonly by: string; readonly at: Date; readonly reason: string | null } | null;
};

export type GateReport = {
  /** every condition is met or overridden; a gate without conditions is open */
  readonly open: boolean;
  readonly conditions: readonly ConditionReport[];
};

export function evaluateGate(
  conditions: readonly GateCondition[],
  evidence: Evidence,
  progress: GateProgress,
): GateReport {
  const answered = conditions.map((condition): ConditionReport => {
    const answer = judge(condition, evidence, progress);
    const { confirmation } = evidence;
    const opened = !answer.met && confirmation !== null && confirmation.despite.includes(condition.kind);
    return { kind: condition.kind, ...answer, overridden: opened ? byHand(confirmation) : null };
  });
  return { open: answered.every((one) => one.met || one.overridden !== null), conditions: answered };
}

function byHand({ actor, at, reason }: Confirmation) {
  return { by: actor, at, reason };
}

function judge(condition: GateCondition, evidence: Evidence, progress: GateProgress): Answer {
  switch (condition.kind) {
    case "backfill":
      return backfill(condition, evidence, progress);
    case "verified":
      return verified(condition, evidence, progress);
    case "settled":
      return settled(condition, evidence, progress);
    case "confirmed":
      return confirmed(condition, evidence, progress);
    case "quiet":
      return quiet(condition, evidence, progress);
    case "idle":
      return idle(condition, evidence, progress);
    case "reversible":
      return reversible(condition, evidence, progress);
    case "functions":
      return functions(condition, evidence, progress);
  }
}

const backfill: Judge<"backfill"> = (_condition, _evidence, progress) => {
  const left = progress.backfill.filter((revision) => revision.finishedAt === null).map((revision) => revision.name);
  const end = backfillDoneAt(progress);
  if (end === null) {
    return unmet(
      `${listed(left)} of the backfill phase's ${counted(progress.backfill.length, "revision")} ${left.length === 1 ? "is" : "are"} not done.`,
      "A worker does what is left.",
      "changeover worker --drain",
    );
  }
  if (progress.backfill.length === 0) return met("The plan has no backfill phase.");
  return met(
    `The backfill phase (${listed(progress.backfill.map((revision) => revision.name))}) was done at ${moment(end)}.`,
  );
};

const verified: Judge<"verified"> = ({ since }, evidence, progress) => {
  const { verification, mirror, unmirrored } = evidence;
  const again = (evidence: string, hint: string) => unmet(evidence, hint, `changeover verify ${progress.plan}`);
  const end = backfillDoneAt(progress);
  if (mirror.faults.length > 0) return broken(mirror.faults, progress.plan);
  if (verification === null) return again("No verify has compared the two sides.", "Verify reads every row once.");
  const { startedAt, finishedAt, rows, mismatches, skipped, keys, unseen = [] } = verification;
  if (finishedAt === null) {
    return again(
      `The verify that began at ${moment(startedAt)} has not finished: ${counted(rows, "row")} compared so far.`,
      "It goes on where it stopped.",
    );
  }
  if (end === null || startedAt < end) {
    return again(
      `The last verify began at ${moment(startedAt)}, before the backfill phase was done${end === null ? "" : ` at ${moment(end)}`}.`,
      "Verify once the backfill phase is done.",
    );
  }
  if (mismatches > 0) {
    const named = keys.length === 0 ? "" : `, the first: ${listed(keys.slice(0, 3))}`;
    const found = `The verify of ${moment(finishedAt)} found ${counted(mismatches, "row")} of ${counted(rows, "row")} not in step${named}.`;
    if (since !== undefined)
      return unmet(found, "A worker fills them, and verifies again.", "changeover worker --drain");
    return unmet(
      found,
      SETTLE_ROWS,
      once(`changeover verify ${progress.plan}`, mismatches === 1 ? "the row is put right" : "the rows are put right"),
    );
  }
  if (unseen.length > 0) {
    return again(
      `Since the verify of ${moment(startedAt)} ${listed(unseen.slice(0, 3))}${unseen.length > 3 ? ` and ${count(unseen.length - 3)} more` : ""} came: rows of a partition that is attached have passed no trigger.`,
      "Verify goes on with what came.",
    );
  }
  const altered = alteredSince(verification.mirror, mirror);
  if (altered.length > 0) {
    return again(
      `After the verify of ${moment(startedAt)} had begun, ${listed(altered)} ${altered.length === 1 ? "was" : "were"} altered: writes may have passed unseen.`,
      "Verify again.",
    );
  }
  const { forth } = unmirrored;
  if (forth !== null && tickEnd(forth.at) > startedAt) {
    return again(
      `${unconverted(forth, "the new type")}, after the verify of ${moment(startedAt)} had begun.`,
      "Mend the row, then verify again.",
    );
  }
  const stale = since === undefined ? null : beforeConfirm(evidence, startedAt);
  if (stale !== null)
    return unmet(stale, "A worker looks again, fills what it finds, and verifies.", "changeover worker --drain");
  return met(
    `The verify of ${moment(finishedAt)} compared ${counted(rows, "row")} and found all in step${skipped === 0 ? "" : ` but ${counted(skipped, "row")} that ${skipped === 1 ? "was" : "were"} skipped`}.`,
  );
};

/** Rows that are not in step are written until the confirm, and none after it: null once a verify has begun after it. */
function beforeConfirm({ confirmation, sightings, sightedSince }: Evidence, startedAt: Date): string | null {
  const { lastAt } = sightings.old;
  const gap = sightedSince === null || sightedSince > startedAt;
  if ((lastAt === null && !gap) || (confirmation !== null && startedAt >= confirmation.at)) return null;
  const written =
    lastAt === null
      ? "What was written meanwhile is not on record"
      : `NULLs were written, the last at ${moment(lastAt)}`;
  return `${written}, and the verify of ${moment(startedAt)} began before ${confirmation === null ? "there was a confirm" : `the confirm of ${moment(confirmation.at)}`}.`;
}

const settled: Judge<"settled"> = (_condition, { failures, skipped }, { plan }) => {
  const passed = skipped === 0 ? "" : `; ${counted(skipped, "row")} ${skipped === 1 ? "was" : "were"} skipped by hand`;
  if (failures.length === 0) return met(`No failed row waits for someone to settle it${passed}.`);
  const named = failures.slice(0, 3).map((row) => `${row.key} (${row.sqlstate} ${row.message})`);
  const more = failures.length > 3 ? `; and ${count(failures.length - 3)} more` : "";
  return unmet(
    `${counted(failures.length, "failed row")} ${failures.length === 1 ? "waits" : "wait"} for someone to settle: ${named.join("; ")}${more}${passed}.`,
    `Mend or delete the row, or mend the cause, and let the backfill try it again; changeover backfill quarantine skip ${plan} settles one that may stay as it is.`,
    once("changeover worker --drain", failures.length === 1 ? "the row is mended" : "the rows are mended"),
  );
};

const confirmed: Judge<"confirmed"> = (_condition, { confirmation }, progress) => {
  const again = (evidence: string) =>
    unmet(evidence, "Confirm once the release that is ready for it runs everywhere.", confirmCommand(progress.plan));
  if (confirmation === null) return again("Nobody has confirmed that the running code is ready for it.");
  const { release, actor, at, despite } = confirmation;
  // Made despite the backfill, it knew that this was not done.
  if (despite.includes("backfill")) {
    return met(`${actor} confirmed at ${moment(at)}, despite the backfill, that release ${release} runs everywhere.`);
  }
  const end = backfillDoneAt(progress);
  if (end === null || at < end) {
    return again(
      `${actor} confirmed release ${release} at ${moment(at)}, before the backfill phase was done${end === null ? "" : ` at ${moment(end)}`}.`,
    );
  }
  return met(`${actor} confirmed at ${moment(at)} that release ${release} runs everywhere.`);
};

const functions: Judge<"functions"> = ({ column }, { functionsNaming }) => {
  const named = functionsNaming.get(column);
  const hint = `Replace them by versions that do not name ${column}: with the column gone they would fail every write.`;
  if (named === undefined) return unmet("The table's trigger functions have not been looked at.", hint);
  if (named.length === 0) return met(`No trigger function on the table names ${column}.`);
  return unmet(
    `${counted(named.length, "trigger function")} on the table ${named.length === 1 ? "names" : "name"} ${column}: ${listed(named)}.`,
    hint,
  );
};
