/** `change.yaml` → Change, or one error of all that is wrong in it, each mistake with its place and what to write instead. */
import { CHANGE_KINDS, type Change, type ChangeKind } from "./change.js";
import { explainIssue, explainKind, explainUnknownKeys } from "./explain.js";
import { assertParser } from "./expression.js";
import { foreignReference, otherColumn, readConversion, readFallback, readFill } from "./fill.js";
import { type Mistake, mistakesError, type Problem } from "./mistake.js";
import { foldsInQuotes, readName, readTable } from "./names.js";
import { ANY_KIND, type ChangeDeclaration, isProblem, type Key, KINDS } from "./schema.js";
import { misplacedTransform } from "./transform.js";
import { readYamlMap, type YamlMap, type YamlValues } from "./yaml.js";

/**
 * Reads a declared change. `loadParser()` of `sql/expression.js` must have been awaited.
 *
 * @param file the file's name as errors should show it
 * @throws ChangeoverError `change-invalid`, `where` file:line:column of the first mistake; several are told in `details`
 */
export function parseChange(text: string, file: string): Change {
  assertParser();
  const yaml = readYamlMap(text);
  const mistakes: Mistake[] = [...yaml.mistakes];
  const declaration = yaml.values === null ? null : check(yaml, yaml.values, mistakes);
  const [first, ...others] = mistakes;
  if (first !== undefined) throw mistakesError([first, ...others], file, yaml.placeOf);
  if (declaration === null) throw new Error("a change without mistakes was not read");
  return toChange(declaration);
}

/** Adds to `mistakes` what is wrong; null: there is no declaration to go on with. */
export function check(yaml: YamlMap, given: YamlValues, mistakes: Mistake[]): ChangeDeclaration | null {
  const { transform, ...rest } = given;
  const values = withSource(yaml, rest);
  const kind = CHANGE_KINDS.find((known) => known === values.change) ?? null;
  if ("transform" in given) mistakes.push(...misplaced(yaml, kind, values));
  const unknown = explainUnknownKeys(yaml, values, kind);
  // A key that is only misspelt is not missing as well.
  const misspelt = (key: unknown) => !(String(key) in values) && unknown.some(({ meant }) => meant === key);
  mistakes.push(...unknown);
  if (kind === null && !misspelt("change")) mistakes.push(explainKind(yaml, values));
  const result = (kind === null ? ANY_KIND : KINDS[kind]).safeParse(values);
  for (const issue of result.error?.issues ?? []) {
    if (issue.code === "unrecognized_keys" || misspelt(issue.path[0])) continue;
    mistakes.push(explainIssue(yaml, values, issue));
  }
  for (const [key, problem] of [...folded(yaml, values), ...contradictions(values, kind)]) {
    const offset = yaml.valueAt([key], problem.offset);
    // What is wrong by itself needs no second reason.
    if (mistakes.some((mistake) => mistake.offset === offset)) continue;
    mistakes.push({ message: `\`${key}\` ${problem.message}`, hint: problem.hint, offset });
  }
  return result.success && kind !== null ? (result.data as ChangeDeclaration) : null;
}

/** It is read by `define.ts`, where it can be right; here it is no key like the others. */
function misplaced(yaml: YamlMap, kind: ChangeKind | null, values: YamlValues): Mistake[] {
  const problem = misplacedTransform(kind, values.fill !== undefined, yaml.isYaml);
  if (problem === null) return [];
  return [{ message: `\`transform\` ${problem.message}`, hint: problem.hint, offset: yaml.keyAt("transform") }];
}

/** `fill: 0` and `fill: false` are expressions as they are written. */
function withSource(yaml: YamlMap, values: YamlValues): YamlValues {
  const bare = (["fill", "fallback"] as const).filter((key) => ["number", "boolean"].includes(typeof values[key]));
  return { ...values, ...Object.fromEntries(bare.map((key) => [key, yaml.written([key])])) };
}

function folded(yaml: YamlMap, values: YamlValues): [Key, Problem][] {
  return (["table", "column", "to"] as const).flatMap((key): [Key, Problem][] => {
    const value = values[key];
    const problem = typeof value === "string" && yaml.isQuoted(key) ? foldsInQuotes(value) : null;
    return problem === null ? [] : [[key, problem]];
  });
}

/** What is right by itself, and wrong beside another key. */
function contradictions(values: YamlValues, kind: ChangeKind | null): [Key, Problem][] {
  const read = <T>(key: Key, reader: (text: string) => T | Problem): T | null => {
    const value = values[key];
    const result = typeof value === "string" ? reader(value) : null;
    return result === null || isProblem(result) ? null : result;
  };
  if (kind === "rename_column") {
    const [column, to] = [read("column", readName), read("to", readName)];
    if (column === null || column !== to) return [];
    return [["to", { message: `is ${to}, the name that the column has.`, hint: "Write its new name." }]];
  }
  if (kind === "change_type") {
    const [table, column] = [read("table", readTable), read("column", readName)];
    if (table === null || column === null) return [];
    const over = (key: "using" | "reverse" | "fallback", allowed: string | null): [Key, Problem][] => {
      const expression = read(key, allowed === null ? readFallback : readConversion);
      const problem =
        expression === null ? null : (otherColumn(expression, allowed) ?? foreignReference(expression, table));
      return problem === null ? [] : [[key, { ...problem, offset: lead(values[key]) + (problem.offset ?? 0) }]];
    };
    return [...over("using", column), ...over("reverse", column), ...over("fallback", null)];
  }
  const [table, fill] = [read("table", readTable), kind === null ? null : read("fill", readFill)];
  if (table === null || fill === null) return [];
  const problem = foreignReference(fill, table);
  return problem === null ? [] : [["fill", { ...problem, offset: lead(values.fill) + (problem.offset ?? 0) }]];
}

/** Blanks before the value, which its reader has passed over. */
const lead = (value: unknown) => String(value).length - String(value).trimStart().length;

export function toChange(declaration: ChangeDeclaration): Change {
  const common = {
    table: declaration.table,
    column: declaration.column,
    allow: [...new Set(declaration.allow)],
    onUserTriggers: declaration.on_user_triggers,
    soakSeconds: declaration.soak,
  };
  switch (declaration.change) {
    case "rename_column":
      return { kind: "rename_column", ...common, to: declaration.to };
    case "set_not_null":
      return { kind: "set_not_null", ...common, fill: declaration.fill ?? null, transform: null };
    case "change_type": {
      const { type, using = null, reverse = null, fallback = null } = declaration;
      return { kind: "change_type", ...common, type, using, reverse, fallback };
    }
  }
}
