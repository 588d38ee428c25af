/**
 * A worker of this process whose every statement waits for leave: it can be moved on by some statements, left standing
 * between two of them (as a stopped process would be), and ended between any two so that the server sees a killed process.
 */
import { type WorkerResult, workerUseCase } from "../../../src/app/worker.js";
import type { Database } from "../../../src/db/pool.js";
import type { OwnedSession, Session } from "../../../src/db/session.js";
import { ServerError } from "../../../src/db/sqlstate.js";
import type { SqlText } from "../../../src/sql/text.js";
import type { TestProject } from "../../support/app.js";

export type Server = { sql(text: string, params?: unknown[]): Promise<Record<string, unknown>[]> };

/** So long without a statement, there is nothing that it would send now. */
const STILL_MS = 30;
const PATIENCE_MS = 1_500;

export class Puppet {
  readonly ended: Promise<WorkerResult | Error>;
  readonly #server: Server;
  readonly #stop = new AbortController();
  readonly #pids = new Set<number>();
  #waiting: (() => void)[] = [];
  #leave = 0;
  #running = 0;
  #dead = false;
  #lastAt = performance.now();

  constructor(server: Server, project: TestProject, url: string, concurrency: number) {
    this.#server = server;
    this.ended = project
      .run(
        (app) =>
          workerUseCase(
            { ...app, database: () => this.#held(app.database()) },
            { drain: false, concurrency, plan: null, pollMs: 20 },
          ),
        { url, signal: this.#stop.signal },
      )
      .catch((error: Error) => error);
  }

  /** Lets it send so many statements; returns when they are answered, or when it has nothing to send. */
  async step(count: number): Promise<void> {
    this.#leave += count;
    this.#lastAt = performance.now();
    this.#wake();
    while ((this.#leave > 0 || this.#running > 0) && performance.now() - this.#lastAt < STILL_MS)
      await new Promise((resolve) => setTimeout(resolve, 2));
    this.#leave = 0;
  }

  /** Moves it on, by few statements at a time, until that is so; not for ever, as there may be nothing for it to do. */
  async until(isSo: () => Promise<boolean>): Promise<void> {
    const end = performance.now() + PATIENCE_MS;
    while (performance.now() < end && !(await isSo())) await this.step(4);
  }

  /** As kill -9 at the statement where it stands: it sends nothing any more, and its connections are gone. */
  async kill(): Promise<void> {
    this.#dead = true;
    this.#stop.abort();
    this.#wake();
    await this.cut(() => true);
    await this.ended;
  }

  /** As SIGTERM: lets it hand back what it has. */
  async end(): Promise<void> {
    this.#stop.abort();
    this.#leave = Number.POSITIVE_INFINITY;
    this.#wake();
    const ended = await this.ended;
    // It stays whatever happens, until it is told to go.
    if (ended instanceof Error) throw ended;
  }

  /** Ends connections of it, from the server's side. */
  async cut(which: (n: number) => boolean): Promise<void> {
    const pids = [...this.#pids].sort((a, b) => a - b).filter((_, n) => which(n));
    for (const pid of pids) this.#pids.delete(pid);
    await this.#server.sql("select pg_terminate_backend(pid, 5000) from unnest($1::int[]) pid", [pids]);
  }

  #wake(): void {
    for (const go of this.#waiting.splice(0)) go();
  }

  async #pass(text: string): Promise<void> {
    while (!this.#dead && this.#leave <= 0) await new Promise<void>((go) => this.#waiting.push(go));
    this.#check(text);
    this.#leave -= 1;
    this.#lastAt = performance.now();
  }

  #check(text: string): void {
    if (this.#dead) throw new ServerError("Connection terminated unexpectedly", "08006", {}, text, undefined);
  }

  async #hit<T>(session: Session, text: SqlText, send: () => Promise<T>): Promise<T> {
    this.#pids.add(session.pid);
    await this.#pass(text);
    this.#running += 1;
    try {
      const answer = await send();
      this.#check(text);
      return answer;
    } finally {
      this.#running -= 1;
      this.#lastAt = performance.now();
    }
  }

  #wrap<S extends Session>(session: S): S {
    const hit = <T>(text: SqlText, send: () => Promise<T>) => this.#hit(session, text, send);
    return {
      ...session,
      pid: session.pid,
      serverVersion: session.serverVersion,
      query: (text: SqlText, params?: readonly unknown[]) => hit(text, () => session.query(text, params)),
      one: (text: SqlText, params?: readonly unknown[]) => hit(text, () => session.one(text, params)),
      maybeOne: (text: SqlText, params?: readonly unknown[]) => hit(text, () => session.maybeOne(text, params)),
      run: (text: SqlText, params?: readonly unknown[]) => hit(text, () => session.run(text, params)),
    };
  }

  #held(db: Database): Database {
    const borrow: Database["borrow"] = (use) => db.borrow((session) => use(this.#wrap(session)));
    return {
      config: db.config,
      borrow,
      query: (text, params) => borrow((session) => session.query(text, params)),
      one: (text, params) => borrow((session) => session.one(text, params)),
      maybeOne: (text, params) => borrow((session) => session.maybeOne(text, params)),
      run: (text, params) => borrow((session) => session.run(text, params)),
      open: async (purpose): Promise<OwnedSession> => {
        this.#check(purpose);
        // What the queue brings along is BullMQ's, and no part of a fill.
        return purpose === "queue schema" ? db.open(purpose) : this.#wrap(await db.open(purpose));
      },
      close: () => db.close(),
    };
  }
}
