/** What hangs on a column: everything of the table that mentions it, sorted into what a recipe has to treat. */

import { isOurs } from "../catalog/names.js";
import type {
  Constraint,
  FunctionSource,
  IncomingForeignKey,
  Index,
  Policy,
  Publication,
  Table,
  Trigger,
} from "../catalog/snapshot.js";

export type Surroundings = {
  /** indexes that no constraint owns */
  readonly indexes: readonly Index[];
  readonly uniques: readonly Constraint[];
  readonly checks: readonly Constraint[];
  readonly foreignKeys: readonly Constraint[];
  /** primary key, exclusion, …: constraints of other kinds */
  readonly otherConstraints: readonly Constraint[];
  readonly incoming: readonly IncomingForeignKey[];
  readonly triggersNaming: readonly Trigger[];
  readonly policies: readonly Policy[];
  readonly views: Table["dependentViews"];
  readonly rules: Table["rules"];
  readonly statistics: Table["statistics"];
  readonly publications: readonly Publication[];
  readonly functions: readonly FunctionSource[];
};

export function surroundingsOf(table: Table, column: string): Surroundings {
  const names = (object: { readonly columns: readonly string[] }) => object.columns.includes(column);
  const constraints = table.constraints.filter(
    (c) => names(c) && !isOurs(c.name) && c.kind !== "not null" && c.kind !== "trigger",
  );
  const ofKind = (...kinds: Constraint["kind"][]) => constraints.filter((c) => kinds.includes(c.kind));
  return {
    indexes: table.indexes.filter((i) => names(i) && !isOurs(i.name) && i.constraint === null),
    uniques: ofKind("unique"),
    checks: ofKind("check"),
    foreignKeys: ofKind("foreign key"),
    otherConstraints: ofKind("primary key", "exclusion", "other"),
    incoming: table.incomingForeignKeys.filter(names),
    triggersNaming: table.triggers.filter((t) => names(t) && !t.ours),
    policies: table.policies.filter(names),
    views: table.dependentViews.filter(names),
    rules: table.rules.filter(names),
    statistics: table.statistics.filter(names),
    publications: table.publications,
    functions: table.functions.filter((f) => (f.namesTable || f.onTrigger) && names(f)),
  };
}

/** Every column of the table that shares an object with `column`: two plans over such columns would fight for it. */
export function columnsEntangledWith(table: Table, column: string): Set<string> {
  const around = surroundingsOf(table, column);
  const objects = [
    ...around.indexes,
    ...around.uniques,
    ...around.checks,
    ...around.foreignKeys,
    ...around.otherConstraints,
  ];
  return new Set([column, ...objects.flatMap((object) => object.columns)]);
}

/** Row triggers of the user that an UPDATE of `column` alone would fire. */
export function triggersFiredByFill(table: Table, column: string): Trigger[] {
  return table.triggers.filter(
    (t) =>
      !t.ours &&
      t.events.includes("update") &&
      (t.enabled === "origin" || t.enabled === "always") &&
      (t.updateOf.length === 0 || t.updateOf.includes(column)),
  );
}
