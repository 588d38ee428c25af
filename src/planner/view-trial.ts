/**
 * The views over a changed column, tried on an empty temporary copy of its table that has the column as it will be. Here are
 * the questions; `app/rehearse-views.ts` puts them.
 */
import type { Column, Table, View } from "../catalog/snapshot.js";
import type { ChangeType, RenameColumn } from "../change/change.js";
import { ident, type QualifiedName, qualified, sameName } from "../sql/identifier.js";
import { exchangeRelations } from "../sql/select.js";
import { type SqlText, sql, trusted } from "../sql/text.js";
import { twinName } from "./naming.js";
import { replacements, viewOptions, viewTree } from "./views.js";

/** A view that the server refuses. */
export type ImpossibleView = { readonly name: string; readonly message: string };

export type ViewQuestion = {
  readonly view: View;
  /** the name of the trial in pg_temp */
  readonly trial: string;
  /** it can be made only where these have been */
  readonly over: readonly QualifiedName[];
  /** throws ParseError where the text cannot be read */
  readonly make: () => readonly SqlText[];
  /** what it gives has to be what it gave, types and all */
  readonly alike: boolean;
};

const COPY = sql`pg_temp.changeover_views`;

/** Indexes too: GROUP BY a primary key stands for all columns. */
export function viewCopy(change: RenameColumn | ChangeType, table: Table, column: Column): SqlText[] {
  const add = (name: string, type: SqlText) => sql`alter table ${COPY} add column ${ident(name)} ${type}`;
  const collation = column.collation === null ? sql`` : sql` collate ${trusted(column.collation, "server")}`;
  return [
    sql`create temporary table changeover_views (like ${qualified(table)} including indexes) on commit drop`,
    ...(change.kind === "rename_column"
      ? [add(change.to, sql`${trusted(column.type, "server")}${collation}`)]
      : [
          sql`alter table ${COPY} rename column ${ident(column.name)} to ${ident(twinName(column.name))}`,
          add(column.name, trusted(change.type, "parsed")),
        ]),
  ];
}

export function viewQuestions(change: RenameColumn | ChangeType, table: Table): ViewQuestion[] {
  if (change.kind === "rename_column") {
    const renaming = { from: change.column, to: change.to };
    return replacements(table, renaming).map(({ view, after }, n) => question(table, view, after, n, [], true));
  }
  const views = viewTree(table, change.column);
  return views.map((view, n) => question(table, view, view.definition, n, views, false));
}

function question(
  table: Table,
  view: View,
  text: string,
  n: number,
  tried: readonly View[],
  alike: boolean,
): ViewQuestion {
  const nameOf = (at: number) => `changeover_view_${at}`;
  const self = sql`pg_temp.${ident(nameOf(n))}`;
  const instead = (relation: QualifiedName) => {
    if (sameName(relation, table)) return COPY;
    const at = tried.findIndex((one) => sameName(one.view, relation));
    return at < 0 ? null : sql`pg_temp.${ident(nameOf(at))}`;
  };
  const defaults = view.outputs.flatMap(({ name, default: value }) =>
    value === null ? [] : [sql`alter view ${self} alter column ${ident(name)} set default ${trusted(value, "server")}`],
  );
  return {
    view,
    trial: nameOf(n),
    over: tried.length === 0 ? [] : view.over,
    make: () => [
      sql`create temporary view ${ident(nameOf(n))}${viewOptions(view)} as ${exchangeRelations(text, instead)}`,
      ...(alike ? [] : defaults),
    ],
    alike,
  };
}
