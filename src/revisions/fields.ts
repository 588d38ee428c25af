/** A header's entries as the fields of a revision. */
import type { SqlText } from "../sql/text.js";
import { parseCondition, parseExpectation } from "./conditions.js";
import type { Entry, Header } from "./header.js";
import { BLOCK_NAMES, type Block, type Key, type Section } from "./keys.js";
import type { Line } from "./lines.js";
import { parseColumns, parseName, parseQualifiedName, parseText } from "./notation.js";
import { ID, revisionInvalid } from "./problems.js";
import {
  type Deploy,
  type Fill,
  type FillTransform,
  PHASES,
  type Revision,
  type Scope,
  STRATEGIES,
} from "./revision.js";
import { isBlank, trimStatement } from "./statement.js";

export type Meta = Omit<Revision, "upgrade" | "downgrade" | "fill" | "checksum" | "text" | "file">;

/** `name` is what a hand-written file without a name is called. */
export function readMeta(header: Header, file: string, name: string): Meta {
  const optional = <T>(key: Key, read: (entry: Entry) => T) => {
    const entry = header.one(key);
    return entry === null ? null : read(entry);
  };
  const plan = optional("plan", (entry) => entry.value);
  const needed = (key: Key) => {
    if (plan === null || header.one(key) !== null) return;
    throw revisionInvalid(file, 1, `A plan's revision has a line for ${key}, and this one has none.`);
  };
  for (const key of ["name", "lane", "phase", "runner"] as const) needed(key);
  const called = optional("name", (entry) => entry.value) ?? name;
  const parent = header.one("parent");
  if (parent === null)
    throw revisionInvalid(
      file,
      1,
      "The revision names no parent.",
      "Add -- parent <id>, or -- parent none for the first one.",
    );
  return {
    id: readIds(header.one("changeover revision") ?? parent, 1)[0] ?? "",
    parents: readIds(parent),
    dependsOn: optional("depends_on", (entry) => readIds(entry)) ?? [],
    plan,
    name: called,
    title: optional("title", (entry) => parseText(entry.value)) ?? called.replaceAll(/[-_]/g, " "),
    change: optional("change", (entry) => parseText(entry.value)),
    lane: optional("lane", (entry) => oneOf(entry, ["trunk", "tail"])) ?? "trunk",
    phase: optional("phase", (entry) => oneOf(entry, PHASES)),
    runner: optional("runner", (entry) => oneOf(entry, ["transactional", "autocommit", "backfill"])) ?? "transactional",
    scope: readScope(header),
    expects: header
      .all("expects")
      .map((entry) => must(entry, parseExpectation, "a kind, a name and a hash (or absent)")),
    gate: header.all("gate").map((entry) => must(entry, parseCondition, CONDITIONS)),
    undoGate: header.all("undo gate").map((entry) => must(entry, parseCondition, CONDITIONS)),
    deploy: readDeploy(header),
    irreversible: optional("irreversible", (entry) => parseText(entry.value)),
  };
}

const CONDITIONS =
  "one of backfill, verified, settled, confirmed, quiet old for 24h, idle new for 24h, functions schema.table.column";

function must<T>(entry: Entry, read: (text: string) => T | null, what: string): T {
  const value = read(entry.value);
  if (value === null) throw entry.error(`${JSON.stringify(entry.value)} is not ${what}.`);
  return value;
}

function oneOf<T extends string>(entry: Entry, choices: readonly T[]): T {
  const choice = choices.find((candidate) => candidate === entry.value);
  if (choice === undefined) throw entry.error(`${JSON.stringify(entry.value)} is not one of ${choices.join(", ")}.`);
  return choice;
}

function readIds(entry: Entry, count?: number): string[] {
  if (entry.value === "none" && count === undefined) return [];
  const ids = entry.value.split(",").map((id) => id.trim());
  const bad = ids.find((id) => !ID.test(id));
  if (bad !== undefined)
    throw entry.error(`${JSON.stringify(bad)} is no revision's id.`, "An id is 12 hex digits; give it in full.");
  if (new Set(ids).size < ids.length) throw entry.error("It names one revision twice.");
  if (count !== undefined && ids.length !== count) throw entry.error("A file has one id.");
  return ids;
}

function readScope(header: Header): Scope | null {
  const entry = header.one("scope");
  const column = (key: Key) => {
    const own = header.one(key);
    if (own !== null && entry === null) throw own.error(`There is a ${key}, but no scope.`);
    return own === null ? null : (must(own, (text) => parseName(text, 1), "a column's name")[0] ?? null);
  };
  const [added, notNull] = [column("scope added"), column("scope not null")];
  if (entry === null) return null;
  const split = splitScope(entry.value);
  if (split === null) throw entry.error("A scope is a table and its columns: app.orders (total, currency).");
  return { ...split, added, notNull };
}

