/** The plans of one worker: which are being worked on, what stands in the way of others, and when they are tried again. */
import type { SliceWorker } from "../backfill/worker.js";
import type { ChangeoverError } from "../errors.js";
import type { AppContext } from "./context.js";
import type { View } from "./worker-outlook.js";
import { type Advance, advancePlan, type PlanWork } from "./worker-plan.js";
import { asBlock, type Standing } from "./worker-result.js";
import type { Todo } from "./worker-todo.js";

type Work = Todo & { readonly kind: PlanWork["todo"] };

const isWork = (todo: Todo): todo is Work => ["run", "verify", "refill"].includes(todo.kind);

export type DeskOptions = {
  readonly app: AppContext;
  readonly slices: SliceWorker;
  /** what a plan is stopped by stands, and is not tried again */
  readonly drain: boolean;
  /** windows of a verify at once */
  readonly concurrency: number;
  /** a plan is not taken up more often than this */
  readonly pollMs: number;
  /** called when a plan has moved: there may be more to do */
  readonly onMoved: () => void;
};

type Seat = {
  task: Promise<void> | null;
  doing: PlanWork["todo"];
  /** aborted to let go of the plan */
  stop: AbortController;
  /** what this process alone cannot do of the plan */
  refused: ChangeoverError | null;
  error: ChangeoverError | null;
  failures: number;
  notBefore: number;
  /** said once, until it is something else */
  told: string | null;
};

const AFTER_LOSS = { first: 1_000, most: 30_000 };
const AFTER_STOP = { first: 30_000, most: 5 * 60_000 };
/** Draining, a server that stays away for so long ends the worker. */
const OUTAGE_FAILURES = 6;

export class PlanDesk {
  readonly #options: DeskOptions;
  readonly #seats = new Map<string, Seat>();

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  /** Starts what can be started now, and lets go of what has been paused. */
  turn({ todos, folder }: View): void {
    for (const [slug, todo] of todos) {
      const seat = this.#seat(slug);
      if (!isWork(todo)) {
        // A fill lets go of a paused plan by itself, after its batch; the build of an index is not thrown away.
        if (todo.kind === "paused" && seat.doing === "verify") seat.stop.abort();
        if (seat.task === null) this.#clear(seat);
        continue;
      }
      const stands = this.#options.drain && seat.error !== null;
      const next = todo.kind !== seat.doing && seat.failures === 0;
      if (seat.task !== null || stands || (!next && this.#options.app.now() < seat.notBefore)) continue;
      this.#start(slug, seat, todo.kind, folder);
    }
    for (const [slug, seat] of this.#seats) if (!todos.has(slug) && seat.task === null) this.#seats.delete(slug);
  }

  /** A fill that this process cannot work on: its plan is let go of with this as the reason, the others go on. */
  refuse(slug: string, error: unknown): void {
    const seat = this.#seat(slug);
    seat.refused = asBlock(error);
    if (seat.task === null) this.#tell(seat, `${slug}: ${seat.refused.message}`);
    seat.stop.abort();
  }

  /** Nothing is being worked on, not even of a plan that was looked for and not found; and nothing that was found can be. */
  isIdle({ todos }: View): boolean {
    if ([...this.#seats.values()].some((seat) => seat.task !== null)) return false;
    return [...todos].every(([slug, todo]) => !isWork(todo) || this.#seat(slug).error !== null);
  }

  /** Where the plans stand that there is something to say of: all but those that were finished before. */
  standings({ todos, elsewhere, journal }: View): Standing[] {
    const found = [...todos].flatMap(([slug, todo]): Standing[] => {
      const seat = this.#seat(slug);
      return todo.kind === "finished" && !this.#touched.has(slug) ? [] : [{ slug, todo, error: seat.error }];
    });
    // Begun here, and taken from under our hands. One that was undone meanwhile has no row any more.
    const lost = [...this.#touched].filter(
      (slug) => !todos.has(slug) && journal.revisions.some((row) => row.plan === slug),
    );
    return [
      ...found,
      ...lost.map((slug) => ({
        slug,
        todo: { kind: "lost", why: elsewhere.includes(slug) ? "no files" : "not applied" } as const,
        error: null,
      })),
    ];
  }

  /** Lets go of everything. */
  async end(): Promise<void> {
    for (const seat of this.#seats.values()) seat.stop.abort();
    await Promise.all([...this.#seats.values()].map((seat) => seat.task));
  }

  readonly #touched = new Set<string>();

  #seat(slug: string): Seat {
    const known = this.#seats.get(slug);
    if (known !== undefined) return known;
    const seat: Seat = {
      task: null,
      doing: "run",
      stop: new AbortController(),
      refused: null,
      error: null,
      failures: 0,
      notBefore: 0,
      told: null,
    };
    this.#seats.set(slug, seat);
    return seat;
  }

  #clear(seat: Seat): void {
    Object.assign(seat, { refused: null, error: null, failures: 0, notBefore: 0, told: null });
  }

  #start(slug: string, seat: Seat, todo: PlanWork["todo"], folder: View["folder"]): void {
    const { app, slices, concurrency, pollMs, onMoved } = this.#options;
    this.#touched.add(slug);
    seat.stop = new AbortController();
    seat.refused = null;
    seat.doing = todo;
    seat.notBefore = this.#options.app.now() + pollMs;
    const signal = AbortSignal.any([app.signal, seat.stop.signal]);
    seat.task = advancePlan(app, { slug, todo, folder, slices, concurrency, signal, pollMs }).then((advance) => {
      seat.task = null;
      const { refused } = seat;
      this.#settle(slug, seat, refused === null ? advance : { kind: "stopped", error: refused });
      if (advance.kind !== "elsewhere") onMoved();
    });
  }

  #settle(slug: string, seat: Seat, advance: Advance): void {
    if (this.#options.app.signal.aborted) return;
    switch (advance.kind) {
      case "moved":
        Object.assign(seat, { error: null, failures: 0 });
        return;
      case "elsewhere":
        Object.assign(seat, { error: null, failures: 0 });
        if (advance.holder !== null && seat.told !== advance.holder) {
          seat.told = advance.holder;
          const { holder } = advance;
          this.#options.app.emit({ kind: "lock-waiting", lock: `plan:${slug}`, holder, doing: null, waitedMs: 0 });
        }
        return;
      case "lost": {
        this.#later(seat, AFTER_LOSS);
        if (this.#options.drain && seat.failures >= OUTAGE_FAILURES) seat.error = advance.error;
        this.#tell(seat, `${slug}: ${advance.error.message}`);
        return;
      }
      case "stopped": {
        seat.error = advance.error;
        this.#later(seat, AFTER_STOP);
        if (!this.#options.drain) this.#tell(seat, `${slug}: ${advance.error.message}`);
      }
    }
  }

  #later(seat: Seat, { first, most }: { readonly first: number; readonly most: number }): void {
    seat.notBefore = this.#options.app.now() + Math.min(most, first * 2 ** seat.failures);
    seat.failures = Math.min(seat.failures + 1, 20);
  }

  #tell(seat: Seat, message: string): void {
    if (seat.told === message) return;
    seat.told = message;
    this.#options.app.emit({ kind: "notice", message });
  }
}
