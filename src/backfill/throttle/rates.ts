/** What counts up for ever: by how much within a minute. Pure; the moments are `performance.now()`'s. */
import type { Reading } from "./judge.js";

const MINUTE_MS = 60_000;

export class PerMinute {
  #seen: { readonly at: number; readonly value: number }[] = [];

  /** Each row's value becomes what was added since a minute ago, or since the first look. */
  see(rows: readonly Reading[], nowMs: number): Reading[] {
    return rows.map((row) => {
      if (row.value === null) return row;
      this.#seen = [...this.#seen, { at: nowMs, value: row.value }].filter(({ at }) => nowMs - at <= MINUTE_MS);
      // Statistics that are reset begin anew.
      return { ...row, value: Math.max(0, row.value - (this.#seen[0]?.value ?? row.value)) };
    });
  }
}
