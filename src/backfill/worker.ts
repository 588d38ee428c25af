/**
 * A worker over every fill that runs: woken by the queue, or by its own sweep of the journal where the queue is lost, slow
 * or down. Nothing depends on the queue but how soon an idle worker hears of work.
 */
import type { Database } from "../db/pool.js";
import { ServerError } from "../db/sqlstate.js";
import type { Emit } from "../events.js";
import { recordSample } from "../journal/fills.js";
import { dueSlices } from "../journal/slices.js";
import { Bell } from "../sleep.js";
import { mayPass } from "./batch.js";
import { type Lane, openLane, takeSlice } from "./lane.js";
import { Listener } from "./listen.js";
import { QueueKeeper } from "./queue/keeper.js";
import type { Wake } from "./queue/queue.js";
import { DEFAULT_LEASE_MS, workSlice } from "./slice.js";
import type { FillRevision } from "./statements.js";
import type { Declared } from "./throttle/declared.js";
import { Throttles } from "./throttle/throttle.js";

export type SliceWorkerOptions = {
  readonly db: Database;
  /** the journal's uuid */
  readonly journal: string;
  /** who leases, for status: host and process */
  readonly worker: string;
  /** slices at once */
  readonly concurrency: number;
  readonly emit: Emit;
  /** a revision that the journal says is running, from its file or the journal's text; null: not known here, left to others */
  readonly load: (revision: string) => Promise<FillRevision | null>;
  readonly targetMs?: number;
  readonly leaseMs?: number;
  /**
   * Told of a fill that no retry mends here (a missing privilege or table): it is left alone for a while, and the others go
   * on. Must not throw. Without it such an error ends the worker.
   */
  readonly onFailure?: (revision: string, error: unknown) => void;
  /** how often the journal is looked through; default 5 s */
  readonly sweepMs?: number;
  /** told when somebody has changed what is to be done: a pause, a limit, a row to try again */
  readonly onCall?: () => void;
  /** where the queue lives; without it, in the database itself */
  readonly redisUrl?: string | null;
  readonly queueSchema?: string;
  /** what people added to the server's signals */
  readonly declared?: Declared | undefined;
};

export type SliceWorker = {
  /** A fill was seeded, resumed or mended: look for due slices now, here and on all other workers. */
  wake(): void;
  /** Rings whenever a lane here finds nothing more to take of the fill: it may have come to its end. */
  bellOf(revision: string): Bell;
  /** Finishes the batches at hand, gives the slices back, and ends. */
  close(): Promise<void>;
  /** Resolves when closed; rejects with what no retry mends, where nobody is told of it (see `onFailure`). */
  readonly ended: Promise<void>;
};

const DEFAULT_SWEEP_MS = 5_000;
const FIRST_NAP_MS = 250;
const SAMPLE_MS = 5_000;
/** The same trouble is told again after so long, and a fill that failed for good is tried again. */
const TROUBLE_MS = 30_000;
const MESSAGES_KEPT = 100;
/** A throttle goes by what it read within the last second. */
const CALL_AGAIN_MS = 1_500;

export function startSliceWorker(options: SliceWorkerOptions): SliceWorker {
  const worker = new JournalWorker(options);
  const ended = worker.sweep();
  // Whoever does not look at `ended` must not die of an unhandled rejection.
  ended.catch(() => undefined);
  return {
    wake: () => worker.wakeUp(),
    bellOf: (revision) => worker.bellOf(revision),
    close: () => worker.close(ended),
    ended,
  };
}

class JournalWorker {
  readonly #options: SliceWorkerOptions;
  readonly #stop = new AbortController();
  readonly #lanes: Lane[];
  readonly #running = new Set<Promise<void>>();
  readonly #told = new Map<string, number>();
  readonly #throttles: Throttles;
  readonly #queue: QueueKeeper;
  readonly #listener: Listener;
  readonly #refused = new Map<string, number>();
  #failure: unknown = null;
  readonly #bell = new Bell();
  readonly #bells = new Map<string, Bell>();
  #looks = 0;
  /** slices that are due, and since when that is known */
  #seen = new Map<string, number>();

