/** When to say that something still waits: not at once, then ever more rarely. Values in, values out; it has no clock. */

/** Milliseconds. */
export type NoticePolicy = {
  /** a wait shorter than this is not worth a word */
  readonly firstMs: number;
  /** from the first word to the second; each further one takes twice as long … */
  readonly gapMs: number;
  /** … up to this */
  readonly mostMs: number;
};

/** A wait that goes on. */
export type Vigil = {
  readonly since: number;
  /** how often it was spoken of */
  readonly told: number;
  readonly nextAt: number;
  /** who was in the way when it was last spoken of */
  readonly toldOf: readonly string[];
  /** who is in the way now, and from when on nobody of them was new */
  readonly current: readonly string[];
  readonly currentSince: number;
};

export type Look = {
  /** null: it does not wait */
  readonly vigil: Vigil | null;
  /** `over`: what was spoken of as waiting goes on */
  readonly say: "waiting" | "over" | null;
  /** of the whole wait, whoever was in the way */
  readonly waitedMs: number;
};

/**
 * One look at who is in the way (identities; nobody: it goes on). Whoever takes the place of all that were named is named
 * as well, once they have been in the way for as long as the first had to be; a new one at each look is only counted.
 */
export function look(policy: NoticePolicy, vigil: Vigil | null, inTheWay: readonly string[], now: number): Look {
  if (inTheWay.length === 0) {
    return {
      vigil: null,
      say: vigil !== null && vigil.told > 0 ? "over" : null,
      waitedMs: now - (vigil?.since ?? now),
    };
  }
  const before = vigil ?? {
    since: now,
    told: 0,
    nextAt: now + policy.firstMs,
    toldOf: [],
    current: inTheWay,
    currentSince: now,
  };
  const same = before.current.some((one) => inTheWay.includes(one));
  const seen = { ...before, current: inTheWay, currentSince: same ? before.currentSince : now };
  const others = seen.told > 0 && !inTheWay.some((one) => seen.toldOf.includes(one));
  const due = now >= seen.nextAt || (others && now - seen.currentSince >= policy.firstMs);
  const waitedMs = now - seen.since;
  if (!due) return { vigil: seen, say: null, waitedMs };
  const gap = Math.min(policy.mostMs, policy.gapMs * 2 ** Math.min(seen.told, 30));
  return {
    vigil: { ...seen, told: seen.told + 1, nextAt: now + gap, toldOf: inTheWay },
    say: "waiting",
    waitedMs,
  };
}
