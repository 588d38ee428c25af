/**
 * Do the triggers that a plan has installed still stand, as they were installed? `ALTER TABLE … DISABLE TRIGGER ALL`,
 * a restore with --disable-triggers (which enables them again, but not ALWAYS) or a well-meant DROP lets writes pass
 * that nobody mirrors or notes, and every verify and confirm of before is worth nothing then.
 *
 * What was installed is read from the text that ran; what stands from the catalog.
 */
import { isDeepStrictEqual } from "node:util";
import type { Database } from "../db/pool.js";
import type { Queryable } from "../db/session.js";
import { transaction } from "../db/transaction.js";
import { ChangeoverError } from "../errors.js";
import { parseRevision } from "../revisions/format.js";
import { qualified } from "../sql/identifier.js";
import { loadParser } from "../sql/parser.js";
import { sql } from "../sql/text.js";
import { type Name, type TriggerEffect, triggerEffects } from "../sql/triggers.js";
import { probeJournal } from "./probe.js";
import type { Mirror, MirrorFault } from "./state.js";

type Made<K> = Extract<TriggerEffect, { kind: K }>;

/** What should stand, by name. */
export type Installed = {
  readonly triggers: ReadonlyMap<string, Made<"trigger-made"> & { readonly always: string | null }>;
  readonly functions: ReadonlyMap<string, Made<"function-made">>;
};

type TriggerRow = {
  readonly name: string;
  readonly enabled: string;
  readonly functionSchema: string;
  readonly functionName: string;
  readonly source: string;
  /** changes with whatever is changed on the trigger or on its function */
  readonly stamp: string;
};

/** Needs the journal, and a transaction or a single moment that the caller chose. */
export async function readMirror(session: Queryable, plan: string): Promise<Mirror> {
  const applied = await session.query<{ text: string }>(
    sql`select text from changeover.revision where plan = $1 and finished_at is not null order by sequence`,
    [plan],
  );
  await loadParser();
  const installed = installedBy(applied.flatMap(({ text }) => triggerEffects(upgradeOf(text))));
  const [first] = installed.triggers.values();
  return first === undefined
    ? { faults: [], stamps: {} }
    : compare(installed, await triggersOn(session, first.table, [...installed.triggers.keys()]));
}

/** By plan, of every plan that has triggers standing. */
export async function readMirrors(db: Queryable): Promise<Map<string, Mirror>> {
  const begun = await db.query<{ plan: string }>(
    sql`select distinct plan from changeover.revision where phase = 'dual-write' and finished_at is not null`,
  );
  const mirrors = new Map<string, Mirror>();
  for (const { plan } of begun) mirrors.set(plan, await readMirror(db, plan));
  return mirrors;
}

function upgradeOf(text: string): string {
  return parseRevision(text, "changeover.revision")
    .upgrade.map((step) => `${step.sql};`)
    .join("\n");
}

/** Pure: what is left standing when these have run one after another. */
export function installedBy(effects: readonly TriggerEffect[]): Installed {
  const triggers = new Map<string, Made<"trigger-made"> & { always: string | null }>();
  const functions = new Map<string, Made<"function-made">>();
  for (const effect of effects) {
    if (effect.kind === "trigger-made") triggers.set(effect.name, { ...effect, always: null });
    if (effect.kind === "trigger-dropped") triggers.delete(effect.name);
    if (effect.kind === "function-made") functions.set(key(effect.function), effect);
    if (effect.kind === "function-dropped") functions.delete(key(effect.function));
    const made = effect.kind === "trigger-always" ? triggers.get(effect.name) : undefined;
    if (effect.kind === "trigger-always" && made !== undefined)
      triggers.set(effect.name, { ...made, always: effect.text });
  }
  return { triggers, functions };
}

