/** A fill, worked in this process straight from the journal: no queue is needed for it. */
import type { Database } from "../db/pool.js";
import { isConnectionError, ServerError } from "../db/sqlstate.js";
import type { Emit } from "../events.js";
import { countSlices, type FillCounts, readFills, recordSample } from "../journal/fills.js";
import { readLimits } from "../journal/limits.js";
import { wroteLately } from "../journal/sightings.js";
import { blockSlice, leaseSlice, type PageRange } from "../journal/slices.js";
import type { RowFailure } from "../journal/state.js";
import { Bell } from "../sleep.js";
import { mayPass } from "./batch.js";
import { type Endless, endlessOf } from "./endless.js";
import { openLane, takeSlice } from "./lane.js";
import { overPart } from "./part.js";
import { dropMended } from "./quarantine/recheck.js";
import { dueRows, type TableRow } from "./quarantine/rows.js";
import { UNDONE } from "./quarantine/verdict.js";
import { DEFAULT_LEASE_MS, workSlice } from "./slice.js";
import { type FillRevision, keyName } from "./statements.js";
import { type Swept, sweepFill } from "./sweep.js";
import { progressEvent } from "./tell.js";
import type { Declared } from "./throttle/declared.js";
import { type Throttle, Throttles } from "./throttle/throttle.js";

export { seedFill } from "./bounds.js";

export type DrainOptions = {
  /** slices at once; 0: others work them (a slice worker of this process among them), and this only waits for the end */
  readonly concurrency: number;
  readonly signal: AbortSignal;
  readonly emit: Emit;
  /** who leases, for status: host and process */
  readonly worker: string;
  /** of a batch's execution; default 250 */
  readonly targetMs?: number;
  readonly leaseMs?: number;
  /** how often to look again for slices that others hold, that back off, or that are paused */
  readonly pollMs?: number;
  /** ends that pause when it rings: whoever works the slices in this process has found nothing more to take */
  readonly bell?: Bell | undefined;
  readonly progressMs?: number;
  /** how long the database may be out of reach before its error is thrown */
  readonly outageMs?: number;
  /** what people added to the server's signals */
  readonly declared?: Declared | undefined;
};

export type Drained =
  | { readonly kind: "done" }
  /** `failures`: the first of the `quarantined` rows that wait for someone, before them what has `stopped` slices; all others are filled */
  | {
      readonly kind: "blocked";
      readonly failures: readonly RowFailure[];
      readonly quarantined: number;
      readonly stopped: number;
    }
  /** `opens`: it is outside of its windows, and when that ends */
  | { readonly kind: "paused"; readonly opens?: string }
  /** by the signal, or because the revision does not run any more */
  | { readonly kind: "aborted" };

const SAMPLE_MS = 5_000;
/** After so many sweeps that found rows, the next one that does has found rows that cannot be filled. */
const SWEEPS = 2;
/** A writer of the old side that was seen so recently is taken to be still at it. */
const RECENT_SECONDS = 120;

/**
 * Works every slice of a seeded fill. Slices that others have leased are waited for, and taken over when a lease runs out.
 * Throws what no retry mends: a missing privilege or table, a database that stays out of reach.
 */
export async function drainFill(db: Database, revision: FillRevision, options: DrainOptions): Promise<Drained> {
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const ticker = startTicker(db, revision, options);
  const throttles = new Throttles(db, options.emit, options.declared);
  const throttle = throttles.of(revision);
  const drainOnce = async () => {
    const lanes = laneNumbers(options.concurrency).map((n) =>
      drainLane(db, revision, { ...options, signal, throttle }, n).catch((error: unknown) => {
        stop.abort();
        throw error;
      }),
    );
    const ends = await Promise.allSettled(lanes);
    for (const end of ends) if (end.status === "rejected") throw end.reason;
    return options.signal.aborted ? ({ kind: "aborted" } as const) : await conclude(db, revision);
  };
  try {
    // A sweep whose rows are in quarantine by now has found nothing that it would find again.
    for (let sweeps = 0, noted = 0, last = false; ; ) {
      const drained = await drainOnce();
      const quarantined = drained.kind === "blocked" ? drained.quarantined : 0;
      // Rows in quarantine do not keep the others from being filled.
      if (drained.kind !== "done" && (drained.kind !== "blocked" || drained.stopped > 0)) return drained;
      const { found, added } = last ? NO_SWEEP : await sweepFill(db, revision, options);
      if (options.signal.aborted) return { kind: "aborted" };
      if (added > 0) continue;
      if (found === 0) {
        await dropMended(db, revision, options);
        return conclude(db, revision);
      }
      sweeps = quarantined > noted ? 1 : sweeps + 1;
      noted = quarantined;
      if (sweeps <= SWEEPS) continue;
      // As long as old code writes rows without a value there are always some: it is another run that finds the last.
      last = revision.fill.transform !== null && (await wroteLately(db, revision.plan ?? "", RECENT_SECONDS));
      if (!last) return await blockLeftOver(db, revision, options);
    }
  } finally {
    await throttles.close();
    await ticker.stop();
  }
}

const NO_SWEEP: Swept = { found: 0, added: 0 };

