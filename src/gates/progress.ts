import type { JournalRevision } from "../journal/state.js";
import type { Revision } from "../revisions/revision.js";

/** How far a plan is, as far as its gates ask. */
export type GateProgress = {
  /** the plan's slug, for the commands in hints */
  readonly plan: string;
  /** the dual-write stands: from then on writes of either side can be seen */
  readonly mirrored: boolean;
  /** when the last of the contract that is applied was; null: nothing of it is */
  readonly contractedAt: Date | null;
  /** revisions of the backfill phase, in the order in which they run; `finishedAt` null: not done */
  readonly backfill: readonly { readonly name: string; readonly finishedAt: Date | null }[];
  /** the revision to go back to so that the views over the column read the old side again; left out: they read it */
  readonly beforeViews?: string;
};

/** `revisions`: all of the plan's, in order (others are passed over); `rows`: the journal's. */
export function gateProgress(
  plan: string,
  revisions: readonly Pick<Revision, "id" | "plan" | "name" | "phase">[],
  rows: readonly JournalRevision[],
): GateProgress {
  const done = new Map(rows.filter((row) => row.state === "done").map((row) => [row.id, row.finishedAt]));
  const own = revisions.filter((revision) => revision.plan === plan);
  const turned = own.findIndex(({ phase, name, id }) => phase === "backfill" && name === "views" && done.has(id));
  const before = turned < 0 ? undefined : own[turned - 1]?.id;
  return {
    ...(before === undefined ? {} : { beforeViews: before }),
    plan,
    // An undo of the dual-write that has begun has not yet ended: writes are still seen, and still count.
    mirrored: rows.some((row) => row.plan === plan && row.phase === "dual-write" && row.finishedAt !== null),
    contractedAt: latest(
      rows.filter((row) => row.plan === plan && row.phase === "contract").map((row) => row.finishedAt),
    ),
    backfill: own
      .filter((revision) => revision.phase === "backfill")
      .map((revision) => ({ name: revision.name, finishedAt: done.get(revision.id) ?? null })),
  };
}

function latest(moments: readonly (Date | null)[]): Date | null {
  const known = moments.flatMap((at) => (at === null ? [] : [at.getTime()]));
  return known.length === 0 ? null : new Date(Math.max(...known));
}

/** When the backfill phase was done; null: it is not. A plan without one was done with it from the start. */
export function backfillDoneAt(progress: GateProgress): Date | null {
  const ends = progress.backfill.map((revision) => revision.finishedAt);
  if (ends.includes(null)) return null;
  return new Date(Math.max(0, ...ends.map((end) => end?.getTime() ?? 0)));
}
