/**
 * Do the triggers that a plan has installed still stand, as they were installed? `ALTER TABLE … DISABLE TRIGGER ALL`,
 * a restore with --disable-triggers (which enables them again, but not ALWAYS) or a well-meant DROP lets writes pass
 * that nobody mirrors or notes, and every verify and confirm of before is worth nothing then.
 *
 * What was installed is read from the text that ran, what plans share from the journal's own; what stands from the catalog.
 */
import { readFile } from "node:fs/promises";
import type { Database } from "../db/pool.js";
import type { Queryable, Session } from "../db/session.js";
import { transaction } from "../db/transaction.js";
import { ChangeoverError } from "../errors.js";
import { parseRevision } from "../revisions/format.js";
import { loadParser } from "../sql/parser.js";
import { sql } from "../sql/text.js";
import { type Name, type TriggerEffect, triggerEffects } from "../sql/triggers.js";
import { compareMirror, type Installed, installedBy, type Standing } from "./installed.js";
import { probeJournal } from "./probe.js";
import type { Mirror, MirrorFault, Stamps } from "./state.js";

/** Needs the journal, and a transaction or a single moment that the caller chose. */
export async function readMirror(session: Queryable, plan: string): Promise<Mirror> {
  const applied = await session.query<{ text: string }>(
    sql`select text from changeover.revision where plan = $1 and finished_at is not null order by sequence`,
    [plan],
  );
  await loadParser();
  const own = applied.flatMap(({ text }) => effectsOf(text));
  const installed = installedBy([...(await sharedEffects()), ...own]);
  const [first] = installed.triggers.values();
  if (first === undefined) return { table: "there", faults: [], stamps: {}, trusted: {} };
  const row = await session.maybeOne<{ mirror: Stamps }>(sql`select mirror from changeover.plan where slug = $1`, [
    plan,
  ]);
  return {
    ...compareMirror(installed, await readStanding(session, first.table, installed)),
    trusted: row?.mirror ?? {},
  };
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

/**
 * Keeps the triggers as a revision has just left them, in its transaction; `before`: as they stood when it began. What
 * our own revision changes is no alteration: a verify or a confirm that had seen a trigger as it was has seen it still.
 */
export async function recordMirror(session: Session, plan: string, before: Stamps): Promise<void> {
  const { stamps } = await readMirror(session, plan);
  await session.run(sql`update changeover.plan set mirror = $2::jsonb where slug = $1`, [plan, JSON.stringify(stamps)]);
  const then = JSON.stringify(before);
  const carried = sql`(
      select coalesce(jsonb_object_agg(n.key, case when b.value is null or b.value = m.value then n.value else m.value end)
               filter (where b.value is null or m.value is not null), '{}')
        from jsonb_each($2::jsonb) n
        left join jsonb_each($3::jsonb) b on b.key = n.key
        left join jsonb_each(seen.mirror) m on m.key = n.key)`;
  const params = [plan, JSON.stringify(stamps), then];
  await session.run(sql`update changeover.confirmation seen set mirror = ${carried} where plan = $1`, params);
  await session.run(
    sql`update changeover.verification seen set mirror = ${carried}
        from changeover.revision r where r.id = seen.revision and r.plan = $1`,
    params,
  );
}

/** By a revision's text, which never changes once it ran: a worker asks every second. */
const parsed = new Map<string, readonly TriggerEffect[]>();

function effectsOf(text: string): readonly TriggerEffect[] {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const { upgrade } = parseRevision(text, "changeover.revision");
  const effects = triggerEffects(upgrade.map((step) => `${step.sql};`).join("\n"));
  parsed.set(text, effects);
  return effects;
}

let shared: Promise<TriggerEffect[]> | null = null;

/** The functions of the journal itself; the parser must have been loaded. */
function sharedEffects(): Promise<TriggerEffect[]> {
  shared ??= readFile(new URL("./schema.sql", import.meta.url), "utf8").then((text) =>
    // Its own trigger is on no user's table.
    triggerEffects(text).filter(({ kind }) => kind === "function-made"),
  );
  return shared;
}

async function readStanding(session: Queryable, table: Name, { triggers, functions }: Installed): Promise<Standing> {
  const place = [table.schema, table.name];
  const found = await session.query<Standing["triggers"][number]>(
    // A clone on a partition that was altered is younger than what makes it depend on its parent; one that came is not.
    sql`select t.tgname as name, t.tgenabled as enabled, concat_ws('.', t.oid, t.xmin, (
                 select string_agg(concat_ws(':', l.oid, l.xmin), '.' order by l.oid) from pg_catalog.pg_trigger l
                  where l.tgname = t.tgname and l.tgparentid <> 0 and not exists (
                    select from pg_catalog.pg_depend d
                     where d.classid = 'pg_catalog.pg_trigger'::regclass and d.objid = l.oid and d.xmin = l.xmin))) as stamp,
               jsonb_build_object('schema', n.nspname, 'name', p.proname) as calls,
               array(
                 with recursive tree (relation) as (
                   select t.tgrelid union all
                   select i.inhrelid from tree b
                     join pg_catalog.pg_class c on c.oid = b.relation and c.relkind = 'p'
                     join pg_catalog.pg_inherits i on i.inhparent = b.relation and not i.inhdetachpending)
                 select b.relation::regclass::text from tree b
                  where b.relation <> t.tgrelid and not exists (
                    select from pg_catalog.pg_trigger l
                     where l.tgrelid = b.relation and l.tgname = t.tgname and l.tgenabled = 'A' and l.tgparentid <> 0)
                  order by 1) as amiss
        from pg_catalog.pg_trigger t
        join pg_catalog.pg_proc p on p.oid = t.tgfoid
        join pg_catalog.pg_namespace n on n.oid = p.pronamespace
        where t.tgrelid = to_regclass(format('%I.%I', $1::text, $2::text)) and t.tgname = any($3)`,
    [...place, [...triggers.keys()]],
  );
  const called = [...functions.values()].map((one) => one.function.name);
  return {
    table: await findTable(session, table, [...triggers.keys()]),
    triggers: found,
    functions: await session.query<Standing["functions"][number]>(
      sql`select n.nspname as schema, p.proname as name, p.prosrc as source, p.prosecdef as definer,
                 concat_ws('.', p.oid, p.xmin) as stamp
          from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
          where n.nspname = 'changeover' and p.proname = any($1)`,
      [called],
    ),
  };
}

/** The names of our triggers are made from the plan's: where they stand, there the table is. */
async function findTable(
  session: Queryable,
  { schema, name }: Name,
  triggers: readonly string[],
): Promise<Standing["table"]> {
  const there = await session.maybeOne(
    sql`select from pg_catalog.pg_class where oid = to_regclass(format('%I.%I', $1::text, $2::text))`,
    [schema, name],
  );
  if (there !== null) return { state: "there" };
  const to = await session.maybeOne<{ schema: string; name: string }>(
    sql`select distinct n.nspname as schema, c.relname as name
        from pg_catalog.pg_trigger t
        join pg_catalog.pg_class c on c.oid = t.tgrelid
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where t.tgname = any($1) limit 1`,
    [triggers],
  );
  return to === null ? { state: "gone" } : { state: "renamed", to };
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
  const what = faults.map((fault) => fault.what);
  return new ChangeoverError("drift", `The triggers of plan ${plan} do not stand as they were installed.`, {
    details: restore.length === 0 ? what : [...what, "To put it right:", ...restore.map((line) => `  ${line}`)],
    hint:
      restore.length === 0
        ? `Restore it; or, if it is gone for good, let the plan go: changeover downgrade ${plan}@base`
        : `Writes may have passed unseen. Run these statements, then: changeover verify ${plan}, and confirm again.`,
  });
}
