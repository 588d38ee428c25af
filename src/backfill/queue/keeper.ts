/**
 * Keeps a worker's queue open: opened when asked for, looked at after trouble, and opened anew with a growing pause. What
 * goes wrong is told, and never thrown: a worker without a queue finds its work in the journal.
 */
import type { Emit } from "../../events.js";
import { within } from "../../sleep.js";
import type { Wake, WakeQueue, WakeQueueOptions } from "./queue.js";

export type QueueKeeperOptions = Omit<WakeQueueOptions, "onTrouble" | "onNotice"> & { readonly emit: Emit };

/** A queue that could not be opened is tried again after so long, then twice as long, to this much. */
const REOPEN_MS = 1_000;
const REOPEN_MOST_MS = 60_000;
/** So long a sweep waits for a queue; then it goes on without, and the queue comes later. */
const OPENING_MS = 1_000;
/** The same words are said again after so long. */
const AGAIN_MS = 10 * 60_000;
const MESSAGES_KEPT = 100;

export class QueueKeeper {
  readonly #options: QueueKeeperOptions;
  #queue: WakeQueue | null = null;
  #openedAt = 0;
  #opening: Promise<void> | null = null;
  readonly #closing = new Set<Promise<void>>();
  #pauseMs = REOPEN_MS;
  #notBefore = 0;
  #suspect = false;
  /** someone was told that there is no queue */
  #missed = false;
  #ended = false;
  readonly #noticed = new Set<string>();
  /** troubles since the queue was last missed, and when each was told */
  readonly #told = new Map<string, number>();

  constructor(options: QueueKeeperOptions) {
    this.#options = options;
  }

  /** To be called now and then; takes a few seconds at most. */
  async keep(): Promise<void> {
    if (this.#queue !== null && this.#suspect) await this.#examine(this.#queue);
    if (this.#queue !== null || this.#ended || performance.now() < this.#notBefore) return;
    this.#opening ??= this.#open().finally(() => {
      this.#opening = null;
    });
    await within(this.#opening, OPENING_MS);
  }

  /** False: there is no queue to wake anyone with. */
  async wake(slices: readonly Wake[]): Promise<boolean> {
    if (this.#queue === null) return false;
    try {
      await this.#queue.wake(slices);
      return true;
    } catch (error) {
      this.#onTrouble(error);
      return false;
    }
  }

  async close(): Promise<void> {
    this.#ended = true;
    await this.#opening;
    await Promise.allSettled([...this.#closing, this.#queue?.close()]);
  }

  async #examine(queue: WakeQueue): Promise<void> {
    this.#suspect = false;
    if (await queue.healthy().catch(() => false)) return;
    // Not waited for: a queue that is in trouble takes its time to end, and its jobs go on with their slices meanwhile.
    const closing = queue.close().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
    this.#queue = null;
    this.#missed = true;
    // One that does not live long is no reason to hurry.
    if (performance.now() - this.#openedAt > REOPEN_MOST_MS) this.#pauseMs = REOPEN_MS;
    else this.#putOff();
  }

  async #open(): Promise<void> {
    const { emit } = this.#options;
    try {
      // Loaded where it is used: a command that runs no backfill does without BullMQ.
      const { openWakeQueue } = await import("./queue.js");
      this.#queue = await openWakeQueue({
        ...this.#options,
        onTrouble: (message) => this.#onTrouble(message),
        onNotice: (message) => {
          if (!this.#noticed.has(message)) emit({ kind: "notice", message });
          this.#noticed.add(message);
        },
      });
      this.#openedAt = performance.now();
      this.#notBefore = 0;
      if (!this.#missed) return;
      this.#missed = false;
      this.#told.clear();
      emit({ kind: "notice", message: "The queue is there again." });
    } catch (error) {
      this.#missed = true;
      this.#putOff();
      this.#tell(error);
    }
  }

  #putOff(): void {
    this.#notBefore = performance.now() + this.#pauseMs;
    this.#pauseMs = Math.min(2 * this.#pauseMs, REOPEN_MOST_MS);
  }

  #onTrouble(cause: unknown): void {
    this.#suspect = true;
    this.#tell(cause);
  }

  #tell(cause: unknown): void {
    const message = cause instanceof Error ? cause.message : String(cause);
    const now = performance.now();
    if (now - (this.#told.get(message) ?? Number.NEGATIVE_INFINITY) < AGAIN_MS) return;
    if (this.#told.size >= MESSAGES_KEPT) this.#told.clear();
    this.#told.set(message, now);
    this.#options.emit({ kind: "queue-trouble", message });
  }
}
