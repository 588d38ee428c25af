/** How long a worker rests after a batch, so that all of them together stay within the plan's limits. */
import type { Limits } from "../../journal/limits.js";

export type Batch = {
  readonly rows: number;
  /** of its execution */
  readonly ms: number;
  /** bytes that the server wrote meanwhile, whoever did */
  readonly wal: number;
  /** slices of the plan that were worked on, this one among them */
  readonly workers: number;
};

const MB = 1024 * 1024;

/** Milliseconds from the batch's end; 0: go on at once. */
export function restAfter({ rows, ms, wal, workers }: Batch, limits: Limits): number {
  const { rowsPerSecond, walMbPerSecond, duty } = limits;
  const shouldTake = [
    // Each takes its share of the rows; of the WAL every one sees all that was written.
    rowsPerSecond === null ? 0 : (rows * Math.max(1, workers) * 1000) / rowsPerSecond,
    walMbPerSecond === null ? 0 : (wal * 1000) / (walMbPerSecond * MB),
    duty === null ? 0 : ms / duty,
  ];
  return Math.max(0, Math.max(...shouldTake) - ms);
}
