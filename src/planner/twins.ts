/**
 * Twins: what hangs on the old column, built again over the new one under a name of ours, and given the original's name
 * when the original goes. Made from the catalog's own pieces; expressions are rewritten by the parser's positions.
 */
import type { Constraint, Index, IndexKey, Table } from "../catalog/snapshot.js";
import type { Step } from "../revisions/revision.js";
import { checkExpression, ExpressionError, rewriteColumns } from "../sql/expression.js";
import { ident, type QualifiedName, qualified, sameName } from "../sql/identifier.js";
import { literal } from "../sql/literal.js";
import { join, type SqlText, sql, trusted } from "../sql/text.js";
import { twinName } from "./naming.js";
import { ddl, stepName } from "./steps.js";
import { surroundingsOf } from "./surroundings.js";

export type Renaming = { readonly from: string; readonly to: string };

export function renamed(column: string, renaming: Renaming): string {
  return column === renaming.from ? renaming.to : column;
}

/** An expression as the server prints it, over the new column. */
export function rewritten(expression: string, renaming: Renaming): SqlText {
  return rewriteColumns(trusted(expression, "server"), (column) =>
    column === renaming.from ? ident(renaming.to) : null,
  );
}

/** False: it is over the whole row, which has no twin, or cannot be read. */
export function canBeRewritten(expression: string): boolean {
  try {
    const info = checkExpression(expression);
    return !info.hasWholeRow && !info.hasSubquery;
  } catch (error) {
    if (error instanceof ExpressionError) return false;
    throw error;
  }
}

export function createTwinIndex(on: SqlText, index: Index, renaming: Renaming, concurrently = true): SqlText {
  const keys = join(index.keys.map((key) => indexKey(key, renaming)));
  const parts: SqlText[] = [
    sql`create ${index.unique ? sql`unique ` : sql``}index ${concurrently ? sql`concurrently ` : sql``}${ident(twinName(index.name))} on ${on} using ${ident(index.method)} (${keys})`,
  ];
  if (index.include.length > 0)
    parts.push(sql`include (${join(index.include.map((column) => ident(renamed(column, renaming))))})`);
  if (index.nullsNotDistinct) parts.push(sql`nulls not distinct`);
  if (index.options.length > 0) parts.push(sql`with (${join(index.options.map(option))})`);
  if (index.tablespace !== null) parts.push(sql`tablespace ${ident(index.tablespace)}`);
  if (index.predicate !== null) parts.push(sql`where ${rewritten(index.predicate, renaming)}`);
  return join(parts, " ");
}

function indexKey(key: IndexKey, renaming: Renaming): SqlText {
  const subject =
    key.column !== null ? ident(renamed(key.column, renaming)) : sql`(${rewritten(key.expression ?? "", renaming)})`;
  const collation = key.collation === null ? sql`` : sql` collate ${trusted(key.collation, "server")}`;
  const opclass = key.opclass === null ? sql`` : sql` ${trusted(key.opclass, "server")}`;
  const order = key.descending ? sql` desc` : sql``;
  // NULLS FIRST is what DESC implies, NULLS LAST what ASC does: print only what differs.
  const nulls = key.nullsFirst === key.descending ? sql`` : key.nullsFirst ? sql` nulls first` : sql` nulls last`;
  return sql`${subject}${collation}${opclass}${order}${nulls}`;
}

/** `name=value` as pg_class.reloptions and pg_attribute.attoptions hold it. */
export function option(text: string): SqlText {
  const [name = "", ...value] = text.split("=");
  return sql`${ident(name)} = ${literal(value.join("="))}`;
}

function addTwinCheck(table: QualifiedName, check: Constraint, renaming: Renaming): SqlText {
  const noInherit = check.noInherit ? sql` no inherit` : sql``;
  return sql`alter table ${qualified(table)} add constraint ${ident(twinName(check.name))} check (${rewritten(check.expression ?? "", renaming)})${noInherit} not valid`;
}

export function addTwinChecks(table: QualifiedName, checks: readonly Constraint[], renaming: Renaming): Step[] {
  return checks.map((check) =>
    ddl(stepName("add", check.name), "ACCESS EXCLUSIVE", [table], addTwinCheck(table, check, renaming), {
      title: `twin of ${check.name}`,
    }),
  );
}

/** The foreign key under `name`, NOT VALID; `renaming` null: over its own columns. */
export function addForeignKey(
  table: QualifiedName,
  constraint: Constraint,
  name: string,
  renaming: Renaming | null,
): SqlText {
  const named = (columns: readonly string[]) =>
    join(columns.map((column) => ident(renaming === null ? column : renamed(column, renaming))));
  const foreign = constraint.foreign;
  if (foreign === null) throw new Error(`${constraint.name} is no foreign key`);
  const parts: SqlText[] = [
    sql`alter table ${qualified(table)} add constraint ${ident(name)} foreign key (${named(constraint.columns)})`,
    sql`references ${qualified(foreign.table)} (${join(foreign.columns.map(ident))})`,
  ];
  if (foreign.match !== "SIMPLE") parts.push(trusted(`match ${foreign.match.toLowerCase()}`, "constant"));
  if (foreign.onUpdate !== "NO ACTION") parts.push(trusted(`on update ${foreign.onUpdate.toLowerCase()}`, "constant"));
  if (foreign.onDelete !== "NO ACTION") parts.push(trusted(`on delete ${foreign.onDelete.toLowerCase()}`, "constant"));
  if (foreign.onDeleteColumns.length > 0) parts.push(sql`(${named(foreign.onDeleteColumns)})`);
  parts.push(...deferral(constraint), sql`not valid`);
  return join(parts, " ");
}

/** The unique constraint over its twin index, which takes the constraint's name. */
export function uniqueUsingTwin(table: QualifiedName, constraint: Constraint): SqlText {
  const twin = ident(twinName(constraint.index ?? constraint.name));
  return sql`alter table ${qualified(table)} add constraint ${ident(constraint.name)} unique using index ${twin}`;
}

function deferral(constraint: Constraint): SqlText[] {
  if (!constraint.deferrable) return [];
  return [constraint.deferred ? sql`deferrable initially deferred` : sql`deferrable`];
}

/** The indexes that the new column needs: those over the old one, unique constraints' own among them. */
export function twinIndexes(table: Table, column: string): Index[] {
  const { indexes, uniques } = surroundingsOf(table, column);
  const owners = new Set(uniques.map((constraint) => constraint.name));
  return [...indexes, ...table.indexes.filter((index) => index.constraint !== null && owners.has(index.constraint))];
}

/** The tables that adding or dropping a foreign key locks: its own and the one that it references. */
export function lockedTables(table: Table, key: Constraint): QualifiedName[] {
  const self = { schema: table.schema, name: table.name };
  return key.foreign === null || sameName(key.foreign.table, self) ? [self] : [self, key.foreign.table];
}
