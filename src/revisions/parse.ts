/** Reads a revision's file. Errors are `revision-invalid`, with file and line. */
import { posix } from "node:path";
import { checksumOf, headerLength, normaliseText } from "./checksum.js";
import { readFill, readMeta } from "./fields.js";
import { readHeader } from "./header.js";
import { SECTIONS, type Section, sectionOf } from "./keys.js";
import { type Line, readLines } from "./lines.js";
import { isStepStart, readSteps, type Split } from "./parse-steps.js";
import { bodyProblem, revisionInvalid } from "./problems.js";
import type { Revision } from "./revision.js";

export type { Split } from "./parse-steps.js";

/**
 * `file` is its path, for errors and for the revision's `file`; a hand-written revision without `-- name` is called by
 * it. `split` is needed for hand-written SQL that runs outside a transaction and has no steps.
 */
export function parseRevision(source: string, file: string, split: Split | null = null): Revision {
  const text = normaliseText(source);
  const { lines, open } = readLines(text.slice(0, -1));
  const bad = lines.find((line) => line.text.includes("\r") || line.text.includes("\0"));
  if (bad !== undefined)
    throw revisionInvalid(
      file,
      bad.number,
      "The line holds a bare carriage return or a zero byte.",
      "Take it out: what is read must be what runs.",
    );
  if (open !== null) throw revisionInvalid(file, open.line, `A ${open.what} begins here and does not end.`);
  const first = headerLength(lines.map((line) => line.text));
  const header = readHeader(lines.slice(0, first), file);
  const meta = readMeta(header, file, stem(file));
  const sections = readSections(lines.slice(first), file);
  const context = { file, runner: meta.runner, split };
  const revision: Revision = {
    ...meta,
    upgrade: readSteps(sections.get("upgrade") ?? [], context),
    downgrade: readSteps(sections.get("downgrade") ?? [], context),
    fill: readFill(header, sections, file),
    checksum: checksumOf(text),
    text,
    file,
  };
  const problem = bodyProblem(revision);
  if (problem !== null) throw revisionInvalid(file, null, problem);
  return revision;
}

/** `plans/0007-add-note.sql` → `add-note`; what is no letter or digit becomes a dash. */
function stem(file: string): string {
  const name = posix
    .basename(file.replaceAll("\\", "/"))
    .replace(/\.sql$/i, "")
    .replace(/^\d+[-_]/, "");
  return (
    name
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, "-")
      .replace(/^-+|-+$/g, "") || "revision"
  );
}

function readSections(lines: readonly Line[], file: string): Map<Section, Line[]> {
  const sections = new Map<Section, Line[]>();
  let current: Line[] = [];
  for (const line of lines) {
    const section = isStepStart(line, file) ? sectionOf(line.text) : null;
    if (section === null) {
      current.push(line);
      continue;
    }
    if (sections.has(section)) throw revisionInvalid(file, line.number, `There is a second section ${section}.`);
    current = [];
    sections.set(section, current);
  }
  const order = SECTIONS.filter((section) => sections.has(section));
  const found = [...sections.keys()];
  const misplaced = found.find((section, index) => section !== order[index]);
  if (misplaced !== undefined)
    throw revisionInvalid(
      file,
      null,
      `The sections are not in order: ${found.join(", ")}.`,
      `The order is: ${SECTIONS.join(", ")}.`,
    );
  for (const section of ["upgrade", "downgrade"] as const)
    if (!sections.has(section))
      throw revisionInvalid(
        file,
        lines.at(-1)?.number ?? 1,
        `There is no section ${section}.`,
        `Add a line -- ${section}, with nothing below it if there is nothing to run.`,
      );
  return sections;
}
