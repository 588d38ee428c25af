/**
 * Looks at the whole table in one snapshot after the other, and counts rows that are out of step: a filled row whose sides
 * differ, once the sync triggers stand; a row that is not filled, once the fill is done. What stands and what is done is
 * read in the same snapshot, so the edges are looked at as closely as the rest.
 */
import type pg from "pg";
import type { Variant } from "./variant.js";
import { stateOf } from "./work.js";

export class Observer {
  readonly found: string[] = [];
  /** snapshots in which there was something to hold against something */
  snapshots = 0;
  readonly #client: pg.Client;
  readonly #variant: Variant;
  #running = true;
  readonly #loop: Promise<void>;

  constructor(client: pg.Client, variant: Variant) {
    this.#client = client;
    this.#variant = variant;
    this.#loop = this.#watch();
  }

  async stop(): Promise<void> {
    this.#running = false;
    await this.#loop;
  }

  async #watch(): Promise<void> {
    while (this.#running) {
      try {
        await this.#look();
      } catch (error) {
        await this.#client.query("rollback").catch(() => undefined);
        // A column that came or went before we had the table's lock.
        if (stateOf(error) !== "42703") this.found.push(`the observer failed: ${error}`);
      }
      // The writers are what this is about: leave them the server.
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  async #look(): Promise<void> {
    const { table, slug, old, other } = this.#variant;
    const { rows: journal } = await this.#client.query(
      `select to_regclass('changeover.revision') is not null as there`,
    );
    if (journal[0]?.there !== true) return;
    await this.#client.query("begin isolation level repeatable read read only");
    // Before the snapshot: a column that was dropped and added again must not be looked for in the past.
    await this.#client.query(`lock table ${table} in access share mode`);
    const { rows } = await this.#client.query<{ mirrored: boolean; filled: boolean; contracted: boolean }>(
      `select bool_or(phase = 'dual-write' and state = 'done') as mirrored,
              bool_or(runner = 'backfill' and state = 'done') as filled,
              bool_or(phase = 'contract' and name in ('drop', 'set-not-null') and state = 'done') as contracted
       from changeover.revision where plan = $1`,
      [slug],
    );
    const [at] = rows;
    const apart = at?.mirrored === true && !at.contracted ? this.#apart(at.filled) : null;
    if (apart !== null) {
      const { rows: bad } = await this.#client.query<{ region: number; id: number; sides: string }>(
        `select region, id, ${other === null ? "'NULL'" : `concat_ws(' | ', ${old.column}, ${other})`} as sides
         from ${table} where ${apart} limit 3`,
      );
      this.snapshots += 1;
      for (const { region, id, sides } of bad.slice(0, this.found.length > 20 ? 0 : 3)) {
        this.found.push(`(${region}, ${id}) was out of step in a snapshot: ${sides}`);
      }
    }
    await this.#client.query("commit");
  }

  #apart(filled: boolean): string | null {
    const { kind, fill, old, other } = this.#variant;
    if (other === null) return filled && fill !== null ? `${old.column} is null` : null;
    const differ =
      kind === "change_type"
        ? `${old.column}::text is distinct from ${other}::text`
        : `record_image_ne(row(${old.column}), row(${other}))`;
    return filled ? differ : `${other} is not null and ${differ}`;
  }
}
