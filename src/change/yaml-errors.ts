/** YAML's own errors, said to someone who wrote SQL into it. */
import { type Document, Scalar, visit, type YAMLError } from "yaml";
import type { Mistake } from "./mistake.js";

/** One mistake a line, and none below one that leaves YAML lost: what follows is mostly its echo. */
export function syntaxMistakes(document: Document.Parsed, text: string): readonly Mistake[] {
  const found: Mistake[] = [];
  const seen = new Set<number>();
  // An indented key reads as the value's second line; that it "nests" is the lesser half of the story.
  const folded = document.errors.find((error) => error.code === "MULTILINE_IMPLICIT_KEY");
  const errors = document.errors.filter((error) => error === folded || error.pos[0] !== folded?.pos[0]);
  for (const error of errors) {
    const mistake = explain(error, text, document);
    const line = text.lastIndexOf("\n", mistake.offset - 1);
    if (!seen.has(line)) found.push(mistake);
    seen.add(line);
    if (LOST.includes(error.code)) break;
  }
  const version = document.directives?.yaml;
  if (found.length === 0 && version?.explicit === true && version.version !== "1.2") {
    found.push({
      message: `the file asks for YAML ${version.version}, in which words such as yes and no are not text.`,
      hint: "Remove the %YAML line.",
      offset: 0,
    });
  }
  return found;
}

const LOST: readonly YAMLError["code"][] = ["UNEXPECTED_TOKEN", "BAD_SCALAR_START", "MISSING_CHAR"];

function explain(error: YAMLError, text: string, document: Document.Parsed): Mistake {
  const offset = Math.min(error.pos[0], text.length);
  switch (error.code) {
    case "DUPLICATE_KEY":
      return {
        message: `\`${/^["']?([^\s:"']*)/.exec(text.slice(offset))?.[1] ?? ""}\` is given twice.`,
        hint: "Remove one of them.",
        offset,
      };
    case "TAB_AS_INDENT":
      return {
        message: "a tab at the start of a line, where YAML takes spaces.",
        hint: "Replace it by spaces.",
        offset,
      };
    case "MULTIPLE_DOCS":
      return {
        message: "a second document begins here.",
        hint: "Declare one change a file, each in a plan of its own.",
        offset,
      };
    case "MISSING_CHAR": {
      const opened = openedBefore(document, offset);
      if (opened === null) return other(error, offset);
      const hint = "Close it with the same quote; inside of single quotes, write a quote twice.";
      return { message: "a quote is opened here and not closed.", hint, offset: opened };
    }
    case "MULTILINE_IMPLICIT_KEY": {
      const indented = offset + (text.slice(offset).search(/\n[ \t]*\S/) + 1);
      return {
        message: "an indented line with a colon, which YAML reads as part of the value above.",
        hint: "Start each key in the first column, and put a value of several lines under `key: |`.",
        offset: indented + text.slice(indented).search(/\S/),
      };
    }
    case "UNEXPECTED_TOKEN":
      return unquoted("the value goes on after its closing quote.", error, text, offset);
    case "BAD_SCALAR_START":
      return unquoted(`a value in YAML cannot begin with ${text.charAt(offset)}.`, error, text, offset);
    case "BLOCK_AS_IMPLICIT_KEY":
      return unquoted("a colon and a space, which YAML takes for a key inside of the value.", error, text, offset);
    default:
      return other(error, offset);
  }
}

function other(error: YAMLError, offset: number): Mistake {
  const hint = "Close what is open, and start each key in the first column.";
  return { message: `not valid YAML: ${lowerFirst(error.message)}.`, hint, offset };
}

/** Where the quoted value begins that has not ended at this place. */
function openedBefore(document: Document.Parsed, offset: number): number | null {
  let found: number | null = null;
  visit(document, {
    Scalar: (_key, { type, range }) => {
      const quoted = type === Scalar.QUOTE_DOUBLE || type === Scalar.QUOTE_SINGLE;
      if (quoted && range && range[0] < offset && range[1] >= offset) found = range[0];
    },
  });
  return found;
}

/** A value whose beginning or middle means something to YAML: mostly SQL with its own quotes or a colon. */
function unquoted(message: string, error: YAMLError, text: string, offset: number): Mistake {
  const lineStart = text.lastIndexOf("\n", offset - 1) + 1;
  const line = text.slice(lineStart).split(/\r?\n/, 1)[0] ?? "";
  const [, key, value] = /^([\w-]+):[ \t]+(\S.*?)[ \t]*$/.exec(line) ?? [];
  if (key === undefined || value === undefined) return other(error, offset);
  return { message, hint: `Put the whole value in quotes: ${key}: ${quote(value)}`, offset };
}

function quote(value: string): string {
  return /["\\]/.test(value) ? `'${value.replaceAll("'", "''")}'` : `"${value}"`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
