/** One slice, from where it stands to its end, or to the first reason to let go of it. */
import { ServerError } from "../db/sqlstate.js";
import { blockSlice, giveBack, type Lease, type PageRange, renewLease } from "../journal/slices.js";
import type { RowFailure } from "../journal/state.js";
import { sleep } from "../sleep.js";
import { type BatchResult, type BatchTimes, type Failed, isLost, mayPass, type Refused, runBatch } from "./batch.js";
import { restartFill } from "./bounds.js";
import type { SliceDeps, SliceOutcome } from "./outcome.js";
import { type Gait, gaitOf } from "./pace/gait.js";
import { DEFAULT_TARGET_MS } from "./pace/pace.js";
import { afterPoorCourse } from "./pace/poor.js";
import { rest } from "./pace/rest.js";
import { oneStep, type Step } from "./pace/stride.js";
import { overPart } from "./part.js";
import { findObstacle } from "./quarantine/obstacle.js";
import { runPage } from "./quarantine/page.js";
import { behind, pagesIn } from "./range.js";
import { resumeLease } from "./resume.js";
import { retryLater, waitFor } from "./retry.js";
import { type FillRevision, looksOnly } from "./statements.js";
import { tellBatch, tellBlocked, tellEnd } from "./tell.js";
import { Portions } from "./transform/portions.js";

export const DEFAULT_LEASE_MS = 30_000;

const MAX_PATIENCE = 32;
const LOOKS_BEFORE_ASIDE = 2;
/** Rounds over what was put aside, with short pauses, before the slice is given back to come again later. */
const ROUNDS = 4;
const NOTHING = { xid: "", updated: 0, hot: 0 };

/** Works until the slice is done, stopped or let go. Throws what is no row's and will not pass: a missing privilege or table. */
export async function workSlice(deps: SliceDeps, revision: FillRevision, leased: Lease): Promise<SliceOutcome> {
  if (leased.part === null) {
    await restartFill(deps.db, revision, deps.emit);
    return "restarted";
  }
  const run = new SliceRun(deps, await overPart(revision, leased.part), leased);
  try {
    return tellEnd(deps.emit, revision, leased, await run.work());
  } catch (error) {
    if (error instanceof ServerError && mayPass(error)) return run.retry(error);
    await giveBack(deps.db, run.lease).catch(() => undefined);
    throw error;
  }
}

class SliceRun {
  lease: Lease;
  readonly #deps: SliceDeps;
  readonly #revision: FillRevision;
  readonly #leaseMs: number;
  readonly #targetMs: number;
  readonly #gait: Gait;
  /** what is left of the course at hand */
  #steps: Step[] = [];
  /** of the course at hand: its first transaction, and what its updates came to */
  #course = NOTHING;
  /** up to this page something failed: in one pass, so that the window narrows down to it */
  #plainTo = 0;
  #patience = 1;
  /** contention in a row on the window at hand */
  #looks = 0;
  /** what of `aside` this round still has to look at */
  #round: PageRange[] = [];
  #rounds = 0;
  #roundStart = Number.POSITIVE_INFINITY;
  readonly #portions: Portions;

  constructor(deps: SliceDeps, revision: FillRevision, lease: Lease) {
    this.#deps = deps;
    this.#revision = revision;
    this.lease = lease;
    this.#gait = gaitOf(deps.lane.gaits, lease, looksOnly(revision));
    this.#portions = new Portions(revision, deps.signal);
    this.#leaseMs = deps.leaseMs ?? DEFAULT_LEASE_MS;
    this.#targetMs = deps.targetMs ?? DEFAULT_TARGET_MS;
  }

