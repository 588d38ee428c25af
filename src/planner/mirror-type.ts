/**
 * The sync triggers of a column that changes its type: both sides are kept, `new = using(old)` and `old = reverse(new)`,
 * whoever writes and whichever side they know. Neither direction can fail a write: where a conversion raises, the new
 * side stays NULL (the fill or verify names the row), or the old side takes the fallback (the undo closes, by that row).
 *
 * The same text serves before and after the switch: the sides swap their names there, and these are made again.
 */
import type { Column } from "../catalog/snapshot.js";
import type { Step } from "../revisions/revision.js";
import { TICK_SECONDS } from "../revisions/revision.js";
import { ident, type QualifiedName, qualified } from "../sql/identifier.js";
import { dollarQuote, literal } from "../sql/literal.js";
import { join, type SqlText, sql, trusted } from "../sql/text.js";
import { applied, type Conversion } from "./conversion.js";
import { BACKFILL_SETTING, differs } from "./mirror.js";
import type { PlanNames } from "./naming.js";
import { ddl, plain } from "./steps.js";

export type TypePair = {
  readonly names: PlanNames;
  readonly slug: string;
  readonly conversion: Conversion;
  /** the column as it is, and as the server would make it */
  readonly from: Column;
  readonly target: Column;
  /** what the column is called beside the one that has its name */
  readonly shadow: string;
  /** the new side has the column's name */
  readonly switched: boolean;
  /** columns that name a row to people */
  readonly key: readonly string[];
};

function sides({ from, shadow, switched }: TypePair): { readonly o: SqlText; readonly n: SqlText } {
  const [own, other] = [ident(from.name), ident(shadow)];
  return switched ? { o: other, n: own } : { o: own, n: other };
}

/** Functions and triggers, made or made again. */
export function typeMirrorSteps(table: QualifiedName, pair: TypePair): Step[] {
  return [
    plain("sync-function", syncFunction(pair), { title: "keeps the two sides in step, whichever is written" }),
    ddl("sync-triggers", "SHARE ROW EXCLUSIVE", [table], syncTriggers(table, pair), {
      title: "also where session_replication_role is replica",
    }),
    plain("in-step-function", inStepFunction(pair), {
      title: "what verify asks of a row: 1 in step, 0 not, 2 in step but with no way back",
    }),
  ];
}

/** The body refers to nothing but the row, so that it runs for every role and under every search_path. */
function syncFunction(pair: TypePair): SqlText {
  const { names, conversion, from, target } = pair;
  const { o, n } = sides(pair);
  const changed = (column: Column, side: SqlText) => differs(column, sql`new.${side}`, sql`old.${side}`);
  const using = applied(conversion.using, sql`new.${o}`);
  const note = (what: SqlText) => sql`perform pg_catalog.set_config(${literal(names.unmirrored)}, ${what}, true);`;
  const convert = sql`new.${n} := (${using});`;
  const forth = conversion.total
    ? [convert]
    : guarded([convert], [sql`new.${n} := null;`, note(sql`'forth ' || sqlstate`)]);
  // A value that comes back as another one would be lost by an undo, though nothing fails.
  const exact = conversion.injective
    ? []
    : [
        sql`there := (${using});`,
        sql`if ${differs(target, sql`there`, sql`new.${n}`)} then ${note(sql`'back inexact'`)} end if;`,
      ];
  const back = guarded(
    [sql`new.${o} := (${applied(conversion.reverse, sql`new.${n}`)});`, ...exact],
    [sql`new.${o} := ${conversion.fallback};`, note(sql`'back ' || sqlstate`)],
  );
  const declared = conversion.injective
    ? sql``
    : sql`
declare
  there ${trusted(target.type, "server")};`;
  const body = sql`${declared}
begin
  if tg_op = 'INSERT' then
    -- The side that is given; where both are, the new one.
    if new.${n} is not null then
${indented(6, back)}
    else
${indented(6, forth)}
    end if;
    return new;
  end if;
  -- The side that changed; where both did, the new one, but in the backfill's own statement (where the new side is
  -- the backfill's doing) an old side that a trigger changed.
  if ${changed(target, n)}
     and not (${changed(from, o)}
              and coalesce(current_setting('changeover.backfill', true), '') = 'on' and pg_trigger_depth() = 1) then
${indented(4, back)}
  elsif ${changed(from, o)} or new.${n} is null then
${indented(4, forth)}
  end if;
  return new;
end
`;
  return sql`create or replace function changeover.${ident(names.syncFunction)}() returns trigger language plpgsql as ${dollarQuote(body)}`;
}

