/**
 * The queue that wakes workers: BullMQ, here on the database itself. It only says "this slice is due": every job may be
 * lost, run twice or be recorded wrongly without harm, because leases, fences and retries live in the journal.
 */
import { randomBytes } from "node:crypto";
import type { PgPoolConfig, PgQueryable } from "bullmq";
import { type Database, driverOptions } from "../db/pool.js";
import type { OwnedSession } from "../db/session.js";
import { ChangeoverError } from "../errors.js";
import { ident } from "../sql/identifier.js";
import { literal } from "../sql/literal.js";
import { sql, trusted } from "../sql/text.js";

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
  readonly concurrency: number;
  /** Handles one wake-up; must not throw. */
  readonly process: (wake: Wake) => Promise<void>;
  /** called for every error of the queue, which goes on by itself unless `healthy` says no */
  readonly onTrouble: (message: string) => void;
  readonly schema?: string | undefined;
};

export const QUEUE_SCHEMA = "changeover_queue";
const CLOSE_MS = 5_000;

/** Rejects when the queue cannot be reached or set up: the worker then goes without, and tries again. */
export function openWakeQueue(options: WakeQueueOptions): Promise<WakeQueue> {
  return openPostgresQueue(options);
}

/** Loaded when a worker starts: it takes half of what all commands together need to load. */
const loadBullmq = () => import("bullmq");

async function openPostgresQueue(options: WakeQueueOptions): Promise<WakeQueue> {
  const { db, onTrouble } = options;
  const schema = options.schema ?? QUEUE_SCHEMA;
  const { createPostgresBackend, LATEST_SCHEMA_VERSION, withBackend } = await loadBullmq();
  const { Queue, Worker } = withBackend(createPostgresBackend);
  // BullMQ never tries again when its first connect fails, and for most errors spins without yielding to the event loop.
  // So our own connection goes first, and brings the tables, which a runtime role may not be allowed to.
  await installSchema(db, schema);
  const { applicationName, connectTimeoutMs } = db.config;
  const connection = {
    // Handed to pg as it is, which takes more than BullMQ's types say: a password may be a function.
    ...(driverOptions(db.config) as PgPoolConfig),
    schema,
    max: 2,
    keepAlive: true,
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: `${applicationName} queue`,
  };
  const name = `changeover-${options.journal}`;
  const queue = new Queue<Wake>(name, { connection });
  const worker = new Worker<Wake>(name, (job) => options.process(job.data), {
    connection,
    autorun: false,
    concurrency: options.concurrency,
    lockDuration: 30_000,
    stalledInterval: 10_000,
    // Counted over a job's life: the default of 1 would fail a wake-up for good at the second crash of a worker.
    maxStalledCount: 1_000,
    runRetryDelay: 2_000,
  });
  const trouble = (error: Error) => onTrouble(error.message);
  queue.on("error", trouble);
  worker.on("error", trouble);
  const close = async () => {
    const ending = Promise.allSettled([worker.close(), queue.close()]);
    if (await within(ending, CLOSE_MS)) return;
    await within(Promise.allSettled([worker.close(true), queue.disconnect()]), CLOSE_MS);
  };
  try {
    await Promise.all([queue.waitUntilReady(), worker.waitUntilReady()]);
  } catch (error) {
    await close();
    throw error;
  }
  worker.run().catch(trouble);
  return {
    wake: async (slices) => {
      if (slices.length > 0) await queue.addBulk(slices.map(jobOf));
    },
    healthy: async () => (await installedVersion(db, schema)) >= LATEST_SCHEMA_VERSION,
    close,
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

async function installedVersion(db: Database, schema: string): Promise<number> {
  const table = sql`${ident(schema)}.migration`;
  const { there } = await db.one<{ there: boolean }>(sql`select to_regclass(${literal(table)}) is not null as there`);
  if (!there) return 0;
  const { version } = await db.one<{ version: number }>(
    sql`select coalesce(max(version), 0)::int as version from ${table}`,
  );
  return version;
}

async function installSchema(db: Database, schema: string): Promise<void> {
  const { LATEST_SCHEMA_VERSION, runMigrations } = await loadBullmq();
  if ((await installedVersion(db, schema)) >= LATEST_SCHEMA_VERSION) return;
  const session = await db.open("queue schema");
  try {
    await runMigrations(queryable(session), schema);
  } catch (error) {
    throw new ChangeoverError("privilege", `The queue's schema ${schema} could not be installed.`, {
      hint: "Let a role with CREATE on the database run changeover worker --drain once.",
      cause: error,
    });
  } finally {
    await session.close();
  }
}

/** Our session, as BullMQ's migrator knows one. Its texts are the package's own files. */
function queryable(session: OwnedSession): PgQueryable {
  return {
    query: async <R>(text: string, params?: readonly unknown[]) => ({
      rows: (await session.query(trusted(text, "constant"), params)) as R[],
    }),
  };
}

/** False: it has not come to its end in time. */
async function within(work: Promise<unknown>, ms: number): Promise<boolean> {
  const late = Symbol("late");
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise((resolve) => {
    timer = setTimeout(resolve, ms, late);
  });
  const first = await Promise.race([work, timeout]);
  clearTimeout(timer);
  return first !== late;
}
