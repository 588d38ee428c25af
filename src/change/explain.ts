/** What the checks found, said to a person: what stands there, what was expected, what to write instead. */
import type { z } from "zod";
import { CHANGE_KINDS, type ChangeKind } from "./change.js";
import { HAZARD_NAMES } from "./hazards.js";
import { either, type Mistake, nearest } from "./mistake.js";
import { yamlQuoted } from "./names.js";
import { isProblem, KEYS, type Key, KINDS } from "./schema.js";
import type { YamlMap, YamlPath, YamlValues } from "./yaml.js";

const ALL_KEYS = Object.keys(KEYS) as readonly Key[];

export function explainKind(yaml: YamlMap, { change }: YamlValues): Mistake {
  const near = typeof change === "string" ? nearest(change, CHANGE_KINDS) : null;
  const expected = `expected ${either(CHANGE_KINDS)}.`;
  const hint = near === null ? `Write it as in \`change: ${KEYS.change.examples[0]}\`.` : `Did you mean \`${near}\`?`;
  if (change === undefined) return { message: `\`change\` is missing; ${expected}`, hint, offset: yaml.start };
  return {
    message: `\`change\` is ${shown(yaml, ["change"], change)}; ${expected}`,
    hint,
    offset: yaml.valueAt(["change"]),
  };
}

/** Keys that are none, each with the key that was probably meant. */
export function explainUnknownKeys(
  yaml: YamlMap,
  values: YamlValues,
  kind: ChangeKind | null,
): (Mistake & { meant: Key | null })[] {
  const own = kind === null ? ALL_KEYS : ALL_KEYS.filter((key) => key in KINDS[kind].shape);
  const unknown = Object.keys(values).filter((key) => !own.some((known) => known === key));
  return unknown.map((key) => {
    const offset = yaml.keyAt(key);
    if (ALL_KEYS.some((known) => known === key)) {
      return { message: `\`${key}\` does not belong to ${kind}.`, hint: "Remove it.", offset, meant: null };
    }
    const near =
      nearest(
        key,
        own.filter((known) => !(known in values)),
      ) ?? nearest(key, own);
    const hint = near === null ? `The keys are ${list(own)}.` : `Did you mean \`${near}\`?`;
    return { message: `\`${key}\` is not a key of a change.`, hint, offset, meant: near };
  });
}

/** A zod issue; those of our own readers carry a Problem, others are told by the key's documentation. */
export function explainIssue(yaml: YamlMap, values: YamlValues, issue: z.core.$ZodIssue): Mistake {
  const [key, index] = issue.path as [Key, number?];
  const path: YamlPath = index === undefined ? [key] : [key, index];
  const given = values[key];
  const { expected, examples } = KEYS[key];
  if (given === undefined) {
    const hint = `Add it, as in \`${key}: ${examples[0]}\`.`;
    return { message: `\`${key}\` is missing; expected ${expected}.`, hint, offset: yaml.start };
  }
  const problem: unknown = "params" in issue ? issue.params?.problem : undefined;
  if (isProblem(problem)) {
    return { message: `\`${key}\` ${problem.message}`, hint: problem.hint, offset: yaml.valueAt(path, problem.offset) };
  }
  if (Array.isArray(given) && index !== undefined) return explainHazard(yaml, path, given[index]);
  const message = `\`${key}\` is ${shown(yaml, path, given)}; expected ${expected}.`;
  return { message, hint: instead(yaml, key, given), offset: yaml.valueAt(path) };
}

function explainHazard(yaml: YamlMap, path: YamlPath, given: unknown): Mistake {
  const near = typeof given === "string" ? nearest(given, HAZARD_NAMES) : null;
  return {
    message: `\`allow\` holds ${shown(yaml, path, given)}, which is not the name of a hazard.`,
    hint: near === null ? `The hazards are ${list(HAZARD_NAMES)}.` : `Did you mean \`${near}\`?`,
    offset: yaml.valueAt(path),
  };
}

/** What to write where a value is of the wrong kind. */
function instead(yaml: YamlMap, key: Key, given: unknown): string {
  const written = yaml.written([key]);
  const bare = typeof given === "number" || typeof given === "boolean";
  if (bare && (key === "table" || key === "column" || key === "to")) {
    return `If that is the name, put it in SQL's quotes, inside of YAML's: ${yamlQuoted(`"${written}"`)}.`;
  }
  if (key === "soak" && typeof given === "number") return `Write ${written}h, or another unit: s, m, h, d or w.`;
  if (key === "fill" && given === null) return "Write one, or leave `fill` out: NULLs are then listed, not filled.";
  if (key === "allow" && typeof given === "string")
    return `Write \`allow: [${nearest(given, HAZARD_NAMES) ?? given}]\`.`;
  const near = key === "on_user_triggers" && typeof given === "string" ? nearest(given, KEYS[key].examples) : null;
  return near === null ? `Write it as in \`${key}: ${KEYS[key].examples[0]}\`.` : `Did you mean \`${near}\`?`;
}

/** A value as the file shows it, and what YAML made of it. */
function shown(yaml: YamlMap, path: YamlPath, given: unknown): string {
  if (typeof given === "string") return JSON.stringify(given.length > 60 ? `${given.slice(0, 60)}…` : given);
  const written = yaml.written(path);
  if (given === null || given === undefined) return written === "" ? "empty" : `${written}, which is no value`;
  return typeof given === "object" ? written : `${written}, a ${typeof given}`;
}

function list(words: readonly string[]): string {
  return either(words).replace(/ or (?=\S+$)/, " and ");
}
