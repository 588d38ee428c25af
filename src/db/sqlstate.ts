/** SQLSTATE → what it means here, in one table; and the one function through which the server's errors enter. */
import { ChangeoverError } from "../errors.js";

export const SQLSTATE = {
  lockNotAvailable: "55P03",
  queryCanceled: "57014",
  deadlock: "40P01",
  serialization: "40001",
  insufficientPrivilege: "42501",
  undefinedTable: "42P01",
  undefinedObject: "42704",
  undefinedFunction: "42883",
  invalidSchema: "3F000",
  adminShutdown: "57P01",
  crashShutdown: "57P02",
  cannotConnectNow: "57P03",
  tooManyConnections: "53300",
  duplicateObject: "42710",
  duplicateTable: "42P07",
  duplicateColumn: "42701",
  uniqueViolation: "23505",
} as const;

/** An error that the server sent, or a lost connection (`sqlstate` 08006). Never shown as it is: `app/` turns it into a block. */
export class ServerError extends Error {
  override readonly name = "ServerError";
  readonly sqlstate: string;
  readonly detail: string | undefined;
  readonly hint: string | undefined;
  readonly context: string | undefined;
  readonly constraint: string | undefined;
  readonly statement: string | undefined;
  /** where in the statement, in JavaScript's characters from 0 */
  readonly position: number | undefined;
  /** for a connection that was never made: where to, as `host:port/database` and the role */
  readonly endpoint: string | undefined;

  constructor(
    message: string,
    sqlstate: string,
    fields: Partial<Record<"detail" | "hint" | "where" | "constraint" | "position", string>>,
    statement: string | undefined,
    cause: unknown,
    endpoint?: string,
  ) {
    super(message, { cause });
    this.sqlstate = sqlstate;
    this.detail = fields.detail;
    this.hint = fields.hint;
    this.context = fields.where;
    this.constraint = fields.constraint;
    this.statement = statement;
    this.position = fields.position === undefined ? undefined : placeIn(statement ?? "", Number(fields.position));
    this.endpoint = endpoint;
  }
}

/** The server counts code points from 1. */
function placeIn(statement: string, position: number): number {
  return [...statement].slice(0, position - 1).join("").length;
}

const NETWORK_CODES = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOENT",
]);

/** Wraps whatever the driver throws; leaves our own errors alone. */
export function wrapError(error: unknown, statement?: string): unknown {
  if (error instanceof ServerError || error instanceof ChangeoverError || !(error instanceof Error)) return error;
  const fields = error as Error & {
    code?: string;
    detail?: string;
    hint?: string;
    where?: string;
    constraint?: string;
    position?: string;
  };
  if (typeof fields.code === "string" && /^[0-9A-Z]{5}$/.test(fields.code)) {
    return new ServerError(error.message, fields.code, fields, statement, error);
  }
  const lost =
    /Connection terminated|Client has encountered a connection error|not queryable|timeout exceeded when trying to connect/i;
  if ((typeof fields.code === "string" && NETWORK_CODES.has(fields.code)) || lost.test(error.message)) {
    return new ServerError(error.message || String(fields.code), "08006", {}, statement, error);
  }
  return error;
}

/** What comes of a failed connect, whatever it is: the server's refusal, or 08001 for all that came before it could answer. */
export function connectError(error: unknown, endpoint: string): unknown {
  if (error instanceof ChangeoverError || !(error instanceof Error)) return error;
  const wrapped = wrapError(error);
  if (wrapped instanceof ServerError && wrapped.sqlstate !== "08006")
    return new ServerError(wrapped.message, wrapped.sqlstate, {}, undefined, error, endpoint);
  // A name with several addresses fails once for each.
  const each = error instanceof AggregateError ? error.errors.map((one) => (one as Error).message) : [];
  const said = each.length > 0 ? each.join("; ") : error.message || String((error as { code?: string }).code);
  return new ServerError(said, "08001", {}, undefined, error, endpoint);
}

export function sqlstateOf(error: unknown): string | null {
  return error instanceof ServerError ? error.sqlstate : null;
}

/** The connection is gone, or the server is going or not yet up: worth connecting again. */
export function isConnectionError(error: unknown): boolean {
  const state = sqlstateOf(error);
  return state !== null && (state.startsWith("08") || ["57P01", "57P02", "57P03", "53300"].includes(state));
}

/** A lock timeout, deadlock or serialization failure: the same statement may succeed later. */
export function isContention(error: unknown): boolean {
  const state = sqlstateOf(error);
  return state !== null && ["55P03", "40P01", "40001"].includes(state);
}
