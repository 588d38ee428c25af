import { type SqlText, sql, trusted } from "../sql/text.js";
import type { Session } from "./session.js";

export type TransactionOptions = {
  readonly isolation?: "read committed" | "repeatable read" | "serializable";
  readonly readOnly?: boolean;
  /** milliseconds; 0: none; default: what the session has */
  readonly lockTimeoutMs?: number;
  readonly statementTimeoutMs?: number;
  /** further settings, SET LOCAL */
  readonly settings?: Readonly<Record<string, string>>;
};

/** Runs `work` in one transaction of the session: commits what it returns, rolls back what it throws. */
export async function transaction<T>(
  session: Session,
  options: TransactionOptions,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  await session.run(begin(options));
  const locals = settingsOf(options);
  try {
    if (locals.length > 0)
      await session.query(SET_LOCALS, [locals.map(([name]) => name), locals.map(([, value]) => value)]);
    const result = await work(session);
    await session.run(sql`commit`);
    return result;
  } catch (error) {
    // The connection may be gone, and with it the transaction.
    await session.run(sql`rollback`).catch(() => undefined);
    throw error;
  }
}

const SET_LOCALS = sql`select set_config(name, value, true) from unnest($1::text[], $2::text[]) as local (name, value)`;

function begin(options: TransactionOptions): SqlText {
  const isolation = options.isolation ?? "read committed";
  return trusted(
    `begin isolation level ${isolation} ${options.readOnly === true ? "read only" : "read write"}`,
    "constant",
  );
}

function settingsOf(options: TransactionOptions): [string, string][] {
  const settings: [string, string][] = Object.entries(options.settings ?? {});
  if (options.lockTimeoutMs !== undefined) settings.push(["lock_timeout", String(options.lockTimeoutMs)]);
  if (options.statementTimeoutMs !== undefined)
    settings.push(["statement_timeout", String(options.statementTimeoutMs)]);
  return settings;
}
