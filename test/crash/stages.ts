/** A plan's way in stages: a database for each, of which every test gets a copy of its own. */
import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, inject } from "vitest";
import { confirmUseCase } from "../../src/app/confirm.js";
import { planUseCase } from "../../src/app/plan.js";
import { readPlans } from "../../src/app/project.js";
import { upgradeUseCase } from "../../src/app/upgrade.js";
import { workerUseCase } from "../../src/app/worker.js";
import { type TestProject, useProject } from "../support/app.js";
import { letTickPass } from "../support/clock.js";
import { PG_MAJOR } from "../support/database.js";

/**
 * base: planned, nothing applied. trunk: `upgrade head`. filled: `worker --drain`. confirmed: `confirm`. switched: up to the
 * revision `switch`, of plans that have one.
 */
export type Stage = "base" | "trunk" | "filled" | "confirmed" | "switched";
const STAGES: readonly Stage[] = ["base", "trunk", "filled", "confirmed", "switched"];

export type Plan = { readonly folder: string; readonly slug: string; readonly yaml: string };

export type Copy = {
  readonly url: string;
  sql<R extends pg.QueryResultRow = pg.QueryResultRow>(text: string, params?: unknown[]): Promise<R[]>;
  /** a further connection; closed with the copy */
  client(options?: pg.ClientConfig): Promise<pg.Client>;
};

export type Stages = {
  readonly project: TestProject;
  /** runs `use` on a copy of the stage's database, which is dropped after it */
  on<T>(stage: Stage, use: (copy: Copy) => Promise<T>): Promise<T>;
};

/** `last`: stages after it are not made. */
export function useStages(seed: string, plans: readonly Plan[], last: Stage = "confirmed"): Stages {
  const prefix = `c_${randomBytes(6).toString("hex")}`;
  let admin: pg.Client;
  let server = "";
  const urlOf = (database: string) => Object.assign(new URL(server), { pathname: `/${database}` }).toString();
  const project = useProject(() => "");

  const copy = async (from: string, to: string) => {
    await admin.query(`create database ${to} template ${from}`);
    await withClient(urlOf(to), async (client) => {
      const { rows } = await client.query("select to_regclass('changeover.meta') is not null as there");
      // A copied journal knows that it is one, and would refuse to work.
      if (rows[0].there) await client.query("update changeover.meta set database = current_database()");
    });
  };

  beforeAll(async () => {
    server = inject("servers")[String(PG_MAJOR)] ?? "";
    admin = new pg.Client(server);
    await admin.connect();
    for (const [n, stage] of STAGES.slice(0, STAGES.indexOf(last) + 1).entries()) {
      const name = `${prefix}_${stage}`;
      if (n === 0) await admin.query(`create database ${name}`);
      else await copy(`${prefix}_${STAGES[n - 1]}`, name);
      await makeStage(stage, urlOf(name));
    }
  });

  const makeStage = async (stage: Stage, url: string) => {
    const run = <T>(use: Parameters<typeof project.run<T>>[0]) => project.run(use, { url });
    if (stage === "base") await withClient(url, (client) => client.query(seed));
    for (const plan of plans) {
      if (stage === "base") {
        await project.writeChange(plan.folder, plan.yaml);
        await run((app) => planUseCase(app, plan.slug, { write: true, force: false }));
      }
      if (stage === "confirmed") {
        await withClient(url, (client) => letTickPass((text) => client.query(text)));
        await run((app) => confirmUseCase(app, { plan: plan.slug, release: "v2", despite: [], reason: null }));
      }
    }
    const patience = { lockWaitMs: 10_000, deadlineMs: 20_000 };
    const upgrade = (target: string) =>
      run((app) => upgradeUseCase(app, { ...patience, target, fresh: false, sqlOnly: false, concurrency: 1 }));
    if (stage === "trunk") await upgrade("head");
    if (stage === "switched") {
      const { revisions } = await run(readPlans);
      for (const { id } of revisions.filter(({ name }) => name === "switch")) await upgrade(id);
    }
    if (stage === "filled")
      await run((app) => workerUseCase(app, { drain: true, concurrency: 2, plan: null, pollMs: 100 }));
  };

  afterAll(async () => {
    const { rows } = await admin.query("select datname from pg_database where starts_with(datname, $1)", [prefix]);
    for (const { datname } of rows) await admin.query(`drop database ${datname} with (force)`);
    await admin.end();
  });

  let copies = 0;
  return {
    project,
    on: async (stage, use) => {
      copies += 1;
      const name = `${prefix}_copy_${copies}`;
      await copy(`${prefix}_${stage}`, name);
      const clients: pg.Client[] = [];
      const client = async (options: pg.ClientConfig = {}) => {
        const opened = new pg.Client({ connectionString: urlOf(name), ...options });
        opened.on("error", () => undefined);
        await opened.connect();
        clients.push(opened);
        return opened;
      };
      const main = await client();
      try {
        return await use({
          url: urlOf(name),
          sql: async (text, params) => (await main.query(text, params)).rows,
          client,
        });
      } finally {
        for (const one of clients) await one.end().catch(() => undefined);
        await admin.query(`drop database ${name} with (force)`);
      }
    },
  };
}

async function withClient(url: string, use: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end();
  }
}
