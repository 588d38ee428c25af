/** One change through all its phases under traffic, and what came of it. */
import type { Database } from "../../db/pool.js";
import { ChangeoverError } from "../../errors.js";
import { sleep } from "../../sleep.js";
import { type SqlText, sql } from "../../sql/text.js";
import { confirmUseCase } from "../confirm.js";
import type { AppContext } from "../context.js";
import { planUseCase } from "../plan.js";
import { statusUseCase } from "../status.js";
import { upgradeUseCase } from "../upgrade.js";
import { verifyUseCase } from "../verify.js";
import { workerUseCase } from "../worker.js";
import type { DEMO_PLANS } from "./plans.js";
import { type ChangeReport, type PhaseTime, sumOf } from "./report.js";
import { type Ledger, newLedger, startTraffic, type Version } from "./traffic.js";

export type Stage = {
  readonly plan: (typeof DEMO_PLANS)[number];
  readonly oldCode: Version;
  readonly newCode: Version;
  /** where the ledger's customer stands before and after the change */
  readonly customerBefore: SqlText;
  readonly customerAfter: SqlText;
};

export type StageOptions = {
  readonly db: Database;
  readonly rows: number;
  readonly users: number;
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
  readonly run: <T>(use: (app: AppContext) => Promise<T>) => Promise<T>;
};

const SESSIONS = 2;
/** How long the traffic goes on around each step, so that every phase is seen under load. */
const SETTLE_MS = 1500;
const PATIENCE = { fresh: false, sqlOnly: false, concurrency: null, lockWaitMs: 60_000, deadlineMs: null };

export async function rollOut(stage: Stage, options: StageOptions): Promise<ChangeReport> {
  const { db, rows, users, run, say } = options;
  const { slug } = stage.plan;
  const phases: PhaseTime[] = [];
  const ledgers = { old: newLedger(), new: newLedger() };
  const timed = async <T>(phase: string, work: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    for (const ledger of Object.values(ledgers)) ledger.during = phase;
    const result = await work();
    for (const ledger of Object.values(ledgers)) ledger.during = `after ${phase}`;
    phases.push({ phase, ms: performance.now() - began });
    await sleep(SETTLE_MS, options.signal);
    if (options.signal.aborted)
      throw new ChangeoverError("interrupted", "Interrupted; the demo's server is gone with it.");
    return result;
  };
  const upgradeTo = (phase: string) => run((app) => upgradeUseCase(app, { ...PATIENCE, target: `${slug}@${phase}` }));
  const lanes = { sessions: SESSIONS, lanes: 2, orders: rows, users };

  const { maxId } = await db.one<{ maxId: number }>(sql`select max(id) as "maxId" from shop.orders`);
  const control = await untouchedControl(db);
  say(`${slug}: ${stage.oldCode.name} writes with ${SESSIONS} sessions`);
  const oldTraffic = await startTraffic(db, stage.oldCode, ledgers.old, { ...lanes, lane: 0 });
  let newTraffic = null as Awaited<ReturnType<typeof startTraffic>> | null;
  try {
    await sleep(SETTLE_MS, options.signal);
    await run((app) => planUseCase(app, slug, { write: true, force: false }));
    await timed("expand", () => upgradeTo("expand"));
    await timed("dual-write", () => upgradeTo("dual-write"));
    const filled = await timed("backfill", () => drain(run, slug));
    await assertMayRun(run, slug);
    say(`${slug}: ${stage.newCode.name} is released beside it`);
    newTraffic = await startTraffic(db, stage.newCode, ledgers.new, { ...lanes, lane: 1 });
    await sleep(SETTLE_MS, options.signal);
    await oldTraffic.stop();
    say(`${slug}: the last of ${stage.oldCode.name} is gone`);
    const verified = await timed("verify", () => run((app) => verifyUseCase(app, { plan: slug })));
    await run((app) => confirmUseCase(app, { plan: slug, release: stage.newCode.name, despite: [], reason: null }));
    await timed("contract", () => upgradeTo("head"));
    await newTraffic.stop();
    const all = [ledgers.old, ledgers.new];
    return {
      plan: slug,
      change: stage.plan.yaml.split("\n")[0]?.replace("change: ", "") ?? "",
      phases,
      ...filled,
      longestStall: all.map((ledger) => ledger.longest).reduce((a, b) => (a.ms > b.ms ? a : b)),
      writes: sumOf(all, (ledger) => ledger.writes),
      writesFailed: sumOf(all, (ledger) => ledger.failed),
      failures: all.flatMap((ledger) => ledger.failures),
      rowsNotInStep: verified.mismatches,
      writesLost: await lostWrites(db, stage.customerAfter, all),
      updatedAtChanged: await updatedBehindTheirBacks(db, control, maxId, all),
    };
  } finally {
    await oldTraffic.stop();
    await newTraffic?.stop();
  }
}

