/** The wake-up queue in the database itself: nothing else to run. */
import type { PgPoolConfig, PgQueryable } from "bullmq";
import { type Database, driverOptions } from "../../db/pool.js";
import type { OwnedSession } from "../../db/session.js";
import { ChangeoverError } from "../../errors.js";
import { within } from "../../sleep.js";
import { ident } from "../../sql/identifier.js";
import { literal } from "../../sql/literal.js";
import { sql, trusted } from "../../sql/text.js";
import { loadBullmq, makeBullmq } from "./bullmq.js";
import type { WakeQueue, WakeQueueOptions } from "./queue.js";

export const QUEUE_SCHEMA = "changeover_queue";
const CLOSE_MS = 5_000;

/** Rejects when the server cannot be reached, or the schema not be installed. */
export async function openPostgresQueue(options: WakeQueueOptions): Promise<WakeQueue> {
  const { db, onTrouble } = options;
  const schema = options.schema ?? QUEUE_SCHEMA;
  const { createPostgresBackend, LATEST_SCHEMA_VERSION, withBackend } = await loadBullmq();
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
  const { queue, worker, add } = makeBullmq(withBackend(createPostgresBackend), connection, options);
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
    wake: add,
    healthy: async () => (await installedVersion(db, schema)) >= LATEST_SCHEMA_VERSION,
    close,
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
