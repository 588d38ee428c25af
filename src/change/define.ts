/** A change as a program declares it: the keys of a `change.yaml`, typed for each kind and checked by the same schema. */
import type { z } from "zod";
import { ChangeoverError } from "../errors.js";
import type { Change, ChangeKind, SetNotNull, Transform } from "./change.js";
import { assertParser } from "./expression.js";
import type { Mistake, Problem } from "./mistake.js";
import { check, toChange } from "./parse.js";
import { isProblem, type KINDS } from "./schema.js";
import { readTransform, type TransformInput, type TransformRow } from "./transform.js";
import type { YamlMap, YamlValues } from "./yaml.js";

/** What a `change.yaml` of one kind holds. Durations are texts with a unit (`24h`), names follow SQL's rules. */
export type ChangeInput<K extends ChangeKind = ChangeKind> = z.input<(typeof KINDS)[K]>;

/** What a module alone can hold. */
export type CodeInput<C extends string = string, R extends TransformRow<C> = TransformRow<C>> = {
  /**
   * Computes the value for rows that hold NULL, by code instead of `fill`. It may be called again for a row, and gives the
   * same value then. What it gives is sent as text; what it throws sets that row aside.
   */
  readonly transform?: TransformInput<C, R>;
};

/** Kept on the value for whoever loads the module: what is planned is read anew, with the file's name and the parser. */
const DECLARATION = Symbol.for("changeover.declaration");

/**
 * Declares a change: `export default defineChange({ change: "rename_column", … })` in a plan's `change.ts` or `change.js`.
 * Keys, defaults and meaning are those of `change.yaml`. SQL (`fill`, `type`, `using` and the like) is read when the change is planned.
 *
 * @returns the change as planning sees it: names as the catalog spells them, `soakSeconds` in seconds
 * @throws ChangeoverError `change-invalid`, with all that is wrong in it
 */
export function defineChange<const C extends string = never, R extends TransformRow<C> = TransformRow<C>>(
  declaration: { readonly change: "set_not_null" } & ChangeInput<"set_not_null"> & CodeInput<C, R>,
): SetNotNull;
export function defineChange<K extends ChangeKind>(
  declaration: { readonly change: K } & ChangeInput<K>,
): Extract<Change, { kind: K }>;
export function defineChange(declaration: ChangeInput): Change {
  const change = read(declaration, "defineChange()", null);
  Object.defineProperty(change, DECLARATION, { value: declaration });
  return change;
}

/**
 * The change that a module exports: what `defineChange` gave, or a plain object of the same keys. `loadParser()` must have
 * been awaited. Throws `change-invalid` with the file's name.
 */
export function changeOf(exported: unknown, file: string, source: Transform["source"] = null): Change {
  assertParser();
  if (typeof exported === "object" && exported !== null && !Array.isArray(exported))
    return read(DECLARATION in exported ? exported[DECLARATION] : exported, file, source);
  throw new ChangeoverError("change-invalid", "The module exports no change.", {
    where: file,
    hint: "Write: export default defineChange({ change: … });",
  });
}

function read(declaration: unknown, where: string, source: Transform["source"]): Change {
  const given = Object.entries(declaration as YamlValues).filter(([, value]) => value !== undefined);
  const values = Object.fromEntries(given);
  const mistakes: Mistake[] = [];
  const map = asMap(values);
  const checked = check(map, values, mistakes);
  for (const [key, { message, hint }] of folding(values))
    mistakes.push({ message: `\`${key}\` ${message}`, hint, offset: map.keyAt(key) });
  const transform = values.transform === undefined ? null : readTransform(values.transform, source);
  if (isProblem(transform)) {
    const { message, hint } = transform;
    mistakes.push({ message: `\`transform\` ${message}`, hint, offset: map.keyAt("transform") });
  }
  if (mistakes.length > 0 || isProblem(transform)) throw invalid(mistakes, where);
  if (checked === null) throw new Error("a change without mistakes was not read");
  const change = toChange(checked);
  return change.kind === "set_not_null" ? { ...change, transform } : change;
}

/** Far enough apart for a place inside of any value. */
const APART = 1_000_000;

/** Values without a text: a place is the key's rank, so that mistakes come in the order of the keys. */
function asMap(values: YamlValues): YamlMap {
  const keys = Object.keys(values);
  const keyAt = (key: string) => (keys.indexOf(key) + 1) * APART;
  return {
    values,
    mistakes: [],
    isYaml: false,
    start: 0,
    placeOf: () => ({ line: 1, col: 1 }),
    keyAt,
    valueAt: ([key], inside = 0) => keyAt(key) + inside,
    written: ([key, index]) => {
      const value = index === undefined ? values[key] : (values[key] as readonly unknown[])[index];
      return Array.isArray(value) ? "a list" : typeof value === "object" && value !== null ? "a map" : String(value);
    },
    isQuoted: () => false,
  };
}

/** Every string of a program stands in quotes, which are not SQL's: who wrote capitals may have meant them, or not. */
function folding(values: YamlValues): [key: string, problem: Problem][] {
  return ["table", "column", "to"].flatMap((key): [string, Problem][] => {
    const text = values[key];
    if (typeof text !== "string" || !/[A-Z]/.test(text.replace(/"(?:[^"]|"")*"/g, ""))) return [];
    const kept = text.includes('"') ? text : text.replace(/[^.]+/g, '"$&"');
    const lower = text.replace(/"(?:[^"]|"")*"|[A-Z]+/g, (part) => (part.startsWith('"') ? part : part.toLowerCase()));
    const message = `is ${JSON.stringify(text)}, in which SQL would fold the capitals: does the name have them, or not?`;
    return [[key, { message, hint: `Write ${JSON.stringify(kept)} to keep them, or ${JSON.stringify(lower)}.` }]];
  });
}

function invalid(mistakes: readonly Mistake[], where: string): ChangeoverError {
  const told = mistakes
    .toSorted((a, b) => a.offset - b.offset)
    .map(({ message, hint }) => ({ message: message.charAt(0).toUpperCase() + message.slice(1), hint }));
  const [first, ...others] = told;
  if (first !== undefined && others.length === 0)
    return new ChangeoverError("change-invalid", first.message, { where, hint: first.hint });
  return new ChangeoverError("change-invalid", `${told.length} mistakes in this change.`, {
    where,
    details: told.map(({ message, hint }) => `${message} ${hint}`),
  });
}
