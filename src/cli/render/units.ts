/** Sizes as people read them; times, counts, spans and moments are `gates/words.ts`, as in evidence. */
export { milliseconds } from "../../gates/words.js";

/** `13 MB`, in powers of ten. */
export function bytes(count: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`;
}
