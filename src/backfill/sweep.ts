/**
 * The last look at a fill whose slices are all done. A row that was written on the way without the sync trigger (or that a
 * user's trigger kept unfilled) may stand on pages that were passed, or that the table has grown by since. Rows that stand in
 * quarantine have been found before.
 */
import type { Database } from "../db/pool.js";
import type { Session } from "../db/session.js";
import { ServerError } from "../db/sqlstate.js";
import { transaction } from "../db/transaction.js";
import type { Emit } from "../events.js";
import { appendSlices } from "../journal/fill-parts.js";
import { quarantinedPages } from "../journal/quarantine.js";
import { noteSweep, recordSweep } from "../journal/samples.js";
import type { PageRange } from "../journal/slices.js";
import { mayPass } from "./batch.js";
import { restartFill } from "./bounds.js";
import { DEFAULT_TARGET_MS, nextPace, shrink, startPace } from "./pace/pace.js";
import { isLeafGone, type Part, partsOf } from "./part.js";
import { isDue, rowsToTry } from "./quarantine/rows.js";
import { isOutside } from "./quarantine/verdict.js";
import { MAX_ASIDE, rangesOf, replaceIn, windowFrom } from "./range.js";
import { duePagesText, type FillRevision, leftText } from "./statements.js";
import { fileOf, Outage, type ReadOptions, readWindow } from "./verify/reading.js";

export type SweepOptions = ReadOptions & { readonly emit: Emit };

/** So often it is said how far the look has come; it counts for some times as long. */
const TELL_MS = 1_000;
const TOLD_MS = 30_000;

export type Swept = {
  /** ranges with rows that are still due, by now slices; 0: none is left */
  readonly found: number;
  /** leaves that came meanwhile, which can hold rows that no trigger has seen, or that have another file: to be filled first */
  readonly added: number;
};

/** Reads the whole table, leaf by leaf as they are now, for due rows; their pages become further slices. */
export async function sweepFill(db: Database, revision: FillRevision, options: SweepOptions): Promise<Swept> {
  const began = performance.now();
  try {
    const { added, parts } = await partsNow(db, revision, options);
    const found = added > 0 ? [] : await dueOf(db, revision, parts, options);
    if (found === null || found.length === 0) return { found: 0, added };
    const rows = found.reduce((sum, one) => sum + one.rows, 0);
    await db.borrow((session) =>
      transaction(session, {}, async () => {
        await recordSweep(session, revision.id, rows, performance.now() - began);
        for (const { relation, ranges } of found) await appendSlices(session, revision.id, relation, ranges);
      }),
    );
    return { found: found.reduce((sum, { ranges }) => sum + ranges.length, 0), added };
  } finally {
    await noteSweep(db, revision.id, null, 0).catch(() => undefined);
  }
}

/** The bounds are taken again where that is due. */
async function partsNow(db: Database, revision: FillRevision, options: SweepOptions) {
  const outage = new Outage(options);
  for (let pace = startPace(); !options.signal.aborted; ) {
    try {
      const added = await restartFill(db, revision, options.emit);
      return { added, parts: await partsOf(db, revision) };
    } catch (error) {
      pace = await outage.survive(error, pace);
    }
  }
  return { added: 0, parts: [] };
}

type Found = { readonly relation: number; readonly ranges: PageRange[]; readonly rows: number };

/** Null: aborted on the way. A leaf that has gone has none. */
async function dueOf(
  db: Database,
  revision: FillRevision,
  parts: readonly Part[],
  options: SweepOptions,
): Promise<Found[] | null> {
  const found: Found[] = [];
  const tell = teller(db, revision, options.emit);
  for (const [n, part] of parts.entries()) {
    const before = found.reduce((sum, one) => sum + one.rows, 0);
    const told = (fraction: number, rows: number) => tell((n + fraction) / parts.length, before + rows);
    const one = await duePages(db, part, told, options).catch((error: unknown) => {
      if (!isLeafGone(part.revision, error)) throw error;
      return { relation: part.relation, ranges: [], rows: 0 };
    });
    if (one === null) return null;
    if (one.ranges.length > 0) found.push(one);
  }
  return found;
}

type Tell = (fraction: number, rows: number) => Promise<void>;

/** Null: aborted on the way. */
async function duePages(
  db: Database,
  { relation, revision }: Part,
  tell: Tell,
  options: SweepOptions,
): Promise<Found | null> {
  const outage = new Outage(options);
  const { targetMs } = options;
  let file = await fileOf(db, revision, targetMs);
  let apart = await quarantinedPages(db, revision.id, relation);
  let pace = startPace();
  let found: PageRange[] = [];
  let rows = 0;
  let next = 0;
  while (next < file.pages) {
    if (options.signal.aborted) return null;
    await tell(next / file.pages, rows);
    const window = windowFrom(next, Math.min(next + pace.pages, file.pages), apart);
    try {
      const seen = await readWindow(db, revision, { filenode: file.filenode, window, targetMs }, (session, tids) =>
        window[0] === apart[0] ? isDuePage(session, revision, window[0]) : dueIn(session, revision, tids),
      );
      outage.over();
      if (seen === "moved-away") {
        file = await fileOf(db, revision, targetMs);
        apart = await quarantinedPages(db, revision.id, relation);
        found = [];
        [next, rows] = [0, 0];
        continue;
      }
      if (seen.value.rows > 0) found = replaceIn(found, window, rangesOf(seen.value.pages));
      rows += seen.value.rows;
      pace = nextPace(pace, { pages: window[1] - window[0], ms: seen.ms }, targetMs ?? DEFAULT_TARGET_MS);
      next = window[1];
      apart = apart.filter((page) => page >= next);
    } catch (error) {
      if (!isOfRows(error)) pace = await outage.survive(error, pace);
      else if (window[1] - window[0] > 1) pace = shrink(pace, window[1] - window[0]);
      else apart = [window[0], ...apart];
    }
  }
  return { relation, ranges: found.slice(0, MAX_ASIDE), rows };
}

/** Says how far it has come, now and then. That it could not be noted is no reason to end. */
function teller(db: Database, { id, plan }: FillRevision, emit: Emit): Tell {
  let told = performance.now();
  return async (fraction: number, rows: number) => {
    const now = performance.now();
    if (now - told < TELL_MS) return;
    told = now;
    emit({ kind: "sweep-progress", revision: id, plan, fraction, rows });
    await noteSweep(db, id, fraction, TOLD_MS).catch(() => undefined);
  };
}

type Due = { readonly pages: readonly number[]; readonly rows: number };
const NONE: Due = { pages: [], rows: 0 };

async function dueIn(session: Session, revision: FillRevision, tids: readonly [string, string]): Promise<Due> {
  const { n } = await session.one<{ n: number }>(leftText(revision.fill), tids);
  if (n === 0) return NONE;
  const pages = await session.query<{ page: number }>(duePagesText(revision.fill), [...tids, revision.id]);
  return pages.length === 0 ? NONE : { pages: pages.map(({ page }) => page), rows: n };
}

/** A page with a row whose expression fails, which fails whoever asks for all of its rows at once. */
async function isDuePage(session: Session, revision: FillRevision, page: number): Promise<Due> {
  const { sure, rows } = await rowsToTry(session, revision, page);
  for (const row of rows)
    if (sure || (await isDue(session, revision, row)) !== false) return { pages: [page], rows: 1 };
  return NONE;
}

function isOfRows(error: unknown): boolean {
  return error instanceof ServerError && !mayPass(error) && !isOutside(error);
}
