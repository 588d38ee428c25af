import type { Place } from "./mistake.js";
import type { Key } from "./schema.js";
import { readYamlMap } from "./yaml.js";

/**
 * Where a character of a key's value stands in a `change.yaml` that was read. `offset` counts from the value's first
 * character that is not white space, as expressions are kept.
 */
export function placeInChange(text: string, key: Key, offset: number): Place {
  const yaml = readYamlMap(text);
  const value = yaml.values?.[key];
  const lead = typeof value === "string" ? value.length - value.trimStart().length : 0;
  return yaml.placeOf(yaml.valueAt([key], lead + offset));
}
