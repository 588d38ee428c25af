/**
 * What stands in the way of any change of a column, whatever its kind: each reason by its name, all of them at once, so
 * that nobody mends one to meet the next.
 */

import type { Column, Snapshot, Table } from "../catalog/snapshot.js";
import type { Change } from "../change/change.js";
import { qualified, sameName } from "../sql/identifier.js";
import { TRIGGER_PREFIX } from "./naming.js";
import type { Finding, Refusal } from "./plan.js";
import { columnsEntangledWith, triggersFiredByFill } from "./surroundings.js";

/** Another plan that has begun and not ended, or is waiting in the folder. */
export type OpenPlan = {
  readonly slug: string;
  readonly table: { readonly schema: string; readonly name: string };
  readonly columns: readonly string[];
};

export function refusal(
  name: string,
  object: string,
  message: string,
  hint: string,
  code: Refusal["code"] = "refused",
): Refusal {
  return { name, object, message, hint, code };
}

/** The table and column of a change, or why they cannot be had. */
export function locate(change: Change, snapshot: Snapshot): { table: Table; column: Column } | Refusal {
  const table = snapshot.table;
  const object = qualified(change.table);
  if (table === null) {
    return refusal(
      "table-not-found",
      object,
      `There is no table ${object} in this database.`,
      "Check the spelling (names fold to lower case unless quoted) and the schema.",
      "not-found",
    );
  }
  const column = table.columns.find((c) => c.name === change.column);
  if (column === undefined) {
    const names = table.columns.map((c) => c.name).join(", ");
    return refusal(
      "column-not-found",
      `${object}.${change.column}`,
      `Table ${object} has no column ${change.column}.`,
      `It has: ${names}.`,
      "not-found",
    );
  }
  return { table, column };
}

export function tableRefusals(snapshot: Snapshot, table: Table): Refusal[] {
  const object = qualified(table);
  const found: Refusal[] = [];
  const no = (name: string, message: string, hint: string, code?: Refusal["code"]) =>
    found.push(refusal(name, object, message, hint, code));
  if (["pg_catalog", "information_schema", "changeover", "pg_toast"].includes(table.schema)) {
    no("system-table", `${object} belongs to the system.`, "Only tables of your own can be changed.");
  }
  if (table.isPartition) {
    no(
      "partition",
      `${object} is a partition, whose columns are its parent's.`,
      "Name the partitioned table that it belongs to: all of its partitions are changed together.",
    );
  } else if (table.kind !== "table" && table.kind !== "partitioned") {
    no("not-a-table", `${object} is a ${table.kind}.`, "Name the table itself.");
  }
  if (table.persistence === "temporary")
    no("temporary-table", `${object} is temporary.`, "Only permanent and unlogged tables can be changed.");
  if (table.accessMethod !== null && table.accessMethod !== "heap") {
    no(
      "access-method",
      `${object} is stored by ${table.accessMethod}; rows are walked by page, which needs heap.`,
      "Change this table by hand for now.",
    );
  }
  if (table.inheritsFrom.length > 0 || table.inheritedBy.length > 0) {
    no(
      "inheritance",
      `${object} takes part in table inheritance, which carries columns and constraints along.`,
      "Change this table by hand for now.",
    );
  }
  if (table.ofType)
    no(
      "typed-table",
      `${object} is a typed table (OF type): its columns come from the type.`,
      "Detach it first: ALTER TABLE … NOT OF.",
    );
  if (table.rules.length > 0) {
    no(
      "rewrite-rule",
      `${object} has rewrite rules (${table.rules.map((r) => r.name).join(", ")}), which can turn a write into another.`,
      "Drop the rules, or replace them by triggers.",
    );
  }
  if (table.rowSecurityForced && !snapshot.role.bypassesRowSecurity) {
    no(
      "row-security",
      `${object} forces row security on its owner too: rows hidden from ${snapshot.role.name} would not be filled.`,
      `Run as a role with BYPASSRLS.`,
    );
  }
  if (!snapshot.role.ownsTable) {
    no(
      "not-owner",
      `Role ${snapshot.role.name} does not own ${object} (its owner is ${table.owner}).`,
      `Connect as ${table.owner} or a member of it.`,
      "privilege",
    );
  }
  const later = table.triggers.filter(
    (t) =>
      !t.ours &&
      t.timing === "before" &&
      t.level === "row" &&
      t.enabled !== "disabled" &&
      bytesAfter(t.name, TRIGGER_PREFIX),
  );
  for (const trigger of later) {
    found.push(
      refusal(
        "later-trigger",
        trigger.name,
        `Trigger ${trigger.name} on ${object} sorts after ours: what it changes could not be mirrored.`,
        "Rename it so that it sorts before ~~changeover (ALTER TRIGGER … RENAME TO …).",
      ),
    );
  }
  return found;
}

