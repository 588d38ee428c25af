/**
 * What of each object goes into a fingerprint: values that a person wrote or a plan carries, by name. Never an OID, an
 * attnum, a position, a size, a tablespace's place on disk or a version of the server.
 */
import { qualified } from "../sql/identifier.js";
import { isDefaultNotNullName } from "./names.js";
import type {
  Column,
  Constraint,
  Grant,
  IdentitySequence,
  IncomingForeignKey,
  Index,
  Publication,
  SequenceGrant,
  Table,
  Trigger,
  View,
  ViewGrant,
} from "./snapshot.js";

/** null, false and empty ones do not count, so that a field which an older server lacks changes nothing. */
export type Facts = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** The one text of an object's facts, for hashing and for printing. */
export function canonical(facts: Facts): string {
  const told = Object.entries(facts).filter(
    ([, value]) => value !== null && value !== false && !(Array.isArray(value) && value.length === 0),
  );
  told.sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(Object.fromEntries(told));
}

export function tableFacts(table: Table): Facts {
  return {
    kind: table.kind,
    persistence: table.persistence,
    accessMethod: table.accessMethod,
    isPartition: table.isPartition,
    partitionKey: table.partitionKey,
    inheritsFrom: table.inheritsFrom.map(qualified),
    inheritedBy: table.inheritedBy.map(qualified),
    ofType: table.ofType,
    rowSecurity: table.rowSecurity,
    rowSecurityForced: table.rowSecurityForced,
    replicaIdentity: table.replicaIdentity.kind,
    replicaIndex: table.replicaIdentity.index,
  };
}

export function columnFacts(table: Table, column: Column): Facts {
  return {
    type: column.type,
    typeKind: column.typeKind,
    domainConstrained: column.domainConstrained,
    collation: column.collation,
    equalityIsImage: column.equalityIsImage,
    ...notNullFacts(table, column),
    default: column.default,
    identity: column.identity,
    identitySequence: column.identitySequence === null ? [] : sequenceFacts(table, column.identitySequence),
    generated: column.generated,
    generatedFrom: column.generatedFrom,
    ownedSequences: column.ownedSequences.map(qualified),
    comment: column.comment,
    statisticsTarget: column.statisticsTarget,
    storage: column.storage,
    compression: column.compression,
    options: [...column.options].sort(),
    grants: column.grants.map((grant) => grantText(grant, table.owner)).sort(),
    securityLabels: column.securityLabels === 0 ? null : column.securityLabels,
  };
}

function notNullFacts(table: Table, column: Column): Facts {
  const row = column.notNullConstraint;
  return {
    notNull: column.notNull,
    notNullNotValid: row !== null && !row.validated,
    notNullNoInherit: row?.noInherit ?? false,
    notNullName: row === null || isDefaultNotNullName(row.name, table.name, column.name) ? null : row.name,
  };
}

/** Where the sequence stands is data. */
function sequenceFacts(table: Table, sequence: IdentitySequence): string[] {
  const { type, start, increment, min, max, cache, cycle, persistence, comment, grants } = sequence;
  return [
    qualified(sequence),
    `as ${type} start ${start} increment ${increment} min ${min} max ${max} cache ${cache}`,
    ...(cycle ? ["cycle"] : []),
    ...(persistence === null ? [] : [persistence]),
    ...(comment === null ? [] : [`comment ${comment}`]),
    ...grants.map((grant) => grantText(grant, table.owner)).sort(),
    ...(sequence.securityLabels === 0 ? [] : [`${sequence.securityLabels} security labels`]),
    ...sequence.dependents.map((dependent) => `used by ${dependent}`).sort(),
  ];
}

/**
 * The column's facts without its NOT NULL, which is the plan's own work, and with it an identity, which is there with the
 * NOT NULL alone: only its sequence's name is left of it.
 */
export function columnFactsApartFromNotNull(table: Table, column: Column, added: string | null): Facts {
  const { notNull, notNullNotValid, notNullNoInherit, notNullName, ...others } = columnFacts(table, column);
  const sequence = generatorOf(table, column, added);
  return sequence === null ? others : { ...others, identity: null, default: null, identitySequence: [sequence] };
}

/**
 * The sequence of an identity; or of the default that stands in for one after the undo of a switch, until NOT NULL is
 * proven again: it belongs to the added column meanwhile, as no serial's does.
 */
function generatorOf(table: Table, column: Column, added: string | null): string | null {
  if (column.identitySequence !== null) return qualified(column.identitySequence);
  const [owned] = table.columns.find(({ name }) => name === added)?.ownedSequences ?? [];
  return owned === undefined || column.default === null ? null : qualified(owned);
}

/** The owner's own grants name no grantor: staging and production may call their owner differently. */
function grantText(grant: Grant | SequenceGrant | ViewGrant, owner: string): string {
  const option = grant.grantable ? " with grant option" : "";
  const by = grant.grantor === owner ? "" : ` by ${grant.grantor}`;
  return `${grant.privilege} to ${grant.grantee ?? "PUBLIC"}${option}${by}`;
}

export function indexFacts(index: Index): Facts {
  return {
    definition: index.definition,
    invalid: !index.valid,
    clustered: index.clustered,
    constraint: index.constraint,
    tablespace: index.tablespace,
    comment: index.comment,
    statisticsTargets: index.statisticsTargets.map(({ position, target }) => `${position}: ${target}`),
  };
}

/** The definition says NOT VALID, NOT ENFORCED, DEFERRABLE, NO INHERIT and the like itself. */
export function constraintFacts(constraint: Constraint): Facts {
  return { definition: constraint.definition, index: constraint.index, comment: constraint.comment };
}

export function incomingFacts(key: IncomingForeignKey): Facts {
  return { fromColumns: key.fromColumns, columns: key.columns };
}

/** Not its function's body, which may change under the plan; the gate `functions` looks at that. */
export function triggerFacts(trigger: Trigger): Facts {
  return { definition: trigger.definition, enabled: trigger.enabled };
}

export function statisticsFacts({ keys, expressions, kinds, target, comment }: Table["statistics"][number]): Facts {
  return { keys, expressions, kinds, target, comment };
}

/** `columns`: those of the table that count. Its owner is told by name, because whoever makes it anew has to give it back. */
export function viewFacts(view: View, columns: readonly string[]): Facts {
  const { owner } = view;
  const grants = (given: readonly ViewGrant[]) => given.map((grant) => grantText(grant, owner)).sort();
  return {
    columns: [...columns].sort(),
    kind: view.kind,
    definition: view.definition,
    owner,
    options: [...view.options].sort(),
    comment: view.comment,
    temporary: view.temporary,
    extension: view.extension,
    labelled: view.labelled,
    rules: view.rules,
    triggers: view.triggers,
    dependents: view.dependents,
    ownerLacks: view.ownerLacks,
    grants: grants(view.grants),
    outputs: view.outputs.map((output) => canonical({ ...output, grants: grants(output.grants) })),
  };
}

/** `seen`: which columns count; a list may grow by columns that are none of the reader's business. */
export function publicationFacts(publication: Publication, seen: (column: string) => boolean): Facts {
  return {
    allColumns: publication.columns === null,
    columns: (publication.columns ?? []).filter(seen).sort(),
    filterColumns: publication.filterColumns.filter(seen).sort(),
  };
}
