/** How a table is walked by the backfill, and why: the one place that picks. */
import type { Fill } from "../revisions/revision.js";

export type Way = Pick<Fill, "strategy" | "reason">;

/** `module`: the file that computes the values; null: SQL does, or rows are only looked for. */
export function chooseWay(module: string | null): Way {
  return module === null
    ? { strategy: "windows", reason: "heap reads ranges of row addresses" }
    : { strategy: "cursor", reason: `${module} computes the values, which SQL cannot` };
}
