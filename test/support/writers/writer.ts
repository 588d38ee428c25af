/** One process of an application: a connection, a version of the code, and operations in a random order, all of them in turn. */
import type pg from "pg";
import { sleep } from "../../../src/sleep.js";
import { type Op, OWN_OPS } from "./ops.js";
import { SHARED_OPS } from "./shared-ops.js";
import { TRANSACTION_OPS } from "./transactions.js";
import { generator, Work, type WorkParts } from "./work.js";

const OPS: readonly (readonly [string, Op])[] = [OWN_OPS, TRANSACTION_OPS, SHARED_OPS].flatMap((ops) =>
  Object.entries(ops),
);
/** A broken sync fails every write: the first few tell. */
const ENOUGH = 5;

export type Stall = { readonly ms: number; readonly op: string; readonly during: string };

export type WriterParts = Omit<WorkParts, "client" | "random" | "nextId"> & {
  readonly name: string;
  readonly connect: (applicationName: string) => Promise<pg.Client>;
  /** what is being done to the table, for the record of stalls */
  readonly during: () => string;
};

/** While nobody waits for its writes: a machine that is busy with writers alone shows no more, and takes twice as long. */
const THINK_MS = 4;

export class Writer {
  readonly parts: WriterParts;
  readonly failures: string[] = [];
  readonly done = new Map<string, number>();
  writes = 0;
  retries = 0;
  stall: Stall = { ms: 0, op: "", during: "" };
  #client: pg.Client | null = null;
  #loop: Promise<void> | null = null;
  #running = false;
  #nextId = 1_000_000;
  #bag: (readonly [string, Op])[] = [];
  readonly #random: () => number;
  #waiting: { readonly at: number; readonly done: () => void }[] = [];

  constructor(parts: WriterParts) {
    this.parts = parts;
    this.#random = generator(parts.region);
  }

  get running(): boolean {
    return this.#running;
  }

  /** Connects where it is not, and writes until it is told to pause. */
  async start(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    this.#client ??= await this.parts.connect(this.parts.name);
    this.#loop = this.#work(this.#client);
  }

  /** Returns when the operation at hand has ended; the connection stays. */
  async pause(): Promise<void> {
    this.#running = false;
    await this.#loop;
  }

  /** Something out of turn, through the process's own connection. */
  async once(op: (client: pg.Client) => Promise<unknown>): Promise<void> {
    const running = this.#running;
    await this.pause();
    this.#client ??= await this.parts.connect(this.parts.name);
    await op(this.#client);
    if (running) await this.start();
  }

  /** The process ends; resolves to its backend's pid, which may take a moment to go; null: it had none. */
  async quit(): Promise<number | null> {
    await this.pause();
    const client = this.#client;
    this.#client = null;
    if (client === null) return null;
    const pid = (client as pg.Client & { processID: number }).processID;
    await client.end();
    return pid;
  }

  /** Resolves after so many more operations, or when it has failed. */
  progress(count: number): Promise<void> {
    if (!this.#running) return Promise.resolve();
    return new Promise((done) => this.#waiting.push({ at: this.writes + count, done }));
  }

  async #work(client: pg.Client): Promise<void> {
    while (this.#running) {
      await this.#one(client);
      if (this.failures.length >= ENOUGH) this.#running = false;
      const due = this.#waiting.filter(({ at }) => !this.#running || this.writes >= at);
      this.#waiting = this.#waiting.filter((one) => !due.includes(one));
      for (const { done } of due) done();
      if (this.#running && this.#waiting.length === 0) await sleep(THINK_MS);
    }
  }

  async #one(client: pg.Client): Promise<void> {
    const [name, op] = this.#next();
    const w = new Work({ ...this.parts, client, random: this.#random, nextId: () => this.#nextId++ });
    const during = this.parts.during();
    const began = performance.now();
    try {
      await op(w);
    } catch (error) {
      const { shape } = this.parts;
      const message = error instanceof Error ? error.message : String(error);
      this.failures.push(`${name}, as ${shape.release}, ${during}: ${message}`);
      await client.query("rollback").catch(() => undefined);
    }
    this.writes += 1;
    this.retries += w.retries;
    this.done.set(name, (this.done.get(name) ?? 0) + 1);
    const ms = performance.now() - began;
    if (ms > this.stall.ms) this.stall = { ms, op: name, during };
  }

  /** Every operation once, in an order of its own, before any comes again. */
  #next(): readonly [string, Op] {
    if (this.#bag.length === 0) {
      this.#bag = OPS.map((op) => ({ op, at: this.#random() }))
        .sort((a, b) => a.at - b.at)
        .map(({ op }) => op);
    }
    return this.#bag.pop() as readonly [string, Op];
  }
}
