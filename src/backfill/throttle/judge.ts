/** From readings to an answer: go, slower or wait, with a reason. Pure; the moments are `performance.now()`'s. */

/** Where a signal slows a fill down, and where it stops it. */
export type Bounds = { readonly slow: number; readonly stop: number };

/** What one signal showed, the worst of its rows; `value` null: it could not be read, `whose` says why. */
export type Reading = {
  readonly value: number | null;
  readonly whose: string;
  /** what a person can do about it, in words */
  readonly clears?: string | null;
  /** what was read says itself from where on it is too much */
  readonly bounds?: Bounds;
};

export type Grade = "go" | "slower" | "wait";

export type Answer = {
  readonly grade: Grade;
  /** the signal that decides; null: go */
  readonly signal: string | null;
  /** in words, with the observed value, the threshold and what clears it; null: go */
  readonly reason: string | null;
};

/** How a signal stood, and since when. */
export type Standing = {
  readonly grade: Grade;
  /** readings in a row that were better than the grade */
  readonly better: number;
  readonly sinceMs: number;
  readonly reading: Reading;
  /** by which the reading was judged; null: it is switched off */
  readonly bounds: Bounds | null;
};

/** A signal as it stands, and its words for a value. */
export type Shown = {
  readonly name: string;
  readonly standing: Standing;
  readonly says: (value: number, whose: string) => string;
};

export const GO: Answer = { grade: "go", signal: null, reason: null };
/** So many readings in a row have to be better before it is believed. */
const BELIEVED = 2;
/** Below this part of a threshold it counts as over: a value that trembles about it would stop and start everybody. */
const CLEAR = 0.8;
const ORDER: readonly Grade[] = ["go", "slower", "wait"];

/** The signal's standing after a reading. What cannot be read counts as the worst; without bounds it is switched off. */
export function stand(bounds: Bounds | null, before: Standing | null, reading: Reading, nowMs: number): Standing {
  const now = gradeOf(bounds, before?.grade ?? "go", reading);
  if (before === null || rank(now) > rank(before.grade))
    return { grade: now, better: 0, sinceMs: nowMs, reading, bounds };
  if (now === before.grade) return { ...before, better: 0, reading, bounds };
  const better = before.better + 1;
  return better >= BELIEVED
    ? { grade: now, better: 0, sinceMs: nowMs, reading, bounds }
    : { ...before, better, reading, bounds };
}

function gradeOf(bounds: Bounds | null, held: Grade, { value }: Reading): Grade {
  if (bounds === null) return "go";
  if (value === null) return "wait";
  const over = (limit: number, grade: Grade) => value >= (rank(held) >= rank(grade) ? limit * CLEAR : limit);
  return over(bounds.stop, "wait") ? "wait" : over(bounds.slow, "slower") ? "slower" : "go";
}

const rank = (grade: Grade) => ORDER.indexOf(grade);

/** The worst of all signals decides; others that are as bad are named, for it does not go on before they clear, too. */
export function answerOf(shown: readonly Shown[], plan: string | null, nowMs: number): Answer {
  const [worst, ...others] = [...shown].sort((a, b) => rank(b.standing.grade) - rank(a.standing.grade));
  if (worst === undefined || worst.standing.grade === "go") return GO;
  const { name, standing, says } = worst;
  const { grade, reading, bounds, sinceMs } = standing;
  const at = (grade === "wait" ? bounds?.stop : bounds?.slow) ?? 0;
  const what =
    reading.value === null
      ? `cannot be read (${reading.whose}), which stops it until it can`
      : `${says(reading.value, reading.whose)}, ${grade === "wait" ? "which stops it" : "which slows it"} from ${round(at)} on, until below ${round(at * CLEAR)}`;
  const remedy =
    reading.value === null
      ? `; to go on without it: changeover backfill set ${plan ?? "PLAN"} --signal ${name}=off`
      : reading.clears == null || reading.clears === ""
        ? ""
        : `; ${reading.clears}`;
  const equals = others.filter((one) => one.standing.grade === grade).map((one) => one.name);
  const also = equals.length === 0 ? "" : `; so does ${equals.join(", ")}`;
  const reason = `${name}: ${what}; for ${Math.round((nowMs - sinceMs) / 1000)} s${remedy}${also}`;
  return { grade, signal: name, reason };
}

/** Each signal that is looked at: how it stands, what it showed, and from where on it counts. */
export function signalsOf(shown: readonly Shown[]) {
  return shown.flatMap(({ name, standing: { grade, bounds, reading } }) =>
    bounds === null ? [] : [{ signal: name, grade, value: reading.value, ...bounds }],
  );
}

const round = (value: number) => Number(value.toPrecision(3));
