/** Rows of one statement, some at a time: however many there are, no more are in memory than were asked for. */
import pg from "pg";
import Cursor from "pg-cursor";
import type { SqlText } from "../sql/text.js";
import { wrapError } from "./sqlstate.js";

export type RowCursor = {
  /** The next rows, each as its columns in order; fewer than asked for, or none, at the end. */
  read(rows: number): Promise<unknown[][]>;
  /** Gives up what is left. To be called before the session runs anything else. */
  close(): Promise<void>;
};

/** Left as the server writes them: a number would lose digits, and a Date a day, or microseconds, in some time zone. */
const AS_TEXT = new Set([20, 1082, 1114, 1184, 1186, 600, 718]);
/** Arrays of those, which stay arrays, of texts. */
const AS_TEXTS = new Set([1016, 1182, 1115, 1185, 1187, 1017, 719]);
const TEXT = 25;
const TEXTS = 1009;

/** How the values of a user's rows come: what has no exact counterpart in JavaScript is text. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: "text" | "binary") =>
    pg.types.getTypeParser(
      AS_TEXT.has(oid) ? TEXT : AS_TEXTS.has(oid) ? TEXTS : oid,
      format as "text",
    )) as pg.CustomTypesConfig["getTypeParser"],
};

/** The caller's transaction must be open for as long as it is read. */
export function openCursor(client: pg.ClientBase, text: SqlText, params: readonly unknown[]): RowCursor {
  const cursor = client.query(new Cursor<unknown[]>(text, [...params], { rowMode: "array", types }));
  const said = (error: unknown) => Promise.reject(wrapError(error, text));
  return {
    read: (rows) => cursor.read(rows).catch(said),
    close: () => cursor.close().catch(said),
  };
}
