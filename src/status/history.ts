import type { JournalState } from "../journal/state.js";
import type { Revision } from "../revisions/revision.js";
import { type Tracked, trackRevisions } from "./input.js";

export type HistoryEntry = {
  readonly id: string;
  readonly parents: readonly string[];
  readonly dependsOn: readonly string[];
  readonly plan: string | null;
  readonly name: string;
  readonly title: string;
  readonly lane: Revision["lane"];
  /** nothing follows it on its lane */
  readonly head: boolean;
  /** several follow it on its lane */
  readonly branchpoint: boolean;
  readonly state: Tracked["state"];
  /** when it was done; null: it is not */
  readonly appliedAt: Date | null;
  readonly actor: string | null;
};

type Sources = {
  readonly folder: readonly Revision[];
  readonly applied: readonly Revision[];
  readonly journal: JournalState;
};

/** Every revision that the folder or the journal knows, newest first: what runs last stands at the top. */
export function historyOf(sources: Sources): HistoryEntry[] {
  const tracked = trackRevisions(sources);
  const following = followers(tracked.map(({ revision }) => revision));
  return tracked
    .map(({ revision, row, state }): HistoryEntry => {
      const { id, parents, dependsOn, plan, name, title, lane } = revision;
      const children = following.get(id) ?? 0;
      return {
        id,
        parents,
        dependsOn,
        plan,
        name,
        title,
        lane,
        head: children === 0,
        branchpoint: children > 1,
        state,
        appliedAt: row?.finishedAt ?? null,
        actor: row?.actor ?? null,
      };
    })
    .reverse();
}

/** How many follow each on its own lane: a tail does not continue the trunk that it branches off. */
function followers(revisions: readonly Revision[]): ReadonlyMap<string, number> {
  const lanes = new Map(revisions.map(({ id, lane }) => [id, lane]));
  const counts = new Map<string, number>();
  for (const { parents, lane } of revisions) {
    for (const id of parents) if (lanes.get(id) === lane) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}

/** The trunk's heads first, then those of tails that are not finished; finished tails collapse. */
export function headsOf(sources: Sources): HistoryEntry[] {
  const entries = historyOf(sources);
  const open = new Set(entries.filter((one) => one.lane === "tail" && one.state !== "done").map((one) => one.plan));
  const heads = entries.filter((one) => one.head && (one.lane === "trunk" || open.has(one.plan)));
  return [...heads.filter((one) => one.lane === "trunk"), ...heads.filter((one) => one.lane === "tail").reverse()];
}
