/**
 * The shop's application in two versions, writing all the time: several sessions, each one statement after another. It
 * keeps its own ledger of what it wrote, which is held against the table at the end.
 */
import type { Database } from "../../db/pool.js";
import type { OwnedSession } from "../../db/session.js";
import { type SqlText, sql } from "../../sql/text.js";

/** What one version of the code knows of the table: the statements that it sends. */
export type Version = {
  readonly name: string;
  /** $1 the customer, $2 the channel (null: the customer did not say); returns the id */
  readonly insert: SqlText;
  /** $1 the order, $2 the customer */
  readonly reassign: SqlText;
  /** $1 the order, $2 the status: a write of other columns */
  readonly advance: SqlText;
  /** null: it always sends one */
  readonly sendsNullChannel: boolean;
};

export type Ledger = {
  /** order → customer, as this application last wrote it */
  readonly customers: Map<number, number>;
  readonly touched: Set<number>;
  writes: number;
  failed: number;
  readonly failures: string[];
  /** the longest single write, and what went on when it began */
  longest: { ms: number; during: string };
  during: string;
};

export type Traffic = {
  stop(): Promise<void>;
};

export function newLedger(): Ledger {
  return {
    customers: new Map(),
    touched: new Set(),
    writes: 0,
    failed: 0,
    failures: [],
    longest: { ms: 0, during: "" },
    during: "before",
  };
}

/** Each session works on orders of its own (by remainder), so that the ledger knows the last write to each. */
export async function startTraffic(
  db: Database,
  version: Version,
  ledger: Ledger,
  options: { sessions: number; lane: number; lanes: number; orders: number; users: number },
): Promise<Traffic> {
  let running = true;
  const sessions = await Promise.all(Array.from({ length: options.sessions }, () => db.open(version.name)));
  const loops = sessions.map(async (session, n) => {
    const random = generator(options.lane * 1000 + n + 1);
    const slot = options.lane * options.sessions + n;
    while (running) {
      const started = performance.now();
      const { during } = ledger;
      try {
        await writeOnce(session, version, ledger, random, {
          ...options,
          slot,
          slots: options.lanes * options.sessions,
        });
        ledger.writes += 1;
      } catch (error) {
        ledger.failed += 1;
        if (ledger.failures.length < 5)
          ledger.failures.push(`${version.name}: ${error instanceof Error ? error.message : error}`);
      }
      const ms = performance.now() - started;
      if (ms > ledger.longest.ms) ledger.longest = { ms, during };
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  });
  return {
    stop: async () => {
      running = false;
      await Promise.all(loops);
      await Promise.all(sessions.map((session) => session.close()));
    },
  };
}

type Lane = { readonly slot: number; readonly slots: number; readonly orders: number; readonly users: number };

async function writeOnce(
  session: OwnedSession,
  version: Version,
  ledger: Ledger,
  random: () => number,
  lane: Lane,
): Promise<void> {
  const dice = random();
  const customer = 1 + Math.floor(random() * lane.users);
  if (dice < 0.3) {
    const channel = version.sendsNullChannel && random() < 0.3 ? null : "web";
    const { id } = await session.one<{ id: number }>(version.insert, [customer, channel]);
    ledger.customers.set(id, customer);
    ledger.touched.add(id);
    return;
  }
  const order = 1 + Math.floor((random() * lane.orders) / lane.slots) * lane.slots + lane.slot;
  if (order > lane.orders) return;
  if (dice < 0.65) {
    await session.run(version.reassign, [order, customer]);
    ledger.customers.set(order, customer);
  } else {
    await session.run(version.advance, [order, dice < 0.8 ? "paid" : "shipped"]);
  }
  ledger.touched.add(order);
}

/** A small linear congruential generator: the same traffic in every run. */
function generator(seed: number): () => number {
  let state = seed * 2654435761;
  return () => {
    state = (Math.imul(state | 0, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const insertAs = (column: SqlText) => sql`insert into shop.orders (${column}, channel) values ($1, $2) returning id`;
const reassignAs = (column: SqlText) => sql`update shop.orders set ${column} = $2 where id = $1`;
const advance = sql`update shop.orders set status = $2 where id = $1`;
const advanceWithPoints = sql`update shop.orders set status = $2, points = points + 1 where id = $1`;

/**
 * v1 knows user_id and may leave the channel out; v2 knows customer_id; v3 always sends the channel, and gives points; v4 is
 * ready for points of either type.
 */
export const VERSIONS: Readonly<Record<"v1" | "v2" | "v3" | "v4", Version>> = {
  v1: {
    name: "shop v1",
    insert: insertAs(sql`user_id`),
    reassign: reassignAs(sql`user_id`),
    advance,
    sendsNullChannel: true,
  },
  v2: {
    name: "shop v2",
    insert: insertAs(sql`customer_id`),
    reassign: reassignAs(sql`customer_id`),
    advance,
    sendsNullChannel: true,
  },
  v3: {
    name: "shop v3",
    insert: insertAs(sql`customer_id`),
    reassign: reassignAs(sql`customer_id`),
    advance: advanceWithPoints,
    sendsNullChannel: false,
  },
  v4: {
    name: "shop v4",
    insert: insertAs(sql`customer_id`),
    reassign: reassignAs(sql`customer_id`),
    advance: advanceWithPoints,
    sendsNullChannel: false,
  },
};
