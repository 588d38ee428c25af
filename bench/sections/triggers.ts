/** What the sync triggers cost the application's own writes, against the same table without them. */
import type { Database } from "../../src/db/pool.js";
import { type SqlText, sql } from "../../src/sql/text.js";
import type { Bench } from "../bench.js";
import { changeover, writePlan } from "../cli.js";
import { columns, times, whole } from "../columns.js";
import { makeSource, withCopy } from "../copies.js";
import { PLAN } from "../engines/changeover.js";
import { seconds } from "../measure.js";
import { interleaved, median } from "../stats.js";
import { createTable, dropTriggers, insertRows, TABLE } from "../table.js";

const CHANGES = [
  { title: "change_type int to bigint", ...PLAN },
  {
    title: "rename_column",
    slug: "orders-amount",
    yaml: "change: rename_column\ntable: bench.orders\ncolumn: quantity\nto: amount\n",
  },
] as const;

/** One-row transactions of each kind. */
const SINGLES = 2_000;

type Workload = { readonly title: string; readonly rows: number; run(db: Database): Promise<number> };

export type TriggerRow = {
  readonly change: string;
  readonly workload: string;
  readonly rows: number;
  /** seconds, run by run */
  readonly without: readonly number[];
  readonly with: readonly number[];
};

/** A fifth of the other sections' rows: nothing here depends on how many there are. */
export async function measureTriggers(bench: Bench): Promise<TriggerRow[]> {
  const rows = Math.ceil(bench.options.rows / 5);
  const workloads = workloadsOf(rows);
  const measured: TriggerRow[] = [];
  for (const change of CHANGES) {
    await prepareSource(bench, change, rows);
    const results = await interleaved([false, true], bench.options.runs, async (triggers, run) => {
      const took = await runAll(bench, workloads, triggers);
      bench.say(`triggers ${run}/${bench.options.runs}  ${change.title}, ${triggers ? "with" : "without"} triggers`);
      return took;
    });
    for (const [n, workload] of workloads.entries()) {
      const of = (triggers: boolean) => (results.get(triggers) ?? []).map((run) => run[n] ?? Number.NaN);
      const { title, rows } = workload;
      measured.push({ change: change.title, workload: title, rows, without: of(false), with: of(true) });
    }
  }
  return measured;
}

/** The rows come after the triggers: both sides are filled, and the table has no bloat. */
async function prepareSource(bench: Bench, change: (typeof CHANGES)[number], rows: number): Promise<void> {
  await writePlan(bench, change.slug, change.yaml);
  await makeSource(bench, async (db, url) => {
    await createTable(db);
    await changeover(bench, url, ["plan", change.slug, "--write"]);
    await changeover(bench, url, ["upgrade", `${change.slug}@dual-write`]);
    await db.run(insertRows(rows));
  });
}

async function runAll(bench: Bench, workloads: readonly Workload[], triggers: boolean): Promise<number[]> {
  return withCopy(bench, async (db) => {
    if (!triggers) await dropTriggers(db);
    // A page's first read from the files costs a single row more than its trigger does.
    await db.run(sql`select count(note) from ${TABLE}`);
    const took: number[] = [];
    for (const workload of workloads) {
      await db.run(sql`checkpoint`);
      took.push(await workload.run(db));
    }
    return took;
  });
}

function workloadsOf(rows: number): Workload[] {
  const bulk = (title: string, count: number, text: SqlText): Workload => ({
    title,
    rows: count,
    run: (db) => seconds(() => db.run(text)),
  });
  const singles = (title: string, text: SqlText, byKey: boolean): Workload => ({
    title,
    rows: SINGLES,
    run: (db) => oneByOne(db, text, byKey ? rows : null),
  });
  return [
    singles("one row: update another column", sql`update ${TABLE} set status = 'paid' where id = $1`, true),
    singles("one row: update the column", sql`update ${TABLE} set quantity = quantity + 1 where id = $1`, true),
    singles("one row: insert", insertRows(1), false),
    bulk("bulk: update another column", rows, sql`update ${TABLE} set status = 'sent'`),
    bulk("bulk: update the column", rows, sql`update ${TABLE} set quantity = quantity + 1`),
    bulk("bulk: insert", rows, insertRows(rows)),
  ];
}

/** Without a wait for the disk at each commit: that would hide what is asked for. */
async function oneByOne(db: Database, text: SqlText, keys: number | null): Promise<number> {
  const session = await db.open("singles");
  try {
    await session.run(sql`set synchronous_commit = off`);
    return await seconds(async () => {
      for (let n = 0; n < SINGLES; n += 1) await session.run(text, keys === null ? [] : [1 + ((n * 7919) % keys)]);
    });
  } finally {
    await session.close();
  }
}

export function renderTriggers(rows: readonly TriggerRow[]): string {
  const head = ["writes", "rows/s without", "with triggers", "time", "added us/row"];
  return CHANGES.map(({ title }) => {
    const lines = rows.filter((row) => row.change === title);
    const cells = lines.map((row) => {
      const [without, withThem] = [median(row.without), median(row.with)];
      const added = ((withThem - without) / row.rows) * 1e6;
      return [
        row.workload,
        whole(row.rows / without),
        whole(row.rows / withThem),
        times(withThem / without),
        added.toFixed(1),
      ];
    });
    return [
      `The sync triggers of ${title} (one-row transactions with synchronous_commit off)`,
      columns(head, cells),
    ].join("\n");
  }).join("\n\n");
}
