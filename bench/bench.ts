/** What every section works with: a server of its own, and a folder for plans. Gone at the end, however that comes. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbedded } from "../src/db/embedded.js";
import { type Database, openDatabase } from "../src/db/pool.js";
import type { Options } from "./options.js";

export type Bench = {
  readonly options: Options;
  /** to the database `postgres` */
  readonly admin: Database;
  readonly signal: AbortSignal;
  /** a line of progress for people */
  readonly say: (text: string) => void;
  /** where the command line is run */
  readonly directory: string;
  url(database: string): string;
};

/** Everything else is as PostgreSQL comes (autovacuum and full_page_writes on, wal_compression off). */
export function settingsOf(options: Options): Record<string, string> {
  return {
    max_connections: "100",
    shared_buffers: "256MB",
    max_wal_size: "4GB",
    // Segments are kept for later runs: the first ones would pay for making them.
    min_wal_size: "2GB",
    checkpoint_timeout: "30min",
    full_page_writes: "on",
    fsync: "on",
    ...options.settings,
  };
}

/** Resolves as `work` does, or rejects as soon as the signal is aborted; then `work` finds its server gone. */
export async function withBench<T>(
  given: Pick<Bench, "options" | "signal" | "say">,
  work: (bench: Bench) => Promise<T>,
): Promise<T> {
  const { options, signal } = given;
  const directory = await mkdtemp(join(tmpdir(), "changeover-bench-"));
  const server = await startEmbedded({ major: options.pg, settings: settingsOf(options) }).catch(async (error) => {
    await rm(directory, { recursive: true, force: true });
    throw error;
  });
  const admin = open(server.url("postgres"));
  try {
    const working = work({ ...given, admin, directory, url: server.url });
    working.catch(() => undefined);
    return await Promise.race([working, aborted(signal)]);
  } finally {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

export function open(url: string): Database {
  return openDatabase({ url, applicationName: "bench", connectTimeoutMs: 10_000 });
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}
