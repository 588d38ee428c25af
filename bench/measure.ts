/** What a piece of work does to the server, as the server counts it. */
import type { Database } from "../src/db/pool.js";
import { sleep } from "../src/sleep.js";
import { sql } from "../src/sql/text.js";

export type Cost = {
  readonly seconds: number;
  /** of the whole server while the work went on */
  readonly walBytes: number;
  /** times the size before */
  readonly heapGrowth: number;
  readonly indexGrowth: number;
};

type Sizes = { lsn: string; heap: number; indexes: number };

const SIZES = sql`select pg_current_wal_insert_lsn()::text as lsn, pg_relation_size('bench.orders') as heap,
       pg_indexes_size('bench.orders') as indexes`;

/** `work` knows its own time better than we do. */
export async function costOf<T extends { readonly seconds: number }>(
  db: Database,
  work: () => Promise<T>,
): Promise<{ cost: Cost; run: T }> {
  const before = await db.one<Sizes>(SIZES);
  const run = await work();
  const after = await db.one<Sizes>(SIZES);
  const { bytes } = await db.one<{ bytes: number }>(
    sql`select pg_wal_lsn_diff($1::pg_lsn, $2::pg_lsn)::bigint as bytes`,
    [after.lsn, before.lsn],
  );
  const cost = {
    seconds: run.seconds,
    walBytes: bytes,
    heapGrowth: after.heap / before.heap,
    indexGrowth: after.indexes / before.indexes,
  };
  return { cost, run };
}

export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

const PATIENCE_MS = 15_000;

/**
 * The share of updates that stayed on their page and touched no index. Sessions report what they did when they end, or some
 * time later: it is asked until at least `updates` are counted.
 */
export async function hotShare(db: Database, updates: number): Promise<number> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const { all, hot } = await db.one<{ all: number; hot: number }>(
      sql`select n_tup_upd as all, n_tup_hot_upd as hot from pg_stat_user_tables where relid = 'bench.orders'::regclass`,
    );
    if (all >= updates) return hot / all;
    if (performance.now() > deadline) throw new Error(`only ${all} of ${updates} updates were ever counted`);
    await sleep(50);
  }
}
