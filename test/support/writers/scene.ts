/** One database, the commands as people run them, and everybody who writes meanwhile. */
import pg from "pg";
import { expect } from "vitest";
import { confirmUseCase } from "../../../src/app/confirm.js";
import { downgradeUseCase } from "../../../src/app/downgrade.js";
import { statusUseCase } from "../../../src/app/status.js";
import { upgradeUseCase } from "../../../src/app/upgrade.js";
import { verifyUseCase } from "../../../src/app/verify.js";
import { workerUseCase } from "../../../src/app/worker.js";
import type { PlanReport } from "../../../src/status/schema.js";
import type { TestProject } from "../app.js";
import { until } from "../child.js";
import { letTickPass } from "../clock.js";
import { Fleet, type Side } from "./fleet.js";
import { differences, type Expectation, Ledgers, type Row } from "./ledger.js";
import { Observer } from "./observer.js";
import type { Variant } from "./variant.js";

export type SceneParts = {
  readonly variant: Variant;
  readonly project: TestProject;
  readonly url: string;
  /** as the application connects */
  readonly appUrl: string;
  readonly role: string;
  readonly major: number;
  readonly each: number;
};

const LANES = 3;
const PATIENCE = { lockWaitMs: 20_000, deadlineMs: 30_000 };

export class Scene {
  readonly parts: SceneParts;
  readonly ledgers = new Ledgers();
  readonly fleet: Fleet;
  readonly #admin: pg.Client;
  readonly #clients: pg.Client[] = [];
  readonly #observer: Observer;
  readonly #problems: string[] = [];

  static async open(parts: SceneParts): Promise<Scene> {
    const connect = async () => {
      const client = new pg.Client(parts.url);
      client.on("error", () => undefined);
      await client.connect();
      return client;
    };
    const [admin, eye] = [await connect(), await connect()];
    const scene = new Scene(parts, admin, new Observer(eye, parts.variant));
    scene.#clients.push(eye);
    scene.ledgers.adopt(await scene.rows());
    return scene;
  }

  constructor(parts: SceneParts, admin: pg.Client, observer: Observer) {
    const { variant, major, each, appUrl } = parts;
    this.parts = parts;
    this.#admin = admin;
    this.#observer = observer;
    this.fleet = new Fleet({
      variant,
      ledgers: this.ledgers,
      major,
      each,
      connect: async (name) => {
        const client = new pg.Client({ connectionString: appUrl, application_name: name });
        client.on("error", () => undefined);
        await client.connect();
        this.#clients.push(client);
        await client.query("set search_path = ''");
        return client;
      },
      gone: async (pids) => {
        const there = "select 1 from pg_stat_activity where pid = any ($1) and usename = $2";
        await until(async () => (await this.sql(there, [pids, parts.role])).length === 0);
      },
    });
  }

  /** A further superuser's connection. */
  async client(): Promise<pg.Client> {
    const client = new pg.Client(this.parts.url);
    client.on("error", () => undefined);
    await client.connect();
    this.#clients.push(client);
    return client;
  }

  async sql<R extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<R[]> {
    return (await this.#admin.query<R>(text, values)).rows;
  }

  get #slug(): string {
    return this.parts.variant.slug;
  }

