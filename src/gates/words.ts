/** How moments, spans and counts are written in evidence, events and status: the same everywhere, and always UTC. */

export { moment } from "../db/blockers.js";

const UNITS: readonly (readonly [string, number])[] = [
  ["d", 86_400],
  ["h", 3_600],
  ["min", 60],
  ["s", 1],
];

/** The two largest units, rounded down: `1 d 3 h`, `23 h 59 min`, `45 s`. */
export function span(seconds: number): string {
  let rest = Math.max(0, Math.floor(seconds));
  const parts: string[] = [];
  for (const [unit, size] of UNITS) {
    const n = Math.floor(rest / size);
    rest -= n * size;
    if (n > 0) parts.push(`${n} ${unit}`);
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.length === 0 ? "0 s" : parts.join(" ");
}

/** `121 ms`, `4.5 s`, `2 min 5 s` */
export function milliseconds(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : span(ms / 1000);
}

/** `6 min to 9 min 30 s`, or `about 6 min` */
export function spanRange(low: number, high: number): string {
  const [from, to] = [span(low), span(high)];
  return from === to ? `about ${from}` : `${from} to ${to}`;
}

/** `6 min to 9 min left`, and what of the time it was measured over did not count. */
export function timeLeft(eta: {
  readonly lowSeconds: number;
  readonly highSeconds: number;
  readonly heldSeconds: number;
  readonly overSeconds: number;
}): string {
  const left = `${spanRange(eta.lowSeconds, eta.highSeconds)} left`;
  return eta.heldSeconds === 0
    ? left
    : `${left} without pauses (it stood still for ${span(eta.heldSeconds)} of the last ${span(eta.overSeconds)})`;
}

const KILO = 1000;

/** `540 B`, `1.2 kB`, `3.4 GB` */
export function bytes(n: number): string {
  let [value, unit] = [n, 0];
  while (value >= KILO && unit < BYTE_UNITS.length - 1) [value, unit] = [value / KILO, unit + 1];
  return `${unit === 0 ? Math.round(value) : value.toFixed(1)} ${BYTE_UNITS[unit]}`;
}

const BYTE_UNITS = ["B", "kB", "MB", "GB", "TB", "PB"];

export function secondsBetween(from: Date, to: Date): number {
  return (to.getTime() - from.getTime()) / 1000;
}

/** `1,234,567` */
export function count(n: number): string {
  return String(Math.round(n)).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** `1 row`, `2 rows` */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** Rounded down, so that only what is done is 100 %. */
export function percent(fraction: number): string {
  return `${(Math.floor(fraction * 1000) / 10).toFixed(1)} %`;
}

/** `a, b and c` */
export function listed(items: readonly string[]): string {
  if (items.length < 2) return items.join("");
  return `${items.slice(0, -1).join(", ")} and ${items.at(-1) ?? ""}`;
}

/** Who wrote, as the server knows them: `role app (application_name web-7)`. */
export function writer(who: { readonly role: string; readonly app: string }): string {
  return `role ${who.role} (${who.app === "" ? "no application_name" : `application_name ${who.app}`})`;
}

/**
 * What comes from a database may hold escape sequences, line ends or marks that turn the reading direction: none of them
 * reaches a terminal or a log. Joiners stay: words of some scripts need them.
 */
export function clean(text: string): string {
  return text
    .replace(/[\t\r\n\u2028\u2029]+/g, " ")
    .replace(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, "?");
}
