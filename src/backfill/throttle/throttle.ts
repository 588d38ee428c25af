/**
 * One fill's throttle in one process: reads the signals once a second while somebody asks, and says go, slower or wait. The
 * reason is kept in the journal, where status finds it. A server that cannot be read is not pressed on.
 */
import type { Database } from "../../db/pool.js";
import type { Session } from "../../db/session.js";
import { isConnectionError, ServerError } from "../../db/sqlstate.js";
import type { Emit } from "../../events.js";
import { noteThrottle } from "../../journal/fills.js";
import { readLimits } from "../../journal/limits.js";
import { sleep } from "../../sleep.js";
import type { FillRevision } from "../statements.js";
import { type Answer, answerOf, GO, type Reading, type Standing, signalsOf, stand, type Thresholds } from "./judge.js";
import { isSignalName, SIGNAL_NAMES, type SignalName } from "./names.js";
import { SIGNALS } from "./signals.js";

const READ_MS = 700;
const WANDER_MS = 500;
/** Without a reading for so long it waits. */
const STALE_MS = 15_000;
/** The reason in the journal is as new as this; it counts for twice as long. */
const NOTE_MS = 5_000;
const MINUTE_MS = 60_000;

export type Throttle = {
  /** As of the last second. Never throws. */
  answer(): Promise<Answer>;
};

/** `of`: the throttle of a fill, the same for all lanes of this process. */
export class Throttles {
  readonly #db: Database;
  readonly #emit: Emit;
  readonly #known = new Map<string, Throttle>();

  constructor(db: Database, emit: Emit) {
    this.#db = db;
    this.#emit = emit;
  }

  of(revision: FillRevision): Throttle {
    const known = this.#known.get(revision.id);
    if (known !== undefined) return known;
    const made = new FillThrottle(this.#db, this.#emit, revision);
    this.#known.set(revision.id, made);
    return made;
  }
}

class FillThrottle implements Throttle {
  readonly #db: Database;
  readonly #emit: Emit;
  readonly #revision: FillRevision;
  readonly #standings = new Map<SignalName, Standing>();
  /** of the signals that count up for ever: what they showed within the last minute */
  readonly #counts = new Map<SignalName, { readonly at: number; readonly value: number }[]>();
  #answer: Answer = GO;
  #readAt: number | null = null;
  #reading: Promise<void> | null = null;
  #notedAt = Number.NEGATIVE_INFINITY;

  constructor(db: Database, emit: Emit, revision: FillRevision) {
    this.#db = db;
    this.#emit = emit;
    this.#revision = revision;
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
    const { plan, fill } = this.#revision;
    const { signals } = await readLimits(this.#db, plan);
    const thresholds: Thresholds = Object.fromEntries(Object.entries(signals).filter(([name]) => isSignalName(name)));
    const readings = await this.#db.borrow((session) => this.#readAll(session, fill.table, thresholds));
    const now = performance.now();
    for (const name of SIGNAL_NAMES) {
      const reading = readings.get(name) ?? { value: 0, whose: "" };
      this.#standings.set(name, stand(name, this.#standings.get(name) ?? null, reading, thresholds, now));
    }
    this.#readAt = now;
    const { id } = this.#revision;
    this.#emit({ kind: "signals-read", revision: id, plan, signals: signalsOf(this.#standings, thresholds) });
    await this.#give(answerOf(this.#standings, thresholds, now), now);
  }

  async #readAll(session: Session, table: FillRevision["fill"]["table"], thresholds: Thresholds) {
    const readings = new Map<SignalName, Reading>();
    for (const name of SIGNAL_NAMES) {
      if (thresholds[name] === null) continue;
      try {
        const { applies, query: ask } = SIGNALS[name];
        if (applies !== undefined && (await session.maybeOne(applies)) === null) continue;
        const query = ask(table, session.serverVersion);
        readings.set(name, this.#perMinute(name, worstOf(await session.query<Reading>(query))));
      } catch (error) {
        if (!(error instanceof ServerError) || isConnectionError(error)) throw error;
        readings.set(name, { value: null, whose: error.message });
      }
    }
    return readings;
  }

  #perMinute(name: SignalName, reading: Reading): Reading {
    if (SIGNALS[name].counts !== true || reading.value === null) return reading;
    const now = performance.now();
    const seen = [...(this.#counts.get(name) ?? []), { at: now, value: reading.value }];
    const within = seen.filter(({ at }) => now - at <= MINUTE_MS);
    this.#counts.set(name, within);
    return { ...reading, value: Math.max(0, reading.value - (within[0]?.value ?? reading.value)) };
  }

  /** The server could not be asked at all: for a while what it said last counts. */
  async #unread(error: unknown): Promise<void> {
    const now = performance.now();
    const said = error instanceof Error ? error.message : String(error);
    if (this.#readAt !== null && now - this.#readAt < STALE_MS) return;
    this.#readAt ??= now;
    this.#answer = { grade: "wait", reason: `the server's signals cannot be read: ${said}` };
  }

  async #give(answer: Answer, now: number): Promise<void> {
    const before = this.#answer.grade;
    this.#answer = answer;
    const { id, plan } = this.#revision;
    if (answer.grade !== before) {
      this.#emit({ kind: "fill-throttled", revision: id, plan, grade: answer.grade, reason: answer.reason });
    } else if (answer.grade === "go" || now - this.#notedAt < NOTE_MS) return;
    this.#notedAt = now;
    await noteThrottle(this.#db, id, answer, 2 * NOTE_MS);
  }
}

/** A value that cannot be seen is the worst. */
function worstOf(rows: readonly Reading[]): Reading {
  const hidden = rows.find(({ value }) => value === null);
  if (hidden !== undefined)
    return { value: null, whose: `${hidden.whose} is hidden from this role; pg_monitor sees it` };
  return rows.reduce<Reading>((worst, row) => ((row.value ?? 0) > (worst.value ?? 0) ? row : worst), {
    value: 0,
    whose: "",
  });
}
