/** Names by SQL's identifier rules, and what to tell those who wrote one that is not. */
import { isSpeakable, MAX_NAME_BYTES, nameBytes, parseNameParts, type QualifiedName } from "../sql/identifier.js";
import type { Problem } from "./mistake.js";

/** One name, as the catalog spells it: folded to lower case unless it stands in SQL's "quotes". */
export function readName(text: string): string | Problem {
  const parts = readParts(text);
  if (!Array.isArray(parts)) return parts;
  const [name = "", ...more] = parts;
  if (more.length === 0) return name;
  return {
    message: `is ${text}, a name of ${parts.length} parts; expected a column's name alone.`,
    hint: text.includes('"')
      ? `Write ${shown(parts.at(-1) ?? "")}.`
      : `Write ${shown(parts.at(-1) ?? "")}, or ${yamlQuoted(`"${text.trim()}"`)} if the dot is part of the name.`,
  };
}

/** `table` (in the schema public) or `schema.table`. */
export function readTable(text: string): QualifiedName | Problem {
  const parts = readParts(text, (name) =>
    name
      .split(".")
      .map((part) => `"${part}"`)
      .join("."),
  );
  if (!Array.isArray(parts)) return parts;
  const [first = "", second, ...more] = parts;
  if (more.length > 0) {
    return {
      message: `is ${text}, a name of ${parts.length} parts; expected schema.table.`,
      hint: "Leave out the database's name, and name the column under `column`.",
    };
  }
  return second === undefined ? { schema: "public", name: first } : { schema: first, name: second };
}

function readParts(text: string, quoted = (name: string) => `"${name}"`): string[] | Problem {
  if (text.trim() === "") return { message: "is empty; expected a name.", hint: "Write the name." };
  const parts = parseNameParts(text);
  if (parts === null) return notAName(text, quoted);
  const long = parts.find((part) => nameBytes(part) > MAX_NAME_BYTES);
  if (long === undefined) return parts;
  return {
    message: `is too long: ${JSON.stringify(long)} has ${nameBytes(long)} bytes, and PostgreSQL keeps ${MAX_NAME_BYTES} of a name.`,
    hint: "Write a shorter name.",
  };
}

function notAName(text: string, quoted: (name: string) => string): Problem {
  const message = `is ${JSON.stringify(text)}, which is not a name in SQL.`;
  if (!isSpeakable(text)) return { message, hint: "Leave out the character that no name can hold." };
  if (text.includes('"'))
    return { message, hint: 'Close each quote that is opened, and double a " that is part of the name.' };
  return {
    message,
    hint: `If that is the name, put it in SQL's quotes, inside of YAML's: ${yamlQuoted(quoted(text.trim()))}.`,
  };
}

/** How to write in YAML what is, or holds, a name in SQL's quotes. */
export function yamlQuoted(sql: string): string {
  return `'${sql.replaceAll("'", "''")}'`;
}

function shown(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : yamlQuoted(`"${name.replaceAll('"', '""')}"`);
}

/**
 * YAML's quotes are not SQL's: in `column: "Total"` they are gone before SQL's rules fold the rest to total. Who wrote
 * them may have meant either, so that spelling is refused; unquoted, it is folded.
 */
export function foldsInQuotes(text: string): Problem | null {
  const outside = text.replace(/"(?:[^"]|"")*"/g, "");
  if (!/[A-Z]/.test(outside)) return null;
  const kept = text.includes('"')
    ? text
    : text
        .split(".")
        .map((part) => `"${part}"`)
        .join(".");
  const lower = text.replace(/"(?:[^"]|"")*"|[A-Z]+/g, (part) => (part.startsWith('"') ? part : part.toLowerCase()));
  return {
    message: `is ${JSON.stringify(text)} in YAML's quotes, which are not SQL's: does the name have capitals, or not?`,
    hint: `Write ${yamlQuoted(kept)} to keep them, or ${text.includes('"') ? yamlQuoted(lower) : lower}.`,
  };
}
