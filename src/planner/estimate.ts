/**
 * What a plan may cost, from the catalog's estimates. Rough, and printed as such: `rows` from reltuples, WAL from the
 * measured 0.4 to 0.8 kB a filled row at about 120 bytes a row, times from rates measured on two cores (60,000 rows/s of
 * fill, 30 MB/s of index build, 200 MB/s of scan).
 */
import type { Table } from "../catalog/snapshot.js";
import { writes as writesRows } from "../revisions/fills.js";
import type { RevisionBody } from "../revisions/revision.js";
import type { Estimate } from "./plan.js";

const FILL_ROWS_PER_SECOND = 60_000;
const INDEX_BYTES_PER_SECOND = 30e6;
const SCAN_BYTES_PER_SECOND = 200e6;
/** WAL of an updated row beyond the row itself: tuple and lock records, and its share of full pages. */
const WAL_BYTES_A_ROW = 300;

export function estimate(table: Table, revisions: readonly RevisionBody[]): Estimate {
  const { rows, heapBytes, indexBytes } = table.size;
  const steps = revisions.flatMap((r) => r.upgrade);
  const builds = steps.filter((s) => s.work === "build").length;
  const scans = steps.filter((s) => s.work === "scan").length;
  const writes = revisions.some((r) => r.fill !== null && writesRows(r.fill));
  const meanIndex = table.indexes.length === 0 ? 0 : indexBytes / table.indexes.length;
  const rowBytes = rows === 0 ? 0 : heapBytes / rows;
  return {
    rows,
    heapBytes,
    walBytes: Math.round(
      (writes ? rows * (rowBytes + WAL_BYTES_A_ROW + table.indexes.length * 60) : 0) + builds * meanIndex,
    ),
    seconds: {
      fill: Math.ceil(rows / FILL_ROWS_PER_SECOND),
      indexes: Math.ceil((builds * Math.max(meanIndex, heapBytes / 5)) / INDEX_BYTES_PER_SECOND),
      validate: Math.ceil((scans * heapBytes) / SCAN_BYTES_PER_SECOND),
    },
  };
}
