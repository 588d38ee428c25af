/** What swaps at the switch of change_type, and back. Names in the catalog alone: a few milliseconds under the lock. */
import type { Step } from "../../revisions/revision.js";
import { ident, qualified } from "../../sql/identifier.js";
import { dollarQuote, integer, literal } from "../../sql/literal.js";
import { join, type SqlText, sql, trusted } from "../../sql/text.js";
import { commentOn, swapStatistics } from "../extended-statistics.js";
import { planKey, twinName } from "../naming.js";
import { ddl, plain } from "../steps.js";
import { surroundingsOf } from "../surroundings.js";
import { defaultOf } from "../target.js";
import { twinIndexes } from "../twins.js";
import type { TypeInput } from "./change-type.pair.js";

type Way = "switch" | "back";

/** Columns, indexes and unique constraints change names with their twins; of checks and foreign keys only the twins stand. */
export function swapNames({ change, table, slug }: TypeInput, way: Way): Step[] {
  const around = surroundingsOf(table, change.column);
  const self = sql`alter table ${qualified(table)}`;
  const column = (from: string, to: string) => sql`${self} rename column ${ident(from)} to ${ident(to)}`;
  const constraint = (from: string, to: string) => sql`${self} rename constraint ${ident(from)} to ${ident(to)}`;
  const index = (from: string, to: string) =>
    sql`alter index ${ident(table.schema)}.${ident(from)} rename to ${ident(to)}`;
  const spare = twinName(`${planKey(slug)}_swap`);
  const swap = (rename: (from: string, to: string) => SqlText, name: string) => [
    rename(name, spare),
    rename(twinName(name), name),
    rename(spare, twinName(name)),
  ];
  const move = (name: string) =>
    way === "switch" ? constraint(twinName(name), name) : constraint(name, twinName(name));
  // An index keeps the name that its column had when it was built; nobody asks for it, and it is not to stay behind.
  const indexColumns = twinIndexes(table, change.column)
    .filter((one) => [...one.keys.map((key) => key.column), ...one.include].includes(change.column))
    .map(({ name }) => {
      const on = sql`alter table ${ident(table.schema)}.${ident(way === "switch" ? name : twinName(name))}`;
      const names = [ident(twinName(change.column)), ident(change.column)];
      const [from, to] = way === "switch" ? names : names.reverse();
      return sql`${on} rename column ${from ?? sql``} to ${to ?? sql``}`;
    });
  const statements = [
    ...swap(column, change.column),
    ...around.indexes.flatMap(({ name }) => swap(index, name)),
    ...around.uniques.flatMap(({ name }) => swap(constraint, name)),
    ...[...around.checks, ...around.foreignKeys].map(({ name }) => move(name)),
    ...swapStatistics(table, change.column, spare),
    ...indexColumns,
  ];
  return [
    ddl("swap-names", "ACCESS EXCLUSIVE", [table], join(statements, ";\n"), {
      title: "the two sides, and what hangs on them, take each other's names",
    }),
  ];
}

/** The default is the column's, whichever that is: an insert that does not name it is not old code's. */
export function defaults({ change, table, column, target }: TypeInput, way: Way): Step[] {
  const converted = defaultOf(change, column, target);
  if (converted === null) return [];
  const value = way === "switch" ? converted : trusted(column.default ?? "", "server");
  const alter = (name: string) => sql`alter table ${qualified(table)} alter column ${ident(name)}`;
  const text = sql`${alter(change.column)} set default ${value};
${alter(twinName(change.column))} drop default`;
  return [ddl("move-default", "ACCESS EXCLUSIVE", [table], text)];
}

/**
 * What is said of an index or a constraint, and is not in its definition: the twin gets it when it takes the name. On the
 * way back, when the names are as they were, the twin loses it again.
 */
export function marks({ change, table }: TypeInput, way: Way): Step[] {
  const around = surroundingsOf(table, change.column);
  const self = qualified(table);
  const named = (name: string) => (way === "switch" ? name : twinName(name));
  const index = (name: string) => sql`${ident(table.schema)}.${ident(named(name))}`;
  const said = (comment: string) => (way === "switch" ? literal(comment) : sql`null`);
  const statements = [
    ...twinIndexes(table, change.column).flatMap(({ name, statisticsTargets, comment, clustered }) => [
      ...statisticsTargets.map(({ position, target }) => {
        const value = way === "switch" ? target : -1;
        return sql`alter index ${index(name)} alter column ${integer(position)} set statistics ${integer(value)}`;
      }),
      ...(comment === null ? [] : [sql`comment on index ${index(name)} is ${said(comment)}`]),
      ...(clustered ? [sql`alter table ${self} cluster on ${ident(name)}`] : []),
    ]),
    ...[...around.uniques, ...around.checks, ...around.foreignKeys].flatMap(({ name, comment }) =>
      comment === null ? [] : [sql`comment on constraint ${ident(named(name))} on ${self} is ${said(comment)}`],
    ),
  ];
  // The old one's goes with it, and the new one's is made when that has the name.
  const described = around.statistics.flatMap((one) => {
    const [here, there] = [one, { ...one, name: { ...one.name, name: twinName(one.name.name) } }];
    return way === "switch" ? commentOn(here, one.comment) : commentOn(there, null);
  });
  statements.push(...described);
  return statements.length === 0 ? [] : [ddl("marks", "ACCESS EXCLUSIVE", [table], join(statements, ";\n"))];
}

/**
 * A plpgsql function keeps the plan of an expression over the column, and its old type with it, for as long as its session
 * lives: every write through such a trigger would fail with 42804. Any change of its row in pg_proc makes each session
 * compile it again.
 */
export function recompile({ change, table }: TypeInput): Step {
  const named = surroundingsOf(table, change.column).functions.filter((f) => !f.onTrigger);
  const others =
    named.length === 0
      ? sql``
      : sql`
        or (n.nspname, p.proname) in (${join(named.map((f) => sql`(${literal(f.function.schema)}, ${literal(f.function.name)})`))})`;
  const body = sql`
declare
  f record;
begin
  for f in
    select p.oid::pg_catalog.regprocedure as name, p.procost as cost
      from pg_catalog.pg_proc p
      join pg_catalog.pg_namespace n on n.oid = p.pronamespace
      join pg_catalog.pg_language l on l.oid = p.prolang
     where l.lanname = 'plpgsql' and p.prokind = 'f' and n.nspname <> 'changeover' and (
        p.oid in (select t.tgfoid from pg_catalog.pg_trigger t where t.tgrelid = ${literal(qualified(table))}::pg_catalog.regclass)${others})
  loop
    execute pg_catalog.format('alter function %s cost %s', f.name, f.cost);
  end loop;
end
`;
  return plain("recompile-functions", sql`do ${dollarQuote(body)}`, {
    title: "sessions compile the functions over the column again",
  });
}
