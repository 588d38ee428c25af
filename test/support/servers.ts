/**
 * Starts the real PostgreSQL of one `pg<major>` project before its files (and the Redis of a `pg<major>-redis` one), and
 * takes it down after them. A run that takes no file of a project starts no server for it.
 */
import type { TestProject } from "vitest/node";
import { startEmbedded } from "../../src/db/embedded.js";
import { startRedis } from "./redis.js";

declare module "vitest" {
  interface ProvidedContext {
    /** major → connection URI of the maintenance database */
    servers: Record<string, string>;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const major = Number(project.config.env.PG_MAJOR);
  // Durability is what these tests kill processes for, not what they cut the power for.
  const settings = { fsync: "off", max_connections: "200", max_prepared_transactions: "10" };
  const server = await startEmbedded({ major, settings });
  project.provide("servers", { [String(major)]: server.url("postgres") });
  const redis = project.config.env.CHANGEOVER_QUEUE === "redis" ? await startRedis() : null;
  project.provide("redis", redis?.url ?? "");
  return async () => {
    await redis?.stop();
    await server.stop();
  };
}
