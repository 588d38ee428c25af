/** Each event in one line for people. */

import type { Event } from "../events.js";
import { bytes, clean, count, counted, milliseconds, percent, span, timeLeft } from "../gates/words.js";

export type EventLine = { readonly level: "debug" | "info" | "warn"; readonly text: string };

const debug = (text: string): EventLine => ({ level: "debug", text });
const info = (text: string): EventLine => ({ level: "info", text });
const warn = (text: string): EventLine => ({ level: "warn", text });

export function describeEvent(event: Event): EventLine {
  switch (event.kind) {
    case "journal-installed":
      return info("installed the journal in schema changeover");
    case "lock-waiting":
      return info(
        `waiting for another runner on ${event.lock}${waited(event)}${event.holder === null ? "" : `: ${event.holder}`}${event.doing === null ? "" : `, which ${clean(event.doing)}`}`,
      );
    case "lock-obtained":
      return info(`goes on after waiting ${milliseconds(event.waitedMs)} for another runner on ${event.lock}`);
    case "revision-started":
      return info(`${subject(event)} ${event.title}`);
    case "revision-done":
      return info(`${subject(event)} done in ${milliseconds(event.ms)}`);
    case "revision-undone":
      return info(`${subject(event)} undone in ${milliseconds(event.ms)}: ${event.title}`);
    case "revision-blocked":
      return warn(`${subject(event)} stands still: ${event.reason}`);
    case "step-started":
      return debug(`${event.revision} ${event.step}: ${event.sql.replace(/\s+/g, " ").slice(0, 200)}`);
    case "step-done":
      return debug(`${event.revision} ${event.step}: ${milliseconds(event.ms)}`);
    case "step-retry":
      return info(
        `${event.revision} ${event.step}: ${event.reason}; attempt ${event.attempt}, again in ${milliseconds(event.waitMs)}`,
      );
    case "step-waiting":
      return warn(
        `${event.revision} ${event.step} has waited ${milliseconds(event.waitedMs)}${event.phase === null ? "" : ` (${event.phase})`} for ${clean(event.blockers.join("; "))}${event.remedy === null ? "" : `. ${event.remedy}`}`,
      );
    case "step-resumed":
      return info(`${event.revision} ${event.step} goes on after waiting ${milliseconds(event.waitedMs)}`);
    case "step-progress":
      return info(`${event.revision} ${event.step}: ${stepProgress(event)}`);
    case "index-healed":
      return info(`${event.revision} dropped index ${event.index}, left INVALID by an earlier attempt`);
    case "fill-started":
      return info(`${subject(event)} fill: ${counted(event.pages, "page")} in ${counted(event.slices, "slice")}`);
    case "commit-settled":
      return info(
        `${subject(event)} slice ${event.slice}: the connection was lost at COMMIT of transaction ${event.xid}, which ${FATE[event.fate]}`,
      );
    case "fill-restarted":
      return warn(`${subject(event)} fill begins again: ${event.reason}`);
    case "fill-progress":
      return info(`${subject(event)} fill: ${progress(event)}`);
    case "fill-endless":
      return warn(`${subject(event)} fill: ${clean(event.why)} ${clean(event.remedy)}`);
    case "sweep-progress":
      return info(
        `${subject(event)} fill: looks through the table for rows that are due again, ${percent(event.fraction)}, ${count(event.rows)} found`,
      );
    case "fill-plain":
      return warn(
        `${subject(event)} fills window by window for a minute, which writes more WAL: only ${percent(event.share)} of its updates stayed on their page${event.holder === null ? "" : `, because dead rows are kept for ${clean(event.holder)}`}`,
      );
    case "fill-throttled":
      if (event.reason === null) return info(`${subject(event)} fill goes on at full speed`);
      return warn(`${subject(event)} fill ${event.grade === "wait" ? "waits" : "slows down"}: ${clean(event.reason)}`);
    case "batch-done":
      return debug(
        `${subject(event)} fill: ${counted(event.rows, "row")} in ${milliseconds(event.ms)}, ${bytes(event.walBytes)} of WAL`,
      );
    case "signals-read":
      return debug(
        `${subject(event)} signals: ${event.signals.map(({ signal, value, grade }) => `${signal} ${value ?? "unread"} (${grade})`).join(", ")}`,
      );
    case "lease-lost":
      return info(`${subject(event)} slice ${event.slice} is somebody else's by now`);
    case "metrics-served":
      return info(`metrics at ${event.url}`);
    case "row-quarantined":
      return warn(`${subject(event)} row ${event.key} is in quarantine: ${event.message} (${event.sqlstate})`);
    case "slice-blocked":
      return warn(
        `${event.revision} slice ${event.slice} stopped at row ${event.key}: ${event.message} (${event.sqlstate})`,
      );
    case "slice-retry":
      return info(
        `${event.revision} slice ${event.slice}: ${event.message} (${event.sqlstate}); again in ${milliseconds(event.waitMs)}`,
      );
    case "verify-progress":
      return info(
        `${event.plan} verify: ${percent(event.fraction)}, ${counted(event.rows, "row")}, ${count(event.mismatches)} not in step`,
      );
    case "verify-done":
      return info(`${event.plan} verified: ${counted(event.rows, "row")}, ${count(event.mismatches)} not in step`);
    case "confirm-waiting":
      return info(
        `${event.plan} waiting ${milliseconds(event.waitMs)}: until then a session of the old release could write without being noted`,
      );
    case "queue-trouble":
      return warn(event.message);
    case "notice":
      return info(event.message);
  }
}

const FATE = {
  committed: "was committed: goes on behind it",
  aborted: "was not: the batch is done again",
  unknown: "the server does not know any more: goes on from where the journal has it",
} as const;

function waited({ waitedMs }: { readonly waitedMs: number }): string {
  return waitedMs < 1000 ? "" : ` (for ${milliseconds(waitedMs)})`;
}

function subject(event: { readonly revision: string; readonly plan: string | null }): string {
  return event.plan === null ? event.revision : `${event.plan} (${event.revision})`;
}

function progress(event: Extract<Event, { kind: "fill-progress" }>): string {
  const rate = event.rowsPerSecond === null ? "" : `, ${count(event.rowsPerSecond)} rows/s`;
  const { eta, endless } = event;
  const left = eta === null ? "" : `, ${timeLeft(eta)}`;
  const hot = event.hotShare === null ? "" : `, ${Math.round(event.hotShare * 100)} % HOT`;
  const wal = event.walBytesPerRow === null ? "" : `, ${bytes(event.walBytesPerRow)} of WAL a row`;
  const never = endless === null ? "" : ", will not finish";
  return `${percent(event.fraction)} of the table, ${counted(event.rowsDone, "row")} written${rate}${left}${hot}${wal}${never}`;
}

/** `building index: scanning table, 1,024 of 4,096 blocks, 25.0 %` or `running for 12 s over 3.4 GB` */
function stepProgress({ phase, fraction, counts, runningMs, tableBytes }: Extract<Event, { kind: "step-progress" }>) {
  if (counts === null || fraction === null) {
    const long = runningMs === null ? "" : ` for ${span(runningMs / 1000)}`;
    return `${phase}${long}${tableBytes === null ? "" : ` over ${bytes(tableBytes)}`}`;
  }
  return `${phase}, ${count(counts.done)} of ${count(counts.total)} ${counts.of}, ${percent(fraction)}`;
}