  constructor(options: SliceWorkerOptions) {
    this.#options = options;
    this.#throttles = new Throttles(options.db, options.emit, options.declared);
    this.#lanes = Array.from({ length: Math.max(1, options.concurrency) }, (_, n) =>
      openLane(options.db, `fill ${n + 1}`),
    );
    const { db, journal, concurrency, emit } = options;
    this.#listener = new Listener({ db, emit, onCall: () => this.#called() });
    this.#queue = new QueueKeeper({
      db,
      journal,
      redisUrl: options.redisUrl ?? null,
      concurrency,
      // A queue that is being left has no trouble worth a word.
      emit: (event) => {
        if (!this.#stop.signal.aborted) emit(event);
      },
      schema: options.queueSchema,
      process: async (wake) => {
        await this.#start([wake.revision], wake.slice);
      },
    });
  }

  wakeUp(): void {
    this.#bell.ring();
  }

  bellOf(revision: string): Bell {
    const known = this.#bells.get(revision) ?? new Bell();
    this.#bells.set(revision, known);
    return known;
  }

  #called(): void {
    this.wakeUp();
    setTimeout(() => this.wakeUp(), CALL_AGAIN_MS).unref();
    this.#options.onCall?.();
  }

  async close(ended: Promise<void>): Promise<void> {
    this.#stop.abort();
    this.wakeUp();
    await ended.catch(() => undefined);
  }

  /** The worker's life. */
  async sweep(): Promise<void> {
    try {
      while (!this.#stop.signal.aborted) {
        await this.#lookThrough().catch((error: unknown) => this.#trouble(error));
        if (this.#failure !== null) throw this.#failure;
        const sweepMs = this.#options.sweepMs ?? DEFAULT_SWEEP_MS;
        await this.#bell.nap(this.#looks > 1 ? sweepMs : Math.min(sweepMs, FIRST_NAP_MS));
      }
    } finally {
      this.#stop.abort();
      await Promise.allSettled(this.#running);
      await Promise.all([this.#queue.close(), this.#listener.close(), this.#throttles.close()]);
      await Promise.all(this.#lanes.map((lane) => lane.drop()));
    }
  }

  async #lookThrough(): Promise<void> {
    const { db } = this.#options;
    const due = (await dueSlices(db)).filter((wake) => !this.#isRefused(wake.revision));
    // Not waited for: what is due is begun without a queue. Loading it takes a quarter of a second of this process's
    // time, which the first look leaves to the start of the fill.
    this.#looks += 1;
    if (this.#looks > 1 || due.length > 0) void this.#queue.keep();
    for (const revision of new Set(due.map((wake) => wake.revision))) await recordSample(db, revision, SAMPLE_MS);
    const woken = await this.#queue.wake(due);
    // Due from one sweep to the next while hands are free here: the wake-up was lost, or the queue is late.
    const now = performance.now();
    const lateMs = 0.9 * (this.#options.sweepMs ?? DEFAULT_SWEEP_MS);
    this.#seen = new Map(due.map(nameOf).map((name) => [name, this.#seen.get(name) ?? now]));
    const late = [...this.#seen.values()].some((since) => now - since >= lateMs);
    if (due.length === 0 || (woken && !late)) return;
    const revisions = [...new Set(due.map((wake) => wake.revision))];
    for (let n = Math.min(this.#lanes.length, due.length); n > 0; n -= 1) void this.#start(revisions);
  }

  /** Works in a free lane until nothing is due; without one there is nothing to do: what is due stays due. */
  async #start(revisions: readonly string[], slice?: number): Promise<void> {
    const lane = this.#stop.signal.aborted ? undefined : this.#lanes.pop();
    if (lane === undefined) return;
    const work = this.#work(lane, revisions, slice).finally(() => {
      this.#lanes.push(lane);
      this.#running.delete(work);
    });
    this.#running.add(work);
    await work;
  }

  async #work(lane: Lane, revisions: readonly string[], slice: number | undefined): Promise<void> {
    const { db, worker, emit, load, targetMs } = this.#options;
    const leaseMs = this.#options.leaseMs ?? DEFAULT_LEASE_MS;
    const { signal } = this.#stop;
    let prefer = slice;
    for (const id of revisions) {
      try {
        const revision = await load(id);
        if (revision === null) continue;
        const throttle = this.#throttles.of(revision);
        while (!signal.aborted && !this.#isRefused(id)) {
          // What is due stays due: the next look through the journal comes within seconds.
          if ((await throttle.answer()).grade === "wait") break;
          const lease = await takeSlice(db, lane, { revision: id, prefer, worker, leaseMs });
          if (lease === null) {
            this.#bells.get(id)?.ring();
            break;
          }
          prefer = undefined;
          await workSlice({ db, lane, throttle, emit, signal, targetMs, leaseMs }, revision, lease);
        }
      } catch (error) {
        this.#fail(id, error);
      }
    }
  }

  #isRefused(revision: string): boolean {
    return (this.#refused.get(revision) ?? 0) > performance.now();
  }

  #fail(revision: string, error: unknown): void {
    if (error instanceof ServerError && mayPass(error)) {
      this.#trouble(error);
      return;
    }
    const told = this.#isRefused(revision);
    this.#refused.set(revision, performance.now() + TROUBLE_MS);
    const { onFailure } = this.#options;
    if (onFailure === undefined) {
      this.#failure ??= error;
      this.wakeUp();
    } else if (!told) onFailure(revision, error);
  }

  #trouble(cause: unknown): void {
    const message = cause instanceof Error ? cause.message : String(cause);
    const now = performance.now();
    if (now - (this.#told.get(message) ?? Number.NEGATIVE_INFINITY) < TROUBLE_MS) return;
    if (this.#told.size >= MESSAGES_KEPT) this.#told.clear();
    this.#told.set(message, now);
    this.#options.emit({ kind: "queue-trouble", message });
  }
}

function nameOf(wake: Wake): string {
  return `${wake.revision}-${wake.slice}-${wake.fence}`;
}
