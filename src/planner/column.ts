/** A column like another one: type, collation and everything that is the column's own, but for its default and NOT NULL. */
import type { Column, Grant } from "../catalog/snapshot.js";
import type { Step } from "../revisions/revision.js";
import { ident, type QualifiedName, qualified } from "../sql/identifier.js";
import { integer, literal } from "../sql/literal.js";
import { join, type SqlText, sql, trusted } from "../sql/text.js";
import { ddl } from "./steps.js";
import { option } from "./twins.js";

/**
 * No default yet: while old code writes, a default on the new side would win over the value that it sends to the old one.
 * Nullable, without a default: the catalog alone changes, no row is touched.
 */
export function addColumn(table: QualifiedName, like: Column, name: string): Step[] {
  const collation = like.collation === null ? sql`` : sql` collate ${trusted(like.collation, "server")}`;
  const add = sql`alter table ${qualified(table)} add column ${ident(name)} ${trusted(like.type, "server")}${collation}`;
  const statements = [
    ...attributes(table, like, name),
    ...comment(table, like, name),
    ...like.grants.map((g) => grant(table, name, g)),
  ];
  return [
    ddl("add-column", "ACCESS EXCLUSIVE", [table], add, { title: `like ${like.name}` }),
    ...(statements.length === 0
      ? []
      : [
          ddl("column-attributes", "ACCESS EXCLUSIVE", [table], join(statements, ";\n"), {
            title: "storage, statistics, comment and grants as the old column's",
          }),
        ]),
  ];
}

export function dropColumn(table: QualifiedName, name: string): Step {
  return ddl(
    "drop-column",
    "ACCESS EXCLUSIVE",
    [table],
    sql`alter table ${qualified(table)} drop column if exists ${ident(name)}`,
  );
}

function attributes(table: QualifiedName, like: Column, name: string): SqlText[] {
  const alter = sql`alter table ${qualified(table)} alter column ${ident(name)}`;
  const statements: SqlText[] = [];
  if (like.storage !== null) statements.push(sql`${alter} set storage ${trusted(like.storage, "constant")}`);
  if (like.compression !== null)
    statements.push(sql`${alter} set compression ${trusted(like.compression, "constant")}`);
  if (like.statisticsTarget !== null) statements.push(sql`${alter} set statistics ${integer(like.statisticsTarget)}`);
  if (like.options.length > 0) statements.push(sql`${alter} set (${join(like.options.map(option))})`);
  return statements;
}

function comment(table: QualifiedName, like: Column, name: string): SqlText[] {
  return like.comment === null
    ? []
    : [sql`comment on column ${qualified(table)}.${ident(name)} is ${literal(like.comment)}`];
}

function grant(table: QualifiedName, column: string, given: Grant): SqlText {
  const grantee = given.grantee === null ? sql`public` : ident(given.grantee);
  const option = given.grantable ? sql` with grant option` : sql``;
  return sql`grant ${trusted(given.privilege.toLowerCase(), "constant")} (${ident(column)}) on ${qualified(table)} to ${grantee}${option}`;
}
