/** Connections to the database being changed: a small pool for short reads, and sessions of their own for work. */
import type { ConnectionOptions as TlsOptions } from "node:tls";
import pg from "pg";
import { type SqlText, trusted } from "../sql/text.js";
import { type OwnedSession, onlyRow, PgSession, type Queryable, type Row, type Session } from "./session.js";
import { connectError, wrapError } from "./sqlstate.js";

/** A server as `pg` is told of it, for a program that has no URI, or whose password is one only for a while. */
export type ServerOptions = {
  /** a name, an address, or the folder of a socket; there is never an implicit localhost */
  readonly host: string;
  /** default 5432 */
  readonly port?: number;
  /** default: the user's name */
  readonly database?: string;
  readonly user?: string;
  /** a function is asked anew for every connection */
  readonly password?: string | (() => string | Promise<string>);
  readonly ssl?: boolean | TlsOptions;
};

export type ConnectionConfig = {
  /** a connection URI; null: `server`, or else the PG* environment variables */
  readonly url: string | null;
  readonly server?: ServerOptions;
  readonly applicationName: string;
  readonly connectTimeoutMs: number;
  /** of each statement, here and on the server; left out: none */
  readonly timeoutMs?: number;
};

export interface Database extends Queryable {
  readonly config: ConnectionConfig;
  /** Lends a pooled session; nothing set on it may outlive the call except by SET LOCAL. */
  borrow<T>(use: (session: Session) => Promise<T>): Promise<T>;
  /** Opens a session of its own, e.g. for a lock that is held for hours. `purpose` ends up in application_name. */
  open(purpose: string): Promise<OwnedSession>;
  close(): Promise<void>;
}

// bigint as number: counts, page numbers and epochs all stay far below 2^53.
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: "text" | "binary") =>
    oid === 20 ? Number : pg.types.getTypeParser(oid, format as "text")) as pg.CustomTypesConfig["getTypeParser"],
};

export function openDatabase(config: ConnectionConfig): Database {
  const options: pg.ClientConfig = {
    ...driverOptions(config),
    application_name: config.applicationName,
    connectionTimeoutMillis: config.connectTimeoutMs,
    keepAlive: true,
    ...(config.timeoutMs === undefined ? {} : { statement_timeout: config.timeoutMs, query_timeout: config.timeoutMs }),
    types,
  };
  const endpoint = endpointOf(options);
  const pool = new pg.Pool({ ...options, max: 4, idleTimeoutMillis: 10_000 });
  // An idle pooled connection that is cut raises 'error' on the pool; the next borrow simply opens another.
  pool.on("error", () => undefined);
  // One that is cut while it is lent out and waits between two statements raises 'error' on itself, where nobody else
  // listens; its next statement then fails with 08006.
  pool.on("connect", (client) => void client.on("error", () => undefined));

  const borrow = async <T>(use: (session: Session) => Promise<T>): Promise<T> => {
    const client = await pool.connect().catch((error) => Promise.reject(connectError(error, endpoint)));
    let failed: unknown = null;
    try {
      return await use(await describeSession(client));
    } catch (error) {
      failed = error;
      throw error;
    } finally {
      // After any error the connection may be broken or inside a transaction: not worth keeping.
      client.release(failed !== null);
    }
  };

  return {
    config,
    borrow,
    query: <R extends Row>(text: SqlText, params?: readonly unknown[]) => borrow((s) => s.query<R>(text, params)),
    one: <R extends Row>(text: SqlText, params?: readonly unknown[]) =>
      borrow(async (s) => onlyRow(await s.query<R>(text, params), text)),
    maybeOne: <R extends Row>(text: SqlText, params?: readonly unknown[]) => borrow((s) => s.maybeOne<R>(text, params)),
    run: (text, params) => borrow((s) => s.run(text, params)),
    open: (purpose) => openOwned({ ...options, application_name: `${config.applicationName} ${purpose}` }),
    close: () => pool.end(),
  };
}

/** Where to connect, as `pg` and what is built on it take it. */
export function driverOptions({ url, server }: Pick<ConnectionConfig, "url" | "server">) {
  return url === null ? { ...server } : { connectionString: url };
}

/** Where a connection goes, without its password: as the driver reads the URI and the environment. */
function endpointOf(options: pg.ClientConfig): string {
  const { host, port, database, user } = new pg.Client(options);
  return `${host}:${port}/${database ?? ""}${user === undefined ? "" : ` as ${user}`}`;
}

async function openOwned(options: pg.ClientConfig): Promise<OwnedSession> {
  const client = new pg.Client(options);
  const lost: ((error: Error) => void)[] = [];
  client.on("error", (error) => {
    for (const listener of lost.splice(0)) listener(error);
  });
  try {
    await client.connect();
  } catch (error) {
    throw connectError(error, endpointOf(options));
  }
  const session = await describeSession(client);
  // What the server sent at connect: a pooler sends a number of its own.
  const { processID } = client as pg.Client & { readonly processID?: number | null };
  return Object.assign(session, {
    direct: processID === session.pid,
    close: () => client.end().catch(() => undefined),
    onLost: (listener: (error: Error) => void) => void lost.push(listener),
    onNotify: (listener: (channel: string, payload: string) => void) =>
      void client.on("notification", (message) => listener(message.channel, message.payload ?? "")),
  });
}

const described = new WeakMap<pg.ClientBase, PgSession>();

/** A new connection is asked once who it is; a pooled one keeps its answer. */
async function describeSession(client: pg.ClientBase): Promise<PgSession> {
  const known = described.get(client);
  if (known !== undefined) return known;
  const text = trusted(
    "select pg_backend_pid() as pid, current_setting('server_version_num')::int as version, " +
      // Our own statements must not depend on what a role or database sets.
      "set_config('search_path', 'pg_catalog, pg_temp', false), set_config('standard_conforming_strings', 'on', false), " +
      "set_config('idle_in_transaction_session_timeout', '0', false), set_config('client_min_messages', 'warning', false)",
    "constant",
  );
  try {
    const { rows } = await client.query<{ pid: number; version: number }>(text);
    const row = onlyRow(rows, text);
    const session = new PgSession(client, row.pid, row.version);
    described.set(client, session);
    return session;
  } catch (error) {
    throw wrapError(error, text);
  }
}
