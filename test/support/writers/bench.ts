/**
 * Per test file: a role that may write the table and nothing else, a database with the table and its rows, and the plan
 * as it would be reviewed. Each scene gets a copy of that database.
 */
import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, inject, onTestFinished, vi } from "vitest";
import { planUseCase } from "../../../src/app/plan.js";
import { useProject } from "../app.js";
import { PG_MAJOR } from "../database.js";
import { Scene } from "./scene.js";
import { seed, type Variant } from "./variant.js";

export type Bench = {
  /** begins with the seeded table, and nothing running */
  scene(options?: { readonly each?: number }): Promise<Scene>;
};

export const LONG = process.env.CHANGEOVER_LONG === "1";
const EACH = LONG ? 4 : 2;
const ROWS_EACH = LONG ? 4000 : 1000;

/** `each`: processes of each release. */
export function useWriters(variant: Variant, each = EACH): Bench {
  if (LONG) vi.setConfig({ testTimeout: 600_000 });
  const name = `w_${randomBytes(5).toString("hex")}`;
  let server = "";
  let admin: pg.Client;
  let scenes = 0;
  const made: string[] = [];
  const urlOf = (database: string, user?: string) => {
    const url = new URL(server);
    url.pathname = `/${database}`;
    if (user !== undefined) [url.username, url.password] = [user, user];
    return url.toString();
  };
  const make = async (database: string, template: string) => {
    await admin.query(`create database ${database} template ${template}`);
    made.push(database);
    return urlOf(database);
  };
  const project = useProject(() => urlOf(`${name}_0`));

  beforeAll(async () => {
    server = inject("servers")[String(PG_MAJOR)] ?? "";
    if (server === "") throw new Error(`no PostgreSQL ${PG_MAJOR} was started`);
    admin = new pg.Client(server);
    await admin.connect();
    await admin.query(`create role ${name} login password '${name}'`);
    const client = new pg.Client(await make(`${name}_0`, "template0"));
    await client.connect();
    await client.query(variant.ddl);
    await client.query(seed(variant, 2 * each, ROWS_EACH));
    await client.query(`grant usage on schema ${variant.schema} to ${name};
      grant select, insert, update, delete on ${variant.table} to ${name};
      grant select, insert on ${variant.schema}.codes to ${name}`);
    await client.end();
    await project.writeChange(`0001-${variant.slug}`, variant.change);
    await project.run((app) => planUseCase(app, variant.slug, { write: true, force: false }));
  });

  afterAll(async () => {
    for (const database of made) await admin?.query(`drop database if exists ${database} with (force)`);
    await admin?.query(`drop role if exists ${name}`);
    await admin?.end();
  });

  return {
    scene: async (options = {}) => {
      const database = `${name}_${++scenes}`;
      const url = await make(database, `${name}_0`);
      const scene = await Scene.open({
        variant,
        project,
        url,
        appUrl: urlOf(database, name),
        role: name,
        major: PG_MAJOR,
        each: options.each ?? each,
      });
      onTestFinished(() => scene.close());
      return scene;
    },
  };
}
