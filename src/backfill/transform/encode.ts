/** What a transform gives, as the text that the server reads as the column's type; or why there is none. Pure. */
import type { Trouble } from "../quarantine/verdict.js";

/**
 * SQLSTATEs of what goes wrong outside of the server: those that SQL has for routines that are not written in it. The
 * server itself gives them for functions in other languages alone.
 */
export const TRANSFORM_STATES = {
  /** external_routine_exception: it threw, or did not answer */
  threw: "38000",
  /** null_value_not_allowed */
  nothing: "39004",
  /** external_routine_invocation_exception: what it gave is no value that could be sent */
  unfit: "39000",
} as const;

export type Encoded = { readonly text: string } | { readonly trouble: Trouble };

/** `type`: what the text will be read as, as the server prints it. */
export function encode(value: unknown, type: string): Encoded {
  if (value === null || value === undefined)
    return trouble(TRANSFORM_STATES.nothing, `transform gave ${value}, so that the row stays as it is`);
  try {
    const text = textOf(value, isJson(type));
    if (text === null)
      return trouble(TRANSFORM_STATES.unfit, `transform gave ${article(typeof value)}, which is no value`);
    // The driver would send something else in its place.
    return /\p{Cs}/u.test(text)
      ? trouble(TRANSFORM_STATES.unfit, "transform gave a text with half a character")
      : { text };
  } catch (error) {
    return trouble(TRANSFORM_STATES.unfit, `transform gave what cannot be written down: ${messageOf(error)}`);
  }
}

/** Of what was thrown, whatever it is. */
export function thrown(error: unknown): Trouble {
  const name = error instanceof Error && error.name !== "Error" ? `${error.name}: ` : "";
  return { sqlstate: TRANSFORM_STATES.threw, message: `transform threw ${name}${messageOf(error)}` };
}

export function isJson(type: string): boolean {
  return type === "json" || type === "jsonb";
}

const trouble = (sqlstate: string, message: string): Encoded => ({ trouble: { sqlstate, message } });

function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? error.message : String(error);
  } catch {
    return "something that cannot be printed";
  }
}

const article = (type: string) => `a ${type}`;

/** null: there is none. A string is taken as it is, as JSON, too. */
function textOf(value: unknown, json: boolean): string | null {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null) return null;
  if (!json) {
    if (value instanceof Date) return value.toISOString();
    if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString("hex")}`;
    if (Array.isArray(value)) return arrayText(value);
  }
  return JSON.stringify(value) ?? null;
}

/** As the server writes arrays: `{1,NULL,"a b"}`, elements of elements in braces of their own. */
function arrayText(values: readonly unknown[]): string {
  const element = (value: unknown): string => {
    if (value === null || value === undefined) return "NULL";
    if (Array.isArray(value)) return arrayText(value);
    const text = textOf(value, false);
    if (text === null) throw new TypeError(`an element is ${article(typeof value)}`);
    return `"${text.replace(/["\\]/g, "\\$&")}"`;
  };
  return `{${values.map(element).join(",")}}`;
}