  async work(): Promise<SliceOutcome> {
    for (;;) {
      if (this.#deps.signal.aborted) {
        await giveBack(this.#deps.db, this.lease);
        return "aborted";
      }
      const step = await this.#step();
      if (typeof step === "string") return step;
      const putAside = this.#looks > LOOKS_BEFORE_ASIDE;
      const session = await this.#deps.lane.session();
      const times = this.#times();
      const next = putAside
        ? ({ step, work: null, whole: true } as const)
        : await this.#portions.next(session, step, times);
      const result =
        "kind" in next ? next : await runBatch(session, this.#revision, this.lease, next.step, times, next.work);
      const outcome = await this.#settle(step, result, "kind" in next || next.whole);
      if (outcome !== null) return outcome;
    }
  }

  #times(): BatchTimes {
    return {
      targetMs: this.#targetMs,
      leaseMs: this.#leaseMs,
      holder: this.#deps.lane.holder(),
      deadlockTimeoutMs: this.#deps.lane.deadlockTimeoutMs(),
      patience: this.#patience,
    };
  }

  /** The next batch; at the end of a fruitless round over what was put aside, a pause, or the reason to let go. */
  async #step(): Promise<Step | SliceOutcome> {
    const { next, hi } = this.lease;
    if (next < hi) {
      const plain = next < this.#plainTo || this.#looks > LOOKS_BEFORE_ASIDE;
      if (this.#steps.length === 0) this.#steps = this.#gait.steps([next, hi], plain);
      return this.#steps[0] ?? oneStep([next, hi]);
    }
    if (this.#round.length === 0) {
      const left = pagesIn(this.lease.aside);
      this.#rounds = left < this.#roundStart ? 0 : this.#rounds + 1;
      this.#roundStart = left;
      if (this.#rounds > ROUNDS) {
        const outcome = await this.#letGo();
        if (outcome !== null) return outcome;
        [this.#rounds, this.#roundStart] = [0, Number.POSITIVE_INFINITY];
      } else if (this.#rounds > 0) {
        await sleep(50 * 2 ** this.#rounds, this.#deps.signal);
        if (!(await renewLease(this.#deps.db, this.lease, this.#leaseMs))) return "lost";
      }
      this.#round = [...this.lease.aside];
    }
    // A slice with nothing left was never committed as such: an empty window at its end does it.
    const [lo, end] = this.#round[0] ?? [hi, hi];
    return oneStep([lo, Math.min(lo + this.#gait.pages(), end)]);
  }

  /** `whole` false: more of the step follows. */
  async #settle(step: Step, result: BatchResult, whole: boolean): Promise<SliceOutcome | null> {
    if (result.kind !== "moved") this.#portions.reset();
    switch (result.kind) {
      case "moved":
        if (whole) await this.#advance(step, result);
        else this.lease = result.lease;
        if (!(await rest({ ...this.#deps, leaseMs: this.#leaseMs, plan: this.#revision.plan }, result))) return "lost";
        if (result.done) return "done";
        return looksOnly(this.#revision) ? this.#found(result.left) : null;
      case "failed":
        return this.#failed(step, result);
      case "stopped":
        return this.#block(result.failure);
      default:
        return this.#refused(result);
    }
  }

  async #refused({ kind }: Refused): Promise<SliceOutcome | null> {
    if (kind === "lost") return "lost";
    if (kind === "behind") return this.#goOn(null);
    if (kind === "paused") {
      await giveBack(this.#deps.db, this.lease);
      return "paused";
    }
    await restartFill(this.#deps.db, this.#revision, this.#deps.emit);
    await giveBack(this.#deps.db, this.lease);
    return "restarted";
  }

  async #advance(step: Step, result: BatchResult & { kind: "moved" }): Promise<void> {
    tellBatch(this.#deps.emit, this.#revision, result);
    if (this.lease.next >= this.lease.hi) this.#round = behind(this.#round, step.window);
    this.lease = result.lease;
    if (this.#looks <= LOOKS_BEFORE_ASIDE) this.#gait.took(step, result.ms + this.#portions.spent(), this.#targetMs);
    this.#looks = 0;
    this.#patience = 1;
    this.#steps = this.#steps.slice(1);
    const { xid, updated, hot } = this.#course;
    this.#course = { xid: xid || result.xid, updated: updated + result.rows, hot: hot + result.hot };
    if (step.closes === null) return;
    const seen = this.#course;
    this.#course = NOTHING;
    if (step.of > 1 && this.#gait.isPoor(seen)) await afterPoorCourse(this.#deps, this.#revision, this.#gait, seen);
  }

  /** Begins again from the cursor: passes over a window that are committed find nothing more to do. */
  #narrow(step: Step, plainly: boolean): void {
    this.#gait.shrink(step);
    if (plainly) this.#plainTo = Math.max(this.#plainTo, step.window[1]);
    this.#steps = [];
    this.#course = NOTHING;
    this.lease = { ...this.lease, ahead: 0 };
  }

  async #failed(step: Step, { stage, error, sent }: Failed): Promise<SliceOutcome | null> {
    if (isLost(error) && sent !== undefined) return this.#goOn(sent);
    // 53: the server has run out of something (disk, memory, connections); smaller windows do not help.
    if (isLost(error) || error.sqlstate.startsWith("53")) return this.retry(error);
    const pages = step.window[1] - step.window[0];
    if (error.sqlstate === "57014" && stage === "work") {
      // Too slow, or cancelled by hand: smaller first, then more time for a single page.
      if (pages > 1) this.#narrow(step, false);
      else this.#patience *= 2;
      return this.#patience > MAX_PATIENCE ? this.retry(error) : null;
    }
    if (mayPass(error)) {
      // Something other than a row of the window is locked. What holds it may do so for long: the window is put aside.
      if (stage === "around" || this.#looks > LOOKS_BEFORE_ASIDE) return this.retry(error);
      if (pages > 1 || step.of > 1) this.#narrow(step, true);
      else this.#looks += 1;
      return null;
    }
    if (stage === "around") throw error;
    if (pages > 1 || step.of > 1) {
      // Down to the page first, so that the good pages before it commit and few rows are tried one by one.
      this.#narrow(step, true);
      return null;
    }
    return this.#page(step.window[0]);
  }

  /** Goes over one page row by row: what fails is noted, and the slice goes on behind it. */
  async #page(page: number): Promise<SliceOutcome | null> {
    const known = new Set<string>();
    for (;;) {
      const session = await this.#deps.lane.session();
      const times = { ...this.#times(), patience: MAX_PATIENCE };
      const portion = await this.#portions.page(session, page, times);
      const result =
        portion !== null && "kind" in portion
          ? portion
          : await runPage(session, this.#revision, this.lease, page, times, known, portion);
      if (result.kind === "failed") {
        if (isLost(result.error) && result.sent !== undefined) return this.#goOn(result.sent);
        if (mayPass(result.error)) return this.retry(result.error);
        throw result.error;
      }
      if (result.kind === "stopped") return this.#block(result.failure);
      if (result.kind !== "passed") return this.#refused(result);
      this.lease = result.lease;
      tellBatch(this.#deps.emit, this.#revision, result);
      if (result.done) return "done";
      if (result.more) continue;
      this.#round = behind(this.#round, [page, page + 1]);
      [this.#steps, this.#course, this.#looks] = [[], NOTHING, 0];
      return null;
    }
  }

  /** A fill that only looks has found rows: each of them waits for someone. */
  async #found(ranges: readonly PageRange[]): Promise<SliceOutcome | null> {
    for (const [lo, hi] of ranges) {
      for (let page = lo; page < hi; page += 1) {
        const outcome = await this.#page(page);
        if (outcome !== null) return outcome;
      }
    }
    return null;
  }

  async #block(failure: RowFailure): Promise<SliceOutcome> {
    if (!(await blockSlice(this.#deps.db, this.lease, failure))) return "lost";
    tellBlocked(this.#deps.emit, this.#revision, this.lease, failure);
    return "blocked";
  }

  /**
   * What was put aside stays due: says why, and comes again later, so that the worker is free for other slices. A row that
   * nobody locks and that stays due after it was filled is tried alone, which tells; then (null) there is more to do here.
   */
  async #letGo(): Promise<SliceOutcome | null> {
    const [first] = this.lease.aside;
    const session = await this.#deps.lane.session();
    const obstacle =
      first === undefined
        ? ({ kind: "none" } as const)
        : await findObstacle(this.#deps.db, session, this.#revision, first, this.#times());
    if (obstacle.kind === "page") return this.#page(obstacle.page);
    const waiting = obstacle.kind === "lock" ? obstacle.holder : null;
    return (await waitFor(this.#deps, this.#revision.id, this.lease, waiting)) ? "waiting" : "lost";
  }

  /** From where the journal has the slice; `sent`: the transaction whose COMMIT was not answered. */
  async #goOn(sent: string | null): Promise<SliceOutcome | null> {
    const found = await resumeLease({ ...this.#deps, leaseMs: this.#leaseMs }, this.#revision, this.lease, sent);
    if (typeof found === "string") return found;
    this.lease = found;
    [this.#steps, this.#course, this.#round, this.#rounds] = [[], NOTHING, [], 0];
    return null;
  }

  async retry(error: ServerError): Promise<SliceOutcome> {
    if (isLost(error)) await this.#deps.lane.drop();
    await retryLater(this.#deps, this.#revision, this.lease, error);
    return "retry";
  }
}
