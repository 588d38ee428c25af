import { count, counted, percent } from "../../gates/words.js";
import type { Limits } from "../../journal/limits.js";
import { describeWindow } from "../../journal/windows.js";

/** `2 workers, at most 5,000 rows/s`; null: none is set. */
export function describeLimits({
  workers,
  rowsPerSecond,
  walMbPerSecond,
  duty,
  windows,
  signals,
}: Limits): string | null {
  const said = [
    ...(workers === null ? [] : [counted(workers, "worker")]),
    ...(rowsPerSecond === null ? [] : [`at most ${count(rowsPerSecond)} rows/s`]),
    ...(walMbPerSecond === null ? [] : [`at most ${count(walMbPerSecond)} MB of WAL a second`]),
    ...(duty === null ? [] : [`at work ${percent(duty)} of the time`]),
    ...(windows === null ? [] : [windows.map(describeWindow).join(" and ")]),
    ...Object.entries(signals).map(([name, at]) =>
      at === null ? `${name} off` : `${name} from ${at.slow}, stop at ${at.stop}`,
    ),
  ];
  return said.length === 0 ? null : said.join(", ");
}
