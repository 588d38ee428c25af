/**
 * One database per test file. `useDatabase()` makes it before the file's tests and drops it after them; every connection
 * that a test opens through it is closed by it, and one left inside a transaction fails the file.
 */
import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, inject, onTestFailed } from "vitest";
import { type Database, openDatabase } from "../../src/db/pool.js";

export type TestDatabase = {
  readonly url: string;
  /** the server's major, e.g. 14 */
  readonly major: number;
  /** as the project's own code connects */
  readonly db: Database;
  /** rows of one statement, on a connection of the test's own (superuser) */
  sql<R extends pg.QueryResultRow = pg.QueryResultRow>(text: string, params?: unknown[]): Promise<R[]>;
  /** a further connection; closed with the file */
  client(options?: pg.ClientConfig): Promise<pg.Client>;
};

export const PG_MAJOR = Number(process.env.PG_MAJOR ?? 18);

/** `own`: the maintenance database of another server than the project's. */
export function useDatabase(prepare?: string, own?: { readonly url: string }): TestDatabase {
  const name = `t_${randomBytes(6).toString("hex")}`;
  const clients: pg.Client[] = [];
  let admin: pg.Client;
  let main: pg.Client;
  let db: Database;
  let url = "";

  beforeAll(async () => {
    const server = own?.url ?? inject("servers")[String(PG_MAJOR)];
    if (server === undefined) throw new Error(`no PostgreSQL ${PG_MAJOR} was started`);
    admin = new pg.Client(server);
    await admin.connect();
    // A third of the time of a copy through the WAL, which newer servers would make.
    await admin.query(`create database ${name}${PG_MAJOR >= 15 ? " strategy file_copy" : ""}`);
    const target = new URL(server);
    target.pathname = `/${name}`;
    url = target.toString();
    main = new pg.Client(url);
    await main.connect();
    if (prepare !== undefined) await main.query(prepare);
    db = openDatabase({ url, applicationName: "changeover test", connectTimeoutMs: 5000 });
  });

  afterAll(async () => {
    await db?.close();
    for (const client of clients) await client.end().catch(() => undefined);
    await main?.end();
    await admin?.query(`drop database if exists ${name} with (force)`);
    await admin?.end();
  });

  return {
    get url() {
      return url;
    },
    major: PG_MAJOR,
    get db() {
      return db;
    },
    sql: async (text, params) => (await main.query(text, params)).rows,
    client: async (options = {}) => {
      const client = new pg.Client({ connectionString: url, ...options });
      client.on("error", () => undefined);
      await client.connect();
      clients.push(client);
      endWithFailure(client);
      return client;
    },
  };
}

/** What a failed test leaves open would keep its locks, and its old snapshot from every other test of the server. */
function endWithFailure(client: pg.Client): void {
  try {
    onTestFailed(() => client.end());
  } catch {
    // Made in a hook: it lives as long as the file.
  }
}
