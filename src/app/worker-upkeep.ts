/** What a worker that stays for months needs beside its work: to tidy up, and to outlive what passes. */
import { mayPass } from "../backfill/batch.js";
import { ServerError } from "../db/sqlstate.js";
import { isChangeoverError } from "../errors.js";
import { pruneSightings } from "../journal/sightings.js";
import type { AppContext } from "./context.js";
import { restartLostSightings } from "./upgrade.js";
import type { View } from "./worker-outlook.js";
import { asBlock } from "./worker-result.js";

const SIGHTINGS_MS = 60_000;
const PRUNE_MS = 10 * 60_000;
/** Pauses between two looks double up to this, while the database is away. */
const MOST_MS = 30_000;
/** Draining, a worker ends when it stays away for so long. */
const DRAINING_MS = 60_000;

/** Records of sightings that a server crash has emptied are begun anew; old sightings go. */
export class Upkeep {
  readonly #app: AppContext;
  #sightings = Number.NEGATIVE_INFINITY;
  #pruned: number;

  constructor(app: AppContext) {
    this.#app = app;
    this.#pruned = app.now();
  }

  async keep({ journal }: View, afterOutage: boolean): Promise<void> {
    const now = this.#app.now();
    if (afterOutage || now - this.#sightings > SIGHTINGS_MS) {
      await restartLostSightings(this.#app, { journal });
      this.#sightings = now;
    }
    if (now - this.#pruned > PRUNE_MS) {
      this.#pruned = now;
      await pruneSightings(this.#app.database());
    }
  }
}

/** What a worker that stays outlives: a database that is away for a while, a folder that is being written. */
export class Outage {
  readonly #app: AppContext;
  readonly #drain: boolean;
  readonly #firstMs: number;
  #since: number | null = null;
  #failures = 0;
  #told: string | null = null;

  constructor(app: AppContext, drain: boolean, firstMs: number) {
    this.#app = app;
    this.#drain = drain;
    this.#firstMs = firstMs;
  }

  /** True: it has just ended. */
  over(): boolean {
    const was = this.#since !== null;
    this.#since = null;
    this.#failures = 0;
    this.#told = null;
    return was;
  }

  /** How many milliseconds to nap before the next look; throws what is not survived. */
  survive(error: unknown): number {
    const now = this.#app.now();
    this.#since ??= now;
    const away = error instanceof ServerError && mayPass(error);
    const written = isChangeoverError(error) && error.exitCode === 2;
    const tooLong = this.#drain && (written || now - this.#since > DRAINING_MS);
    if ((!away && !written) || tooLong) throw error;
    const block = asBlock(error);
    const message = [block.message, ...(block.where === undefined ? [] : [block.where])].join(" ");
    if (message !== this.#told) this.#app.emit({ kind: "notice", message });
    this.#told = message;
    this.#failures = Math.min(this.#failures + 1, 20);
    return Math.min(MOST_MS, this.#firstMs * 2 ** (this.#failures - 1));
  }
}
