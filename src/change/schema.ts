/**
 * The keys of a `change.yaml`, said once: what `parse.ts` checks, what its messages expect, what the scaffold explains,
 * and the JSON Schema by which editors complete and check the file while it is written.
 */
import { z } from "zod";
import { readDuration } from "./duration.js";
import { readConversion, readFallback, readFill } from "./fill.js";
import { HAZARD_NAMES, HAZARDS } from "./hazards.js";
import type { Problem } from "./mistake.js";
import { readName, readTable } from "./names.js";
import { readType } from "./type.js";

export type KeyDoc = {
  readonly title: string;
  /** what messages say was expected */
  readonly expected: string;
  readonly description: string;
  /** as written in YAML */
  readonly examples: readonly [string, ...string[]];
};

const NAMES =
  "Names follow SQL's rules: Total means total; write '\"Total\"' (SQL's quotes inside of YAML's) to keep capitals.";

export const KEYS = {
  change: {
    title: "Kind of change",
    expected: "the kind of change",
    description:
      "What to do: rename_column gives a column a new name, set_not_null makes a column refuse NULL, change_type gives it another type.",
    examples: ["rename_column", "set_not_null", "change_type"],
  },
  table: {
    title: "Table",
    expected: "the table's name",
    description: `The table, with its schema (without one: public). ${NAMES}`,
    examples: ["app.orders", "'app.\"Orders\"'"],
  },
  column: {
    title: "Column",
    expected: "the column's name",
    description: "The column as it is called today, without its table.",
    examples: ["total", "'\"Total\"'"],
  },
  to: {
    title: "New name",
    expected: "the column's new name",
    description: "What the column will be called. Old and new code may run at once; both names work until contract.",
    examples: ["amount"],
  },
  fill: {
    title: "Fill",
    expected: "a SQL expression over the row's columns",
    description:
      "A SQL expression over the row's other columns: the value for rows that hold NULL, and for writers that still send it. Without it NULLs are listed, not filled.",
    examples: ["0", "\"'new'\"", "coalesce(net, 0) + tax"],
  },
  type: {
    title: "New type",
    expected: "a type",
    description: "The type that the column will have, as in CREATE TABLE; types of your own with their schema.",
    examples: ["bigint", "numeric(12, 2)", "app.mood"],
  },
  using: {
    title: "Using",
    expected: "a SQL expression over the column",
    description:
      "A SQL expression over the column, which stands for its old value: the new value. Left out: the value cast to the new type.",
    examples: ["total::bigint", "(total * 100)::bigint"],
  },
  reverse: {
    title: "Reverse",
    expected: "a SQL expression over the column",
    description:
      "The way back: a SQL expression over the column, which stands for its new value here: the old value. It keeps the old column in step after the switch, so that the switch can be undone. Left out: the value cast to the old type.",
    examples: ["total::integer", "total / 100.0"],
  },
  fallback: {
    title: "Fallback",
    expected: "a SQL value",
    description:
      "What the old column gets for a value that reverse cannot give back (the write goes through, and the undo closes). Left out: NULL.",
    examples: ["0", "\"''\""],
  },
  allow: {
    title: "Hazards accepted",
    expected: "a list of hazards",
    description:
      "Hazards that you accept, by name: what no tool can take away. Planning names those that arise on this table, and refuses until they stand here.",
    examples: ["[explicit-null]"],
  },
  on_user_triggers: {
    title: "Your own row triggers",
    expected: "refuse, fire or bypass",
    description:
      "The backfill writes every row, so row triggers of yours would fire for each: refuse (default) names them and stops, fire lets them, bypass keeps them still for the batches alone.",
    examples: ["refuse", "fire", "bypass"],
  },
  soak: {
    title: "Soak",
    expected: "a duration",
    description:
      "How long nobody may have been seen writing the old side before it is dropped: a number with its unit, s, m, h, d or w. 0s: no waiting.",
    examples: ["24h", "30m", "0s"],
  },
} as const satisfies Record<string, KeyDoc>;

export type Key = keyof typeof KEYS;
export const DEFAULT_SOAK = "24h";

/** A key's documentation as the JSON Schema shows it. */
function doc(key: Key) {
  const { title, description } = KEYS[key];
  return { title, description, examples: KEYS[key].examples.map((example) => example.replace(/^(['"])(.*)\1$/, "$2")) };
}

/** Turns a reader that answers with a value or a problem into a transform; the problem travels in the issue. */
function reads<T extends string | number | object>(read: (text: string) => T | Problem) {
  return (text: string, context: z.core.$RefinementCtx): T => {
    const result = read(text);
    if (!isProblem(result)) return result;
    context.issues.push({ code: "custom", input: text, message: result.message, params: { problem: result } });
    return z.NEVER;
  };
}

export function isProblem(value: unknown): value is Problem {
  return typeof value === "object" && value !== null && "message" in value && "hint" in value;
}

const name = (key: Key) => z.string().meta(doc(key)).transform(reads(readName));
const common = {
  table: z.string().meta(doc("table")).transform(reads(readTable)),
  column: name("column"),
  allow: z
    .array(z.enum(HAZARD_NAMES).meta({ enumDescriptions: HAZARD_NAMES.map((hazard) => HAZARDS[hazard].sentence) }))
    .meta({ ...doc("allow"), examples: [["explicit-null"]] })
    .default([]),
  on_user_triggers: z.enum(["refuse", "fire", "bypass"]).meta(doc("on_user_triggers")).default("refuse"),
  soak: z
    .string()
    .meta({ ...doc("soak"), pattern: "^([0-9]+(\\.[0-9]+)?[smhdw] ?)+$" })
    .default(DEFAULT_SOAK)
    .transform(reads(readDuration)),
};

/** One object for each kind; a key in another kind's alone is refused by name. */
export const KINDS = {
  rename_column: z.strictObject({
    change: z.literal("rename_column").meta({ ...doc("change"), examples: ["rename_column"] }),
    ...common,
    to: name("to"),
  }),
  set_not_null: z.strictObject({
    change: z.literal("set_not_null").meta({ ...doc("change"), examples: ["set_not_null"] }),
    ...common,
    fill: z
      .string()
      // A bare number or boolean is read as it is written: `fill: 0`.
      .meta({ ...doc("fill"), type: ["string", "number", "boolean"] })
      .transform(reads(readFill))
      .optional(),
  }),
  change_type: z.strictObject({
    change: z.literal("change_type").meta({ ...doc("change"), examples: ["change_type"] }),
    ...common,
    type: z.string().meta(doc("type")).transform(reads(readType)),
    using: z.string().meta(doc("using")).transform(reads(readConversion)).optional(),
    reverse: z.string().meta(doc("reverse")).transform(reads(readConversion)).optional(),
    fallback: z
      .string()
      .meta({ ...doc("fallback"), type: ["string", "number", "boolean"] })
      .transform(reads(readFallback))
      .optional(),
  }),
} as const;

/** What can be said of a file whose kind is not known. */
export const ANY_KIND = z.object(common);

export type ChangeDeclaration = z.output<(typeof KINDS)[keyof typeof KINDS]>;

/** The JSON Schema (draft 7, which editors' YAML servers read) of a `change.yaml`. */
export function changeJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(
    z.discriminatedUnion("change", [KINDS.rename_column, KINDS.set_not_null, KINDS.change_type]),
    {
      io: "input",
      target: "draft-7",
    },
  );
  return {
    ...schema,
    title: "changeover: one change",
    description:
      "One risky change to one column, split by changeover into small revisions for a rollout without downtime.",
  };
}
