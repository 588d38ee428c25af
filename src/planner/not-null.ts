/**
 * NOT NULL without a scan under a strong lock: a constraint that is enforced for every write at once and validated later
 * under a weak lock. Before 18 a CHECK, which SET NOT NULL then takes as its proof; from 18 on the native one, whose
 * validation is the end of it. (On 18, SET NOT NULL over a NOT VALID one scans under ACCESS EXCLUSIVE: never said there.)
 */
import { notNullName } from "../catalog/names.js";
import type { Column, Table } from "../catalog/snapshot.js";
import type { Step } from "../revisions/revision.js";
import { ident, type QualifiedName, qualified } from "../sql/identifier.js";
import { sql } from "../sql/text.js";
import { twinName } from "./naming.js";
import { ddl } from "./steps.js";

const BEFORE_18 = { below: 18 };
const FROM_18 = { from: 18 };

/** 18 names the constraint itself; before, only our check needs a name. */
export function oldNotNullName(table: Table, column: Column): string {
  return column.notNullConstraint?.name ?? notNullName(table.name, column.name);
}

export function notNullTwinName(table: Table, column: Column): string {
  return twinName(oldNotNullName(table, column));
}

export function addNotNull(table: QualifiedName, column: string, constraint: string): Step[] {
  return [
    addNotNullCheck(table, column, constraint),
    ddl(
      "add-not-null",
      "ACCESS EXCLUSIVE",
      [table],
      sql`alter table ${qualified(table)} add constraint ${ident(constraint)} not null ${ident(column)} not valid`,
      {
        title: "enforced for every write from here on",
        server: FROM_18,
      },
    ),
  ];
}

/** Before 18. NOT VALID: without a scan. */
export function addNotNullCheck(table: QualifiedName, column: string, constraint: string): Step {
  return ddl(
    "add-not-null-check",
    "ACCESS EXCLUSIVE",
    [table],
    sql`alter table ${qualified(table)} add constraint ${ident(constraint)} check (${ident(column)} is not null) not valid`,
    {
      title: "enforced for every write from here on",
      server: BEFORE_18,
    },
  );
}

/** Before 18, where a validated check is the proof. */
export function setNotNull(table: QualifiedName, column: string): Step[] {
  return [
    ddl(
      "set-not-null",
      "ACCESS EXCLUSIVE",
      [table],
      sql`alter table ${qualified(table)} alter column ${ident(column)} set not null`,
      {
        title: "no scan: the validated check is the proof",
        server: BEFORE_18,
      },
    ),
  ];
}

/** The validated constraint becomes the column's own NOT NULL, under the name that it shall keep (18; before, it has none). */
export function settleNotNull(table: QualifiedName, column: string, constraint: string, finalName: string): Step[] {
  return [
    ...setNotNull(table, column),
    ddl(
      "drop-not-null-check",
      "ACCESS EXCLUSIVE",
      [table],
      sql`alter table ${qualified(table)} drop constraint if exists ${ident(constraint)}`,
      {
        server: BEFORE_18,
      },
    ),
    ddl(
      "name-not-null",
      "ACCESS EXCLUSIVE",
      [table],
      sql`alter table ${qualified(table)} rename constraint ${ident(constraint)} to ${ident(finalName)}`,
      {
        server: FROM_18,
      },
    ),
  ];
}

/** Back to nullable, from wherever the constraint stands. */
export function removeNotNull(table: QualifiedName, column: string, constraint: string): Step[] {
  return [
    ddl(
      "drop-not-null-constraint",
      "ACCESS EXCLUSIVE",
      [table],
      sql`alter table ${qualified(table)} drop constraint if exists ${ident(constraint)}`,
    ),
    ddl(
      "drop-not-null",
      "ACCESS EXCLUSIVE",
      [table],
      sql`alter table ${qualified(table)} alter column ${ident(column)} drop not null`,
      {
        title: "where it was set already",
        server: BEFORE_18,
      },
    ),
  ];
}
