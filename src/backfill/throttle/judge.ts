/** From readings to an answer: go, slower or wait, with a reason. Pure; the moments are `performance.now()`'s. */
import type { SignalName } from "./names.js";
import { SIGNALS } from "./signals.js";

/** What one signal showed, the worst of its rows; `value` null: it could not be read, `whose` says why. */
export type Reading = { readonly value: number | null; readonly whose: string };

export type Grade = "go" | "slower" | "wait";

export type Answer = {
  readonly grade: Grade;
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
};

/** Limits that people set in place of the defaults; `null`: the signal is switched off. */
export type Thresholds = Partial<Record<SignalName, { readonly slow: number; readonly stop: number } | null>>;

export const GO: Answer = { grade: "go", reason: null };
/** So many readings in a row have to be better before it is believed. */
const BELIEVED = 2;
/** Below this part of a threshold it counts as over: a value that trembles about it would stop and start everybody. */
const CLEAR = 0.8;
const ORDER: readonly Grade[] = ["go", "slower", "wait"];

/** The signal's standing after a reading. What cannot be read counts as the worst. */
export function stand(
  name: SignalName,
  before: Standing | null,
  reading: Reading,
  thresholds: Thresholds,
  nowMs: number,
): Standing {
  const now = gradeOf(name, before?.grade ?? "go", reading, thresholds);
  if (before === null || rank(now) > rank(before.grade)) return { grade: now, better: 0, sinceMs: nowMs, reading };
  if (now === before.grade) return { ...before, better: 0, reading };
  const better = before.better + 1;
  return better >= BELIEVED ? { grade: now, better: 0, sinceMs: nowMs, reading } : { ...before, better, reading };
}

function gradeOf(name: SignalName, held: Grade, { value }: Reading, thresholds: Thresholds): Grade {
  const limits = limitsOf(name, thresholds);
  if (limits === null) return "go";
  if (value === null) return "wait";
  const over = (limit: number, grade: Grade) => value >= (rank(held) >= rank(grade) ? limit * CLEAR : limit);
  return over(limits.stop, "wait") ? "wait" : over(limits.slow, "slower") ? "slower" : "go";
}

function limitsOf(name: SignalName, thresholds: Thresholds): { readonly slow: number; readonly stop: number } | null {
  const own = thresholds[name];
  return own === undefined ? SIGNALS[name] : own;
}

const rank = (grade: Grade) => ORDER.indexOf(grade);

/** The worst of all signals decides. */
export function answerOf(standings: ReadonlyMap<SignalName, Standing>, thresholds: Thresholds, nowMs: number): Answer {
  const worst = [...standings].sort(([, a], [, b]) => rank(b.grade) - rank(a.grade))[0];
  if (worst === undefined || worst[1].grade === "go") return GO;
  const [name, { grade, reading, sinceMs }] = worst;
  const since = Math.round((nowMs - sinceMs) / 1000);
  const limits = limitsOf(name, thresholds);
  const at = grade === "wait" ? limits?.stop : limits?.slow;
  const what =
    reading.value === null
      ? `cannot be read (${reading.whose})`
      : `${SIGNALS[name].says(reading.value, reading.whose)}, ${grade === "wait" ? "which stops it" : "which slows it"} from ${at} on, until below ${round((at ?? 0) * CLEAR)}`;
  return { grade, reason: `${name}: ${what}; for ${since} s` };
}

/** Each signal that is looked at: how it stands, what it showed, and from where on it counts. */
export function signalsOf(standings: ReadonlyMap<SignalName, Standing>, thresholds: Thresholds) {
  return [...standings].flatMap(
    ([
      signal,
      {
        grade,
        reading: { value },
      },
    ]) => {
      const limits = limitsOf(signal, thresholds);
      return limits === null ? [] : [{ signal, grade, value, slow: limits.slow, stop: limits.stop }];
    },
  );
}

const round = (value: number) => Number(value.toPrecision(3));
