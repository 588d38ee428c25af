/** A worker's own connection for batches: opened when it is needed, opened again after it was lost. */
import type { Database } from "../db/pool.js";
import type { OwnedSession } from "../db/session.js";
import { sql } from "../sql/text.js";
import type { Gait } from "./pace/gait.js";

export type Lane = {
  /** Throws the connection error when the server cannot be reached. */
  session(): Promise<OwnedSession>;
  /** The server's, read when the connection was opened. */
  deadlockTimeoutMs(): number;
  /** By revision: what this lane has learned of a table, for its next slice. */
  readonly gaits: Map<string, Gait>;
  /** Ends the connection, and with it whatever transaction it is in. */
  drop(): Promise<void>;
};

export function openLane(db: Database, purpose: string): Lane {
  let open: OwnedSession | null = null;
  let deadlockTimeoutMs = 1000;
  const drop = async () => {
    const session = open;
    open = null;
    await session?.close();
  };
  return {
    session: async () => {
      if (open !== null) return open;
      const session = await db.open(purpose);
      session.onLost(() => {
        if (open === session) open = null;
      });
      const { ms } = await session.one<{ ms: number }>(
        sql`select setting::int as ms from pg_settings where name = 'deadlock_timeout'`,
      );
      deadlockTimeoutMs = ms;
      open = session;
      return session;
    },
    deadlockTimeoutMs: () => deadlockTimeoutMs,
    gaits: new Map(),
    drop,
  };
}
