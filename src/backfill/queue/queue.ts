/**
 * The queue that wakes workers: BullMQ on the database itself, or on Redis. It only says "this slice is due": every job may
 * be lost, run twice or be recorded wrongly without harm, because leases, fences and retries live in the journal.
 */
import type { Database } from "../../db/pool.js";
import { openPostgresQueue } from "./postgres.js";
import { openRedisQueue } from "./redis.js";

/** A slice that is (or was, a moment ago) due. */
export type Wake = { readonly revision: string; readonly slice: number; readonly fence: number };

/** All that the worker asks of a queue, whatever it is made of. */
export interface WakeQueue {
  /** Asks workers, on whatever host, for these slices. One that is asked for already is not asked for twice. */
  wake(slices: readonly Wake[]): Promise<void>;
  /** False: the queue has to be opened anew. Asked after trouble. */
  healthy(): Promise<boolean>;
  /** Ends within seconds, whatever state the queue is in. */
  close(): Promise<void>;
}

export type WakeQueueOptions = {
  readonly db: Database;
  /** the journal's uuid: queues of two journals in one server must not meet */
  readonly journal: string;
  /** where the queue lives; null: in the database itself */
  readonly redisUrl: string | null;
  readonly concurrency: number;
  /** Handles one wake-up; must not throw. */
  readonly process: (wake: Wake) => Promise<void>;
  /** called for every error of the queue, which goes on by itself unless `healthy` says no */
  readonly onTrouble: (message: string) => void;
  /** what a person should know of the queue's server, though the queue works */
  readonly onNotice: (message: string) => void;
  readonly schema?: string | undefined;
};

/** Rejects when the queue cannot be reached or set up: the worker then goes without, and tries again. */
export function openWakeQueue(options: WakeQueueOptions): Promise<WakeQueue> {
  return options.redisUrl === null ? openPostgresQueue(options) : openRedisQueue(options, options.redisUrl);
}
