/** What a plan's revisions have installed, and what of it does not stand as it was installed. Pure. */
import { isDeepStrictEqual } from "node:util";
import { ident, qualified } from "../sql/identifier.js";
import type { Name, TriggerEffect } from "../sql/triggers.js";
import type { Mirror, MirrorFault } from "./state.js";

type Made<K> = Extract<TriggerEffect, { kind: K }>;
type MadeTrigger = Made<"trigger-made"> & { readonly always: string | null };

/** What should stand. */
export type Installed = {
  /** by name */
  readonly triggers: ReadonlyMap<string, MadeTrigger>;
  /** by `keyOf` its name: of the plan, and those that plans share */
  readonly functions: ReadonlyMap<string, Made<"function-made">>;
};

/** What stands; `stamp` changes with whatever is changed on it. */
export type Standing = {
  /** where the plan's table is; renamed: its triggers stand on a table of another name */
  readonly table:
    | { readonly state: "there" }
    | { readonly state: "renamed"; readonly to: Name }
    | { readonly state: "gone" };
  readonly triggers: readonly {
    readonly name: string;
    /** pg_trigger.tgenabled */
    readonly enabled: string;
    readonly calls: Name;
    readonly stamp: string;
    /** partitions on which its clone is disabled, or not ENABLE ALWAYS, or gone; quoted and qualified */
    readonly amiss: readonly string[];
  }[];
  readonly functions: readonly (Name & {
    readonly source: string;
    readonly definer: boolean;
    readonly stamp: string;
  })[];
};

export const keyOf = ({ schema, name }: Name) => JSON.stringify([schema, name]);

/** What is left standing when these have run one after another. */
export function installedBy(effects: readonly TriggerEffect[]): Installed {
  const triggers = new Map<string, MadeTrigger>();
  const functions = new Map<string, Made<"function-made">>();
  for (const effect of effects) {
    if (effect.kind === "trigger-made") triggers.set(effect.name, { ...effect, always: null });
    if (effect.kind === "trigger-dropped") triggers.delete(effect.name);
    if (effect.kind === "function-made") functions.set(keyOf(effect.function), effect);
    if (effect.kind === "function-dropped") functions.delete(keyOf(effect.function));
    const made = effect.kind === "trigger-always" ? triggers.get(effect.name) : undefined;
    if (effect.kind === "trigger-always" && made !== undefined)
      triggers.set(effect.name, { ...made, always: effect.text });
  }
  return { triggers, functions };
}

/** Functions first: a trigger cannot be made again before what it calls. */
export function compareMirror({ triggers, functions }: Installed, standing: Standing): Omit<Mirror, "trusted"> {
  const wanted = [...triggers.values()];
  const called = new Set(wanted.map((trigger) => keyOf(trigger.calls)));
  const there = new Map(standing.functions.map((one) => [keyOf(one), one]));
  const found = new Map(standing.triggers.map((one) => [one.name, one]));
  const [first] = wanted;
  const { state } = standing.table;
  if (first !== undefined && standing.table.state !== "there") {
    return { table: state, faults: [noTable(first.table, standing.table)], stamps: {} };
  }
  return {
    table: state,
    faults: [
      ...[...called].flatMap((key) => functionFaults(functions.get(key), there.get(key))),
      ...wanted.flatMap((trigger) => triggerFaults(trigger, found.get(trigger.name))),
    ],
    stamps: Object.fromEntries(
      wanted.map(({ name, calls }) => [
        name,
        `${found.get(name)?.stamp ?? "gone"} ${there.get(keyOf(calls))?.stamp ?? "gone"}`,
      ]),
    ),
  };
}

function noTable(table: Name, now: Exclude<Standing["table"], { state: "there" }>): MirrorFault {
  const what =
    now.state === "gone"
      ? `Table ${spelled(table)} was dropped.`
      : `Table ${spelled(table)} is not there: it is called ${spelled(now.to)} now.`;
  return { what, restore: now.state === "gone" ? [] : renameBack(table, now.to) };
}

function renameBack(table: Name, now: Name): string[] {
  const moved = now.schema === table.schema ? now : { schema: table.schema, name: now.name };
  return [
    ...(moved === now ? [] : [`alter table ${spelled(now)} set schema ${ident(table.schema ?? "")}`]),
    ...(moved.name === table.name ? [] : [`alter table ${spelled(moved)} rename to ${ident(table.name)}`]),
  ];
}

function functionFaults(
  made: Made<"function-made"> | undefined,
  there: Standing["functions"][number] | undefined,
): MirrorFault[] {
  if (made === undefined) return [];
  const restore = [made.text];
  if (there === undefined) return [{ what: `Function ${spelled(made.function)} is gone.`, restore }];
  if (sameLines(made.body, there.source) && made.definer === there.definer) return [];
  return [{ what: `Function ${spelled(made.function)} is not the one that was installed.`, restore }];
}

function triggerFaults(trigger: MadeTrigger, row: Standing["triggers"][number] | undefined): MirrorFault[] {
  const { name, calls, always, table, text } = trigger;
  const place = `on ${spelled(table)}`;
  const made = always === null ? [text] : [text, always];
  if (row === undefined) return [{ what: `Trigger ${name} ${place} is gone.`, restore: made }];
  if (keyOf(row.calls) !== keyOf(calls)) {
    const what = `Trigger ${name} ${place} calls another function than ${spelled(calls)}.`;
    return [{ what, restore: [`drop trigger ${ident(name)} on ${spelled(table)}`, ...made] }];
  }
  if (always === null || (row.enabled === "A" && row.amiss.length === 0)) return [];
  if (row.enabled === "A") {
    const [first, ...more] = row.amiss;
    const others = more.length === 0 ? "" : ` and ${more.length} more`;
    const what = `Trigger ${name} is gone, disabled or not ENABLE ALWAYS on partition ${first}${others} of ${spelled(table)}.`;
    return [{ what, restore: [always] }];
  }
  const how = row.enabled === "D" ? "is disabled" : "does not fire on replicated writes (it is not ENABLE ALWAYS)";
  return [{ what: `Trigger ${name} ${place} ${how}.`, restore: [always] }];
}

/** What was printed, indented, and pasted is the same function. */
function sameLines(one: string, other: string): boolean {
  const lines = (text: string) => text.split("\n").map((line) => line.trim());
  return isDeepStrictEqual(lines(one), lines(other));
}

const spelled = ({ schema, name }: Name) => (schema === null ? name : qualified({ schema, name }));