  #run<T>(during: string, use: Parameters<TestProject["run"]>[0], options: object = {}): Promise<T> {
    this.fleet.during = during;
    return this.parts.project.run(use, { url: this.parts.url, ...options }) as Promise<T>;
  }

  async status(): Promise<PlanReport> {
    const { report } = await this.parts.project.run((app) => statusUseCase(app, { plan: this.#slug, require: null }), {
      url: this.parts.url,
    });
    const [plan] = report.plans;
    if (plan === undefined) throw new Error(`status does not know ${this.#slug}`);
    return plan;
  }

  /** What `status` says now, which has to be this, is what runs from here on. */
  async deploy(old: boolean, next: boolean): Promise<void> {
    const { deploy } = await this.status();
    expect({ old: deploy.oldCode.allowed, new: deploy.newCode.allowed }).toEqual({ old, new: next });
    await this.fleet.follow(deploy);
  }

  /** Where nothing has been changed yet, or all of it was taken back: code that never sends NULL, or is ready for either type, may run there, too. */
  deployBase(): Promise<void> {
    return this.deploy(true, this.parts.variant.kind !== "rename_column");
  }

  /** `to`: @expand, @head, … or a revision. */
  upgrade(to: string): Promise<void> {
    const target = to.startsWith("@") ? this.#slug + to : to;
    return this.#run(`upgrade ${to}`, (app) =>
      upgradeUseCase(app, { target, fresh: false, sqlOnly: false, concurrency: 2, ...PATIENCE }),
    );
  }

  downgrade(to: string): Promise<void> {
    return this.#run(`downgrade ${to}`, (app) =>
      downgradeUseCase(app, { target: this.#slug + to, sqlOnly: false, ...PATIENCE }),
    );
  }

  /** Several lanes, to the end; who may run is looked up all the while, and followed unless told otherwise. */
  async worker({ follow = true, ...options }: { follow?: boolean; signal?: AbortSignal } = {}) {
    let ended = !follow;
    const working = this.#run<Awaited<ReturnType<typeof workerUseCase>>>(
      "worker",
      (app) => workerUseCase(app, { drain: true, concurrency: LANES, plan: null, pollMs: 50 }),
      options,
    ).finally(() => {
      ended = true;
    });
    const following = (async () => {
      while (!ended) {
        await this.fleet.follow((await this.status()).deploy);
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    })();
    const [result] = await Promise.all([working, following]);
    return result;
  }

  verify() {
    return this.#run<Awaited<ReturnType<typeof verifyUseCase>>>("verify", (app) =>
      verifyUseCase(app, { plan: this.#slug }),
    );
  }

  /** The last process of the old release is gone: someone says so. */
  async confirm(despite: readonly string[] = []): Promise<void> {
    await letTickPass((text) => this.sql(text));
    await this.#run("confirm", (app) =>
      confirmUseCase(app, { plan: this.#slug, release: "v2", despite, reason: "as the test knows" }),
    );
  }

  /** The user's own trigger function, as this release wants it. */
  async deployFunction(side: Side): Promise<void> {
    await this.sql(this.parts.variant.bump[side]);
  }

  /** The columns that the change is about, as far as they are there: the side that has all values first. */
  async #columns(): Promise<string[]> {
    const { old, other, table } = this.parts.variant;
    const names = other === null ? [old.column] : [old.column, other];
    const rows = await this.sql<{ name: string }>(
      `select quote_ident(attname) as name from pg_attribute where attrelid = $1::regclass and not attisdropped`,
      [table],
    );
    return names.filter((name) => rows.some((row) => row.name === name || `"${row.name}"` === name));
  }

  async rows(): Promise<Row[]> {
    const sides = (await this.#columns()).map((column) => `${column}::text`).join(", ");
    return this.sql<Row>(`select region, id, other, array[${sides}] as sides from ${this.parts.variant.table}`);
  }

  /** Everybody holds still, and the table is held against the ledgers. `filled`: which rows the change has reached. */
  async check(filled: Expectation["filled"]): Promise<void> {
    const { fill } = this.parts.variant;
    const nullsAre = (region: number, due: boolean) => {
      if (fill === null) return [null];
      return due ? [fill(region)] : [null, fill(region)];
    };
    const found = await this.fleet.quiet(async () =>
      differences(await this.rows(), this.ledgers, { nullsAre, filled }),
    );
    this.#problems.push(...found.slice(0, 10).map((line) => `at a quiet point: ${line}`));
  }

  /** Someone settles the rows that hold NULL by hand; everybody holds still meanwhile. */
  async settleNulls(value: string): Promise<void> {
    const { table, old } = this.parts.variant;
    await this.fleet.quiet(async () => {
      await this.sql(`update ${table} set ${old.column} = $1 where ${old.column} is null`, [value]);
      for (const ledger of this.ledgers.regions.values()) {
        for (const [id, entry] of ledger) if (entry.value === null) ledger.set(id, { ...entry, value });
      }
    });
  }

  /** All that has gone wrong so far: failed writes, lost writes, rows out of step. */
  problems(): string[] {
    return [...this.fleet.failures(), ...this.#observer.found, ...this.#problems];
  }

  /** So many more have been looked at. */
  async snapshots(count: number): Promise<void> {
    const from = this.#observer.snapshots;
    await until(() => this.#observer.snapshots >= from + count);
  }

  /** One line of what was done, and the longest that the application stood still. */
  summary(): string {
    const { old, new: next } = this.fleet.writers;
    const sum = (side: typeof old) => side.reduce((total, { writes }) => total + writes, 0);
    const retries = this.fleet.all.reduce((total, writer) => total + writer.retries, 0);
    const stall = this.fleet.all.map((writer) => writer.stall).reduce((a, b) => (a.ms > b.ms ? a : b));
    return (
      `${this.#slug} on ${this.parts.major}: ${sum(old)} operations of old code, ${sum(next)} of new, ${retries} serialization retries, ` +
      `${this.#observer.snapshots} snapshots; longest stall ${Math.round(stall.ms)} ms (${stall.op}, during ${stall.during})`
    );
  }

  async close(): Promise<void> {
    for (const side of ["old", "new"] as const) await this.fleet.quit(side);
    await this.#observer.stop();
    process.stdout.write(`${this.summary()}\n`);
    for (const client of this.#clients) await client.end().catch(() => undefined);
    await this.#admin.end();
  }
}
