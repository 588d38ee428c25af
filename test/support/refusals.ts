/** What the planner can refuse, as its source names it: a name that no test makes real is found by this. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CHANGE_KINDS, type ChangeKind } from "../../src/change/change.js";
import { isChangeoverError } from "../../src/errors.js";

/** `any`: asked of every kind of change. */
export type RefusalOf = ChangeKind | "any";

const PLANNER = "src/planner";
/** Names that are handed on, not given. */
const HANDED_ON = new Set(["name", "found.name"]);

/** `rename_column/name-taken` for every refusal of every recipe, `any/…` for those of all. Throws for a name that is computed. */
export function refusalsInSource(): string[] {
  const files = readdirSync(PLANNER, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  return [
    ...new Set(
      files.flatMap((file) => {
        const text = readFileSync(join(PLANNER, file), "utf8").replace(/function refusal\(/g, "");
        return [...text.matchAll(/\b(?:refusal|no)\(\s*(?:"([^"]+)"|([^",\s][^,]*)),/g)].flatMap(
          ([call, name, other]) => {
            if (name !== undefined) return ownersOf(file).map((owner) => `${owner}/${name}`);
            if (HANDED_ON.has(other ?? "")) return [];
            throw new Error(`${file}: cannot tell the name in ${call}`);
          },
        );
      }),
    ),
  ].sort();
}

function ownersOf(file: string): readonly RefusalOf[] {
  if (file === "recipes/twin-refusals.ts" || file === "recipes/view-refusals.ts")
    return ["rename_column", "change_type"];
  return [CHANGE_KINDS.find((kind) => file.startsWith(`recipes/${kind.replaceAll("_", "-")}`)) ?? "any"];
}

/** The reasons that `plan` was refused for, in order. Rethrows what is no refusal. */
export function reasonsOf(error: unknown): string[] {
  if (!isChangeoverError(error)) throw error;
  const [first] = error.details;
  if (first?.startsWith("reason ") === true) return [first.slice("reason ".length)];
  const named = error.details.flatMap((line) => /^(?:hazard )?([a-z0-9-]+): /.exec(line)?.[1] ?? []);
  if (named.length === 0) throw error;
  return named;
}
