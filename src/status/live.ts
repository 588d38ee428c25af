/** Who is at work in this database at this moment, from the server's live views alone: a dead runner is not in them. */
import { readActivity } from "../db/activity.js";
import type { Blocker } from "../db/blockers.js";
import { lockHolders } from "../db/lock-holder.js";
import type { Database } from "../db/pool.js";
import { findBlockers } from "../runner/blockers.js";
import { DEFAULT_DDL_POLICY } from "../runner/context.js";
import { isGentle, locksOf } from "../runner/modes.js";
import type { Tracked } from "./input.js";
import { currentOf, type Live, NOBODY, underLock } from "./runners.js";

/** Needs the journal. `tracked`: in the order in which they run. */
export async function readLive(db: Database, tracked: readonly Tracked[]): Promise<Live> {
  const holders = await lockHolders(db);
  if (holders.length === 0) return NOBODY;
  const activities = await readActivity(db);
  const ahead = new Map<string, readonly Blocker[]>();
  for (const { name } of holders) {
    const own = underLock(name, tracked);
    if (own.some(({ revision }) => activities.some((one) => one.revision === revision.id))) continue;
    const next = currentOf(own);
    if (next !== null) ahead.set(name, await inTheWayOf(db, next));
  }
  return { holders, activities, ahead };
}

/** As the runner judges it: what is open for less than a lock timeout is not waited for outside the queue. */
async function inTheWayOf(db: Database, { revision, state }: Tracked): Promise<Blocker[]> {
  const steps = state === "undoing" ? revision.downgrade : revision.upgrade;
  const strong = locksOf(steps.filter((step) => !isGentle(step)));
  const found = await findBlockers(db, strong, []);
  return found.filter(({ ageMs }) => ageMs !== null && ageMs > DEFAULT_DDL_POLICY.lockTimeoutMs);
}
