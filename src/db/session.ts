/**
 * One connection, as the rest of the project sees it. The driver stays behind this door (`db/` alone imports it).
 */
import type pg from "pg";
import type { SqlText } from "../sql/text.js";
import { openCursor, type RowCursor } from "./cursor.js";
import { wrapError } from "./sqlstate.js";

export type Row = Record<string, unknown>;

/** Anything that runs one statement: a session, or the pool (each statement on a connection of its own). */
export interface Queryable {
  /** Rows of one statement. bigint arrives as number (exact below 2^53), timestamptz as Date, text[] as string[]. */
  query<R extends Row = Row>(text: SqlText, params?: readonly unknown[]): Promise<R[]>;
  /** The only row; throws `internal` when there is none or more than one. */
  one<R extends Row = Row>(text: SqlText, params?: readonly unknown[]): Promise<R>;
  maybeOne<R extends Row = Row>(text: SqlText, params?: readonly unknown[]): Promise<R | null>;
  /** Runs a statement for its effect; several may be given where there are no params. Returns the last one's row count. */
  run(text: SqlText, params?: readonly unknown[]): Promise<number>;
}

export interface Session extends Queryable {
  /** the server process behind it */
  readonly pid: number;
  /** `server_version_num` */
  readonly serverVersion: number;
}

/** A session that the caller opened and must close. */
export interface OwnedSession extends Session {
  /** no pooler in between, which hands out server processes of its own choice and names none of them at connect */
  readonly direct: boolean;
  /** Rows a few at a time, inside of the caller's transaction; see `cursor.ts` for how values come. */
  cursor(text: SqlText, params: readonly unknown[]): RowCursor;
  close(): Promise<void>;
  /** Called once if the connection is lost while nobody is waiting on it. */
  onLost(listener: (error: Error) => void): void;
  /** NOTIFY payloads on a channel that this session LISTENs to. */
  onNotify(listener: (channel: string, payload: string) => void): void;
}

export class PgSession implements Session {
  readonly #client: pg.ClientBase;
  readonly pid: number;
  readonly serverVersion: number;

  constructor(client: pg.ClientBase, pid: number, serverVersion: number) {
    this.#client = client;
    this.pid = pid;
    this.serverVersion = serverVersion;
  }

  cursor(text: SqlText, params: readonly unknown[]): RowCursor {
    return openCursor(this.#client, text, params);
  }

  async query<R extends Row = Row>(text: SqlText, params?: readonly unknown[]): Promise<R[]> {
    return (await send(this.#client, text, params)).rows as R[];
  }

  async one<R extends Row = Row>(text: SqlText, params?: readonly unknown[]): Promise<R> {
    return onlyRow(await this.query<R>(text, params), text);
  }

  async maybeOne<R extends Row = Row>(text: SqlText, params?: readonly unknown[]): Promise<R | null> {
    return (await this.query<R>(text, params))[0] ?? null;
  }

  async run(text: SqlText, params?: readonly unknown[]): Promise<number> {
    return (await send(this.#client, text, params)).rowCount ?? 0;
  }
}

/** Sends one statement (or, without params, a string of several by the simple protocol); server errors come out wrapped. */
async function send(client: pg.ClientBase, text: SqlText, params?: readonly unknown[]): Promise<pg.QueryResult> {
  try {
    const result: pg.QueryResult | pg.QueryResult[] =
      params === undefined ? await client.query(text) : await client.query(text, [...params]);
    return Array.isArray(result) ? (result.at(-1) as pg.QueryResult) : result;
  } catch (error) {
    throw wrapError(error, text);
  }
}

export function onlyRow<R>(rows: readonly R[], text: string): R {
  const [row] = rows;
  if (row === undefined || rows.length !== 1) {
    throw new Error(`expected one row, got ${rows.length}: ${text.slice(0, 200)}`);
  }
  return row;
}
