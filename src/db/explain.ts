/** A server's error as a block for people: what it means for them, and what to do. */
import { ChangeoverError, type ErrorCode } from "../errors.js";
import { ServerError } from "./sqlstate.js";

/** Leaves anything that is not the server's alone. */
export function explain(error: unknown, where?: string): unknown {
  if (!(error instanceof ServerError)) return error;
  const [code, message, hint] = meaning(error);
  const details = [
    ...(error.statement === undefined ? [] : [`statement ${oneLine(error.statement)}`]),
    ...(error.detail === undefined ? [] : [`detail ${error.detail}`]),
    ...(error.context === undefined ? [] : [`context ${oneLine(error.context)}`]),
  ];
  return new ChangeoverError(code, message, {
    where: where ?? error.endpoint,
    hint: error.hint ?? hint,
    details: code === "connection" ? [] : details,
    cause: error,
  });
}

type Meaning = readonly [code: ErrorCode, message: string, hint: string];

const AGAIN = "Nothing half-done was kept. Run the command again.";

function meaning(error: ServerError): Meaning {
  const said = `${error.message} (${error.sqlstate})`;
  if (error.endpoint !== undefined) return meaningOfConnect(error, said);
  if (/^(08|57P)/.test(error.sqlstate)) return ["connection", `The connection was lost: ${said}.`, AGAIN];
  switch (error.sqlstate) {
    case "42501":
      return [
        "privilege",
        `The role lacks a privilege: ${said}.`,
        "Run as the owner of the table (or a member of that role).",
      ];
    case "25006":
      return ["database", `This server takes no writes: ${said}.`, "Name the primary in DATABASE_URL, not a replica."];
    case "55P03":
    case "40P01":
    case "40001":
      return ["lock", `A lock was not obtained in time: ${said}.`, AGAIN];
    case "57014":
      return ["database", `The statement was cancelled: ${said}.`, AGAIN];
    case "53100":
    case "53200":
      return ["database", `The server is out of room: ${said}.`, `Make room on the server. ${AGAIN}`];
    default:
      return [
        "database",
        `The server refused a statement: ${said}.`,
        "Nothing half-done was kept. Settle what the server says and run the command again.",
      ];
  }
}

function meaningOfConnect({ sqlstate, message }: ServerError, said: string): Meaning {
  // The driver's own words for a role that needs a password where none was given.
  if (/password must be a (non-empty )?string|empty password returned/.test(message))
    return [
      "connection",
      "The server asks for a password, and none is given.",
      "Put it into DATABASE_URL (postgres://user:password@host/database), PGPASSWORD or ~/.pgpass.",
    ];
  if (sqlstate.startsWith("28"))
    return [
      "connection",
      `The server refused the login: ${said}.`,
      "Check user and password in DATABASE_URL, and the server's pg_hba.conf.",
    ];
  if (sqlstate === "3D000")
    return ["connection", `There is no such database: ${said}.`, "Check the database's name in DATABASE_URL."];
  if (sqlstate === "42501")
    return ["privilege", `The role may not connect: ${said}.`, "Ask for: GRANT CONNECT ON DATABASE … TO …;"];
  if (sqlstate === "53300")
    return ["connection", `The server has no connection left: ${said}.`, "Try again later, or raise max_connections."];
  if (sqlstate === "57P03") return ["connection", `The server is not ready: ${said}.`, "Try again in a moment."];
  if (/^(08|57P)/.test(sqlstate))
    return [
      "connection",
      `The server cannot be reached: ${message}.`,
      "Check host and port in DATABASE_URL, and that the server is running.",
    ];
  return ["connection", `The server refused the connection: ${said}.`, "Check DATABASE_URL."];
}

function oneLine(text: string): string {
  const flat = text.replace(/\s+/g, " ").trim();
  return flat.length > 300 ? `${flat.slice(0, 300)}…` : flat;
}
