/**
 * The last look at a fill whose slices are all done. A row that was written on the way without the sync trigger (or that a
 * user's trigger kept unfilled) may stand on pages that were passed, or that the table has grown by since.
 */
import type { Database } from "../db/pool.js";
import { appendSlices } from "../journal/fills.js";
import type { PageRange } from "../journal/slices.js";
import { DEFAULT_TARGET_MS, nextPace, startPace } from "./pace.js";
import { MAX_ASIDE, rangesOf, replaceIn } from "./range.js";
import { fileOf, Outage, type ReadOptions, readWindow } from "./reading.js";
import { duePagesText, type FillRevision, leftText } from "./statements.js";

/** Reads the whole table for due rows; their pages become further slices. Returns how many; 0: none is left. */
export async function sweepFill(db: Database, revision: FillRevision, options: ReadOptions): Promise<number> {
  const found = await duePages(db, revision, options);
  if (found === null || found.length === 0) return 0;
  await db.borrow((session) => appendSlices(session, revision.id, found));
  return found.length;
}

/** Null: aborted on the way. */
async function duePages(db: Database, revision: FillRevision, options: ReadOptions): Promise<PageRange[] | null> {
  const outage = new Outage(options);
  const { targetMs } = options;
  let file = await fileOf(db, revision, targetMs);
  let pace = startPace();
  let found: PageRange[] = [];
  let next = 0;
  while (next < file.pages) {
    if (options.signal.aborted) return null;
    const window = [next, Math.min(next + pace.pages, file.pages)] as const;
    try {
      const seen = await readWindow(
        db,
        revision,
        { filenode: file.filenode, window, targetMs },
        async (session, tids) => {
          const { n } = await session.one<{ n: number }>(leftText(revision.fill), tids);
          return n === 0 ? [] : session.query<{ page: number }>(duePagesText(revision.fill), tids);
        },
      );
      outage.over();
      if (seen === "moved-away") {
        file = await fileOf(db, revision, targetMs);
        found = [];
        next = 0;
        continue;
      }
      if (seen.value.length > 0) found = replaceIn(found, window, rangesOf(seen.value.map(({ page }) => page)));
      pace = nextPace(pace, { pages: window[1] - window[0], ms: seen.ms }, targetMs ?? DEFAULT_TARGET_MS);
      next = window[1];
    } catch (error) {
      pace = await outage.survive(error, pace);
    }
  }
  return found.slice(0, MAX_ASIDE);
}
