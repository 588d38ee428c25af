/** A revision as the text that a DBA reads: what `parse.ts` reads back to the same revision, or an error. */
import { isDeepStrictEqual } from "node:util";
import { printCondition, printExpectation, printLock, printServer, printTimeouts } from "./conditions.js";
import { BLOCK_NAMES, BLOCKS, type Block, type Key } from "./keys.js";
import { isText, printColumns, printName, printQualified, printText } from "./notation.js";
import { parseRevision } from "./parse.js";
import { bodyProblem, revisionInvalid } from "./problems.js";
import type { Fill, FillTransform, Revision, RevisionBody, Step } from "./revision.js";
import { closeStatement } from "./statement.js";

/** The longest first word, `changeover revision`: all values stand in one column. */
const KEY_WIDTH = 19;
const STEP_KEY_WIDTH = 8;

export type Printable = RevisionBody & Pick<Revision, "id" | "parents" | "dependsOn">;

/**
 * The file's text. Throws `revision-invalid` for a revision that this text could not carry (a statement with a line in
 * it that reads like a step's header between two statements, a carriage return, fields that contradict each other).
 */
export function printRevision(revision: Printable): string {
  const where = `${revision.plan ?? "revision"} ${revision.name}`;
  const problem = bodyProblem(revision);
  if (problem !== null) throw revisionInvalid(where, null, problem);
  let text: string;
  try {
    text = print(revision);
  } catch (error) {
    if (error instanceof RangeError) throw revisionInvalid(where, null, `It cannot be written down: ${error.message}.`);
    throw error;
  }
  if (text.includes("\r")) throw revisionInvalid(where, null, "It holds a carriage return, which checkouts change.");
  if (!isText(text) || text.includes("\0")) throw revisionInvalid(where, null, "It holds what no text file can.");
  assertSame(revision, text, where);
  return text;
}

/** What runs is what is read back: a statement that would not come back as it is must not be written. */
function assertSame(revision: Printable, text: string, where: string): void {
  const read: Printable = parseRevision(text, where);
  for (const field of Object.keys(read) as (keyof Printable)[]) {
    if (["checksum", "text", "file"].includes(field) || isDeepStrictEqual(plain(read[field]), plain(revision[field])))
      continue;
    throw revisionInvalid(where, null, `Its ${field} would read differently once written down.`);
  }
}

/** The values alone: neither prototypes nor keys that hold undefined are anyone's meaning. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function print(revision: Printable): string {
  return [
    ...headerLines(revision),
    "",
    "-- upgrade",
    ...revision.upgrade.flatMap(stepLines),
    ...(revision.fill === null ? [] : blockLines(revision.fill)),
    "",
    "-- downgrade",
    ...revision.downgrade.flatMap(stepLines),
    "",
  ].join("\n");
}

function headerLines(revision: Printable): string[] {
  const { scope, deploy, fill } = revision;
  const some = (key: Key, value: string | null) => (value === null ? [] : [keyed(key, value)]);
  const text = (value: string | null) => (value === null ? null : printText(value));
  return [
    keyed("changeover revision", revision.id),
    keyed("parent", printIds(revision.parents)),
    ...some("depends_on", revision.dependsOn.length === 0 ? null : printIds(revision.dependsOn)),
    ...some("plan", revision.plan),
    keyed("name", revision.name),
    ...some("change", text(revision.change)),
    keyed("title", printText(revision.title)),
    keyed("lane", revision.lane),
    ...some("phase", revision.phase),
    keyed("runner", revision.runner),
    ...some("scope", scope === null ? null : `${printQualified(scope.table)} (${printColumns(scope.columns)})`),
    ...some("scope added", scope?.added == null ? null : printName([scope.added])),
    ...some("scope not null", scope?.notNull == null ? null : printName([scope.notNull])),
    ...revision.expects.map((expectation) => keyed("expects", printExpectation(expectation))),
    ...revision.gate.map((condition) => keyed("gate", printCondition(condition))),
    ...revision.undoGate.map((condition) => keyed("undo gate", printCondition(condition))),
    ...some("deploy old", deploy === null ? null : printVerdict(deploy.oldCode)),
    ...some("deploy new", deploy === null ? null : printVerdict(deploy.newCode)),
    ...some("irreversible", text(revision.irreversible)),
    ...(fill === null
      ? []
      : [
          keyed("fill table", printQualified(fill.table)),
          keyed("fill strategy", `${fill.strategy}: ${printText(fill.reason)}`),
          ...transformLines(fill.transform),
          keyed("fill user triggers", fill.userTriggers),
          keyed("fill key", fill.key.length === 0 ? "ctid" : printColumns(fill.key)),
        ]),
  ];
}

function keyed(key: Key, value: string): string {
  return `-- ${key.padEnd(KEY_WIDTH)} ${value}`;
}

export function printIds(ids: readonly string[]): string {
  return ids.length === 0 ? "none" : ids.join(", ");
}

function printVerdict({ allowed, reason }: { readonly allowed: boolean; readonly reason: string }): string {
  return `${allowed ? "yes" : "no"}: ${printText(reason)}`;
}

function stepLines(step: Step): string[] {
  const server = printServer(step.server);
  const key = (name: string, value: string) => `--   ${name.padEnd(STEP_KEY_WIDTH)} ${value}`;
  return [
    "",
    `-- step ${step.name}${step.title === "" ? "" : `: ${printText(step.title)}`}`,
    ...step.locks.map((lock) => key("lock", printLock(lock))),
    key("timeout", printTimeouts(step)),
    key("work", step.work),
    ...(server === null ? [] : [key("server", server)]),
    ...(step.done === null ? [] : [key("done", printText(step.done))]),
    ...(step.each === undefined ? [] : [key("each", `leaf of ${printQualified(step.each)}`)]),
    ...(step.heals === null ? [] : [key("heals", printQualified(step.heals))]),
    closeStatement(step.sql),
  ];
}

function transformLines(transform: FillTransform | null): string[] {
  if (transform === null) return [];
  const { module, checksum, columns, type } = transform;
  return [
    keyed("fill transform", `${checksum} ${printText(module)}`),
    keyed("fill reads", printColumns(columns)),
    keyed("fill value", printText(type)),
  ];
}

function blockLines(fill: Fill): string[] {
  return BLOCK_NAMES.flatMap((block: Block) => {
    const statement = block === "cursor" || block === "write" ? (fill.transform?.[block] ?? null) : fill[block];
    return statement === null ? [] : ["", `-- ${block}: ${BLOCKS[block]}`, closeStatement(statement)];
  });
}
