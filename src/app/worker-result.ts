/** How a worker's end is told: a line for each plan, a last one that says which end it was, and the exit code. */
import { explain } from "../db/explain.js";
import { ChangeoverError, isChangeoverError } from "../errors.js";
import { pausedError } from "../journal/paused.js";
import type { Todo } from "./worker-todo.js";

export type WorkerResult = {
  /** 0 done, at a gate, or asked to end; 1 blocked; 3 paused; else the code of the error that stands in the way */
  readonly exitCode: number;
  /** where each plan stands, and last which end it was */
  readonly lines: readonly string[];
  /** the same as values: the plans that there is something to say of; none when it was asked to end */
  readonly plans: readonly WorkerPlan[];
  /** it was asked to end, whatever was left to do */
  readonly interrupted: boolean;
};

export type WorkerPlan = {
  readonly plan: string;
  /** gate: the backfill is done, and contract waits for its gate; blocked: `error` says by what */
  readonly state: "done" | "gate" | "paused" | "blocked";
  readonly error: ChangeoverError | null;
};

/** Where a plan stands when its worker ends. */
export type Standing = {
  readonly slug: string;
  /** lost: it was begun here, and its files are gone, or have grown by revisions that come before its backfill */
  readonly todo: Todo | { readonly kind: "lost"; readonly why: "no files" | "not applied" };
  /** what it was stopped by; null: nothing */
  readonly error: ChangeoverError | null;
};

/** `interrupted`: someone asked it to end, whatever was left to do. */
export function workerResult(standings: readonly Standing[], interrupted: boolean): WorkerResult {
  if (interrupted) return { exitCode: 0, lines: ["ended: what was begun is handed back"], plans: [], interrupted };
  const stopped = standings.flatMap((standing) => {
    const error = errorOf(standing);
    return error === null ? [] : [{ slug: standing.slug, error }];
  });
  const common = { plans: standings.map(planOf), interrupted };
  const lines = standings.map((standing) => `${standing.slug}: ${describe(standing)}`);
  const inTheWay = stopped.filter(({ error }) => error.exitCode !== 3);
  const [worst] = inTheWay.length > 0 ? inTheWay : stopped;
  if (worst !== undefined) {
    const same = stopped.filter(({ error }) => error.exitCode === worst.error.exitCode);
    return {
      exitCode: worst.error.exitCode,
      lines: [...lines, `${wordFor(worst.error)}: ${same.map((s) => s.slug).join(", ")}`],
      ...common,
    };
  }
  const waiting = standings.filter(({ todo }) => todo.kind === "gate").map(({ slug }) => slug);
  const last = waiting.length > 0 ? `at a gate: ${waiting.join(", ")}` : lines.length > 0 ? "done" : "nothing to do";
  return { exitCode: 0, lines: [...lines, last], ...common };
}

function planOf(standing: Standing): WorkerPlan {
  const { slug, todo } = standing;
  const error = errorOf(standing);
  const state =
    todo.kind === "paused" ? todo.kind : error !== null ? "blocked" : todo.kind === "gate" ? "gate" : "done";
  return { plan: slug, state, error };
}

function errorOf({ slug, todo, error }: Standing): ChangeoverError | null {
  if (todo.kind === "paused" && todo.opens !== null) return pausedError(slug, todo);
  if (todo.kind === "paused") {
    return new ChangeoverError("paused", `The backfill is paused${todo.by === null ? "" : ` by ${todo.by}`}.`, {
      hint: `changeover backfill resume ${slug}`,
    });
  }
  if (todo.kind === "undoing") {
    return new ChangeoverError("not-yet", `An undo has begun and not ended: "${todo.title}".`, {
      hint: `Finish it with the command that changeover status ${slug} names, or take it back (changeover upgrade ${slug}@backfill).`,
    });
  }
  if (todo.kind === "lost") {
    const [message, hint] =
      todo.why === "no files"
        ? [
            `The files of ${slug} were taken away while it was worked on.`,
            "Put them back, and run the same command again.",
          ]
        : [`${slug} has got revisions before its backfill that are not applied.`, "changeover upgrade head"];
    return new ChangeoverError("not-yet", message, { hint });
  }
  return error;
}

function wordFor(error: ChangeoverError): string {
  if (error.code === "paused") return "paused";
  return error.exitCode === 3 ? "not there yet" : "blocked";
}

function describe(standing: Standing): string {
  const error = errorOf(standing);
  if (error !== null) {
    const hint = error.hint === undefined ? [] : [`  do    ${error.hint}`];
    return [error.message, ...error.details.map((detail) => `  ${detail}`), ...hint].join("\n");
  }
  const { todo } = standing;
  return todo.kind === "gate" ? `backfill done; "${todo.before}" waits at its gate` : "done";
}

/** As a block for people. What is a defect in one plan is told like any other error, so that it stops that plan alone. */
export function asBlock(error: unknown): ChangeoverError {
  const explained = explain(error);
  if (isChangeoverError(explained)) return explained;
  const message = explained instanceof Error ? explained.message : String(explained);
  return new ChangeoverError("internal", `Unexpected: ${message}`, { cause: error });
}
