/** A runner's context for tests: a real lock, quick pauses, and the events that it emitted. */
import { acquireLock, type HeldLock } from "../../src/db/lock.js";
import type { Database } from "../../src/db/pool.js";
import type { Event } from "../../src/events.js";
import { readJournal } from "../../src/journal/journal.js";
import type { JournalRevision } from "../../src/journal/state.js";
import { type DdlPolicy, DEFAULT_DDL_POLICY, type RunnerContext } from "../../src/runner/context.js";

export type TestRunner = {
  readonly ctx: RunnerContext;
  readonly events: Event[];
  /** resolves with the first event, past or future, that the test looks for */
  until(matches: (event: Event) => boolean): Promise<Event>;
  stop(): void;
  release(): Promise<void>;
};

const QUICK: Partial<DdlPolicy> = {
  autovacuumGraceMs: 200,
  watchMs: 20,
  pollMs: 20,
  backoffTimeouts: 0.2,
  backoffBaseMs: 20,
  backoffCapMs: 50,
  deadlineMs: 30_000,
};

export async function startRunner(db: Database, policy: Partial<DdlPolicy> = {}): Promise<TestRunner> {
  const stop = new AbortController();
  const lock: HeldLock = await acquireLock(db, {
    name: "trunk",
    holder: "a test",
    waitMs: 10_000,
    signal: stop.signal,
    onWaiting: () => undefined,
  });
  const events: Event[] = [];
  const waiting = new Set<{ matches: (event: Event) => boolean; found: (event: Event) => void }>();
  const emit = (event: Event) => {
    events.push(event);
    for (const one of waiting) if (one.matches(event)) one.found(event);
  };
  return {
    ctx: {
      db,
      emit,
      actor: "tester",
      lock,
      signal: stop.signal,
      ddl: { ...DEFAULT_DDL_POLICY, ...QUICK, ...policy },
    },
    events,
    until: (matches) => {
      const past = events.find(matches);
      if (past !== undefined) return Promise.resolve(past);
      return new Promise((found) => waiting.add({ matches, found }));
    },
    stop: () => stop.abort(),
    release: () => lock.release(),
  };
}

/** Runs `work` with a runner of its own and gives its lock back. */
export async function withRunner<T>(
  db: Database,
  policy: Partial<DdlPolicy>,
  work: (runner: TestRunner) => Promise<T>,
): Promise<T> {
  const runner = await startRunner(db, policy);
  try {
    return await work(runner);
  } finally {
    await runner.release();
  }
}

export async function journalOf(db: Database, id: string): Promise<JournalRevision | null> {
  return (await readJournal(db)).revisions.find((row) => row.id === id) ?? null;
}

/** Asks until the answer is yes; for what another process does on its own time. */
export async function eventually(question: () => Promise<boolean>, withinMs = 30_000): Promise<void> {
  const end = Date.now() + withinMs;
  while (!(await question())) {
    if (Date.now() > end) throw new Error("it did not happen in time");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
