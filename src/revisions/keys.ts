/** The words of the file format, in the order in which they are printed. */

export const KEYS = [
  "changeover revision",
  "parent",
  "depends_on",
  "plan",
  "name",
  "change",
  "title",
  "lane",
  "phase",
  "runner",
  "scope",
  "scope added",
  "scope not null",
  "expects",
  "gate",
  "undo gate",
  "deploy old",
  "deploy new",
  "irreversible",
  "fill table",
  "fill strategy",
  "fill transform",
  "fill reads",
  "fill value",
  "fill user triggers",
  "fill key",
  "note",
] as const;
export type Key = (typeof KEYS)[number];

/** These link a revision to others; everything else is its body, which its id and its checksum cover. */
export const LINK_KEYS: readonly Key[] = ["changeover revision", "parent", "depends_on"];

/** Of these a header may hold several lines. `note` is for people: it is kept in the file and means nothing. */
export const REPEATED: readonly Key[] = ["expects", "gate", "undo gate", "note"];

export const STEP_KEYS = ["lock", "timeout", "work", "server", "done", "each", "heals"] as const;
export type StepKey = (typeof STEP_KEYS)[number];

/** A fill's statements, with what each is for. */
export const BLOCKS = {
  batch: "fills the due rows of the pages from $1 to before $2 that nobody has locked, one in $3 + 1 at a time",
  cursor: "reads the due rows of the pages from $1 to before $2 for the transform, one in $3 + 1 at a time",
  write: "writes the values $3 to the rows $1 that are still of the version $2 and that nobody has locked",
  left: "the rows of these pages that are still due",
  due: "their keys and row addresses, to name one that fails",
  one: "fills the row at $1",
  verify: "the rows of these pages, and how many of them are not in step",
  mismatches: "the keys of those",
  forth: "what the side that follows should hold in the row at $1, while the old one is the authority",
  back: "the same, while the new one is",
} as const;
export type Block = keyof typeof BLOCKS;
export const BLOCK_NAMES = Object.keys(BLOCKS) as readonly Block[];

export type Section = "upgrade" | Block | "downgrade";
export const SECTIONS: readonly Section[] = ["upgrade", ...BLOCK_NAMES, "downgrade"];

const SECTION_LINE = new RegExp(`^-- (${SECTIONS.join("|")})(?::.*)?[ \\t]*$`, "s");
const STEP_LINE = /^-- step[ \t]+([^:\s]+)[ \t]*(?::[ \t]*(.*?))?[ \t]*$/s;
const KEY_LINE = new RegExp(
  `^-- (${[...KEYS].sort((a, b) => b.length - a.length).join("|")})(?:[ \\t]+(.*?))?[ \\t]*$`,
  "s",
);

/** `-- upgrade`, or `-- batch: what it is for`. */
export function sectionOf(line: string): Section | null {
  const name = SECTION_LINE.exec(line)?.[1];
  return SECTIONS.find((section) => section === name) ?? null;
}

/** `-- step name: title`. A line that only begins like one has no name: better an error than a step gone unnoticed. */
export function stepLine(line: string): { name: string | null; title: string } | null {
  if (!/^-- step\b/.test(line)) return null;
  const match = STEP_LINE.exec(line);
  return { name: match?.[1] ?? null, title: match?.[2] ?? "" };
}

export function keyLine(line: string): { key: Key; value: string } | null {
  const match = KEY_LINE.exec(line);
  const key = KEYS.find((candidate) => candidate === match?.[1]);
  return key === undefined ? null : { key, value: match?.[2] ?? "" };
}

/** Would be read as ours where SQL is between statements. */
export function isMarker(line: string): boolean {
  return sectionOf(line) !== null || stepLine(line) !== null;
}
