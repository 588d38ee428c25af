/** Numbers from numbers. */

/** NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** By nearest rank; NaN of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** Field by field, over the fields that are numbers in every one. */
export function medians<T extends object>(runs: readonly T[]): T {
  const [first] = runs;
  if (first === undefined) throw new RangeError("no runs");
  const entries = Object.entries(first).map(([key, value]) => {
    const values = runs.map((run) => (run as Record<string, unknown>)[key]);
    return [key, values.every((one) => typeof one === "number") ? median(values) : value];
  });
  return Object.fromEntries(entries) as T;
}

/** Each round takes every case once, forwards and backwards in turn, so that a machine that slows down slows all of them. */
export async function interleaved<C, R>(
  cases: readonly C[],
  runs: number,
  measure: (one: C, run: number) => Promise<R>,
): Promise<Map<C, R[]>> {
  const results = new Map<C, R[]>(cases.map((one) => [one, []]));
  for (let run = 1; run <= runs; run += 1) {
    const order = run % 2 === 1 ? cases : [...cases].reverse();
    for (const one of order) results.get(one)?.push(await measure(one, run));
  }
  return results;
}