/**
 * Statements that cannot fail the write: a block with EXCEPTION costs about 0.4 microseconds. What went wrong is handed to
 * the note trigger by a setting, outside of the block that was undone.
 */
function guarded(attempt: readonly SqlText[], otherwise: readonly SqlText[]): SqlText[] {
  const within = (statements: readonly SqlText[]) => statements.map((statement) => sql`  ${statement}`);
  return [sql`begin`, ...within(attempt), sql`exception when others then`, ...within(otherwise), sql`end;`];
}

/** A statement's own further lines stay as they are: one may lie inside of a string. */
function indented(by: number, statements: readonly SqlText[]): SqlText {
  const margin = trusted(" ".repeat(by), "constant");
  return join(
    statements.map((statement) => sql`${margin}${statement}`),
    "\n",
  );
}

/**
 * Called where a side changed or the row is not filled yet, and not by the backfill's own statement that leaves the old
 * side alone. The note trigger sorts after the others.
 */
function syncTriggers(table: QualifiedName, pair: TypePair): SqlText {
  const { names, from, target } = pair;
  const { o, n } = sides(pair);
  const oldChanged = differs(from, sql`old.${o}`, sql`new.${o}`);
  const newChanged = differs(target, sql`old.${n}`, sql`new.${n}`);
  // A repair sets the old side to what the new one gives, which must not come back as another value.
  const ours = sql`case coalesce(current_setting(${literal(BACKFILL_SETTING)}, true), '') when '' then true when 'repair' then false else ${oldChanged} end`;
  const fn = sql`changeover.${ident(names.syncFunction)}`;
  const args = [pair.slug, names.unmirrored, names.seenUnmirrored, String(TICK_SECONDS.old), ...pair.key].map(literal);
  const triggers: readonly (readonly [string, SqlText])[] = [
    [
      names.syncInsert,
      sql`before insert on ${qualified(table)}
  for each row when (new.${o} is not null or new.${n} is not null) execute function ${fn}()`,
    ],
    [
      names.syncUpdate,
      sql`before update on ${qualified(table)}
  for each row when ((${oldChanged} or ${newChanged} or (new.${n} is null and new.${o} is not null))
    and (pg_trigger_depth() > 0 or ${ours})) execute function ${fn}()`,
    ],
    [
      names.noteUnmirrored,
      sql`before insert or update on ${qualified(table)}
  for each row when (coalesce(current_setting(${literal(names.unmirrored)}, true), '') <> '') execute function changeover.note(${join(args)})`,
    ],
  ];
  return join(
    triggers.flatMap(([name, rest]) => [
      sql`create or replace trigger ${ident(name)} ${rest}`,
      sql`alter table ${qualified(table)} enable always trigger ${ident(name)}`,
    ]),
    ";\n",
  );
}

/** Called by verify alone, as the role that runs it. Its arguments are the column and its shadow, whichever is which. */
export function inStep({ names, from, shadow }: TypePair): SqlText {
  return sql`changeover.${ident(names.inStepFunction)}(${ident(from.name)}, ${ident(shadow)})`;
}

export function dropInStepFunction({ names, from, target, switched }: TypePair): SqlText {
  const types = switched ? [target.type, from.type] : [from.type, target.type];
  return sql`drop function if exists changeover.${ident(names.inStepFunction)}(${join(types.map((type) => trusted(type, "server")))})`;
}

function inStepFunction({ names, conversion, from, target, switched }: TypePair): SqlText {
  const [o, n] = [sql`old_side`, sql`new_side`];
  const same = (column: Column, a: SqlText, b: SqlText) => sql`not (${differs(column, a, b)})`;
  const body = sql`
declare
  there ${trusted(target.type, "server")};
  back ${trusted(from.type, "server")};
  failed boolean := false;
begin
  begin
    there := (${applied(conversion.using, o)});
    if ${same(target, sql`there`, n)} then return 1; end if;
  exception when others then
    failed := true;
  end;
  -- Not filled yet, or not to be converted.
  if new_side is null and (failed or there is not null) then return 0; end if;
  begin
    back := (${applied(conversion.reverse, n)});
  exception when others then
    back := ${conversion.fallback};
    return case when ${same(from, sql`back`, o)} then 2 else 0 end;
  end;
  -- It comes back as what is there, and would go forth as another value: what the new side holds would be lost.
  return case when ${same(from, sql`back`, o)} then 2 else 0 end;
end
`;
  const parameters = [sql`${o} ${trusted(from.type, "server")}`, sql`${n} ${trusted(target.type, "server")}`];
  return sql`create or replace function changeover.${ident(names.inStepFunction)}(${join(switched ? parameters.reverse() : parameters)}) returns integer language plpgsql stable as ${dollarQuote(body)}`;
}
