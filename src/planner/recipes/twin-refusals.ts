/** What no kind that adds a column can carry over to it: refused by name, with what to do, before anything runs. */
import type { Column, Grant, Index, SequenceGrant, Table } from "../../catalog/snapshot.js";
import { qualified } from "../../sql/identifier.js";
import { canHaveTwin } from "../extended-statistics.js";
import type { Refusal } from "../plan.js";
import { refusal } from "../preflight.js";
import { type Surroundings, surroundingsOf } from "../surroundings.js";
import { canBeRewritten, twinIndexes } from "../twins.js";

export const BY_HAND =
  "It can't be carried yet: drop it first and make it again after the change, or change this table by hand.";

export function twinRefusals(table: Table, column: Column): Refusal[] {
  const around = surroundingsOf(table, column.name);
  return [
    ...columnRefusals(table, column),
    ...sequenceRefusals(table, column),
    ...around.otherConstraints.map(constraintRefusal),
    ...around.incoming.map((key) =>
      refusal(
        "referenced-column",
        key.name,
        `Foreign key ${key.name} of ${qualified(key.from)} references ${column.name}.`,
        BY_HAND,
      ),
    ),
    ...[...around.checks, ...around.foreignKeys, ...around.uniques]
      .filter((c) => !c.enforced || c.temporal)
      .map((c) =>
        refusal("unusual-constraint", c.name, `Constraint ${c.name} is NOT ENFORCED or over periods.`, BY_HAND),
      ),
    ...around.uniques.filter((c) => c.deferrable).map((c) => deferrableRefusal(table, c.name)),
    ...twinIndexes(table, column.name).flatMap(indexRefusals),
    ...wholeRowRefusals(around, table, column),
    ...dependentRefusals(around, column),
  ];
}

function columnRefusals(table: Table, column: Column): Refusal[] {
  const object = `${qualified(table)}.${column.name}`;
  const found: Refusal[] = [];
  const no = (name: string, message: string, hint = BY_HAND) => found.push(refusal(name, object, message, hint));
  if (column.generated !== null) no("generated-column", `${object} is generated from other columns.`);
  if (column.domainConstrained)
    no(
      "constrained-domain",
      `${object} is of a domain with constraints; adding such a column scans or rewrites the table.`,
    );
  // Only its grantor could give it again: given by us it would be the owner's, and outlive what it hangs on.
  found.push(...column.grants.filter((g) => g.grantor !== table.owner).map((given) => grantByAnother(given, object)));
  if (column.securityLabels > 0) no("security-label", `${object} has a security label.`);
  if (column.notNullConstraint?.validated === false) {
    no(
      "not-valid-not-null",
      `The NOT NULL constraint of ${object} is not validated.`,
      `Validate it first: ALTER TABLE … VALIDATE CONSTRAINT ${column.notNullConstraint.name}.`,
    );
  }
  const generated = table.columns.filter((c) => c.generatedFrom.includes(column.name));
  for (const other of generated)
    found.push(
      refusal("generated-from-column", other.name, `Generated column ${other.name} reads ${column.name}.`, BY_HAND),
    );
  return found;
}

/** Another sequence is made under its name: what cannot be made with it, or hangs on the one that goes. */
function sequenceRefusals(table: Table, { identitySequence: sequence }: Column): Refusal[] {
  if (sequence === null) return [];
  const object = qualified(sequence);
  return [
    ...sequence.dependents.map((dependent) =>
      refusal(
        "identity-sequence-used",
        object,
        `The sequence of the identity column is used by ${dependent}; it is made anew under its name, and that would hold on to the one that goes.`,
        "Give that a sequence of its own, or drop it for the time of the change.",
      ),
    ),
    ...sequence.grants.filter((g) => g.grantor !== table.owner).map((given) => grantByAnother(given, object)),
    ...(sequence.securityLabels === 0
      ? []
      : [refusal("security-label", object, `Sequence ${object} has a security label.`, BY_HAND)]),
  ];
}

