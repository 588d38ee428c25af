/** A step of a slice as the batches that it takes: one where SQL fills its rows, one for each portion of a transform's. */
import type { OwnedSession } from "../../db/session.js";
import { ServerError, sqlstateOf } from "../../db/sqlstate.js";
import type { BatchResult, BatchTimes, Work } from "../batch.js";
import { oneStep, type Step } from "../pace/stride.js";
import { type FillRevision, transformOf } from "../statements.js";
import { type Portion, prepare } from "./portion.js";

type Stopped = Extract<BatchResult, { kind: "failed" | "stopped" }>;

/** What to commit next: with the last portion the step itself, before it a step that closes nothing. */
export type NextBatch = { readonly step: Step; readonly work: Work | null; readonly whole: boolean };

export class Portions {
  readonly #revision: FillRevision;
  readonly #signal: AbortSignal;
  /** where the step at hand goes on */
  #from: string | null = null;
  /** milliseconds that the step at hand took, but for what its batches took */
  #spent = 0;

  constructor(revision: FillRevision, signal: AbortSignal) {
    this.#revision = revision;
    this.#signal = signal;
  }

  /** Milliseconds of reading and computing since the step began, told once. */
  spent(): number {
    const spent = this.#spent;
    this.#spent = 0;
    return spent;
  }

  /** The step at hand is given up. */
  reset(): void {
    [this.#from, this.#spent] = [null, 0];
  }

  async next(session: OwnedSession, step: Step, times: BatchTimes): Promise<NextBatch | Stopped> {
    if (this.#revision.fill.transform === null) return { step, work: "fill", whole: true };
    const began = performance.now();
    const portion = await this.#prepare(session, step, times, this.#from);
    this.#spent += performance.now() - began;
    if ("kind" in portion) return portion;
    this.#from = portion.next;
    if (portion.next === null) return { step, work: portion, whole: true };
    const [lo] = step.window;
    return { step: { ...step, window: [lo, lo], closes: null }, work: portion, whole: false };
  }

  /** Of one page, for trying its rows one by one. */
  async page(session: OwnedSession, page: number, times: BatchTimes): Promise<Portion | Stopped | null> {
    if (this.#revision.fill.transform === null) return null;
    return this.#prepare(session, oneStep([page, page + 1]), times, null);
  }

  async #prepare(
    session: OwnedSession,
    step: Step,
    times: BatchTimes,
    from: string | null,
  ): Promise<Portion | Stopped> {
    const transform = transformOf(this.#revision);
    if (transform === null) return { written: [], failed: [], next: null };
    try {
      const prepared = await prepare(session, this.#revision, transform, { step, from, times, signal: this.#signal });
      return "hung" in prepared ? { kind: "stopped", failure: prepared.hung } : prepared;
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      // A read that takes too long is of too many pages; nothing else about it is of the rows.
      return { kind: "failed", stage: sqlstateOf(error) === "57014" ? "work" : "around", error };
    }
  }
}
