/** Backfills side by side, alone on the server and under an application. */

import { sleep } from "../../src/sleep.js";
import { sql } from "../../src/sql/text.js";
import type { Bench } from "../bench.js";
import { changeover, writePlan } from "../cli.js";
import { makeSource, withCopy } from "../copies.js";
import { PLAN } from "../engines/changeover.js";
import { ENGINES, type Engine } from "../engines/engine.js";
import { type Felt, startLoad } from "../load.js";
import { type Cost, costOf, hotShare } from "../measure.js";
import { interleaved, medians } from "../stats.js";
import { addedColumn, assertFilled, createTable, insertRows } from "../table.js";

export type EngineResult = Cost & {
  readonly rowsPerSecond: number;
  readonly walBytesPerRow: number;
  readonly hotShare: number;
  /** without what the engine does beside it; null where that is nothing */
  readonly fillRowsPerSecond: number | null;
  readonly peakBytes: number | null;
};

/** Without an engine: what the application feels of nothing but itself. */
type Control = { readonly kind: "control" };
type Case = Control | { readonly kind: "idle" | "load"; readonly engine: Engine };
type Run = { readonly result: EngineResult | null; readonly felt: Felt | null };

export type EngineRow = {
  readonly kind: Case["kind"];
  readonly engine: string | null;
  readonly title: string;
  readonly median: Run;
  readonly runs: readonly Run[];
};

/** Throws for an engine that leaves rows unfilled. */
export async function measureEngines(bench: Bench): Promise<EngineRow[]> {
  const { options } = bench;
  const cases = casesOf(options.only);
  await prepareSource(bench);
  const results = await interleaved<Case, Run>(cases, options.runs, async (one, run) => {
    const done = await (one.kind === "control" ? runControl(bench) : runEngine(bench, one.engine, one.kind));
    const speed =
      done.result === null ? "" : `: ${Math.round(done.result.rowsPerSecond).toLocaleString("en-US")} rows/s`;
    bench.say(`engines ${run}/${options.runs}  ${titleOf(one)}${one.kind === "load" ? ", under load" : ""}${speed}`);
    return done;
  });
  return [...results].map(([one, runs]) => ({
    kind: one.kind,
    engine: one.kind === "control" ? null : one.engine.name,
    title: titleOf(one),
    median: { result: mediansOf(runs.map((run) => run.result)), felt: mediansOf(runs.map((run) => run.felt)) },
    runs,
  }));
}

function casesOf(only: readonly string[] | null): Case[] {
  const engines = ENGINES.filter(({ name }) => only === null || only.includes(name));
  return [
    { kind: "control" },
    ...engines.map((engine) => ({ kind: "idle" as const, engine })),
    ...engines.filter(({ underLoad }) => underLoad).map((engine) => ({ kind: "load" as const, engine })),
  ];
}

async function prepareSource(bench: Bench): Promise<void> {
  const { rows } = bench.options;
  bench.say(`engines: making a table of ${rows.toLocaleString("en-US")} rows`);
  await writePlan(bench, PLAN.slug, PLAN.yaml);
  await makeSource(bench, async (db, url) => {
    await createTable(db);
    await db.run(insertRows(rows));
    await changeover(bench, url, ["plan", PLAN.slug, "--write"]);
    await changeover(bench, url, ["upgrade", `${PLAN.slug}@dual-write`]);
  });
}

async function runEngine(bench: Bench, engine: Engine, kind: "idle" | "load"): Promise<Run> {
  const { rows } = bench.options;
  return withCopy(bench, async (db, url) => {
    const ground = { bench, db, url, added: await addedColumn(db) };
    await engine.prepare(ground);
    const load = kind === "load" ? await startLoad(db, rows, bench.signal) : null;
    // After the load's warm-up, which would else have paid for full images of pages that the engine comes to.
    await db.run(sql`checkpoint`);
    const work = () => costOf(db, () => engine.fill(ground));
    const [{ cost, run }, felt] = load === null ? ([await work(), null] as const) : await load.during(work);
    await load?.stop();
    await assertFilled(db, ground.added);
    const fillSeconds = await engine.fillSeconds(ground);
    const result = {
      ...cost,
      rowsPerSecond: rows / cost.seconds,
      fillRowsPerSecond: fillSeconds === null ? null : rows / fillSeconds,
      walBytesPerRow: cost.walBytes / rows,
      hotShare: await hotShare(db, rows),
      peakBytes: run.peakBytes,
    };
    return { result, felt };
  });
}

const CONTROL_MS = 10_000;

async function runControl(bench: Bench): Promise<Run> {
  return withCopy(bench, async (db) => {
    const load = await startLoad(db, bench.options.rows, bench.signal);
    await db.run(sql`checkpoint`);
    const [, felt] = await load.during(() => sleep(CONTROL_MS, bench.signal));
    await load.stop();
    return { result: null, felt };
  });
}

function titleOf(one: Case): string {
  return one.kind === "control" ? "nothing but the application" : one.engine.title;
}

function mediansOf<T extends object>(runs: readonly (T | null)[]): T | null {
  const there = runs.filter((run) => run !== null);
  return there.length === 0 ? null : medians(there);
}
