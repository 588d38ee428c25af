import type { ChangeKind } from "./change.js";
import { HAZARD_NAMES, HAZARDS } from "./hazards.js";
import { DEFAULT_SOAK, KEYS, type Key } from "./schema.js";

const SCHEMA = "../../node_modules/changeover/dist/change/change.schema.json";
const WIDTH = 100;

const SKELETONS: Readonly<Record<ChangeKind, readonly (readonly [Key, string])[]>> = {
  rename_column: [
    ["change", "rename_column"],
    ["table", "app.orders"],
    ["column", "total"],
    ["to", "amount"],
  ],
  set_not_null: [
    ["change", "set_not_null"],
    ["table", "app.orders"],
    ["column", "total"],
    ["fill", "0"],
  ],
  change_type: [
    ["change", "change_type"],
    ["table", "app.orders"],
    ["column", "total"],
    ["type", "bigint"],
    ["using", "total::bigint"],
    ["reverse", "total::integer"],
  ],
};

const OPTIONAL: readonly (readonly [Key, string])[] = [
  ["allow", "[]"],
  ["on_user_triggers", "refuse"],
  ["soak", DEFAULT_SOAK],
];

/**
 * A `change.yaml` to fill in: every key explained, the optional ones with their defaults. It parses as it is.
 *
 * @param schema where an editor finds the JSON Schema, from the file's own folder
 */
export function scaffoldChange(kind: ChangeKind, schema: string = SCHEMA): string {
  const keys = [...SKELETONS[kind], ...OPTIONAL].flatMap(([key, value]) => [
    "",
    ...comment(KEYS[key].description),
    ...(key === "allow" ? HAZARD_NAMES.filter((name) => !HAZARDS[name].notice).flatMap(hazard) : []),
    `${key}: ${value}`,
  ]);
  return [`# yaml-language-server: $schema=${schema}`, ...keys, ""].join("\n");
}

function hazard(name: keyof typeof HAZARDS): string[] {
  const [first = "", ...others] = comment(`${name}: ${HAZARDS[name].sentence}`, WIDTH - 4);
  return [first.replace("# ", "#   "), ...others.map((line) => line.replace("# ", "#     "))];
}

function comment(text: string, width = WIDTH): string[] {
  const lines: string[] = [];
  let line = "#";
  for (const word of text.split(" ")) {
    if (line.length + 1 + word.length > width && line !== "#") {
      lines.push(line);
      line = "#";
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}
