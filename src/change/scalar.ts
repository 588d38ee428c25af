/** From a place in a YAML string's value back to its place in the file, through quotes, escapes, folding and indents. */
import { Scalar } from "yaml";

/**
 * The offset in `text` of character `inside` of the scalar's value. What is not white space stands in the same order in
 * both, so it is counted; a place in white space, or at the end, maps to what follows it.
 */
export function offsetInScalar(text: string, scalar: Scalar, inside: number): number {
  const [start, end] = scalar.range ?? [0, 0];
  const value = String(scalar.value);
  const visible = [...value.slice(0, inside).matchAll(/\S/g)].length;
  const places = visiblePlaces(text, scalar.type, start, end);
  return places[visible] ?? endOfVisible(places, scalar.type, start, end);
}

/** Where each character of the value that is not white space is written. */
function visiblePlaces(text: string, type: Scalar["type"], start: number, end: number): number[] {
  const block = type === Scalar.BLOCK_FOLDED || type === Scalar.BLOCK_LITERAL;
  const quoted = type === Scalar.QUOTE_DOUBLE || type === Scalar.QUOTE_SINGLE;
  // A block's first line is its header (`|2- # comment`).
  let at = block ? text.indexOf("\n", start) + 1 : start + (quoted ? 1 : 0);
  const stop = quoted ? end - 1 : end;
  const places: number[] = [];
  while (at < stop) {
    const { length, units } = written(text, at, type);
    for (let unit = 0; unit < units; unit += 1) places.push(at);
    at += length;
  }
  return places;
}

/** How long the character at a place is written, and how many visible UTF-16 units of the value it makes. */
function written(text: string, at: number, type: Scalar["type"]): { length: number; units: number } {
  const here = text[at] ?? "";
  if (type === Scalar.QUOTE_SINGLE && here === "'") return { length: 2, units: 1 };
  if (type === Scalar.QUOTE_DOUBLE && here === "\\") {
    const letter = text[at + 1] ?? "";
    const digits = { x: 2, u: 4, U: 8 }[letter];
    if (digits === undefined) return { length: 2, units: /[0abe"/\\]/.test(letter) ? 1 : 0 };
    const code = Number.parseInt(text.slice(at + 2, at + 2 + digits), 16);
    return { length: 2 + digits, units: [...String.fromCodePoint(code).matchAll(/\S/g)].length };
  }
  return { length: 1, units: /\S/.test(here) ? 1 : 0 };
}

function endOfVisible(places: readonly number[], type: Scalar["type"], start: number, end: number): number {
  const last = places.at(-1);
  if (last === undefined) return start;
  return type === Scalar.QUOTE_DOUBLE || type === Scalar.QUOTE_SINGLE ? end - 1 : last + 1;
}
