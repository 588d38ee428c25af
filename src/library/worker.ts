/** A worker inside of another program: begun and ended by it, with no signal handler and no output of its own. */
import { checkedAddress } from "../app/config.js";
import { type WorkerResult, workerUseCase } from "../app/worker.js";
import { call } from "./call.js";
import type { Options, Queue, Throttling } from "./options.js";

export type WorkerOptions = Options &
  Queue &
  Throttling & {
    /** end when nothing can run now; default: stay, and take up what comes */
    readonly drain?: boolean;
    /** slices at once in this process; default: the smaller of 4 and the cores */
    readonly concurrency?: number;
    /** this plan alone, by its name or folder */
    readonly plan?: string;
    /** serve Prometheus metrics at `/metrics`, and `/healthz`: port 0 takes any that is free; host: default 127.0.0.1 */
    readonly metrics?: { readonly port: number; readonly host?: string };
  };

export type WorkerHandle = {
  /**
   * How it ended: once it was stopped, or with `drain` once nothing could run. Rejects with a ChangeoverError for what keeps a
   * worker from starting (`connection`, `privilege`, `not-found`, …) or ends it. What stops one plan alone is in the result.
   */
  readonly done: Promise<WorkerResult>;
  /**
   * Hands back what was begun, after the batch at hand, and resolves once it has ended, however it did: errors are `done`'s to
   * tell. To be called on SIGTERM, for one; again without harm.
   */
  stop(): Promise<void>;
};

/**
 * Starts a worker: it fills, builds indexes, validates and verifies whatever plan has begun, and never contracts; `changeover
 * worker`. As many as you like, on as many hosts; each needs the files of the plans. An aborted `signal` does what `stop` does.
 */
export function startWorker(options: WorkerOptions): WorkerHandle {
  const stopping = new AbortController();
  const { signal: given, drain = false, concurrency = null, plan = null } = options;
  const signal = given === undefined ? stopping.signal : AbortSignal.any([given, stopping.signal]);
  const done = call({ ...options, signal }, (app) => {
    const metrics = options.metrics === undefined ? null : checkedAddress(options.metrics, "metrics.port");
    return workerUseCase(app, { drain, concurrency, plan, metrics });
  });
  return {
    done,
    stop: async () => {
      stopping.abort();
      await done.then(
        () => undefined,
        () => undefined,
      );
    },
  };
}
