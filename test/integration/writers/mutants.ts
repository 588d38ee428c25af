/** Ways in which a sync, or a fill, can be wrong: each put into the database where the right one stood. */
import type { Scene } from "../../support/writers/scene.js";
import {
  RENAME_NOT_NULL,
  RENAME_NULLABLE,
  RENAME_NUMERIC,
  SET_NOT_NULL,
  type Variant,
} from "../../support/writers/variant.js";
import { A_WHILE } from "./flows.js";

export type Mutant = {
  readonly name: string;
  readonly variant: Variant;
  /** when: after the dual-write revision, before its fill; or once new code writes too */
  readonly when: "dual-write" | "released";
  /** what a run with it shows */
  readonly shows: RegExp;
  install(scene: Scene): Promise<void>;
};

type Trigger = { name: string; definition: string };

async function trigger(scene: Scene, like: string): Promise<Trigger> {
  const [found] = await scene.sql<Trigger>(
    `select quote_ident(tgname) as name, pg_get_triggerdef(oid) as definition from pg_trigger
     where tgrelid = $1::regclass and tgname like '~~changeover%' || $2`,
    [scene.parts.variant.table, like],
  );
  if (found === undefined) throw new Error(`there is no trigger ${like}`);
  return found;
}

function replaced(text: string, what: RegExp, by: string): string {
  if (!what.test(text)) throw new Error(`${text} has no ${what}`);
  return text.replace(what, () => by);
}

/**
 * The journal says what was installed, and whatever differs is found and stops the plan. These stand for recipes that are
 * wrong from the start, so what ran is made to say what they say.
 */
async function asIfPlanned(scene: Scene, was: string, is: string): Promise<void> {
  await scene.sql("update changeover.revision set text = replace(text, $1, $2)", [was, is]);
}

/** In one transaction: nobody sees the table without it. */
async function changeTrigger(scene: Scene, like: string, what: RegExp, by: string): Promise<void> {
  const { name, definition } = await trigger(scene, like);
  const { table } = scene.parts.variant;
  const changed = replaced(definition, what, by);
  const [, newName] = /^CREATE TRIGGER (\S+)/.exec(changed) ?? [];
  await scene.sql(
    `begin; drop trigger ${name} on ${table}; ${changed}; alter table ${table} enable always trigger ${newName}; commit`,
  );
  await asIfPlanned(scene, name, newName ?? name);
}

async function changeFunction(scene: Scene, what: RegExp, by: string): Promise<void> {
  const [found] = await scene.sql<{ definition: string; source: string }>(
    `select pg_get_functiondef(oid) as definition, prosrc as source from pg_proc
     where pronamespace = 'changeover'::regnamespace and proname like 'sync\\_%'`,
  );
  const { definition, source } = found ?? { definition: "", source: "" };
  await scene.sql(replaced(definition, what, by));
  await asIfPlanned(scene, source, replaced(source, what, by));
}

/** Reads rows, lets writers go on, then fills what it has read: the predicate alone protects what was written meanwhile. */
export async function fillFromAfar(scene: Scene, due: string): Promise<void> {
  const { table, old, new: next, domain } = scene.parts.variant;
  const rows = await scene.sql<{ region: number; id: number; value: string }>(
    `select region, id, ${old.column}::text as value from ${table} where ${next.column} is null and ${old.column} is not null`,
  );
  await scene.fleet.progress(40);
  const columns = [rows.map((row) => row.region), rows.map((row) => row.id), rows.map((row) => row.value)];
  await scene.sql("begin");
  await scene.sql("set local changeover.backfill = 'on'");
  await scene.sql(
    `update ${table} t set ${next.column} = v.value::${domain.type} from unnest($1::int[], $2::int[], $3::text[]) v (region, id, value)
     where t.region = v.region and t.id = v.id and ${due}`,
    columns,
  );
  await scene.sql("commit");
}

const sides = ({ old, new: next }: Variant) => `${old.column}, ${next.column}`;

export const DUE = ({ old, new: next }: Variant) => `t.${next.column} is null and t.${old.column} is not null`;

const NOT_FILLED = /at a quiet point: .* holds "\S+" \| NULL, .*; wrote/;
const IN_A_SNAPSHOT = /was out of step in a snapshot/;
const APART = new RegExp(`at a quiet point: .* holds "\\S+" \\| "\\S+"|${IN_A_SNAPSHOT.source}`);
const NOT_FILLED_OR_APART = new RegExp(`${NOT_FILLED.source}|${APART.source}`);
const REFUSED = /violates (not-null|check) constraint/;
const LOST = /at a quiet point: .* holds "(\S+|none of \d)".*; wrote (?!\1)/;

