/** A connection that a program lends us for a question: nothing is set on it, and it stays the program's. */
import type { SqlText } from "../sql/text.js";
import { onlyRow, type Queryable, type Row } from "./session.js";
import { wrapError } from "./sqlstate.js";

/** A `pg` Client, PoolClient or Pool, or whatever asks the same way. */
export type ClientLike = {
  query(text: string, params: unknown[]): Promise<{ readonly rows: unknown[] }>;
};

export function lent(client: ClientLike): Queryable {
  const query = async <R extends Row>(text: SqlText, params: readonly unknown[] = []): Promise<R[]> => {
    try {
      return (await client.query(text, [...params])).rows as R[];
    } catch (error) {
      throw wrapError(error, text);
    }
  };
  return {
    query,
    one: async <R extends Row>(text: SqlText, params?: readonly unknown[]) =>
      onlyRow(await query<R>(text, params), text),
    maybeOne: async <R extends Row>(text: SqlText, params?: readonly unknown[]) =>
      (await query<R>(text, params))[0] ?? null,
    run: async (text, params) => (await query(text, params)).length,
  };
}