function triggersOn(session: Queryable, table: Name, names: readonly string[]): Promise<TriggerRow[]> {
  return session.query<TriggerRow>(
    sql`select t.tgname as name, t.tgenabled as enabled, pn.nspname as "functionSchema", p.proname as "functionName",
               p.prosrc as source, concat_ws('.', t.oid, t.xmin, p.oid, p.xmin) as stamp
        from pg_catalog.pg_trigger t
        join pg_catalog.pg_class c on c.oid = t.tgrelid
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        join pg_catalog.pg_proc p on p.oid = t.tgfoid
        join pg_catalog.pg_namespace pn on pn.oid = p.pronamespace
        where n.nspname = $1 and c.relname = $2 and t.tgname = any($3)`,
    [table.schema, table.name, names],
  );
}

function compare({ triggers, functions }: Installed, rows: readonly TriggerRow[]): Mirror {
  const found = new Map(rows.map((row) => [row.name, row]));
  const wanted = [...triggers.values()];
  const faults = wanted.flatMap((trigger) => faultsOf(trigger, found.get(trigger.name), functions));
  const stamps = wanted.map(({ name }) => [name, found.get(name)?.stamp ?? "gone"] as const);
  // Two triggers call one function: told once.
  const told = new Map(faults.map((fault) => [fault.what, fault]));
  return { faults: [...told.values()], stamps: Object.fromEntries(stamps) };
}

function faultsOf(
  trigger: Made<"trigger-made"> & { readonly always: string | null },
  row: TriggerRow | undefined,
  functions: Installed["functions"],
): MirrorFault[] {
  const place = `on ${spelled(trigger.table)}`;
  const restore = trigger.always === null ? [trigger.text] : [trigger.text, trigger.always];
  const { name, calls } = trigger;
  if (row === undefined) return [{ what: `Trigger ${name} ${place} is gone.`, restore }];
  const made = functions.get(key(calls));
  if (row.functionSchema !== calls.schema || row.functionName !== calls.name) {
    return [{ what: `Trigger ${name} ${place} calls another function than ${spelled(calls)}.`, restore }];
  }
  const faults: MirrorFault[] = [];
  if (made !== undefined && !sameLines(made.body, row.source))
    faults.push({ what: `Function ${spelled(calls)} is not the one that was installed.`, restore: [made.text] });
  if (trigger.always !== null && row.enabled !== "A") {
    const how = row.enabled === "D" ? "is disabled" : "does not fire on replicated writes (it is not ENABLE ALWAYS)";
    faults.push({ what: `Trigger ${name} ${place} ${how}.`, restore: [trigger.always] });
  }
  return faults;
}

/** What was printed, indented, and pasted is the same function. */
function sameLines(one: string, other: string): boolean {
  const lines = (text: string) => text.split("\n").map((line) => line.trim());
  return isDeepStrictEqual(lines(one), lines(other));
}

/** Throws `drift` where a trigger of the plan does not stand as it was installed. A database without a journal passes. */
export async function checkMirror(db: Database, plan: string): Promise<void> {
  const mirror = await db.borrow((session) =>
    transaction(session, { isolation: "repeatable read", readOnly: true }, async (s) =>
      (await probeJournal(s)).installed ? readMirror(s, plan) : null,
    ),
  );
  if (mirror !== null && mirror.faults.length > 0) throw mirrorBroken(plan, mirror.faults);
}

/** The one block that every command says of it, with statements to copy. */
export function mirrorBroken(plan: string, faults: readonly MirrorFault[]): ChangeoverError {
  const restore = faults.flatMap((fault) => fault.restore).flatMap((statement) => `${statement};`.split("\n"));
  return new ChangeoverError("drift", `The triggers of plan ${plan} do not stand as they were installed.`, {
    details: [...faults.map((fault) => fault.what), "To put it right:", ...restore.map((line) => `  ${line}`)],
    hint: `Writes may have passed unseen. Run these statements, then: changeover verify ${plan}, and confirm again.`,
  });
}

const key = ({ schema, name }: Name) => JSON.stringify([schema, name]);
const spelled = ({ schema, name }: Name) => (schema === null ? name : qualified({ schema, name }));
