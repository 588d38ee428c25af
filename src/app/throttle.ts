/** `throttle` of the configuration file (or of the library): what people add to the signals that a backfill goes by. */
import { z } from "zod";
import { boundsFrom, type Declared } from "../backfill/throttle/declared.js";
import { isTaken, NAME } from "../backfill/throttle/names.js";
import { ChangeoverError } from "../errors.js";
import { loadParser, ParseError, splitStatements } from "../sql/split.js";
import type { SqlText } from "../sql/text.js";

const limit = z.number().positive();
const name = z
  .string()
  .regex(NAME, "a query's name has small letters, digits and hyphens")
  .refine((one) => !isTaken(one), "a signal has this name already");

export const THROTTLE = z.strictObject({
  queries: z
    .record(name, z.strictObject({ sql: z.string(), slow: limit.optional(), stop: limit.optional() }))
    .optional(),
  canary: z.strictObject({ sql: z.string(), slowMs: limit.optional(), stopMs: limit }).optional(),
});

/** As people write it. */
export type ThrottleInput = z.input<typeof THROTTLE>;

export type Fault = { readonly path: readonly string[]; readonly message: string };

/** Takes what is of the right form. Gives what is wrong with it beyond that, or what it declares. */
export async function readThrottle({ queries = {}, canary }: ThrottleInput): Promise<Declared | readonly Fault[]> {
  await loadParser();
  const faults: Fault[] = [];
  const statement = (path: readonly string[], text: string): SqlText[] => {
    const read = readStatement(text);
    if (!("fault" in read)) return [read.text];
    faults.push({ path: [...path, "sql"], message: read.fault });
    return [];
  };
  const inOrder = (path: readonly string[], key: string, slow: number | undefined, stop: number | undefined) => {
    if (slow !== undefined && (stop === undefined || slow > stop))
      faults.push({ path: [...path, key], message: "what slows it down has to be below what stops it" });
  };
  const declared: Declared = {
    queries: Object.entries(queries).flatMap(([name, { sql, slow, stop }]) => {
      const path = ["queries", name];
      inOrder(path, "slow", slow, stop);
      const bounds = stop === undefined ? null : boundsFrom(stop, slow ?? null);
      return statement(path, sql).map((text) => ({ name, sql: text, bounds }));
    }),
    canary: null,
  };
  if (canary === undefined) return faults.length > 0 ? faults : declared;
  const { sql, slowMs, stopMs } = canary;
  inOrder(["canary"], "slowMs", slowMs, stopMs);
  const [text] = statement(["canary"], sql);
  if (text === undefined || faults.length > 0) return faults;
  return { ...declared, canary: { sql: text, bounds: boundsFrom(stopMs, slowMs ?? null) } };
}

/** The same, for a program. Throws `usage`. */
export async function declaredIn(value: unknown, where: string): Promise<Declared> {
  const parsed = THROTTLE.safeParse(value);
  const read = parsed.success ? await readThrottle(parsed.data) : faultsOf(parsed.error);
  if (!isFaults(read)) return read;
  throw new ChangeoverError("usage", "The throttle's settings are not right.", {
    where,
    details: read.map(({ path, message }) => `${[where, ...path].join(".")}: ${message}`),
    hint: "Each query is one SELECT with its threshold (stop), the canary one with its milliseconds (stopMs).",
  });
}

export const isFaults = (read: Declared | readonly Fault[]): read is readonly Fault[] => Array.isArray(read);

export function faultsOf(error: z.ZodError): Fault[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.map(String);
    // Of a name, the reason is a level below.
    if (issue.code === "invalid_key") return issue.issues.map(({ message }) => ({ path, message }));
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((key) => ({ path: [...path, key], message: "is not known here" }));
    return [{ path, message: issue.message }];
  });
}

function readStatement(text: string): { readonly text: SqlText } | { readonly fault: string } {
  try {
    const [statement, ...others] = splitStatements(text);
    if (statement === undefined || others.length > 0 || statement.kind !== "SelectStmt")
      return { fault: "has to be one SELECT" };
    return statement;
  } catch (error) {
    if (error instanceof ParseError) return { fault: `is no SQL: ${error.message}` };
    throw error;
  }
}
