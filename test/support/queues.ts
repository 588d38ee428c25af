/** What a test of the wake-up queue has to know of each server that it can live on. */
import type { TestRedis } from "./redis.js";

export type QueueServer = {
  readonly redisUrl: () => string | null;
  /** as many workers as this listen for wake-ups */
  listening(): Promise<number>;
  /** what it needs before it can take anything is there */
  isSetUp(): Promise<boolean>;
  /** Throws everything away. */
  empty(): Promise<unknown>;
};

type Sql = (text: string) => Promise<Record<string, unknown>[]>;

export function postgresQueue(sql: Sql): QueueServer {
  return {
    redisUrl: () => null,
    listening: async () => {
      const rows = await sql(
        "select 1 from pg_stat_activity where query ilike '%listen bullmq_jobs%' and pid <> pg_backend_pid() and datname = current_database()",
      );
      return rows.length;
    },
    isSetUp: async () =>
      (await sql("select 1 where to_regclass('changeover_queue.migration') is not null")).length === 1,
    empty: () => sql("drop schema changeover_queue cascade"),
  };
}

/** `journal`: of the workers that are asked for. */
export function redisQueue(redis: TestRedis, journal: string): QueueServer {
  const name = `changeover:${Buffer.from(`changeover-${journal}`).toString("base64")}`;
  return {
    redisUrl: () => redis.url,
    listening: async () => {
      const clients = String(await redis.ask("client", "list")).split("\n");
      return clients.filter((line) => line.includes(`name=${name} `) && line.includes("cmd=bzpopmin")).length;
    },
    isSetUp: async () => true,
    empty: async () => {
      const keys = (await redis.ask("keys", `changeover:changeover-${journal}:*`)) as string[];
      return keys.length === 0 ? 0 : redis.ask("del", ...keys);
    },
  };
}
