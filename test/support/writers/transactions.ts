/** The same in transactions: taken back, prepared, over two tables in either order, through a cursor. */
import { randomUUID } from "node:crypto";
import { into, type Op, update } from "./ops.js";
import type { Work } from "./work.js";

/** A row of the table that the column may reference, and the value that does. */
async function newCode(w: Work): Promise<{ code: string; value: string | null }> {
  const code = `n${w.region}-${w.nextId()}`;
  return { code, value: w.variant.domain.type === "text" ? code : w.value() };
}

const insertCode = (w: Work, code: string) => w.query(`insert into ${w.variant.schema}.codes values ($1)`, [code]);

export const TRANSACTION_OPS: Readonly<Record<string, Op>> = {
  savepoint: async (w) => {
    const [id, value] = [w.key(), w.value()];
    const set = update(w, `${w.column} = $3`);
    await w.transaction("begin", async () => {
      await w.query("savepoint one");
      await w.query(set, [w.region, id, w.variant.domain.lost]);
      await w.query("rollback to savepoint one");
      await w.query(set, [w.region, id, value]);
    });
    w.wrote(id, { value });
  },
  "a life in one transaction": async (w) => {
    const [id, gone, value] = [w.nextId(), w.nextId(), w.value()];
    await w.transaction("begin", async () => {
      for (const key of [id, gone]) {
        await w.query(`${into(w)} values ($1, $2, $3, 14)`, [w.region, key, w.variant.domain.lost]);
      }
      await w.query(update(w, "other = 15"), [w.region, id]);
      await w.query(update(w, `${w.column} = $3`), [w.region, id, value]);
      await w.query(`delete from ${w.variant.table} where region = $1 and id = $2`, [w.region, gone]);
    });
    w.wrote(id, { value, other: 15 });
  },
  rollback: async (w) => {
    const values = [w.region, w.key(), w.variant.domain.lost];
    await w.transaction("begin", () => w.query(update(w, `${w.column} = $3, other = -1`), values), "rollback");
  },
  "repeatable read": async (w) => {
    const [id, value] = [w.key(), w.value()];
    await w.retried("repeatable read", async () => {
      await w.query(`select other from ${w.variant.table} where region = $1 and id = $2`, [w.region, id]);
      await w.query(update(w, `${w.column} = $3`), [w.region, id, value]);
    });
    w.wrote(id, { value });
  },
  "the referenced table first": async (w) => {
    const [id, { code, value }] = [w.nextId(), await newCode(w)];
    await w.transaction("begin", async () => {
      await insertCode(w, code);
      await w.query(`${into(w)} values ($1, $2, $3, 16)`, [w.region, id, value]);
    });
    w.wrote(id, { value, other: 16 });
  },
  "the referenced table last": async (w) => {
    const [id, { code, value }] = [w.key(), await newCode(w)];
    await w.transaction("begin", async () => {
      await w.query(update(w, "other = 17"), [w.region, id]);
      await insertCode(w, code);
      await w.query(update(w, `${w.column} = $3`), [w.region, id, value]);
    });
    w.wrote(id, { value, other: 17 });
  },
  "in two phases": async (w) => {
    const [id, value] = [w.key(), w.value()];
    // Of the whole server: scenes of other files run beside this one.
    const name = `'${randomUUID()}'`;
    await w.query("begin");
    await w.query(update(w, `${w.column} = $3`), [w.region, id, value]);
    await w.query(`prepare transaction ${name}`);
    await w.query(`commit prepared ${name}`);
    w.wrote(id, { value });
  },
  "through a cursor": async (w) => {
    const [id, value] = [w.key(), w.value()];
    await w.transaction("begin", async () => {
      const rows = `select id from ${w.variant.table} where region = ${w.region} and id = ${id} for update`;
      await w.query(`declare one cursor for ${rows}`);
      await w.query("fetch one");
      await w.query(`update ${w.variant.table} set ${w.column} = $1 where current of one`, [value]);
    });
    w.wrote(id, { value });
  },
};