function grantByAnother({ privilege, grantee, grantor }: Grant | SequenceGrant, object: string): Refusal {
  return refusal(
    "grant-by-another",
    object,
    `${privilege} on ${object} was given to ${grantee ?? "PUBLIC"} by ${grantor}, not by the table's owner.`,
    "Give it as the owner, and revoke that grant.",
  );
}

function constraintRefusal(constraint: { readonly name: string; readonly kind: string }): Refusal {
  if (constraint.kind === "primary key") {
    return refusal(
      "primary-key-column",
      constraint.name,
      `The column is part of primary key ${constraint.name}.`,
      "A primary key's column can't be changed this way yet.",
    );
  }
  if (constraint.kind === "exclusion") {
    return refusal(
      "constraint-kind",
      constraint.name,
      `Exclusion constraint ${constraint.name} covers the column, and PostgreSQL has no way to add one to a table in use: neither NOT VALID nor from an index built CONCURRENTLY, but only by a look at every row under a lock that stops everybody.`,
      "Where the table can do without it for a time, drop it first, and add it again after the change, at an hour when it may stop everybody for as long as its index takes to build.",
    );
  }
  return refusal(
    "constraint-kind",
    constraint.name,
    `Constraint ${constraint.name} (${constraint.kind}) covers the column.`,
    BY_HAND,
  );
}

function deferrableRefusal(table: Table, name: string): Refusal {
  return refusal(
    "deferrable-unique",
    name,
    `Unique constraint ${name} is deferrable, and an index that is built CONCURRENTLY beside it checks at once: what a transaction puts off to its commit would fail on the twin.`,
    `Where no transaction relies on that, put one in its place that is not: CREATE UNIQUE INDEX CONCURRENTLY, then in one transaction ALTER TABLE ${qualified(table)} DROP CONSTRAINT, ADD CONSTRAINT … UNIQUE USING INDEX; after the change the same again, with DEFERRABLE.`,
  );
}

function indexRefusals(index: Index): Refusal[] {
  if (index.valid) return [];
  return [
    refusal(
      "invalid-index",
      index.name,
      `Index ${index.name} is INVALID.`,
      "Finish or drop it first: REINDEX INDEX CONCURRENTLY, or DROP INDEX CONCURRENTLY.",
    ),
  ];
}

/** An expression over the whole row means another thing once a column is added to the row, and cannot have a twin. */
function wholeRowRefusals(around: Surroundings, table: Table, column: Column): Refusal[] {
  const texts = [
    ...around.checks.map((c) => ({ name: c.name, expressions: [c.expression] })),
    ...twinIndexes(table, column.name).map((i) => ({
      name: i.name,
      expressions: [i.predicate, ...i.keys.map((k) => k.expression)],
    })),
  ];
  return texts
    .filter((text) => text.expressions.some((e) => e !== null && !canBeRewritten(e)))
    .map((text) => refusal("whole-row", text.name, `${text.name} is over the whole row, or cannot be read.`, BY_HAND));
}

function dependentRefusals(around: Surroundings, column: Column): Refusal[] {
  const mentions = (what: string, name: string) => `${what} ${name} mentions ${column.name}.`;
  return [
    ...around.policies.map((p) => refusal("policy-column", p.name, mentions("Policy", p.name), BY_HAND)),
    ...around.statistics
      .filter((s) => !canHaveTwin(s))
      .map((s) =>
        refusal(
          "whole-row",
          qualified(s.name),
          `Statistics object ${qualified(s.name)} is over the whole row.`,
          BY_HAND,
        ),
      ),
    ...around.triggersNaming.map((t) =>
      refusal(
        "trigger-column",
        t.name,
        `Trigger ${t.name} names ${column.name} in UPDATE OF or WHEN, and would go with it or block it.`,
        "Make the trigger again without the column.",
      ),
    ),
    ...around.publications
      .filter((p) => p.columns !== null || p.filterColumns.includes(column.name))
      .map((p) =>
        refusal(
          "publication-columns",
          p.name,
          `Publication ${p.name} lists columns or filters rows of the table.`,
          BY_HAND,
        ),
      ),
  ];
}
