/** The engines' rows as tables: alone on the server, and what the application felt. */
import { columns, megabytes, ms, percent, times, whole } from "../columns.js";
import { LOAD } from "../load.js";
import type { EngineRow } from "./engines.js";

export function renderEngines(rows: readonly EngineRow[]): string {
  const control = rows.find(({ kind }) => kind === "control");
  const idle = rows.filter(({ kind }) => kind === "idle");
  const load = rows.filter(({ kind }) => kind === "load");
  const perSecond = (1000 / LOAD.everyMs) * LOAD.sessions;
  return [
    "Backfill of one column, alone on the server (x: times the first line; fill alone: rows/s without the command's start,",
    "its validation and its verify)",
    idleTable(idle),
    "",
    `The same under ${LOAD.sessions} sessions, ${perSecond} statements a second (WAL, growth and HOT with the application's own share);`,
    "latencies as the excess over the first line, of the same run",
    loadTable(control, load),
  ].join("\n");
}

function idleTable(rows: readonly EngineRow[]): string {
  const first = rows[0]?.median.result;
  const head = ["engine", "rows/s", "", "fill alone", "WAL B/row", "", "heap", "indexes", "HOT", "peak memory"];
  return columns(
    head,
    rows.map(({ title, median: { result } }) => [
      title,
      whole(result?.rowsPerSecond),
      times((result?.rowsPerSecond ?? Number.NaN) / (first?.rowsPerSecond ?? Number.NaN)),
      whole(result?.fillRowsPerSecond),
      whole(result?.walBytesPerRow),
      times((result?.walBytesPerRow ?? Number.NaN) / (first?.walBytesPerRow ?? Number.NaN)),
      times(result?.heapGrowth),
      times(result?.indexGrowth),
      percent(result?.hotShare),
      megabytes(result?.peakBytes),
    ]),
  );
}

function loadTable(control: EngineRow | undefined, rows: readonly EngineRow[]): string {
  const base = control?.median.felt;
  const head = ["engine", "rows/s", "WAL B/row", "heap", "indexes", "HOT", "p50 ms", "p99 ms", "longest ms", "failed"];
  const controlCells = [
    control?.title ?? "",
    ...["", "", "", "", ""],
    ms(base?.p50Ms),
    ms(base?.p99Ms),
    ms(base?.longestMs),
    whole(base?.failedWrites),
  ];
  const excess = (felt: number | undefined, idle: number | undefined) =>
    ms((felt ?? Number.NaN) - (idle ?? Number.NaN), true);
  return columns(head, [
    controlCells,
    ...rows.map(({ title, median: { result, felt } }) => [
      title,
      whole(result?.rowsPerSecond),
      whole(result?.walBytesPerRow),
      times(result?.heapGrowth),
      times(result?.indexGrowth),
      percent(result?.hotShare),
      excess(felt?.p50Ms, base?.p50Ms),
      excess(felt?.p99Ms, base?.p99Ms),
      excess(felt?.longestMs, base?.longestMs),
      whole(felt?.failedWrites),
    ]),
  ]);
}