async function drain(
  run: StageOptions["run"],
  slug: string,
): Promise<Pick<ChangeReport, "rowsFilled" | "rowsPerSecond">> {
  const result = await run((app) => workerUseCase(app, { drain: true, concurrency: 2, plan: slug, pollMs: 200 }));
  if (result.exitCode !== 0)
    throw new ChangeoverError("blocked", `The backfill of ${slug} stands still.`, { details: result.lines });
  const { report } = await run((app) => statusUseCase(app, { plan: slug, require: null }));
  const plan = report.plans[0];
  const fill = plan?.revisions.find((revision) => revision.runner === "backfill");
  const seconds =
    fill?.startedAt && fill.finishedAt ? (Date.parse(fill.finishedAt) - Date.parse(fill.startedAt)) / 1000 : 0;
  const rowsFilled = plan?.backfill?.rowsDone ?? 0;
  return { rowsFilled, rowsPerSecond: seconds === 0 ? 0 : rowsFilled / seconds };
}

/** The demo obeys what a deployment would ask: may the new release run? */
async function assertMayRun(run: StageOptions["run"], slug: string): Promise<void> {
  const { report } = await run((app) => statusUseCase(app, { plan: slug, require: "backfill" }));
  if (report.plans[0]?.deploy.newCode.allowed !== true) {
    throw new ChangeoverError("not-yet", `status says that the new code of ${slug} may not run yet.`);
  }
}

/** Rows whose customer is another one than the application that owns them wrote last. */
async function lostWrites(db: Database, customer: SqlText, ledgers: readonly Ledger[]): Promise<number> {
  let lost = 0;
  for (const ledger of ledgers) {
    const { wrong } = await db.one<{ wrong: number }>(
      sql`select count(*) as wrong from unnest($1::bigint[], $2::bigint[]) as wrote (id, customer)
            left join shop.orders o on o.id = wrote.id where o.${customer} is distinct from wrote.customer`,
      [[...ledger.customers.keys()], [...ledger.customers.values()]],
    );
    lost += wrong;
  }
  return lost;
}

/** A copy of every updated_at as it was before the change. */
async function untouchedControl(db: Database): Promise<SqlText> {
  await db.run(sql`drop table if exists shop.control`);
  await db.run(sql`create unlogged table shop.control as select id, updated_at from shop.orders`);
  return sql`shop.control`;
}

async function updatedBehindTheirBacks(
  db: Database,
  control: SqlText,
  maxId: number,
  ledgers: readonly Ledger[],
): Promise<number> {
  const touched = ledgers.flatMap((ledger) => [...ledger.touched].filter((id) => id <= maxId));
  const { changed } = await db.one<{ changed: number }>(
    sql`with touched as materialized (select unnest($1::bigint[]) as id)
        select count(*) as changed from ${control} c join shop.orders o using (id)
         where o.updated_at <> c.updated_at and c.id not in (select id from touched)`,
    [touched],
  );
  return changed;
}