/** At the first ` (` that leaves a name before it and a list of names after it. */
function splitScope(text: string): Pick<Scope, "table" | "columns"> | null {
  for (let at = text.indexOf(" ("); at !== -1; at = text.indexOf(" (", at + 1)) {
    const table = parseQualifiedName(text.slice(0, at));
    const inside = text.slice(at + 2, -1);
    const columns = inside === "" ? [] : parseColumns(inside);
    if (table !== null && columns !== null && text.endsWith(")")) return { table, columns };
  }
  return null;
}

function readDeploy(header: Header): Deploy | null {
  const [oldCode, newCode] = [header.one("deploy old"), header.one("deploy new")];
  if (oldCode === null && newCode === null) return null;
  const missing = oldCode === null ? newCode : newCode === null ? oldCode : null;
  if (oldCode === null || newCode === null)
    throw (missing as Entry).error("There is a line for deploy old and one for deploy new, or neither.");
  return { oldCode: readVerdict(oldCode), newCode: readVerdict(newCode) };
}

function readVerdict(entry: Entry): { allowed: boolean; reason: string } {
  const match = /^(yes|no): *(.*)$/.exec(entry.value);
  if (match === null) throw entry.error("Write yes or no and why: yes: what it writes is mirrored.");
  return { allowed: match[1] === "yes", reason: parseText(match[2] ?? "") };
}

export function readFill(header: Header, sections: ReadonlyMap<Section, readonly Line[]>, file: string): Fill | null {
  const table = header.one("fill table");
  const stray = BLOCK_NAMES.find((block) => sections.has(block));
  if (table === null) {
    if (stray === undefined) return null;
    throw revisionInvalid(
      file,
      sections.get(stray)?.[0]?.number ?? 1,
      `There is a section ${stray}, but no -- fill table.`,
    );
  }
  const part = <T>(key: Key, read: (entry: Entry) => T): T => {
    const entry = header.one(key);
    if (entry === null) throw table.error(`A fill has a line for ${key}, and this one has none.`);
    return read(entry);
  };
  const block = (name: Block): SqlText | null => {
    const lines = sections.get(name);
    if (lines === undefined) return null;
    const text = trimStatement(lines.map((line) => line.text).join("\n"));
    if (isBlank(text)) throw revisionInvalid(file, lines[0]?.number ?? 1, `The section ${name} has no statement.`);
    return text;
  };
  const required = (name: Block): SqlText => {
    const text = block(name);
    if (text === null) throw table.error(`A fill has a section ${name}, and this one has none.`);
    return text;
  };
  const half = (["cursor", "write"] as const).find((name) => sections.has(name));
  if (half !== undefined && header.one("fill transform") === null)
    throw table.error(`There is a section ${half}, but no -- fill transform.`);
  return {
    table: must(table, parseQualifiedName, "a table's name with its schema"),
    ...part("fill strategy", readStrategy),
    transform: readTransform(header, required),
    userTriggers: part("fill user triggers", (entry) => oneOf(entry, ["none", "fire", "bypass"])),
    key: part("fill key", (entry) => (entry.value === "ctid" ? [] : must(entry, parseColumns, "a list of columns"))),
    batch: block("batch"),
    left: required("left"),
    due: required("due"),
    one: block("one"),
    verify: required("verify"),
    mismatches: required("mismatches"),
    forth: block("forth"),
    back: block("back"),
  };
}

/** `cursor: why` */
function readStrategy(entry: Entry): Pick<Fill, "strategy" | "reason"> {
  const match = /^(\S+?): *(.*)$/.exec(entry.value);
  const strategy = STRATEGIES.find((known) => known === match?.[1]);
  if (strategy === undefined) throw entry.error(`Write ${STRATEGIES.join(" or ")} and why: windows: heap reads …`);
  return { strategy, reason: parseText(match?.[2] ?? "") };
}

/** `<sha256> change.ts`, what its rows are read for, and its two statements. */
function readTransform(header: Header, statement: (name: Block) => SqlText): FillTransform | null {
  const entry = header.one("fill transform");
  const [reads, value] = [header.one("fill reads"), header.one("fill value")];
  if (entry === null) {
    const stray = reads ?? value;
    if (stray === null) return null;
    throw stray.error("There is no -- fill transform that it belongs to.");
  }
  if (reads === null || value === null)
    throw entry.error("A transform has a line for fill reads and one for fill value, and this one has not.");
  const [, checksum, module] = /^([0-9a-f]{64}) +(.+)$/s.exec(entry.value) ?? [];
  if (checksum === undefined || module === undefined)
    throw entry.error("A transform is a checksum and the name of the file that holds it.");
  return {
    module: parseText(module),
    checksum,
    columns: must(reads, parseColumns, "a list of columns"),
    type: parseText(value.value),
    cursor: statement("cursor"),
    write: statement("write"),
  };
}
