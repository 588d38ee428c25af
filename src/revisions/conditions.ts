/** Gate conditions, locks, expectations and server versions as they are written in a header: one line each. */
import {
  parseDuration,
  parseName,
  parseQualifiedName,
  printDuration,
  printName,
  printQualified,
  quoteText,
} from "./notation.js";
import type { Expectation, GateCondition, LockMode, Step, StepLock } from "./revision.js";

export function printCondition(condition: GateCondition): string {
  switch (condition.kind) {
    case "quiet":
    case "idle":
      return `${condition.kind} ${condition.side} for ${printDuration(condition.soakSeconds * 1000)}`;
    case "verified":
      return condition.since === undefined ? "verified" : `verified since the ${condition.since}`;
    case "functions":
      return `functions ${printName([condition.table.schema, condition.table.name, condition.column])}`;
    default:
      return condition.kind;
  }
}

const PLAIN = ["backfill", "verified", "settled", "confirmed", "reversible"] as const;

/** Null when the text is no condition. */
export function parseCondition(text: string): GateCondition | null {
  const plain = PLAIN.find((kind) => kind === text);
  if (plain !== undefined) return { kind: plain };
  if (text === "verified since the confirm") return { kind: "verified", since: "confirm" };
  const silent = /^(quiet old|idle new) +for +(.+)$/.exec(text);
  if (silent !== null) {
    const ms = parseDuration(silent[2] ?? "");
    if (ms === null) return null;
    const soakSeconds = ms / 1000;
    return silent[1] === "quiet old"
      ? { kind: "quiet", side: "old", soakSeconds }
      : { kind: "idle", side: "new", soakSeconds };
  }
  const functions = /^functions +(.+)$/.exec(text);
  const [schema, name, column] = parseName(functions?.[1] ?? "", 3) ?? [];
  if (schema === undefined || name === undefined || column === undefined) return null;
  return { kind: "functions", table: { schema, name }, column };
}

const LOCK_MODES: readonly LockMode[] = [
  "ACCESS SHARE",
  "ROW SHARE",
  "ROW EXCLUSIVE",
  "SHARE UPDATE EXCLUSIVE",
  "SHARE",
  "SHARE ROW EXCLUSIVE",
  "EXCLUSIVE",
  "ACCESS EXCLUSIVE",
];

export function printLock(lock: StepLock): string {
  return `${lock.mode} on ${printQualified(lock.table)}`;
}

export function parseLock(text: string): StepLock | null {
  const match = /^([A-Za-z ]+?) +on +(.+)$/.exec(text);
  const mode = LOCK_MODES.find((candidate) => candidate === match?.[1]?.toUpperCase());
  const table = parseQualifiedName(match?.[2] ?? "");
  return mode === undefined || table === null ? null : { mode, table };
}

/** Kind, name, hash. A name with a blank or a quote in it is quoted like an identifier. */
export function printExpectation({ kind, name, hash }: Expectation): string {
  if (!/^[a-z]+(?:[ -][a-z]+)*$/.test(kind)) throw new RangeError(`not a kind of object: ${kind}`);
  if (hash !== null && !/^[0-9a-f]+$/.test(hash)) throw new RangeError(`not a hash: ${hash}`);
  const plain = /^[^\s"\p{C}]+$/u.test(name);
  return `${kind} ${plain ? name : quoteText(name)} ${hash ?? "absent"}`;
}

export function parseExpectation(text: string): Expectation | null {
  const match = /^([a-z]+(?:[ -][a-z]+)*?) +("(?:[^"\\]|\\.)*"|[^\s"]+) +(absent|[0-9a-f]+)$/.exec(text);
  const [, kind, name, hash] = match ?? [];
  if (kind === undefined || name === undefined || hash === undefined) return null;
  const unquoted = name.startsWith('"') ? parseJsonString(name) : name;
  return unquoted === null ? null : { kind, name: unquoted, hash: hash === "absent" ? null : hash };
}

function parseJsonString(text: string): string | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? value : null;
  } catch {
    return null;
  }
}

export function printServer({ from, below }: Step["server"]): string | null {
  const parts = [...(from === undefined ? [] : [`>= ${from}`]), ...(below === undefined ? [] : [`< ${below}`])];
  return parts.length === 0 ? null : parts.join(", ");
}

export function parseServer(text: string): Step["server"] | null {
  const match = /^(?:>= *(\d+))?(?: *, *)?(?:< *(\d+))?$/.exec(text);
  if (match === null || text === "") return null;
  const [, from, below] = match;
  if (from === undefined && below === undefined) return null;
  return {
    ...(from === undefined ? {} : { from: Number(from) }),
    ...(below === undefined ? {} : { below: Number(below) }),
  };
}

export function printTimeout(ms: number): string {
  return ms === 0 ? "none" : printDuration(ms);
}

export function printTimeouts(step: Pick<Step, "lockTimeoutMs" | "statementTimeoutMs">): string {
  return `lock ${printTimeout(step.lockTimeoutMs)}, statement ${printTimeout(step.statementTimeoutMs)}`;
}

export function parseTimeouts(text: string): Pick<Step, "lockTimeoutMs" | "statementTimeoutMs"> | null {
  const match = /^lock +(.+?) *, *statement +(.+)$/.exec(text);
  if (match === null) return null;
  const [lockTimeoutMs, statementTimeoutMs] = [match[1], match[2]].map((part = "") =>
    part === "none" ? 0 : parseDuration(part),
  );
  if (lockTimeoutMs === undefined || statementTimeoutMs === undefined) return null;
  return lockTimeoutMs === null || statementTimeoutMs === null ? null : { lockTimeoutMs, statementTimeoutMs };
}
