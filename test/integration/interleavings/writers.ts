/** Writers that the model follows: what of a transaction has counted is known once it has ended. */
import type pg from "pg";
import type { Write } from "./actions.js";
import { type Model, ROWS, type TableName } from "./tables.js";

const PLACES = 24;
/** Places all over the table, and ids that are not there at first. */
export const idOf = (table: TableName, row: number) =>
  row < PLACES ? 1 + row * Math.floor(ROWS[table] / PLACES) : 1_000_000 + row;

type Effect = { readonly table: TableName; readonly id: number; readonly value: string | null | undefined };
type Statement = { readonly text: string; readonly params: unknown[]; readonly value?: string | null | undefined };

/** Undefined: no such thing can be said without being told from something else. */
function statementOf(
  table: TableName,
  write: Exclude<Write, { kind: "savepoint" | "rollback to" | "release" }>,
): Statement {
  const id = idOf(table, write.row);
  switch (write.kind) {
    case "delete":
      return { text: `delete from app.${table} where id = $1`, params: [id] };
    case "pad":
      return { text: `update app.${table} set pad = pad || 'y' where id = $1`, params: [id] };
    case "lock":
      return { text: `select from app.${table} where id = $1 for update`, params: [id] };
  }
  const side = table === "u" ? "old" : write.side;
  const isNull = write.value === null && (side === "old" || write.kind === "insert");
  // An explicit NULL for a row that is not filled is no change; text is for the table that holds text.
  const value = isNull ? null : table === "u" ? write.value : String(Number(write.value) || 7);
  const columns = { old: ["a"], new: ["b"], both: ["a", "b"] }[side];
  if (write.kind === "insert")
    return {
      text: `insert into app.${table} (id, ${columns.join(", ")}) values ($1, ${columns.map(() => "$2").join(", ")})`,
      params: [id, value],
      value,
    };
  const set = columns.map((column) => `${column} = $2`).join(", ");
  return { text: `update app.${table} set ${set} where id = $1`, params: [id, value], value };
}

export class Writer {
  readonly #client: pg.Client;
  readonly #model: Model;
  #open = false;
  #effects: Effect[] = [];
  #savepoints: number[] = [];

  constructor(client: pg.Client, model: Model) {
    this.#client = client;
    this.#model = model;
  }

  /** What waits too long, or is refused, takes its transaction with it, as an application's would be. */
  async write(table: TableName, writes: readonly Write[], end: "commit" | "rollback" | null): Promise<void> {
    try {
      if (!this.#open) await this.#client.query("begin");
      this.#open = true;
      for (const write of writes) await this.#one(table, write);
    } catch {
      await this.settle("rollback");
      return;
    }
    if (end !== null) await this.settle(end);
  }

  async settle(end: "commit" | "rollback"): Promise<void> {
    if (!this.#open) return;
    await this.#client.query(end);
    for (const { table, id, value } of end === "commit" ? this.#effects : []) {
      if (value === undefined) this.#model.rows[table].delete(id);
      else this.#model.rows[table].set(id, value);
    }
    [this.#open, this.#effects, this.#savepoints] = [false, [], []];
  }

  async #one(table: TableName, write: Write): Promise<void> {
    switch (write.kind) {
      case "savepoint":
        await this.#client.query("savepoint s");
        this.#savepoints.push(this.#effects.length);
        return;
      case "rollback to":
      case "release": {
        const mark = this.#savepoints.pop();
        if (mark === undefined) return;
        await this.#client.query(write.kind === "release" ? "release s" : "rollback to s; release s");
        if (write.kind === "rollback to") this.#effects.length = mark;
        return;
      }
    }
    const { text, params, value } = statementOf(table, write);
    const { rowCount } = await this.#client.query(text, params);
    const counts = write.kind !== "pad" && write.kind !== "lock" && rowCount === 1;
    if (counts) this.#effects.push({ table, id: idOf(table, write.row), value });
  }
}
