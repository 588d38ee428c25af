/**
 * What applications do to rows that others write too, through the other side as well. Every update raises `other`, so
 * that its value says whose was the last. Rows are locked in the order of their ids: no deadlock is the application's own.
 */
import { SHARED } from "./ledger.js";
import type { Op } from "./ops.js";
import type { Work } from "./work.js";

type Raised = { id: number; version: number; value: string | null };

const raise = (w: Work, where: string) =>
  `update ${w.variant.table} t set ${w.column} = $3, other = t.other + 1 ${where}
   returning t.id, t.other as version, t.${w.column}::text as value`;

async function raiseOne(w: Work, id: number, value: string | null): Promise<Raised> {
  const [row] = await w.query<Raised>(raise(w, "where t.region = $1 and t.id = $2"), [SHARED, id, value]);
  if (row === undefined) throw new Error(`shared row ${id} is not there`);
  w.same("update of a shared row", row.value, value, SHARED);
  return row;
}

export const SHARED_OPS: Readonly<Record<string, Op>> = {
  "update of a shared row": async (w) => {
    const [id] = w.hotPair();
    const value = w.value();
    const { version } = await raiseOne(w, id, value);
    w.wroteShared(id, value, version);
  },
  "unrelated update of a shared row": async (w) => {
    const [id] = w.hotPair();
    // What the column holds is another's word; it is read back to say whose.
    const [row] = await w.query<Raised>(
      `update ${w.variant.table} set other = other + 1 where region = $1 and id = $2
       returning id, other as version, ${w.column}::text as value`,
      [SHARED, id],
    );
    if (row === undefined) throw new Error(`shared row ${id} is not there`);
    w.wroteShared(id, row.value, row.version);
  },
  "update of two shared rows": async (w) => {
    const pair = w.hotPair();
    const value = w.value();
    const rows = await w.query<Raised>(
      `with locked as (select id from ${w.variant.table} where region = $1 and id = any ($2) order by id for update)
       ${raise(w, "from locked where t.region = $1 and t.id = locked.id")}`,
      [SHARED, pair, value],
    );
    if (rows.length !== 2) throw new Error(`two shared rows, ${rows.length} updated`);
    for (const { id, version } of rows) w.wroteShared(id, value, version);
  },
  "transaction over two shared rows": async (w) => {
    const pair = w.hotPair();
    const values = [w.value(), w.value()] as const;
    const rows = await w.transaction("begin", async () => {
      await w.query(`select 1 from ${w.variant.table} where region = $1 and id = any ($2) order by id for update`, [
        SHARED,
        pair,
      ]);
      return [await raiseOne(w, pair[0], values[0]), await raiseOne(w, pair[1], values[1])];
    });
    for (const [n, { id, version }] of rows.entries()) w.wroteShared(id, values[n] ?? null, version);
  },
  "rolled-back update of a shared row": async (w) => {
    const [id] = w.hotPair();
    await w.transaction("begin", () => raiseOne(w, id, w.variant.domain.lost), "rollback");
  },
  "serializable over two shared rows": async (w) => {
    const pair = w.hotPair();
    const value = w.value();
    const row = await w.retried("serializable", async () => {
      await w.query(`select other from ${w.variant.table} where region = $1 and id = any ($2)`, [SHARED, pair]);
      return raiseOne(w, pair[1], value);
    });
    w.wroteShared(pair[1], value, row.version);
  },
};
