/** Words for who is at work now, from the facts that live.ts reads. */
import { type Activity, fractionOf } from "../db/activity.js";
import { type Blocker, describeBlocker, remedyFor } from "../db/blockers.js";
import { type LockHolder, lockName } from "../db/lock-holder.js";
import { listed, moment, span } from "../gates/words.js";
import type { FillProgress } from "../journal/state.js";
import type { Tracked } from "./input.js";
import type { RunnerJson } from "./schema.js";

export type Live = {
  /** runners: those who hold a lock on the trunk or on a plan */
  readonly holders: readonly LockHolder[];
  /** statements of revisions */
  readonly activities: readonly Activity[];
  /** by lock, of a holder that runs no statement: whoever holds what the next revision's statements will need */
  readonly ahead: ReadonlyMap<string, readonly Blocker[]>;
};

export const NOBODY: Live = { holders: [], activities: [], ahead: new Map() };

/** What runs under this lock. */
export function underLock(name: string, tracked: readonly Tracked[]): Tracked[] {
  return tracked.filter(({ revision }) => lockName(revision) === name);
}

/** The one that is being undone, or else the first that is not done; null: all are. */
export function currentOf(own: readonly Tracked[]): Tracked | null {
  return own.findLast(({ state }) => state === "undoing") ?? own.find(({ state }) => state !== "done") ?? null;
}

/** What each living runner does, and for whom it waits. */
export function reportRunners(live: Live, tracked: readonly Tracked[], fills: readonly FillProgress[]): RunnerJson[] {
  return live.holders.map((holder) => {
    const own = underLock(holder.name, tracked);
    const at = live.activities.find((one) => own.some(({ revision }) => revision.id === one.revision));
    const found = own.find(({ revision }) => revision.id === at?.revision);
    if (at !== undefined && found !== undefined) return running(holder, found, at);
    return between(holder, currentOf(own), live.ahead.get(holder.name) ?? [], fills);
  });
}

function running(holder: LockHolder, { revision }: Tracked, at: Activity): RunnerJson {
  const step = [...revision.upgrade, ...revision.downgrade].find(
    (one) => at.query !== "" && shortSql(one.sql) === at.query,
  );
  const { progress, wait } = at;
  const fraction = progress === null ? null : fractionOf(progress);
  const what = at.query === "" ? "a statement that this role may not see" : at.query;
  const far =
    progress === null ? "" : `; ${progress.phase}${fraction === null ? "" : `, ${Math.floor(fraction * 100)} %`}`;
  const name =
    step === undefined || step.name === revision.name ? revision.name : `${revision.name}, step ${step.name}`;
  return {
    ...whose(holder),
    plan: revision.plan,
    revision: revision.id,
    step: step?.name ?? null,
    doing: `${name}: ${what}${at.ageMs === null ? "" : ` (for ${span(at.ageMs / 1000)})`}${far}`,
    progress:
      progress === null
        ? null
        : {
            phase: progress.phase,
            fraction,
            counts: fraction === null ? null : { of: progress.of, done: progress.done, total: progress.total },
          },
    runningSeconds: at.ageMs === null ? null : at.ageMs / 1000,
    wait:
      wait === null
        ? null
        : {
            since: wait.since?.toISOString() ?? null,
            why: `${revision.name} waits${wait.since === null ? "" : ` since ${moment(wait.since)}`} for ${inWords(wait.blockers)}.`,
            blockers: wait.blockers.map(blockerJson),
            remedy: remedyFor(wait.blockers),
          },
  };
}

/** As the server's view shows it. */
const shortSql = (sql: string) =>
  sql
    .replace(/\s+/g, " ")
    .replace(/[ ;]+$/, "")
    .slice(0, 120);

/** A runner whose session for statements is not there: at rows, between two attempts, or comparing. */
function between(
  holder: LockHolder,
  current: Tracked | null,
  ahead: readonly Blocker[],
  fills: readonly FillProgress[],
): RunnerJson {
  const fill = current?.revision.runner === "backfill" && current.state === "running" ? current.revision : null;
  const rows = fills.find((one) => one.revision === fill?.id)?.waiting ?? [];
  const idle = {
    ...whose(holder),
    plan: current?.revision.plan ?? null,
    step: null,
    progress: null,
    runningSeconds: null,
  };
  if (fill !== null) {
    const why = rows.length === 0 ? null : `Rows of ${fill.name} are locked: ${listed(rows)}.`;
    const wait = why === null ? null : { since: null, why, blockers: [], remedy: null };
    return { ...idle, revision: fill.id, doing: `${fill.name}: fills rows`, wait };
  }
  const doing = "runs no statement of a revision at this moment";
  if (current === null || ahead.length === 0) return { ...idle, revision: null, doing, wait: null };
  const why = `In the way of ${current.revision.name}, which comes next: ${inWords(ahead)}.`;
  const wait = { since: null, why, blockers: ahead.map(blockerJson), remedy: remedyFor(ahead) };
  return { ...idle, revision: null, doing, wait };
}

function whose({ name, pid, app, holder, since }: LockHolder) {
  return { lock: name, holder, pid, application: app, since: since?.toISOString() ?? null };
}

const inWords = (blockers: readonly Blocker[]) => blockers.map(describeBlocker).join("; ");

function blockerJson(blocker: Blocker): NonNullable<RunnerJson["wait"]>["blockers"][number] {
  const { pid, gid, kind, role, app, state, query, startedAt, modes, tables } = blocker;
  return {
    kind,
    pid: kind === "prepared" ? null : pid,
    gid,
    role,
    application: app,
    state,
    transactionSince: startedAt?.toISOString() ?? null,
    query,
    modes: [...modes],
    tables: [...tables],
  };
}
