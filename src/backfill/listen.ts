/**
 * A worker's ear: a session of its own that only LISTENs, in no transaction, so that it holds no snapshot. Opened again, with
 * growing pauses, when it is lost. Nothing depends on it but how soon a worker hears.
 */
import { randomUUID } from "node:crypto";
import type { Database } from "../db/pool.js";
import type { Emit } from "../events.js";
import { CONTROL_CHANNEL } from "../journal/control.js";
import { Bell, within } from "../sleep.js";
import { ident } from "../sql/identifier.js";
import { sql } from "../sql/text.js";

export type ListenerOptions = {
  readonly db: Database;
  readonly emit: Emit;
  /** somebody has changed what workers should look at */
  readonly onCall: () => void;
  /** how long it may take until a word of our own is heard; default 5 s */
  readonly helloMs?: number;
};

const REOPEN_MS = 1_000;
const REOPEN_MOST_MS = 60_000;
const HELLO_MS = 5_000;
const HELLO = "hello ";

export class Listener {
  readonly #options: ListenerOptions;
  readonly #bell = new Bell();
  readonly #life: Promise<void>;
  #ended = false;
  #stop: () => void = () => undefined;
  readonly #stopped = new Promise<void>((resolve) => {
    this.#stop = resolve;
  });
  #told = false;

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#life = this.#live();
  }

  async close(): Promise<void> {
    this.#ended = true;
    this.#stop();
    this.#bell.ring();
    await this.#life;
  }

  async #live(): Promise<void> {
    let pauseMs = REOPEN_MS;
    while (!this.#ended) {
      try {
        if (await this.#listen()) pauseMs = REOPEN_MS;
        else pauseMs = REOPEN_MOST_MS;
      } catch {
        // A server that is away is spoken of by everything else that asks it.
      }
      if (this.#ended) return;
      await this.#bell.nap(pauseMs);
      pauseMs = Math.min(2 * pauseMs, REOPEN_MOST_MS);
    }
  }

  /** Until the session is lost. False: nothing is heard here. */
  async #listen(): Promise<boolean> {
    const { db, onCall, helloMs = HELLO_MS } = this.#options;
    const session = await db.open("control");
    try {
      const lost = Promise.race([this.#stopped, new Promise<void>((resolve) => session.onLost(() => resolve()))]);
      const hello = `${HELLO}${randomUUID()}`;
      const heard = new Promise<void>((resolve) =>
        session.onNotify((_, about) => {
          if (about === hello) resolve();
          else if (!about.startsWith(HELLO)) onCall();
        }),
      );
      // A server that ends idle sessions would end this one again and again.
      await session.run(sql`set idle_session_timeout = 0; listen ${ident(CONTROL_CHANNEL)}`);
      // Said by another session: a pooler in transaction mode takes the LISTEN, and passes nothing on afterwards.
      await db.query(sql`select pg_notify($1, $2)`, [CONTROL_CHANNEL, hello]);
      if (!(await within(Promise.race([heard, lost]), helloMs))) {
        this.#tellDeaf();
        return false;
      }
      // What was said while nobody listened.
      onCall();
      await lost;
      return true;
    } finally {
      await session.close();
    }
  }

  #tellDeaf(): void {
    if (this.#told || this.#ended) return;
    this.#told = true;
    this.#options.emit({
      kind: "notice",
      message:
        "NOTIFY does not come through here (a pooler in transaction mode?): this worker looks at the journal every few seconds instead.",
    });
  }
}
