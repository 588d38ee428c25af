/**
 * An application: sessions that each send one statement after another, at a fixed pace whatever the server makes of it. One
 * that is late because the server kept it waiting is counted from when it should have begun: users queue up behind a stall.
 */
import type { Database } from "../src/db/pool.js";
import type { OwnedSession } from "../src/db/session.js";
import { sleep } from "../src/sleep.js";
import { type SqlText, sql } from "../src/sql/text.js";
import { percentile } from "./stats.js";
import { TABLE } from "./table.js";

export type Felt = {
  readonly statements: number;
  readonly failedWrites: number;
  /** some of what the server said of them */
  readonly failures: readonly string[];
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly longestMs: number;
};

export type Load = {
  /** What was felt between `work`'s beginning and its end. */
  during<T>(work: () => Promise<T>): Promise<readonly [T, Felt]>;
  stop(): Promise<void>;
};

export const LOAD = { sessions: 8, everyMs: 20 } as const;
const WARM_UP_MS = 1_000;

type Sent = { readonly due: number; readonly ms: number; readonly failure: string | null };
type Statement = { readonly text: SqlText; readonly write: boolean; params(random: () => number): unknown[] };

function mix(rows: number): Statement[] {
  const key = (random: () => number) => 1 + Math.floor(random() * rows);
  const small = (random: () => number) => Math.floor(random() * 100);
  return [
    { text: sql`select * from ${TABLE} where id = $1`, write: false, params: (r) => [key(r)] },
    { text: sql`select quantity from ${TABLE} where id = $1`, write: false, params: (r) => [key(r)] },
    {
      text: sql`update ${TABLE} set quantity = $2 where id = $1`,
      write: true,
      params: (r) => [key(r), small(r)],
    },
    { text: sql`update ${TABLE} set status = 'paid' where id = $1`, write: true, params: (r) => [key(r)] },
    {
      text: sql`insert into ${TABLE} (customer, quantity, status, created_at, note) values ($1, $2, 'new', now(), md5(clock_timestamp()::text))`,
      write: true,
      params: (r) => [key(r) % 10_000, small(r)],
    },
  ];
}

/** Returns once it has gone for a second: connections and plans are warm. */
export async function startLoad(db: Database, rows: number, signal: AbortSignal): Promise<Load> {
  const statements = mix(rows);
  const stopped = new AbortController();
  const over = AbortSignal.any([signal, stopped.signal]);
  let sent: Sent[] = [];
  const dues: number[] = [];
  const sessions = await Promise.all(Array.from({ length: LOAD.sessions }, (_, n) => db.open(`application ${n + 1}`)));
  const loop = async (session: OwnedSession, n: number) => {
    const random = generator(n + 1);
    let due = performance.now() + (n * LOAD.everyMs) / LOAD.sessions;
    while (!over.aborted) {
      dues[n] = due;
      const late = performance.now() >= due;
      if (!late) await sleep(due - performance.now(), over);
      const began = late ? due : performance.now();
      const statement = statements[Math.floor(random() * statements.length)];
      if (statement === undefined || over.aborted) break;
      const failure = await session.run(statement.text, statement.params(random)).then(
        () => null,
        (error: unknown) => (statement.write ? String(error) : null),
      );
      sent.push({ due, ms: performance.now() - began, failure });
      due += LOAD.everyMs;
    }
  };
  const loops = sessions.map(loop);
  await sleep(WARM_UP_MS, over);
  return {
    during: async (work) => {
      sent = [];
      const began = performance.now();
      const result = await work();
      const ended = performance.now();
      // Whoever the work's last lock kept waiting has not been answered yet, nor have those behind.
      while (!over.aborted && dues.some((due) => due <= ended)) await sleep(10);
      return [result, felt(sent.filter(({ due }) => due >= began && due <= ended))];
    },
    stop: async () => {
      stopped.abort();
      await Promise.all(loops);
      await Promise.all(sessions.map((session) => session.close()));
    },
  };
}

function felt(sent: readonly Sent[]): Felt {
  const ms = sent.map((one) => one.ms);
  const failures = sent.flatMap(({ failure }) => failure ?? []);
  return {
    statements: sent.length,
    failedWrites: failures.length,
    failures: [...new Set(failures)].slice(0, 5),
    p50Ms: percentile(ms, 0.5),
    p99Ms: percentile(ms, 0.99),
    longestMs: percentile(ms, 1),
  };
}

/** A small linear congruential generator: the same statements in every run. */
function generator(seed: number): () => number {
  let state = seed * 2654435761;
  return () => {
    state = (Math.imul(state | 0, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
