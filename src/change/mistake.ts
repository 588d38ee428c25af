/** What is wrong in a file that a person wrote, where, and what to write instead; and how several become one error. */
import { ChangeoverError } from "../errors.js";

/** Why a value is not right, not knowing where it stands. */
export type Problem = {
  /** what is wrong and what was expected: the rest of a sentence that begins with the key */
  readonly message: string;
  /** what to write instead, a sentence */
  readonly hint: string;
  /** characters into the value; absent: its beginning */
  readonly offset?: number;
};

export type Mistake = {
  readonly message: string;
  readonly hint: string;
  /** characters from the start of the file */
  readonly offset: number;
};

export type Place = { readonly line: number; readonly col: number };

/** One error of all mistakes, in the file's order; one mistake alone is the error itself. */
export function mistakesError(
  mistakes: readonly [Mistake, ...Mistake[]],
  file: string,
  placeOf: (offset: number) => Place,
): ChangeoverError {
  const at = (mistake: Mistake) => {
    const { line, col } = placeOf(mistake.offset);
    return `${file}:${line}:${col}`;
  };
  const [first, ...others] = mistakes
    .map((mistake) => ({ ...mistake, message: mistake.message.charAt(0).toUpperCase() + mistake.message.slice(1) }))
    .sort((a, b) => a.offset - b.offset) as [Mistake, ...Mistake[]];
  if (others.length === 0) {
    return new ChangeoverError("change-invalid", first.message, { where: at(first), hint: first.hint });
  }
  return new ChangeoverError("change-invalid", `${mistakes.length} mistakes in this change.`, {
    where: at(first),
    details: [first, ...others].map((mistake) => `${at(mistake)}: ${mistake.message} ${mistake.hint}`),
  });
}

/** The known word that was probably meant: a typing mistake or two away, or one that begins alike; null: none is near. */
export function nearest<T extends string>(word: string, known: readonly T[]): T | null {
  const plain = word.toLowerCase().replace(/[\s_-]/g, "");
  let best: { readonly word: T; readonly distance: number } | null = null;
  for (const candidate of known) {
    const other = candidate.replace(/[_-]/g, "");
    const begins = plain.length >= 3 && (other.startsWith(plain) || plain.startsWith(other));
    const distance = begins ? 1 : edits(plain, other);
    if (distance <= Math.max(1, Math.floor(other.length / 3)) && distance < (best?.distance ?? Infinity)) {
      best = { word: candidate, distance };
    }
  }
  return best?.word ?? null;
}

/** Letters to insert, delete, replace or swap with their neighbour. */
function edits(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const cell = (r: number, c: number) => (r === i ? row[c] : rows[r]?.[c]) ?? 0;
      row[j] = Math.min(
        cell(i - 1, j) + 1,
        cell(i, j - 1) + 1,
        cell(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1),
        swap ? cell(i - 2, j - 2) + 1 : Infinity,
      );
    }
    rows.push(row);
  }
  return rows[a.length]?.[b.length] ?? 0;
}

/** `a, b or c` */
export function either(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
