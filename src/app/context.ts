/** What every use case is given: where it works, how it connects, where events go. Closes what it opened, in reverse. */
import { hostname, userInfo } from "node:os";
import { type Database, openDatabase } from "../db/pool.js";
import type { Emit } from "../events.js";
import { loadParser } from "../sql/expression.js";
import { type Config, type Flags, loadConfig, requireConnection } from "./config.js";

export type AppContext = {
  readonly config: Config;
  readonly emit: Emit;
  /** aborted when the user interrupts */
  readonly signal: AbortSignal;
  /** who is doing this, for the journal: user@host */
  readonly actor: string;
  /** The database being changed; opened when first asked for. Throws `usage` when none is named. */
  database(): Database;
  close(): Promise<void>;
};

export type ContextOptions = {
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
  readonly flags: Flags;
  readonly emit: Emit;
  readonly signal: AbortSignal;
};

export async function openContext({ directory, env, flags, emit, signal }: ContextOptions): Promise<AppContext> {
  const config = await loadConfig(directory, env, flags);
  await loadParser();
  let db: Database | null = null;
  return {
    config,
    emit,
    signal,
    actor: actorName(env),
    database: () => {
      db ??= openDatabase(requireConnection(config));
      return db;
    },
    close: async () => {
      await db?.close();
    },
  };
}

function actorName(env: NodeJS.ProcessEnv): string {
  const named = env.CHANGEOVER_ACTOR;
  if (named !== undefined && named !== "") return named;
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    // A container's user id may have no name.
    return `uid ${process.getuid?.() ?? "?"}@${hostname()}`;
  }
}
