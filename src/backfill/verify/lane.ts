/** One of those that walk a verification: part by part, window by window, until nothing of it is left to anybody. */
import { hostname } from "node:os";
import type { Database } from "../../db/pool.js";
import type { Emit } from "../../events.js";
import { readLimits } from "../../journal/limits.js";
import { giveBackPart, leasePart, type PartLease, partsLeft } from "../../journal/parts.js";
import type { VerificationRow } from "../../journal/verifications.js";
import { outsideWords } from "../../journal/windows.js";
import { sleep } from "../../sleep.js";
import { DEFAULT_TARGET_MS, nextPace, type Pace, startPace } from "../pace/pace.js";
import { type Part, partOf } from "../part.js";
import { DEFAULT_LEASE_MS } from "../slice.js";
import type { FillRevision } from "../statements.js";
import type { Throttle } from "../throttle/throttle.js";
import { Outage, type ReadOptions } from "./reading.js";
import { walkWindow } from "./window.js";

export type LaneOptions = ReadOptions & {
  readonly emit: Emit;
  readonly throttle: Throttle;
  readonly leaseMs?: number | undefined;
  readonly pollMs?: number | undefined;
  /** told of what holds it: a pause, the hours; in words */
  readonly onHeld: (why: string) => void;
};

/** While the server shows distress it looks so often whether it still does. */
const HELD_BACK_MS = 500;

/** `moved-away`: the table, or a leaf, is not as it was: the verification has to be joined, or begun, again. */
export async function walkLane(
  db: Database,
  revision: FillRevision,
  pass: VerificationRow,
  n: number,
  options: LaneOptions,
): Promise<"walked" | "moved-away" | "aborted"> {
  const lane = new Lane(db, revision, pass, `${hostname()}:${process.pid}/${n + 1}`, options);
  return lane.walk();
}

class Lane {
  readonly #db: Database;
  readonly #revision: FillRevision;
  readonly #pass: VerificationRow;
  readonly #worker: string;
  readonly #options: LaneOptions;
  readonly #outage: Outage;
  #pace: Pace = startPace();
  #lease: PartLease | null = null;
  #part: Part | null = null;

  constructor(db: Database, revision: FillRevision, pass: VerificationRow, worker: string, options: LaneOptions) {
    this.#db = db;
    this.#revision = revision;
    this.#pass = pass;
    this.#worker = worker;
    this.#options = options;
    this.#outage = new Outage(options);
  }

  async walk() {
    const { signal } = this.#options;
    while (!signal.aborted) {
      try {
        const end = await this.#step();
        this.#outage.over();
        if (end !== null) return end;
      } catch (error) {
        // The write that failed may have been carried out: the part is leased again, and goes on from where it stands.
        await this.#letGo();
        this.#pace = await this.#outage.survive(error, this.#pace);
      }
    }
    await this.#letGo();
    return "aborted" as const;
  }

  /** Null: there may be more. */
  async #step(): Promise<"walked" | "moved-away" | null> {
    const { signal, throttle, targetMs, leaseMs = DEFAULT_LEASE_MS } = this.#options;
    const { opens } = await readLimits(this.#db, this.#revision.plan);
    if (opens !== null) this.#options.onHeld(`is ${outsideWords(opens)}.`);
    const { grade } = opens === null ? await throttle.answer() : { grade: "wait" };
    if (grade === "wait") {
      await this.#letGo();
      await sleep(HELD_BACK_MS, signal);
      return null;
    }
    this.#lease ??= await leasePart(this.#db, this.#pass.id, this.#worker, leaseMs);
    if (this.#lease === null) return this.#idle();
    const { next, hi } = this.#lease;
    const window = [next, Math.min(next + this.#pace.pages, hi)] as const;
    const over = await this.#over(this.#lease.relation);
    const place = { window, targetMs, leaseMs };
    const seen = over === null ? { kind: "moved-away" as const } : await walkWindow(this.#db, over, this.#lease, place);
    if (seen.kind === "moved-away") {
      await this.#letGo();
      return seen.kind;
    }
    if (seen.kind === "lost") {
      this.#lease = null;
      return null;
    }
    this.#lease = window[1] < hi ? { ...this.#lease, next: window[1] } : null;
    this.#pace = nextPace(this.#pace, { pages: window[1] - next, ms: seen.ms }, targetMs ?? DEFAULT_TARGET_MS);
    this.#tell(seen.pass);
    if (seen.paused) await this.#letGo();
    if (grade === "slower") await sleep(seen.ms, signal);
    return null;
  }

  /** The revision over the part at hand; null: its leaf has gone. */
  async #over(relation: number): Promise<FillRevision | null> {
    if (this.#part?.relation !== relation) this.#part = await partOf(this.#db, this.#revision, relation);
    return this.#part?.revision ?? null;
  }

  #tell({ rows, suspects, walked, pages }: VerificationRow): void {
    const plan = this.#revision.plan ?? this.#revision.id;
    this.#options.emit({ kind: "verify-progress", plan, rows, mismatches: suspects, fraction: walked / pages });
  }

  /** What is left is worked on by others, or paused. */
  async #idle(): Promise<"walked" | null> {
    const { onHeld, pollMs = 250, signal } = this.#options;
    const rest = await partsLeft(this.#db, this.#pass.id);
    if (rest === null || rest.left === 0) return "walked";
    if (rest.pausedBy !== null) {
      const { plan } = this.#revision;
      onHeld(`waits: ${rest.pausedBy} has paused the plan. changeover backfill resume ${plan}`);
    }
    await sleep(pollMs, signal);
    return null;
  }

  async #letGo(): Promise<void> {
    const lease = this.#lease;
    this.#lease = null;
    if (lease !== null) await giveBackPart(this.#db, lease).catch(() => undefined);
  }
}
