/** What the demo found, as values; the command line prints them. */
import type { Ledger } from "./traffic.js";

export type PhaseTime = { readonly phase: string; readonly ms: number };

export type ChangeReport = {
  readonly plan: string;
  readonly change: string;
  readonly phases: readonly PhaseTime[];
  readonly rowsFilled: number;
  readonly rowsPerSecond: number;
  /** the longest single write that the applications saw while this change went on */
  readonly longestStall: { readonly ms: number; readonly during: string };
  readonly writes: number;
  readonly writesFailed: number;
  readonly failures: readonly string[];
  readonly rowsNotInStep: number;
  /** rows that hold something else than the applications wrote */
  readonly writesLost: number;
  /** `updated_at` of rows that no application touched */
  readonly updatedAtChanged: number;
};

export type DemoReport = {
  readonly rows: number;
  readonly serverVersion: string;
  readonly seconds: number;
  readonly changes: readonly ChangeReport[];
  /** every figure that has to be zero is */
  readonly ok: boolean;
};

export function isClean(change: ChangeReport): boolean {
  return change.writesFailed + change.rowsNotInStep + change.writesLost + change.updatedAtChanged === 0;
}

export function sumOf(ledgers: readonly Ledger[], pick: (ledger: Ledger) => number): number {
  return ledgers.reduce((sum, ledger) => sum + pick(ledger), 0);
}
