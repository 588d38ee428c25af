import { isSpeakable } from "./identifier.js";
import { join, type SqlText, sql, trusted } from "./text.js";

/**
 * Quotes a string as `quote_literal` does: safe with standard_conforming_strings on or off. The space before an E keeps
 * it from joining a word before it.
 */
export function literal(value: string): SqlText {
  if (!isSpeakable(value)) throw new RangeError("a literal cannot hold a zero byte or half a surrogate pair");
  const doubled = value.replaceAll("'", "''");
  return trusted(doubled.includes("\\") ? ` E'${doubled.replaceAll("\\", "\\\\")}'` : `'${doubled}'`, "constant");
}

export function integer(value: number | bigint): SqlText {
  if (typeof value === "number" && !Number.isSafeInteger(value)) throw new RangeError(`not an integer: ${value}`);
  return trusted(String(value), "constant");
}

export function textArray(values: readonly string[]): SqlText {
  return sql`array[${join(values.map(literal))}]::text[]`;
}

/** Dollar-quotes a function body with a tag that does not occur in it, nor where its end meets the closing tag. */
export function dollarQuote(body: string): SqlText {
  let tag = "$$";
  for (let n = 0; (body + tag).indexOf(tag) < body.length; n += 1) tag = `$body${n}$`;
  return trusted(`${tag}${body}${tag}`, "constant");
}
