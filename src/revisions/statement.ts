/** A statement's text as a section holds it, and as a step does: without the blank around it and its last semicolon. */
import { type SqlText, trusted } from "../sql/text.js";
import { readLines } from "./lines.js";

const BLANK_BEFORE = /^[ \t\n\f\v]+/;
const BLANK_AFTER = /[ \t\n\f\v]+$/;

export function trimStatement(text: string): SqlText {
  let trimmed = text.replace(BLANK_BEFORE, "").replace(BLANK_AFTER, "");
  while (trimmed.endsWith(";") && !endsInComment(trimmed)) trimmed = trimmed.slice(0, -1).replace(BLANK_AFTER, "");
  return trusted(trimmed, "reviewed");
}

/** Ends in `;`, on a line of its own where the text ends in a comment. */
export function closeStatement(text: SqlText): string {
  return endsInComment(text) ? `${text}\n;` : `${text};`;
}

/** Holds nothing that the server would run. */
export function isBlank(text: string): boolean {
  const { lines, open } = readLines(`${text}\n-- end`);
  const last = lines.at(-1);
  return open === null && last?.place === "free" && lines.every((line) => line.place === "free" && !runs(line.text));
}

/** On a line that starts between statements: something other than blanks and comments. A block comment counts. */
function runs(line: string): boolean {
  return !/^\s*(--.*)?$/s.test(line);
}

function endsInComment(text: string): boolean {
  const { lines, open } = readLines(text);
  return open === null && (lines.at(-1)?.endsInComment ?? false);
}
