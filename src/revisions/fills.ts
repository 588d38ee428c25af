import type { Fill, Revision, Strategy } from "./revision.js";

/** False: it only looks for rows. */
export function writes(fill: Pick<Fill, "batch" | "transform">): boolean {
  return fill.batch !== null || fill.transform !== null;
}

/** Its backfill writes into the column that was there, not into one of its own: an undo does not bring the NULLs back. */
export function fillsInPlace(revisions: readonly Pick<Revision, "fill" | "scope">[]): boolean {
  return revisions.some(({ fill, scope }) => fill !== null && writes(fill) && scope?.added === null);
}

const STRATEGY: Readonly<Record<Strategy, string>> = {
  windows: "strides over ctid windows",
  cursor: "cursor",
};

/** How it goes through its table, and why. */
export function describeStrategy({ strategy, reason }: Pick<Fill, "strategy" | "reason">): string {
  return `${STRATEGY[strategy]}, because ${reason}`;
}
