/** The steps of a section: `-- step name: title`, its keys, its SQL. */
import { type SqlText, trusted } from "../sql/text.js";
import { parseLock, parseServer, parseTimeouts } from "./conditions.js";
import { isMarker, STEP_KEYS, type StepKey, stepLine } from "./keys.js";
import type { Line } from "./lines.js";
import { parseQualifiedName, parseText } from "./notation.js";
import { revisionInvalid } from "./problems.js";
import type { RunnerKind, Step, StepWork } from "./revision.js";
import { isBlank, trimStatement } from "./statement.js";

/** Splits a text into its statements with a real parser; `sql/split.ts` has one. */
export type Split = (text: string) => readonly { readonly text: SqlText; readonly offset: number }[];

export type StepContext = { readonly file: string; readonly runner: RunnerKind; readonly split: Split | null };

/** A step that says nothing about time: long enough for DDL, short enough not to hold the application up. */
const TRANSACTIONAL = { lockTimeoutMs: 2000, statementTimeoutMs: 30_000 };
/** CONCURRENTLY and VALIDATE take as long as they take, and let reads and writes go on. */
const AUTOCOMMIT = { lockTimeoutMs: 0, statementTimeoutMs: 0 };

export function readSteps(lines: readonly Line[], context: StepContext): Step[] {
  const starts = lines.flatMap((line, index) => (isStepStart(line, context.file) ? [index] : []));
  const before = lines.slice(0, starts[0] ?? lines.length);
  if (starts.length === 0) return plainSteps(before, context);
  const stray = before.find((line) => !isBlank(line.text));
  if (stray !== undefined)
    throw revisionInvalid(
      context.file,
      stray.number,
      "SQL stands before the section's first step.",
      "Give it a line -- step <name> of its own.",
    );
  return starts.map((start, n) => readStep(lines.slice(start, starts[n + 1] ?? lines.length), context));
}

/** Throws for a marker in the middle of a statement: the statement before it has lost its semicolon. */
export function isStepStart(line: Line, file: string): boolean {
  if (!isMarker(line.text) || line.place === "quoted") return false;
  if (line.place === "free") return true;
  throw revisionInvalid(
    file,
    line.number,
    `The statement that begins on line ${line.since} has not ended before ${line.text.trim()}.`,
    "End it with a semicolon.",
  );
}

function readStep(lines: readonly Line[], context: StepContext): Step {
  const { file } = context;
  const [first, ...rest] = lines;
  const line = first?.number ?? 0;
  const head = stepLine(first?.text ?? "");
  if (head?.name == null)
    throw revisionInvalid(file, line, "This is no step's header.", "Write: -- step <name>: <title>");
  const end = rest.findIndex((candidate) => !candidate.text.startsWith("--   "));
  const keys = end === -1 ? rest : rest.slice(0, end);
  const body = end === -1 ? [] : rest.slice(end);
  const step: Step = {
    name: head.name,
    title: parseText(head.title),
    sql: trimStatement(body.map((part) => part.text).join("\n")),
    ...defaults(context.runner),
  };
  const read = keys.reduce((sofar, key) => withKey(sofar, key, file), step);
  if (isBlank(read.sql)) throw revisionInvalid(file, line, `The step ${read.name} has no statement.`);
  return read;
}

function defaults(runner: RunnerKind): Omit<Step, "name" | "title" | "sql"> {
  const timeouts = runner === "autocommit" ? AUTOCOMMIT : TRANSACTIONAL;
  return { locks: [], ...timeouts, work: "catalog", server: {}, done: null, heals: null };
}

const KEY_LINE = new RegExp(`^-- {3}(${STEP_KEYS.join("|")})[ \\t]+(.*?)[ \\t]*$`, "s");
const WORKS: readonly StepWork[] = ["catalog", "scan", "build", "rows"];

function withKey(step: Step, line: Line, file: string): Step {
  const match = KEY_LINE.exec(line.text);
  const key = STEP_KEYS.find((candidate) => candidate === match?.[1]);
  if (key === undefined)
    throw revisionInvalid(
      file,
      line.number,
      `A step has no line for ${JSON.stringify(line.text)}.`,
      `Known: ${STEP_KEYS.join(", ")}.`,
    );
  const value = match?.[2] ?? "";
  const read = readKey(key, value, step);
  if (read === null) throw revisionInvalid(file, line.number, `This is no ${key}: ${value}`, EXAMPLES[key]);
  return { ...step, ...read };
}

const EXAMPLES: Record<StepKey, string> = {
  lock: "Write for example: ACCESS EXCLUSIVE on app.orders",
  timeout: "Write for example: lock 2s, statement 5s (none for no limit)",
  work: `One of: ${WORKS.join(", ")}`,
  server: "Write for example: >= 18, or < 18",
  done: "Write a query of one line that yields one boolean.",
  each: "Write for example: leaf of app.orders",
  heals: "Write the index's name with its schema: app.orders_total_idx",
};

function readKey(key: StepKey, value: string, step: Step): Partial<Step> | null {
  switch (key) {
    case "lock": {
      const lock = parseLock(value);
      return lock === null ? null : { locks: [...step.locks, lock] };
    }
    case "timeout":
      return parseTimeouts(value);
    case "work": {
      const work = WORKS.find((candidate) => candidate === value);
      return work === undefined ? null : { work };
    }
    case "server": {
      const server = parseServer(value);
      return server === null ? null : { server };
    }
    case "done":
      return value === "" ? null : { done: trusted(parseText(value), "reviewed") };
    case "each": {
      const each = parseQualifiedName(/^leaf +of +(.*)$/s.exec(value)?.[1] ?? "");
      return each === null ? null : { each };
    }
    case "heals": {
      const heals = parseQualifiedName(value);
      return heals === null ? null : { heals };
    }
  }
}

/** Plain SQL without steps, as people write it: one step, or outside a transaction one for each statement. */
function plainSteps(lines: readonly Line[], { file, runner, split }: StepContext): Step[] {
  const text = lines.map((line) => line.text).join("\n");
  if (isBlank(text)) return [];
  if (runner !== "autocommit") return [{ name: "main", title: "", sql: trimStatement(text), ...defaults(runner) }];
  if (split === null)
    throw revisionInvalid(
      file,
      lines[0]?.number ?? null,
      "Statements that run outside a transaction need a step each.",
      "Begin each with a line -- step <name>.",
    );
  return split(text).map((statement, index) => ({
    name: `statement-${index + 1}`,
    title: "",
    sql: trimStatement(statement.text),
    ...defaults(runner),
  }));
}
