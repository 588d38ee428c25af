/** A database whose connections die at a chosen statement. */
import type { Database } from "../../src/db/pool.js";
import type { OwnedSession, Session } from "../../src/db/session.js";
import { ServerError } from "../../src/db/sqlstate.js";
import type { SqlText } from "../../src/sql/text.js";

export type Kill = {
  /** the statement, counted over all sessions from 1 */
  readonly at: number;
  /** before: it never reaches the server. after: it has run, and its reply is lost */
  readonly when: "before" | "after";
  /** ends the server process and returns when it is gone */
  readonly terminate: (pid: number) => Promise<void>;
};

export type Killing = { readonly db: Database; readonly killed: () => string | null };

export function killing(db: Database, kill: Kill): Killing {
  let count = 0;
  let killed: string | null = null;

  const hit = async <T>(session: Session, text: SqlText, send: () => Promise<T>): Promise<T> => {
    count += 1;
    if (count !== kill.at) return send();
    killed = text;
    if (kill.when === "before") {
      await kill.terminate(session.pid);
      return send();
    }
    await send();
    await kill.terminate(session.pid);
    throw new ServerError("Connection terminated unexpectedly", "08006", {}, text, undefined);
  };
  const wrap = <S extends Session>(session: S): S => ({
    ...session,
    pid: session.pid,
    serverVersion: session.serverVersion,
    query: (text: SqlText, params?: readonly unknown[]) => hit(session, text, () => session.query(text, params)),
    one: (text: SqlText, params?: readonly unknown[]) => hit(session, text, () => session.one(text, params)),
    maybeOne: (text: SqlText, params?: readonly unknown[]) => hit(session, text, () => session.maybeOne(text, params)),
    run: (text: SqlText, params?: readonly unknown[]) => hit(session, text, () => session.run(text, params)),
  });
  const borrow: Database["borrow"] = (use) => db.borrow((session) => use(wrap(session)));
  return {
    killed: () => killed,
    db: {
      config: db.config,
      borrow,
      query: (text, params) => borrow((session) => session.query(text, params)),
      one: (text, params) => borrow((session) => session.one(text, params)),
      maybeOne: (text, params) => borrow((session) => session.maybeOne(text, params)),
      run: (text, params) => borrow((session) => session.run(text, params)),
      open: async (purpose): Promise<OwnedSession> => wrap(await db.open(purpose)),
      close: () => db.close(),
    } as Database,
  };
}
