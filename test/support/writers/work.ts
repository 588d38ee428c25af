/** What an operation of a writer is given, and the choices that it makes. */
import type pg from "pg";
import { type Ledger, type Ledgers, SHARED } from "./ledger.js";
import type { Shape, Variant } from "./variant.js";

/** As many shared rows are fought over. */
export const HOT = 40;

export type WorkParts = {
  readonly client: pg.Client;
  readonly shape: Shape;
  readonly variant: Variant;
  readonly region: number;
  readonly ledgers: Ledgers;
  readonly random: () => number;
  readonly nextId: () => number;
  readonly major: number;
};

export class Work {
  readonly client: pg.Client;
  readonly shape: Shape;
  readonly variant: Variant;
  readonly region: number;
  readonly ledgers: Ledgers;
  readonly random: () => number;
  readonly nextId: () => number;
  readonly major: number;
  /** of when the operation began */
  readonly epoch: number;
  /** serialization failures, which the application tries again */
  retries = 0;

  constructor(parts: WorkParts) {
    this.client = parts.client;
    this.shape = parts.shape;
    this.variant = parts.variant;
    this.region = parts.region;
    this.ledgers = parts.ledgers;
    this.random = parts.random;
    this.nextId = parts.nextId;
    this.major = parts.major;
    this.epoch = parts.ledgers.epoch;
  }

  get own(): Ledger {
    return this.ledgers.of(this.region);
  }

  /** the column under change, as this release writes it */
  get column(): string {
    return this.shape.column;
  }

  async query<R extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<R[]> {
    return (await this.client.query<R>(text, values)).rows;
  }

  /** A named statement: prepared once a connection, executed again and again. */
  async named<R extends pg.QueryResultRow>(name: string, text: string, values: unknown[]): Promise<R[]> {
    return (await this.client.query<R>({ name: `${this.shape.release} ${name}`, text, values })).rows;
  }

  value(): string | null {
    return this.shape.sendsNull && this.random() < 0.15 ? null : this.variant.domain.fresh(this.random);
  }

  /** One of its own rows. */
  key(): number {
    const ids = [...this.own.keys()];
    const id = ids[Math.floor(this.random() * ids.length)];
    if (id === undefined) throw new Error(`region ${this.region} is empty`);
    return id;
  }

  /** Two different shared rows, in order. */
  hotPair(): [number, number] {
    const a = 1 + Math.floor(this.random() * HOT);
    const b = 1 + ((a + Math.floor(this.random() * (HOT - 1))) % HOT);
    return a < b ? [a, b] : [b, a];
  }

  /** `id` holds this now; what is left out stays. */
  wrote(id: number, to: { value?: string | null; other?: number }): void {
    const before = this.own.get(id);
    const value = to.value === undefined ? before?.value : to.value;
    const other = to.other ?? before?.other;
    if (value === undefined || other === undefined) throw new Error(`the ledger does not know (${this.region}, ${id})`);
    this.own.set(id, { value, other, epoch: this.epoch });
  }

  /** A shared row, of which `version` says how many updates it has had: the highest is the last word. */
  wroteShared(id: number, value: string | null, version: number): void {
    const ledger = this.ledgers.of(SHARED);
    const known = ledger.get(id);
    if (known === undefined) throw new Error(`no shared row ${id}`);
    if (known.other === version) throw new Error(`two updates of shared row ${id} made it version ${version}`);
    if (known.other < version) ledger.set(id, { value, other: version, epoch: this.epoch });
  }

  /** What NULL may have become by the time it is read. */
  accepts(value: string | null, region = this.region): (string | null)[] {
    return value === null && this.variant.fill !== null ? [null, this.variant.fill(region)] : [value];
  }

  /** What came back must be what was written. */
  same(what: string, found: string | null | undefined, wrote: string | null, region = this.region): void {
    if (found === undefined || !this.accepts(wrote, region).includes(found)) {
      throw new Error(`${what} gave ${found}, wrote ${wrote}`);
    }
  }

  async transaction<T>(begin: string, body: () => Promise<T>, end: "commit" | "rollback" = "commit"): Promise<T> {
    await this.query(begin);
    const result = await body();
    await this.query(end);
    return result;
  }

  /** Tries a transaction again after 40001, as an application at this level has to; after nothing else. */
  async retried<T>(level: "repeatable read" | "serializable", body: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await this.transaction(`begin isolation level ${level}`, body);
      } catch (error) {
        await this.query("rollback");
        if (stateOf(error) !== "40001") throw error;
        this.retries += 1;
      }
    }
  }
}

/** The SQLSTATE of what the server said; null for anything else. */
export function stateOf(error: unknown): string | null {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
}

/** Repeatable pseudo-random numbers in [0, 1). */
export function generator(seed: number): () => number {
  let state = Math.imul(seed + 1, 2654435761);
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
