/** A way to fill the added column of every row. */
import type { Database } from "../../src/db/pool.js";
import type { SqlText } from "../../src/sql/text.js";
import type { Bench } from "../bench.js";
import { keyBatches, singleUpdate } from "./by-hand.js";
import { changeoverEngine } from "./changeover.js";
import { touchBatches } from "./touch.js";

export type Ground = {
  readonly bench: Bench;
  /** a copy of the table, where the change has come as far as its dual-write */
  readonly db: Database;
  readonly url: string;
  readonly added: SqlText;
};

export type Engine = {
  /** as `--only` names it */
  readonly name: string;
  readonly title: string;
  /** without triggers an application's writes would be lost on it */
  readonly underLoad: boolean;
  /** what its authors would have done to the table before; not timed */
  prepare(ground: Ground): Promise<void>;
  fill(ground: Ground): Promise<EngineRun>;
  /** asked afterwards: how long rows were filled, where the engine does more than that; null: all the time */
  fillSeconds(ground: Ground): Promise<number | null>;
};

export type EngineRun = {
  readonly seconds: number;
  /** of its process, where it is one */
  readonly peakBytes: number | null;
};

/** The first is the one that the others are held against. */
export const ENGINES: readonly Engine[] = [
  singleUpdate({ name: "update", title: "one UPDATE", triggers: true }),
  singleUpdate({ name: "update-bare", title: "one UPDATE, no triggers", triggers: false }),
  keyBatches,
  touchBatches,
  ...[1, 2, 4].map(changeoverEngine),
];
