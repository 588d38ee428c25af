import { count, counted, percent } from "../../gates/words.js";
import type { Limits, Override } from "../../journal/limits.js";
import { describeWindow } from "../../journal/windows.js";

/** As the status has them, or as they were set a moment ago. */
type Told = Omit<Limits, "signals"> & {
  readonly signals: Readonly<Record<string, Omit<Override, "until"> & { readonly until: string | Date | null }>>;
};

/** `2 workers, at most 5,000 rows/s`; null: none is set. */
export function describeLimits({
  workers,
  rowsPerSecond,
  walMbPerSecond,
  duty,
  windows,
  signals,
}: Told): string | null {
  const said = [
    ...(workers === null ? [] : [counted(workers, "worker")]),
    ...(rowsPerSecond === null ? [] : [`at most ${count(rowsPerSecond)} rows/s`]),
    ...(walMbPerSecond === null ? [] : [`at most ${count(walMbPerSecond)} MB of WAL a second`]),
    ...(duty === null ? [] : [`at work ${percent(duty)} of the time`]),
    ...(windows === null ? [] : [windows.map(describeWindow).join(" and ")]),
    ...Object.entries(signals)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { bounds, until, by }]) => {
        const what = bounds === null ? `${name} off` : `${name} from ${bounds.slow}, stop at ${bounds.stop}`;
        return until === null ? what : `${what} until ${second(until)}${by === null ? "" : ` (by ${by})`}`;
      }),
  ];
  return said.length === 0 ? null : said.join(", ");
}

/** `2026-03-04 05:06:07 UTC` */
const second = (at: string | Date) => `${new Date(at).toISOString().slice(0, 19).replace("T", " ")} UTC`;
