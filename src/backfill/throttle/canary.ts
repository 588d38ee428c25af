/**
 * A statement of the application's kind, timed again and again while somebody asks: what its users feel, whatever the cause.
 * It is read at its own pace, also while the fill waits.
 */
import type { Database } from "../../db/pool.js";
import { sleep } from "../../sleep.js";
import type { DeclaredCanary } from "./declared.js";
import type { Reading } from "./judge.js";
import { ask, failedReading, QUERY_MS } from "./query.js";

export const CANARY_READS = 20;
const PACE_MS = 250;
/** Nobody has asked for so long: it rests, and begins anew. */
const IDLE_MS = 10_000;

/** What this part of the values stays at or below. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0;
}

export class Canary {
  readonly #db: Database;
  readonly #declared: DeclaredCanary;
  readonly #timeoutMs: number;
  readonly #stop = new AbortController();
  #times: number[] = [];
  /** what went wrong with the last one */
  #failed: Reading | null = null;
  #askedAt = 0;
  #running: Promise<void> | null = null;
  #first: Promise<void> = Promise.resolve();

  constructor(db: Database, declared: DeclaredCanary) {
    this.#db = db;
    this.#declared = declared;
    this.#timeoutMs = Math.max(QUERY_MS, 4 * declared.bounds.stop);
  }

  /** Of the last reads; waits for the first one. Throws when the server cannot be asked. */
  async reading(): Promise<Reading> {
    this.#askedAt = performance.now();
    if (this.#running === null) {
      this.#times = [];
      this.#failed = null;
      // The first read of a connection looks up what the later ones know.
      this.#first = this.#read().then(() => {
        this.#times = [];
        return this.#read();
      });
      this.#running = this.#go().finally(() => {
        this.#running = null;
      });
      this.#running.catch(() => undefined);
    }
    await this.#first;
    return this.#failed ?? { value: percentile(this.#times, 0.95), whose: `the last ${this.#times.length} reads` };
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running?.catch(() => undefined);
  }

  async #go(): Promise<void> {
    await this.#first;
    const { signal } = this.#stop;
    while (performance.now() - this.#askedAt < IDLE_MS) {
      await sleep(PACE_MS, signal);
      if (signal.aborted) return;
      await this.#read();
    }
  }

  #read(): Promise<void> {
    return this.#db.borrow(async (session) => {
      try {
        const { ms } = await ask(session, this.#declared.sql, this.#timeoutMs);
        this.#times = [...this.#times, ms].slice(-CANARY_READS);
        this.#failed = null;
      } catch (error) {
        this.#failed = failedReading(error, this.#timeoutMs);
      }
    });
  }
}
