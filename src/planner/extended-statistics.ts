/** Extended statistics over the column: dropped with it, and planned by them the queries would be slow. */
import type { Table } from "../catalog/snapshot.js";
import type { Step } from "../revisions/revision.js";
import { ident, qualified } from "../sql/identifier.js";
import { integer, literal } from "../sql/literal.js";
import { join, type SqlText, sql, trusted } from "../sql/text.js";
import { twinName } from "./naming.js";
import { ddl, stepName } from "./steps.js";
import { surroundingsOf } from "./surroundings.js";
import { canBeRewritten, type Renaming, renamed, rewritten } from "./twins.js";

export type Statistics = Table["statistics"][number];

const twinOf = ({ name }: Statistics) => ({ schema: name.schema, name: twinName(name.name) });

/** False: it is over the whole row. */
export function canHaveTwin({ expressions }: Statistics): boolean {
  return expressions.every(canBeRewritten);
}

export function createTwinStatistics(name: SqlText, on: SqlText, of: Statistics, renaming: Renaming): SqlText {
  const kinds = of.kinds.map((kind) => trusted(kind, "constant"));
  const elements = [
    ...of.keys.map((key) => ident(renamed(key, renaming))),
    ...of.expressions.map((expression) => sql`(${rewritten(expression, renaming)})`),
  ];
  // One over a single expression takes no kinds.
  const listed = elements.length === 1 ? sql`` : sql` (${join(kinds)})`;
  return sql`create statistics ${name}${listed} on ${join(elements)} from ${on}`;
}

/** Before ANALYZE, which fills them. */
export function addStatistics(table: Table, renaming: Renaming): Step[] {
  return surroundingsOf(table, renaming.from).statistics.flatMap((one) => {
    const twin = twinOf(one);
    const make = createTwinStatistics(qualified(twin), qualified(table), one, renaming);
    const target = sql`alter statistics ${qualified(twin)} set statistics ${integer(one.target ?? -1)}`;
    const step = (verb: string, text: SqlText, done: SqlText) =>
      ddl(stepName(verb, one.name.name), "SHARE UPDATE EXCLUSIVE", [table], text, { done });
    return [
      step("create", make, statisticsIs(one, sql`true`)),
      ...(one.target === null
        ? []
        : [step("target", target, statisticsIs(one, sql`s.stxstattarget = ${integer(one.target)}`))]),
    ];
  });
}

export function dropStatistics(table: Table, column: string): Step[] {
  return surroundingsOf(table, column).statistics.map((one) =>
    ddl(
      stepName("drop", one.name.name),
      "SHARE UPDATE EXCLUSIVE",
      [table],
      sql`drop statistics if exists ${qualified(twinOf(one))}`,
      { done: sql`select not (${statisticsIs(one, sql`true`)})` },
    ),
  );
}

function statisticsIs(one: Statistics, condition: SqlText): SqlText {
  const { schema, name } = twinOf(one);
  return sql`select exists (select from pg_catalog.pg_statistic_ext s join pg_catalog.pg_namespace n on n.oid = s.stxnamespace where n.nspname = ${literal(schema)} and s.stxname = ${literal(name)} and ${condition})`;
}

/** When the original is gone. */
export function nameStatistics(table: Table, column: string): SqlText[] {
  return surroundingsOf(table, column).statistics.flatMap((one) => [
    sql`alter statistics ${qualified(twinOf(one))} rename to ${ident(one.name.name)}`,
    ...commentOn(one, one.comment),
  ]);
}

/** The two change names; `spare` is free. The one that has the name has the comment. */
export function swapStatistics(table: Table, column: string, spare: string): SqlText[] {
  return surroundingsOf(table, column).statistics.flatMap((one) => {
    const { schema, name } = one.name;
    const rename = (from: string, to: string) =>
      sql`alter statistics ${qualified({ schema, name: from })} rename to ${ident(to)}`;
    return [rename(name, spare), rename(twinName(name), name), rename(spare, twinName(name))];
  });
}

export function commentOn({ name, comment }: Statistics, said: string | null): SqlText[] {
  if (comment === null) return [];
  return [sql`comment on statistics ${qualified(name)} is ${said === null ? sql`null` : literal(said)}`];
}
