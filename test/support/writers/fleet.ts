/** Several processes of the old release and several of the new one, each running where `status` says that it may. */
import type pg from "pg";
import type { PlanReport } from "../../../src/status/schema.js";
import type { Ledgers } from "./ledger.js";
import type { Variant } from "./variant.js";
import { Writer } from "./writer.js";

export type Side = "old" | "new";

export type FleetParts = {
  readonly variant: Variant;
  readonly ledgers: Ledgers;
  readonly major: number;
  readonly connect: (applicationName: string) => Promise<pg.Client>;
  /** resolves when none of these backends is there any more */
  readonly gone: (pids: readonly number[]) => Promise<void>;
  readonly each: number;
};

export class Fleet {
  readonly writers: Readonly<Record<Side, readonly Writer[]>>;
  /** what is being done to the table */
  during = "before";
  readonly #gone: FleetParts["gone"];

  constructor(parts: FleetParts) {
    const { variant, ledgers, major, connect, each } = parts;
    const process = (side: Side, n: number) =>
      new Writer({
        name: `shop ${variant[side].release} #${n}`,
        shape: variant[side],
        region: (side === "old" ? 0 : each) + n,
        variant,
        ledgers,
        major,
        connect,
        during: () => this.during,
      });
    const all = (side: Side) => Array.from({ length: each }, (_, n) => process(side, n + 1));
    this.writers = { old: all("old"), new: all("new") };
    this.#gone = parts.gone;
  }

  get all(): readonly Writer[] {
    return [...this.writers.old, ...this.writers.new];
  }

  /** Starts what may run; ends what may not. */
  async follow(deploy: PlanReport["deploy"]): Promise<void> {
    for (const side of ["old", "new"] as const) {
      if (deploy[side === "old" ? "oldCode" : "newCode"].allowed) await this.start(side);
      else await this.quit(side);
    }
  }

  async start(side: Side): Promise<void> {
    await Promise.all(this.writers[side].map((writer) => writer.start()));
  }

  /** The release is rolled back: its processes end, and their connections with them. */
  async quit(side: Side): Promise<void> {
    const pids = await Promise.all(this.writers[side].map((writer) => writer.quit()));
    await this.#gone(pids.filter((pid) => pid !== null));
  }

  /** Every running writer does so many more operations. */
  async progress(count: number): Promise<void> {
    await Promise.all(this.all.map((writer) => writer.progress(count)));
  }

  /** Nobody writes meanwhile; who wrote before goes on afterwards. */
  async quiet<T>(look: () => Promise<T>): Promise<T> {
    const running = this.all.filter((writer) => writer.running);
    await Promise.all(running.map((writer) => writer.pause()));
    try {
      return await look();
    } finally {
      await Promise.all(running.map((writer) => writer.start()));
    }
  }

  failures(): string[] {
    return this.all.flatMap((writer) => writer.failures);
  }
}
