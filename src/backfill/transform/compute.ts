/** Calls the transform for rows that were read, one after another, for no longer than a batch may last. */
import type { RowFailure } from "../../journal/state.js";
import type { TableRow } from "../quarantine/rows.js";
import type { Trouble } from "../quarantine/verdict.js";
import { encode, TRANSFORM_STATES, thrown } from "./encode.js";

/** As `change/` has it; told here by its shape, as what runs does not see what was declared. */
export type Compute = (row: Readonly<Record<string, unknown>>, context: { readonly signal: AbortSignal }) => unknown;

export type ReadRow = TableRow & {
  /** the transaction that wrote it */
  readonly version: string;
  readonly values: Readonly<Record<string, unknown>>;
};

export type Written = TableRow & { readonly version: string; readonly text: string };
export type Failed = { readonly row: TableRow; readonly trouble: Trouble };

export type Computed = {
  readonly written: readonly Written[];
  readonly failed: readonly Failed[];
  /** rows from the front that are settled either way; fewer than were given: there was no time for the rest, or no answer */
  readonly taken: number;
  /** the row behind them did not get its answer in time */
  readonly hung: boolean;
};

export type ComputeLimits = {
  /** no further row is begun after so long */
  readonly budgetMs: number;
  /** so long may one row take */
  readonly rowMs: number;
  /** aborted: the row at hand is given up */
  readonly signal: AbortSignal;
};

/** A row that neither waits nor throws costs no timer and no turn of the event loop; every so often others get theirs. */
const BREATH_MS = 50;

export async function compute(
  transform: Compute,
  rows: readonly ReadRow[],
  type: string,
  limits: ComputeLimits,
): Promise<Computed> {
  const written: Written[] = [];
  const failed: Failed[] = [];
  const began = performance.now();
  let breath = began;
  const done = (taken: number, hung: boolean): Computed => ({ written, failed, taken, hung });
  for (const [n, { key, tid, version, values }] of rows.entries()) {
    const now = performance.now();
    if (limits.signal.aborted || (n > 0 && now - began > limits.budgetMs)) return done(n, false);
    if (now - breath > BREATH_MS) {
      await new Promise((resolve) => setImmediate(resolve));
      breath = performance.now();
    }
    const said = await answer(transform, values, limits);
    if (said === "late") return done(n, true);
    if (said === "aborted") return done(n, false);
    const result = "threw" in said ? { trouble: thrown(said.threw) } : encode(said.value, type);
    if ("trouble" in result) failed.push({ row: { key, tid }, trouble: result.trouble });
    else written.push({ key, tid, version, text: result.text });
  }
  return done(rows.length, false);
}

export function hangs(key: string, rowMs: number): RowFailure {
  return {
    key,
    sqlstate: TRANSFORM_STATES.threw,
    message: `transform did not answer within ${rowMs / 1000} s`,
  };
}

type Answer = { readonly value: unknown } | { readonly threw: unknown } | "late" | "aborted";

async function answer(
  transform: Compute,
  values: ReadRow["values"],
  { rowMs, signal }: ComputeLimits,
): Promise<Answer> {
  const stop = new AbortController();
  try {
    const given = transform(values, { signal: stop.signal });
    if (!isThenable(given)) return { value: given };
    return await raced(given, stop, rowMs, signal);
  } catch (threw) {
    return { threw };
  }
}

async function raced(
  given: PromiseLike<unknown>,
  stop: AbortController,
  rowMs: number,
  signal: AbortSignal,
): Promise<Answer> {
  let end: (answer: Answer) => void = () => undefined;
  const ended = new Promise<Answer>((resolve) => {
    end = resolve;
  });
  const timer = setTimeout(() => end("late"), rowMs);
  const onAbort = () => end("aborted");
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    // What it says after its time is over is nobody's any more.
    const settled = Promise.resolve(given).then(
      (value): Answer => ({ value }),
      (threw: unknown): Answer => ({ threw }),
    );
    const said = await Promise.race([settled, ended]);
    if (typeof said === "string") stop.abort();
    return said;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
