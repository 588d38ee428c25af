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
  /**
   * Milliseconds of a clock that only goes forward. It decides how long this process tries and waits; whatever is evidence
   * goes by the server's clock.
   */
  readonly now: () => number;
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
  return contextOf({ config, emit, signal, actor: actorName(env), now: () => performance.now() });
}

/** A context of settings that are known already. */
export async function contextOf(given: Omit<AppContext, "database" | "close">): Promise<AppContext> {
  await loadParser();
  let db: Database | null = null;
  return {
    ...given,
    database: () => {
      db ??= openDatabase(requireConnection(given.config));
      return db;
    },
    close: async () => {
      await db?.close();
    },
  };
}

export function actorName(env: NodeJS.ProcessEnv): string {
  const named = env.CHANGEOVER_ACTOR;
  if (named !== undefined && named !== "") return named;
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    // A container's user id may have no name.
    return `uid ${process.getuid?.() ?? "?"}@${hostname()}`;
  }
}
