/**
 * What only a server can say of a new type, asked before planning: the change is tried on an empty temporary copy of the
 * table, in a transaction that is rolled back. Here are the questions; `app/rehearse.ts` puts them.
 */
import type { Column, Table } from "../catalog/snapshot.js";
import type { ChangeType } from "../change/change.js";
import { ident, qualified } from "../sql/identifier.js";
import { type SqlText, sql, trusted } from "../sql/text.js";
import { applied, conversionOf } from "./conversion.js";
import { canHaveTwin, createTwinStatistics } from "./extended-statistics.js";
import { twinName } from "./naming.js";
import { surroundingsOf } from "./surroundings.js";
import { canBeRewritten, createTwinIndex, rewritten, twinIndexes } from "./twins.js";

/** The answers. */
export type Target = {
  /** the column as the server makes it, without anything of its own */
  readonly column: Column;
  /** ALTER COLUMN TYPE rewrites neither the table nor an index, and reads no row */
  readonly metadataOnly: boolean;
  /** conversions whose result may depend on a session's settings */
  readonly unsteady: readonly ("using" | "reverse")[];
  /** conversions that make a value of NULL, or fail for it */
  readonly nullGives: readonly ("using" | "reverse")[];
  /** the server takes the old default for the new type as it is, as ALTER TYPE would */
  readonly defaultAssigned: boolean;
  /** what the server refuses over the new type */
  readonly impossible: readonly { readonly what: string; readonly name: string; readonly message: string }[];
};

/** The copy, with the new column beside the old one; nothing else may be of that name in pg_temp. */
export const COPY = sql`pg_temp.changeover_rehearsal`;

export function makeCopy(table: Table): SqlText {
  return sql`create temporary table changeover_rehearsal (like ${qualified(table)}) on commit drop`;
}

export function addTarget(change: ChangeType): SqlText {
  return sql`alter table ${COPY} add column ${ident(twinName(change.column))} ${trusted(change.type, "parsed")}`;
}

/** A conversion, and the statement that has the server look at it; `at`: where its text begins in that statement. */
export type ConversionQuestion = {
  readonly key: "using" | "reverse" | "fallback";
  readonly assign: SqlText;
  readonly at: number;
  /** of a conversion: a generated column, which must be immutable, and one boolean: does NULL stay NULL */
  readonly steady: SqlText | null;
  readonly keepsNull: SqlText | null;
};

export function conversionQuestions(change: ChangeType, column: Column, target: Column): ConversionQuestion[] {
  const conversion = conversionOf(change, column, target);
  const [old, shadow] = [ident(change.column), ident(twinName(change.column))];
  const question = (
    key: ConversionQuestion["key"],
    side: SqlText,
    type: string,
    expression: SqlText,
    ofNull: SqlText | null,
  ): ConversionQuestion => {
    const head = sql`explain update ${COPY} set ${side} = (`;
    return {
      key,
      assign: sql`${head}${expression})`,
      at: head.length,
      keepsNull: ofNull === null ? null : sql`select (${ofNull}) is null as kept`,
      steady:
        ofNull === null
          ? null
          : sql`alter table ${COPY} add column changeover_steady ${trusted(type, "server")} generated always as (${expression}) stored`,
    };
  };
  const reverse = applied(conversion.reverse, shadow);
  const nothing = (type: string) => sql`null::${trusted(type, "server")}`;
  return [
    question("using", shadow, target.type, conversion.using, applied(conversion.using, nothing(column.type))),
    question("reverse", old, column.type, reverse, applied(conversion.reverse, nothing(target.type))),
    ...(change.fallback === null ? [] : [question("fallback", old, column.type, conversion.fallback, null)]),
  ];
}

/** Null: there is no default, or it has to be converted as a value is. */
export function defaultQuestion(change: ChangeType, column: Column, target: Column): SqlText | null {
  if (column.default === null || column.generated !== null || !conversionOf(change, column, target).cast) return null;
  return setDefault(change, trusted(column.default, "server"));
}

const setDefault = ({ column }: ChangeType, value: SqlText) =>
  sql`alter table ${COPY} alter column ${ident(twinName(column))} set default ${value}`;

/** What hangs on the column, made over the new one. */
export function twinQuestions(
  change: ChangeType,
  table: Table,
  column: Column,
  { column: target, defaultAssigned }: Pick<Target, "column" | "defaultAssigned">,
): { readonly what: string; readonly name: string; readonly make: SqlText }[] {
  const shadow = twinName(change.column);
  const renaming = { from: change.column, to: shadow };
  const value = defaultOf(change, column, { column: target, defaultAssigned });
  return [
    ...(value === null
      ? []
      : [
          {
            what: "default",
            name: change.column,
            make: setDefault(change, value),
          },
        ]),
    // What has no twin is refused by its own name.
    ...surroundingsOf(table, change.column)
      .checks.filter((check) => canBeRewritten(check.expression ?? ""))
      .map((check) => ({
        what: "check",
        name: check.name,
        make: sql`alter table ${COPY} add check (${rewritten(check.expression ?? "", renaming)})`,
      })),
    ...surroundingsOf(table, change.column)
      .statistics.filter(canHaveTwin)
      .map((one) => ({
        what: "statistics object",
        name: one.name.name,
        make: createTwinStatistics(sql`pg_temp.${ident(twinName(one.name.name))}`, COPY, one, renaming),
      })),
    ...twinIndexes(table, change.column)
      .filter((i) =>
        [i.predicate, ...i.keys.map((key) => key.expression)].every((e) => e === null || canBeRewritten(e)),
      )
      .map((index) => ({
        what: "index",
        name: index.name,
        make: createTwinIndex(COPY, index, renaming, false),
      })),
  ];
}

/** The old default, converted as a value is; by the server itself where its own cast does it, as ALTER TYPE would. */
export function defaultOf(
  change: ChangeType,
  column: Column,
  { column: target, defaultAssigned }: Pick<Target, "column" | "defaultAssigned">,
): SqlText | null {
  if (column.default === null || column.generated !== null) return null;
  const old = trusted(column.default, "server");
  return defaultAssigned ? old : sql`(${applied(conversionOf(change, column, target).using, sql`(${old})`)})`;
}

/** A second copy with its indexes, whose type is changed in place: what gets a new file there is rewritten. */
export function inPlaceQuestion(change: ChangeType, table: Table): { readonly make: SqlText; readonly alter: SqlText } {
  return {
    make: sql`create temporary table changeover_in_place (like ${qualified(table)} including indexes including generated) on commit drop`,
    alter: sql`alter table pg_temp.changeover_in_place alter column ${ident(change.column)} type ${trusted(change.type, "parsed")}`,
  };
}
