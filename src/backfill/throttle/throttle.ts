/**
 * One fill's throttle in one process: reads the signals once a second while somebody asks, and says go, slower or wait. The
 * reason is kept in the journal, where status finds it. A server that cannot be read is not pressed on.
 */
import type { Database } from "../../db/pool.js";
import type { Emit } from "../../events.js";
import { noteThrottle } from "../../journal/fills.js";
import { type Limits, readLimits } from "../../journal/limits.js";
import { sleep } from "../../sleep.js";
import { sql } from "../../sql/text.js";
import type { FillRevision } from "../statements.js";
import { Canary } from "./canary.js";
import { type Declared, NOTHING_DECLARED } from "./declared.js";
import { type Asking, type Gauge, gaugesOf } from "./gauges.js";
import { type Answer, answerOf, type Bounds, GO, type Reading, type Standing, signalsOf, stand } from "./judge.js";

const READ_MS = 700;
const WANDER_MS = 500;
/** Without a reading for so long it waits. */
const STALE_MS = 15_000;
/** The reason in the journal is as new as this; it counts for twice as long. */
const NOTE_MS = 5_000;

export type Throttle = {
  /** As of the last second. Never throws. */
  answer(): Promise<Answer>;
};

/** `of`: the throttle of a fill, the same for all lanes of this process. To be closed before the database is. */
export class Throttles {
  readonly #db: Database;
  readonly #emit: Emit;
  readonly #declared: Declared;
  readonly #canary: Canary | null;
  readonly #known = new Map<string, Throttle>();

  constructor(db: Database, emit: Emit, declared: Declared = NOTHING_DECLARED) {
    this.#db = db;
    this.#emit = emit;
    this.#declared = declared;
    this.#canary = declared.canary === null ? null : new Canary(db, declared.canary);
  }

  of(revision: FillRevision): Throttle {
    const known = this.#known.get(revision.id);
    if (known !== undefined) return known;
    const gauges = gaugesOf(this.#declared, this.#canary, this.#declared.canary?.bounds ?? null);
    const made = new FillThrottle(this.#db, this.#emit, revision, gauges);
    this.#known.set(revision.id, made);
    return made;
  }

  async close(): Promise<void> {
    await this.#canary?.close();
  }
}

class FillThrottle implements Throttle {
  readonly #db: Database;
  readonly #emit: Emit;
  readonly #revision: FillRevision;
  readonly #gauges: readonly Gauge[];
  readonly #standings = new Map<string, Standing>();
  #answer: Answer = GO;
  #readAt: number | null = null;
  #reading: Promise<void> | null = null;
  #notedAt = Number.NEGATIVE_INFINITY;

  constructor(db: Database, emit: Emit, revision: FillRevision, gauges: readonly Gauge[]) {
    this.#db = db;
    this.#emit = emit;
    this.#revision = revision;
    this.#gauges = gauges;
  }

  async answer(): Promise<Answer> {
    const now = performance.now();
    if (this.#reading === null && (this.#readAt === null || now - this.#readAt >= READ_MS)) {
      this.#reading = this.#wander()
        .then(() => this.#read())
        .catch((error: unknown) => this.#unread(error))
        .finally(() => {
          this.#reading = null;
        });
    }
    // Who goes on meanwhile goes by what was read a second ago.
    if (this.#readAt === null) await this.#reading;
    return this.#answer;
  }

  /** Asked for between two batches, when nobody waits for ours: it looks at any moment of the next ones. */
  async #wander(): Promise<void> {
    if (this.#readAt !== null) await sleep(Math.random() * WANDER_MS);
  }

  async #read(): Promise<void> {
    const { plan } = this.#revision;
    const { signals } = await readLimits(this.#db, plan);
    const asked = this.#gauges.filter(({ name }) => overrideOf(signals, name)?.bounds !== null);
    const readings = await this.#readAll(asked);
    const now = performance.now();
    for (const gauge of this.#gauges) {
      const reading = readings.get(gauge.name) ?? { value: 0, whose: "" };
      const { bounds, reading: judged } = judgedBy(gauge, signals, reading);
      this.#standings.set(gauge.name, stand(bounds, this.#standings.get(gauge.name) ?? null, judged, now));
    }
    this.#readAt = now;
    const shown = this.#gauges.flatMap(({ name, says }) => {
      const standing = this.#standings.get(name);
      return standing === undefined ? [] : [{ name, says, standing }];
    });
    this.#emit({ kind: "signals-read", revision: this.#revision.id, plan, signals: signalsOf(shown) });
    await this.#give(answerOf(shown, plan, now), now);
  }

  async #readAll(gauges: readonly Gauge[]): Promise<Map<string, Reading>> {
    const { table } = this.#revision.fill;
    const readings = new Map<string, Reading>();
    for (const { name, reads } of gauges) if ("alone" in reads) readings.set(name, await reads.alone());
    await this.#db.borrow(async (session) => {
      const asking = { table, serverVersion: session.serverVersion, ...(await session.one<Role>(ROLE)) };
      for (const { name, reads } of gauges)
        if ("within" in reads) readings.set(name, await reads.within(session, asking));
    });
    return readings;
  }

  /** The server could not be asked at all: for a while what it said last counts. */
  async #unread(error: unknown): Promise<void> {
    const now = performance.now();
    const said = error instanceof Error ? error.message : String(error);
    if (this.#readAt !== null && now - this.#readAt < STALE_MS) return;
    this.#readAt ??= now;
    const { grade } = this.#answer;
    this.#answer = { grade: "wait", signal: null, reason: `the server's signals cannot be read: ${said}` };
    const { id, plan } = this.#revision;
    if (grade !== "wait") {
      const { reason } = this.#answer;
      this.#emit({ kind: "fill-throttled", revision: id, plan, grade: "wait", reason });
    }
  }

  async #give(answer: Answer, now: number): Promise<void> {
    const { grade, signal } = this.#answer;
    this.#answer = answer;
    const { id, plan } = this.#revision;
    if (answer.grade !== grade || answer.signal !== signal) {
      this.#emit({ kind: "fill-throttled", revision: id, plan, grade: answer.grade, reason: answer.reason });
    } else if (answer.grade === "go" || now - this.#notedAt < NOTE_MS) return;
    this.#notedAt = now;
    await noteThrottle(this.#db, id, answer, 2 * NOTE_MS);
  }
}

type Role = Pick<Asking, "role" | "monitor">;
const ROLE = sql`
  select quote_ident(current_user) as role, pg_has_role('pg_monitor', 'usage') as monitor`;

const overrideOf = (signals: Limits["signals"], name: string) =>
  Object.hasOwn(signals, name) ? signals[name] : undefined;

/** What people set for the plan comes first, then what was read with the value, then what was declared. */
function judgedBy({ name, bounds }: Gauge, signals: Limits["signals"], reading: Reading) {
  const own = overrideOf(signals, name);
  const by: Bounds | null | undefined = own === undefined ? (reading.bounds ?? bounds) : own.bounds;
  if (by !== null || own !== undefined) return { bounds: by, reading };
  const none = { value: null, whose: reading.value === null ? reading.whose : "it gave no threshold, and none is set" };
  return { bounds: NO_BOUNDS, reading: none };
}

/** Only a reading without a value is judged by these. */
const NO_BOUNDS: Bounds = { slow: 0, stop: 0 };
