/** What the queue is on either server: one name, one worker, and the same handling of each job. */
import { randomBytes } from "node:crypto";
import type { BackendClasses, IQueueBackend } from "bullmq";
import type { Wake, WakeQueueOptions } from "./queue.js";

/** Loaded when a worker starts: it takes half of what all commands together need to load. */
export const loadBullmq = (): Promise<typeof import("bullmq")> => import("bullmq");

/** What differs between the servers, and BullMQ takes beside the connection. */
export type ServerOptions = { readonly prefix?: string; readonly skipVersionCheck?: boolean };

/** The worker does not run yet. */
export function makeBullmq<B extends IQueueBackend, C>(
  { Queue, Worker }: BackendClasses<B, C>,
  connection: C,
  { journal, concurrency, process }: WakeQueueOptions,
  server: ServerOptions = {},
) {
  const name = `changeover-${journal}`;
  const queue = new Queue<Wake>(name, { ...server, connection });
  const worker = new Worker<Wake>(name, (job) => process(job.data), {
    ...server,
    connection,
    autorun: false,
    concurrency,
    lockDuration: 30_000,
    stalledInterval: 10_000,
    // Counted over a job's life: the default of 1 would fail a wake-up for good at the second crash of a worker.
    maxStalledCount: 1_000,
    runRetryDelay: 2_000,
  });
  return {
    queue,
    worker,
    add: async (slices: readonly Wake[]): Promise<void> => {
      if (slices.length > 0) await queue.addBulk(slices.map(jobOf));
    },
  };
}

/**
 * The deduplication id keeps one wake-up a slice; a wake-up that comes while one is at work follows it once. The job's
 * own id is always given (a generated one would need CREATE on the schema) and never the same twice (a kept id would
 * swallow every later wake-up).
 */
function jobOf(wake: Wake) {
  const id = `${wake.revision}-${wake.slice}`;
  return {
    name: "slice",
    data: { revision: wake.revision, slice: wake.slice, fence: wake.fence },
    opts: {
      jobId: `slice-${id}-${wake.fence}-${randomBytes(6).toString("hex")}`,
      deduplication: { id, keepLastIfActive: true },
      attempts: 1,
      // Keeping finished jobs deadlocks in BullMQ's retention on PostgreSQL, and a kept failed id would block later ones.
      removeOnComplete: true,
      removeOnFail: true,
    },
  };
}