/** Rows that were filled again and again and are still due: their slices stop, named by the first of them. */
async function blockLeftOver(db: Database, revision: FillRevision, options: DrainOptions): Promise<Drained> {
  const { emit, worker } = options;
  for (;;) {
    const lease = await leaseSlice(db, { revision: revision.id, worker, leaseMs: DEFAULT_LEASE_MS });
    if (lease === null) return conclude(db, revision);
    const own = lease.part === null ? revision : await overPart(revision, lease.part);
    const [row] = await leftOver(db, own, [lease.lo, lease.hi]);
    const key = row === undefined ? `pages ${lease.lo} to ${lease.hi}` : keyName(revision.fill.key, row.key, row.tid);
    const failure = { key, ...UNDONE };
    if (await blockSlice(db, lease, failure)) {
      emit({ kind: "slice-blocked", revision: revision.id, slice: lease.slice, ...failure });
    }
  }
}

/** None where the expression fails for one of them. */
function leftOver(db: Database, revision: FillRevision, window: PageRange): Promise<TableRow[]> {
  return db
    .borrow((session) => dueRows(session, revision, window))
    .catch((error: unknown) => {
      if (error instanceof ServerError && !mayPass(error)) return [];
      throw error;
    });
}

/** null: a lane that takes no slice. */
function laneNumbers(concurrency: number): (number | null)[] {
  return concurrency === 0 ? [null] : Array.from({ length: concurrency }, (_, n) => n);
}

/** One worker of the fill: until nothing is left for it, now or later. */
async function drainLane(
  db: Database,
  revision: FillRevision,
  options: DrainOptions & { readonly throttle: Throttle },
  n: number | null,
): Promise<void> {
  const { signal, emit, worker, throttle } = options;
  const leaseMs = options.leaseMs ?? DEFAULT_LEASE_MS;
  const lane = openLane(db, `fill ${(n ?? 0) + 1}`);
  const bell = options.bell ?? new Bell();
  const onAbort = () => bell.ring();
  signal.addEventListener("abort", onAbort);
  let outSince: number | null = null;
  try {
    while (!signal.aborted) {
      try {
        const lease =
          n === null || (await throttle.answer()).grade === "wait"
            ? null
            : await takeSlice(db, lane, { revision: revision.id, worker: `${worker}/${n + 1}`, leaseMs });
        outSince = null;
        if (lease !== null) {
          await workSlice({ db, lane, throttle, emit, signal, targetMs: options.targetMs, leaseMs }, revision, lease);
          continue;
        }
        if (isOver(await countSlices(db, revision.id))) return;
      } catch (error) {
        if (!isConnectionError(error)) throw error;
        outSince ??= performance.now();
        if (performance.now() - outSince > (options.outageMs ?? 60_000)) throw error;
      }
      await bell.nap(options.pollMs ?? 500);
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    await lane.drop();
  }
}

/** Nothing can be had now, and nothing will be by waiting. */
function isOver(counts: FillCounts | null): boolean {
  if (counts === null || counts.paused || counts.opens !== null || !counts.running) return true;
  return counts.due === 0 && counts.leased === 0;
}

async function conclude(db: Database, revision: FillRevision): Promise<Drained> {
  const counts = await countSlices(db, revision.id);
  if (counts === null || !counts.running) return { kind: "aborted" };
  if (counts.due + counts.leased + counts.blocked + counts.quarantined === 0) return { kind: "done" };
  if (counts.paused) return { kind: "paused" };
  if (counts.opens !== null && counts.due + counts.leased > 0) return { kind: "paused", opens: counts.opens };
  const [fill] = await readFills(db, revision.id);
  const { failures = [], quarantined = 0 } = fill ?? {};
  return { kind: "blocked", failures, quarantined, stopped: counts.blocked };
}

/** Progress for people and samples for the rate, while the fill is worked. A missed tick harms nobody. */
function startTicker(db: Database, revision: FillRevision, options: DrainOptions) {
  let busy: Promise<void> = Promise.resolve();
  const tick = async () => {
    await recordSample(db, revision.id, SAMPLE_MS);
    const [fill] = await readFills(db, revision.id);
    if (fill === undefined) return;
    const limits = await readLimits(db, revision.plan);
    // The look for rows that are due again tells of itself.
    if (fill.sweeping === undefined) options.emit(progressEvent(fill, revision.plan, limits));
    warn(endlessOf(fill, limits, revision.plan ?? revision.id));
  };
  const warn = warner((endless) =>
    options.emit({ kind: "fill-endless", revision: revision.id, plan: revision.plan, ...endless }),
  );
  let ticking = false;
  const run = () => {
    if (ticking) return;
    ticking = true;
    busy = tick()
      .catch(() => undefined)
      .finally(() => {
        ticking = false;
      });
  };
  const timer = setInterval(run, options.progressMs ?? 1_000);
  run();
  return {
    stop: async () => {
      clearInterval(timer);
      await busy;
      await tick().catch(() => undefined);
    },
  };
}

const ENDLESS_MS = 10 * 60_000;

/** Says it when it is first seen, when the reason is another one, and now and then. */
function warner(say: (endless: Pick<Endless, "why" | "remedy">) => void) {
  let told: { readonly kind: Endless["kind"]; readonly at: number } | null = null;
  return (endless: Endless | null) => {
    if (endless === null) return;
    const now = performance.now();
    if (told !== null && told.kind === endless.kind && now - told.at < ENDLESS_MS) return;
    told = { kind: endless.kind, at: now };
    say({ why: endless.why, remedy: endless.remedy });
  };
}