export const MUTANTS: readonly Mutant[] = [
  {
    name: "the sync trigger is for UPDATE OF the two sides",
    variant: RENAME_NULLABLE,
    when: "dual-write",
    shows: NOT_FILLED_OR_APART,
    install: (scene) =>
      changeTrigger(scene, "sync\\_update", /BEFORE UPDATE/, `BEFORE UPDATE OF ${sides(scene.parts.variant)}`),
  },
  {
    name: "the same, where the new side is NOT NULL",
    variant: RENAME_NOT_NULL,
    when: "dual-write",
    shows: REFUSED,
    install: (scene) =>
      changeTrigger(scene, "sync\\_update", /BEFORE UPDATE/, `BEFORE UPDATE OF ${sides(scene.parts.variant)}`),
  },
  {
    name: "WHEN lacks its arm for rows that are not filled",
    variant: RENAME_NULLABLE,
    when: "dual-write",
    shows: NOT_FILLED,
    install: (scene) => {
      const { old, new: next } = scene.parts.variant;
      const changed = [old, next].map(({ column }) => `old.${column} is distinct from new.${column}`);
      return changeTrigger(scene, "sync\\_update", /WHEN \(.*\) EXECUTE/, `WHEN (${changed.join(" or ")}) EXECUTE`);
    },
  },
  {
    name: "the function lacks its arm for rows that are not filled",
    variant: RENAME_NULLABLE,
    when: "dual-write",
    shows: NOT_FILLED,
    install: (scene) => changeFunction(scene, / or new\.\S.* is null then/, " then"),
  },
  {
    name: "the INSERT trigger is missing",
    variant: RENAME_NULLABLE,
    when: "dual-write",
    shows: NOT_FILLED,
    install: async (scene) => {
      const { name } = await trigger(scene, "sync\\_insert");
      await scene.sql(`drop trigger ${name} on ${scene.parts.variant.table}`);
    },
  },
  {
    name: "the sync trigger sorts before the user's",
    variant: RENAME_NUMERIC,
    when: "dual-write",
    shows: APART,
    install: (scene) => changeTrigger(scene, "sync\\_update", /^CREATE TRIGGER \S+/, "CREATE TRIGGER aaa_sync"),
  },
  {
    name: "the sync function needs a privilege",
    variant: RENAME_NULLABLE,
    when: "dual-write",
    shows: /42501|permission denied/,
    install: (scene) => changeFunction(scene, /begin/, "begin perform 1 from changeover.revision;"),
  },
  {
    name: "the fill overwrites what is distinct from the value that it has read",
    variant: RENAME_NUMERIC,
    when: "dual-write",
    shows: LOST,
    install: (scene) => {
      const { column } = scene.parts.variant.new;
      return fillFromAfar(scene, `t.${column} is distinct from v.value::numeric`);
    },
  },
  {
    name: "sides are compared by equality, not by image",
    variant: RENAME_NUMERIC,
    when: "released",
    shows: APART,
    install: (scene) => {
      const { old, new: next } = scene.parts.variant;
      const apart = `new.${old.column} is distinct from new.${next.column}`;
      return changeTrigger(scene, "sync\\_update", /WHEN \(.*\) EXECUTE/, `WHEN (${apart}) EXECUTE`);
    },
  },
  {
    name: "what new code writes is not taken back to the old side",
    variant: RENAME_NULLABLE,
    when: "released",
    shows: APART,
    install: (scene) => changeFunction(scene, /then\s+new\.\S[^;]*;\s+elsif/, "then\n null;\n elsif"),
  },
  {
    name: "the sync trigger is gone for a moment",
    variant: RENAME_NULLABLE,
    when: "released",
    shows: APART,
    install: async (scene) => {
      const { name, definition } = await trigger(scene, "sync\\_update");
      const { table } = scene.parts.variant;
      await scene.sql(`drop trigger ${name} on ${table}`);
      await scene.fleet.progress(5);
      await scene.sql(`${definition}; alter table ${table} enable always trigger ${name}`);
    },
  },
  {
    name: "the same, and what it missed is mended before anyone holds still",
    variant: RENAME_NULLABLE,
    when: "dual-write",
    shows: IN_A_SNAPSHOT,
    install: async (scene) => {
      const { name, definition } = await trigger(scene, "sync\\_update");
      const { table, old, new: next } = scene.parts.variant;
      await scene.fleet.progress(A_WHILE);
      await scene.sql(`drop trigger ${name} on ${table}`);
      await scene.fleet.progress(A_WHILE);
      await scene.snapshots(2);
      await scene.sql(
        `begin; ${definition}; alter table ${table} enable always trigger ${name};
         update ${table} set ${next.column} = ${old.column} where ${next.column} is distinct from ${old.column}; commit`,
      );
    },
  },
  {
    name: "the fill trigger of set_not_null is for UPDATE OF the column",
    variant: SET_NOT_NULL,
    when: "dual-write",
    shows: REFUSED,
    install: (scene) =>
      changeTrigger(scene, "sync\\_insert", /OR UPDATE/, `OR UPDATE OF ${scene.parts.variant.old.column}`),
  },
  {
    name: "the fill trigger of set_not_null is for INSERT alone",
    variant: SET_NOT_NULL,
    when: "released",
    shows: REFUSED,
    install: (scene) => changeTrigger(scene, "sync\\_insert", / OR UPDATE/, ""),
  },
  {
    name: "the fill of set_not_null takes every row",
    variant: SET_NOT_NULL,
    when: "dual-write",
    shows: LOST,
    install: async (scene) => {
      const { table, old } = scene.parts.variant;
      await scene.sql(`update ${table} set ${old.column} = 'none of ' || region where id % 7 = 0`);
    },
  },
];
