import type { Revision } from "./revision.js";

/** Its backfill writes into the column that was there, not into one of its own: an undo does not bring the NULLs back. */
export function fillsInPlace(revisions: readonly Pick<Revision, "fill" | "scope">[]): boolean {
  return revisions.some(({ fill, scope }) => fill !== null && fill.batch !== null && scope?.added === null);
}
