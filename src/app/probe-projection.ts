/** From what a probe measured to what the whole fill may take: ranges, each with what it assumes. Pure. */

export type Measured = {
  /** of the copy: rows that the batches wrote, in how many batches and milliseconds, with how much WAL */
  readonly rows: number;
  readonly batches: number;
  readonly ms: number;
  readonly walBytes: number;
  readonly heapGrowth: number;
  readonly indexGrowth: number;
  /** of the table: the pages that were tried, as far as the time went */
  readonly sampledPages: number;
  readonly pages: number;
  readonly heapBytes: number;
  /** its changes are in the WAL, and could be measured there */
  readonly logged: boolean;
  readonly fullPages: boolean;
  readonly databaseBytes: number;
  /** the sync triggers were on the copy */
  readonly triggers: boolean;
  /** the table has triggers of its own */
  readonly userTriggers: boolean;
  /** what the server would not have on the copy */
  readonly skipped: string | null;
};

export type Range = { readonly from: number; readonly to: number };

export type Probe = {
  readonly sample: { readonly pages: number; readonly rows: number; readonly batches: number; readonly ms: number };
  /** of the table */
  readonly pages: number;
  /** rows that the fill will write */
  readonly rows: number;
  /** by one worker, on a server as busy as it was; null: no row was due */
  readonly rowsPerSecond: number | null;
  /** null: it could not be measured */
  readonly walBytesPerRow: number | null;
  readonly walBytes: Range | null;
  readonly heapGrowthBytes: Range;
  readonly indexGrowthBytes: Range;
  /** seconds, by how many workers */
  readonly seconds: { readonly 1: Range; readonly 2: Range } | null;
  /** of the disk nothing can be said through SQL: to be held against its free space */
  readonly databaseBytes: number;
  readonly assumptions: readonly string[];
};

/** Committed passes over a window let later rows take the places of earlier ones: of one pass's WAL and growth so much is left at best. */
const BEST_WAL = 0.3;
const BEST_GROWTH = 0.15;
const FASTER = 0.6;
const SLOWER = 2.5;
/** Two workers are between this and twice as fast as one. */
const SECOND_WORKER = 1.1;

export function project(seen: Measured): Probe {
  const factor = seen.sampledPages === 0 ? 0 : seen.pages / seen.sampledPages;
  const rows = Math.round(seen.rows * factor);
  const rowsPerSecond = seen.rows === 0 ? null : (seen.rows * 1000) / Math.max(seen.ms, 1);
  const wal = seen.walBytes * factor;
  const seconds = rowsPerSecond === null ? null : rows / rowsPerSecond;
  return {
    sample: {
      pages: Math.round(seen.sampledPages),
      rows: seen.rows,
      batches: seen.batches,
      ms: Math.round(seen.ms),
    },
    pages: seen.pages,
    rows,
    rowsPerSecond: rowsPerSecond === null ? null : Math.round(rowsPerSecond),
    walBytesPerRow: seen.logged && seen.rows > 0 ? Math.round(seen.walBytes / seen.rows) : null,
    walBytes: seen.logged
      ? {
          from: Math.round(wal * BEST_WAL),
          to: Math.round(wal + (seen.fullPages && rows > 0 ? 2 * seen.heapBytes : 0)),
        }
      : null,
    heapGrowthBytes: scaled(seen.heapGrowth * factor, BEST_GROWTH),
    indexGrowthBytes: scaled(seen.indexGrowth * factor, 0),
    seconds:
      seconds === null
        ? null
        : {
            1: { from: seconds * FASTER, to: seconds * SLOWER },
            2: { from: (seconds * FASTER) / 2, to: (seconds * SLOWER) / SECOND_WORKER },
          },
    databaseBytes: seen.databaseBytes,
    assumptions: assumptionsOf(seen),
  };
}

const scaled = (most: number, best: number): Range => ({ from: Math.round(most * best), to: Math.round(most) });

function assumptionsOf(seen: Measured): string[] {
  return [
    "The pages that were tried are like the others, and the server stays as busy as it is: throttle, windows, limits and pauses are not counted.",
    "From: the fill goes over its windows in committed passes, which a probe that is taken back cannot. To: every update takes a new place, as here.",
    ...(seen.logged
      ? seen.fullPages
        ? ["WAL to: with a full image of each heap page twice, for checkpoints on the way; compressed it is less."]
        : []
      : ["WAL is not known: wal_level is minimal, or the table is unlogged."]),
    ...(seen.triggers ? [] : [`Without all of the plan's triggers and constraints: ${seen.skipped ?? ""}.`]),
    ...(seen.userTriggers ? ["Triggers of your own are not counted."] : []),
    "Index builds and validations after the fill are not counted, nor are foreign keys. Free space on the disk cannot be read through SQL.",
  ];
}
