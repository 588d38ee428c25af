/** The lines above `-- upgrade`, as entries that know their line. */
import type { ChangeoverError } from "../errors.js";
import { KEYS, type Key, keyLine, REPEATED } from "./keys.js";
import type { Line } from "./lines.js";
import { revisionInvalid } from "./problems.js";

export type Entry = {
  readonly value: string;
  /** an error at this line */
  readonly error: (message: string, hint?: string) => ChangeoverError;
};

export type Header = {
  readonly one: (key: Key) => Entry | null;
  readonly all: (key: Key) => readonly Entry[];
};

const FIRST: Key = "changeover revision";

export function readHeader(lines: readonly Line[], file: string): Header {
  const entries = new Map<Key, Entry[]>();
  for (const line of lines) {
    const text = line.text.trim();
    if (text === "" || text === "--") continue;
    const error = (message: string, hint?: string) => revisionInvalid(file, line.number, message, hint);
    const read = keyLine(line.text);
    if (entries.size === 0 && read?.key !== FIRST)
      throw error("A revision's file begins with its id.", `Begin it with: -- ${FIRST} <12 hex digits>`);
    if (read === null) throw unknownLine(text, error);
    const known = entries.get(read.key) ?? [];
    if (known.length > 0 && !REPEATED.includes(read.key)) throw error(`There is a second line for ${read.key}.`);
    entries.set(read.key, [...known, { value: read.value, error }]);
  }
  if (entries.size === 0)
    throw revisionInvalid(file, 1, "The file holds no revision.", `Begin it with: -- ${FIRST} <12 hex digits>`);
  const all = (key: Key) => entries.get(key) ?? [];
  return { one: (key) => all(key)[0] ?? null, all };
}

function unknownLine(text: string, error: Entry["error"]): ChangeoverError {
  if (!text.startsWith("--"))
    return error("SQL stands above -- upgrade.", "Begin the section that runs it with a line -- upgrade.");
  return error(
    `The header has no line for ${JSON.stringify(text)}.`,
    `Known: ${KEYS.join(", ")}. For a remark write: -- note …`,
  );
}
