/** How long a slice is left alone that cannot go on now, and how often that is told. */

/** Of a slice that comes back to the same lock each time, ever more rarely: after 8, 16, 32, … attempts of some seconds. */
export function isWorthAWord(attempts: number): boolean {
  return attempts >= 8 && Number.isInteger(Math.log2(attempts));
}

/** Doubling from a quarter of a second, with jitter, so that workers do not come back all at once. */
export function delay(attempts: number, most: number): number {
  return Math.round(Math.min(most, 250 * 2 ** Math.min(attempts, 16)) * (0.75 + Math.random() / 2));
}
