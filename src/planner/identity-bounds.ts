/** How far an identity's sequence counts when its column's type changes. Pure. */
import type { IdentitySequence } from "../catalog/snapshot.js";

export type Bounds = { readonly min: bigint; readonly max: bigint };

const TYPES: Readonly<Record<string, Bounds>> = {
  smallint: { min: -32_768n, max: 32_767n },
  integer: { min: -2_147_483_648n, max: 2_147_483_647n },
  bigint: { min: -9_223_372_036_854_775_808n, max: 9_223_372_036_854_775_807n },
};

/** An identity column is of one of three types, and of no domain over them. */
export const canBeIdentity = (type: string) => Object.hasOwn(TYPES, type);

export function boundsOf({ min, max }: IdentitySequence): Bounds {
  return { min: BigInt(min), max: BigInt(max) };
}

/** As ALTER TYPE leaves it: a bound that was the old type's becomes the new one's, another stays. */
export function boundsOver(sequence: IdentitySequence, type: string): Bounds {
  const { min, max } = boundsOf(sequence);
  const [was, will] = [TYPES[sequence.type], TYPES[type]];
  if (was === undefined || will === undefined) return { min, max };
  return { min: min === was.min ? will.min : min, max: max === was.max ? will.max : max };
}

/** What either type holds: while both sides stand, a value is to fit on both. */
export function boundsMeanwhile(sequence: IdentitySequence, type: string): Bounds {
  const [before, after] = [boundsOf(sequence), boundsOver(sequence, type)];
  const within = (a: Bounds, b: Bounds) => a.min >= b.min && a.max <= b.max;
  if (within(before, after)) return before;
  if (within(after, before)) return after;
  throw new RangeError("a bound of one type became the other's, the other bound went the other way");
}

/** False: its own bounds, or where it starts, lie beyond the type. */
export function boundsFit(sequence: IdentitySequence, type: string): boolean {
  const will = TYPES[type];
  const { min, max } = boundsOver(sequence, type);
  const start = BigInt(sequence.start);
  return will !== undefined && min >= will.min && max <= will.max && start >= min && start <= max;
}
