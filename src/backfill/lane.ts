/** A worker's own connection for batches: opened when it is needed, opened again after it was lost. */
import type { Database } from "../db/pool.js";
import type { OwnedSession } from "../db/session.js";
import { giveBack, type Holder, type Lease, type LeaseRequest, leaseSlice, noteHolder } from "../journal/slices.js";
import { sql } from "../sql/text.js";
import type { Gait } from "./pace/gait.js";

export type Lane = {
  /** Throws the connection error when the server cannot be reached. */
  session(): Promise<OwnedSession>;
  /** The server's, read when the connection was opened. */
  deadlockTimeoutMs(): number;
  /** The session that is open, for leases to name; null: none is, or a pooler hides it. */
  holder(): Holder | null;
  /** By revision: what this lane has learned of a table, for its next slice. */
  readonly gaits: Map<string, Gait>;
  /** Ends the connection, and with it whatever transaction it is in. */
  drop(): Promise<void>;
};

export function openLane(db: Database, purpose: string): Lane {
  let open: OwnedSession | null = null;
  let deadlockTimeoutMs = 1000;
  let holder: Holder | null = null;
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
      const { ms, pid, started } = await session.one<{ ms: number } & Holder>(
        sql`select s.setting::int as ms, a.pid, to_char(a.backend_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as started
              from pg_settings s, pg_stat_activity a where s.name = 'deadlock_timeout' and a.pid = pg_backend_pid()`,
      );
      deadlockTimeoutMs = ms;
      holder = session.direct ? { pid, started } : null;
      open = session;
      return session;
    },
    deadlockTimeoutMs: () => deadlockTimeoutMs,
    holder: () => (open === null ? null : holder),
    gaits: new Map(),
    drop,
  };
}

/** A slice for this lane, which names its session in the lease; opened only when there is one to be had. */
export async function takeSlice(
  db: Database,
  lane: Lane,
  request: Omit<LeaseRequest, "holder">,
): Promise<Lease | null> {
  const known = lane.holder();
  const lease = await leaseSlice(db, { ...request, holder: known });
  if (lease === null || known !== null) return lease;
  try {
    await lane.session();
    const holder = lane.holder();
    if (holder !== null) await noteHolder(db, lease, holder);
    return lease;
  } catch (error) {
    await giveBack(db, lease).catch(() => undefined);
    throw error;
  }
}