/** What no recipe can tell apart, whatever it does with the column. */
export function columnRefusals(table: Table, column: Column): Refusal[] {
  if (column.typeKind !== "composite") return [];
  const object = `${qualified(table)}.${column.name}`;
  return [
    refusal(
      "composite-column",
      object,
      `${object} is of a composite type, and IS NULL asks its fields: a value with an empty field would count as not given.`,
      "Change this column by hand for now.",
    ),
  ];
}

/** Triggers fire in byte order of their names. */
function bytesAfter(a: string, b: string): boolean {
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) > 0;
}

/** Another open plan that works on this column, or on one that shares an index or a constraint with it. */
export function openPlanRefusals(table: Table, columns: readonly string[], open: readonly OpenPlan[]): Refusal[] {
  const entangled = new Set(columns.flatMap((column) => [...columnsEntangledWith(table, column)]));
  return open
    .filter((plan) => sameName(plan.table, table) && plan.columns.some((column) => entangled.has(column)))
    .map((plan) => {
      const shared = plan.columns.filter((column) => entangled.has(column)).join(", ");
      return refusal(
        "open-plan",
        plan.slug,
        `Plan ${plan.slug} is open on ${qualified(table)} (${shared}) and not finished.`,
        `Finish it (changeover upgrade ${plan.slug}@head) or undo it (changeover downgrade ${plan.slug}@base) first; a plan that has never run: take its folder away.`,
      );
    });
}

/** What the backfill may do about the user's own triggers, which its UPDATE of `column` would fire for every row. */
export function userTriggerPolicy(
  change: Change,
  snapshot: Snapshot,
  table: Table,
  column: string,
): { policy: "none" | "fire" | "bypass"; refusals: Refusal[]; findings: Finding[] } {
  const fired = triggersFiredByFill(table, column);
  const names = fired.map((t) => t.name).join(", ");
  const object = qualified(table);
  if (fired.length === 0) return { policy: "none", refusals: [], findings: [] };
  if (change.onUserTriggers === "fire") {
    return {
      policy: "fire",
      refusals: [],
      findings: fired.map((t) =>
        finding("trigger", t.name, "kept", "fires for every row that the backfill writes, as on_user_triggers says"),
      ),
    };
  }
  if (change.onUserTriggers === "refuse") {
    return {
      policy: "none",
      refusals: [
        refusal(
          "user-triggers",
          names,
          `The backfill's UPDATE would fire ${names} on ${object} for every row.`,
          "Say in change.yaml whether they shall: on_user_triggers: fire, or bypass (for the batch alone).",
        ),
      ],
      findings: [],
    };
  }
  const refusals: Refusal[] = [];
  const always = fired.filter((t) => t.enabled === "always");
  const replica = table.triggers.filter((t) => !t.ours && t.enabled === "replica" && t.events.includes("update"));
  const keys = table.constraints.filter((c) => c.kind === "foreign key" && c.columns.includes(column));
  if (!snapshot.role.canBypassTriggers) {
    refusals.push(
      refusal(
        "bypass-not-granted",
        snapshot.role.name,
        `Role ${snapshot.role.name} may not set session_replication_role, which bypassing triggers needs.`,
        `Run as superuser, or (PostgreSQL 15 and later) GRANT SET ON PARAMETER session_replication_role TO ${snapshot.role.name}, or choose on_user_triggers: fire.`,
      ),
    );
  }
  if (always.length > 0) {
    refusals.push(
      refusal(
        "bypass-always-trigger",
        always.map((t) => t.name).join(", "),
        "A trigger that is ENABLE ALWAYS cannot be bypassed.",
        "Choose on_user_triggers: fire.",
      ),
    );
  }
  if (replica.length > 0) {
    refusals.push(
      refusal(
        "bypass-replica-trigger",
        replica.map((t) => t.name).join(", "),
        "A trigger that is ENABLE REPLICA would fire for every row of the backfill while the others are bypassed.",
        "Choose on_user_triggers: fire.",
      ),
    );
  }
  if (keys.length > 0) {
    refusals.push(
      refusal(
        "bypass-foreign-key",
        keys.map((c) => c.name).join(", "),
        `Bypassing triggers would also bypass the foreign key check of ${column}.`,
        "Choose on_user_triggers: fire.",
      ),
    );
  }
  return {
    policy: "bypass",
    refusals,
    findings: fired.map((t) =>
      finding("trigger", t.name, "kept", "bypassed by the backfill, fires for the application"),
    ),
  };
}

export function finding(kind: string, name: string, treatment: Finding["treatment"], how: string): Finding {
  return { kind, name, treatment, how };
}
