/** The relation's own facts, who asks, and what names are taken: the part of a snapshot that exists without a table. */
import type { Session } from "../db/session.js";
import type { QualifiedName } from "../sql/identifier.js";
import { query } from "./queries.js";
import type { RelationKind, Snapshot, Table } from "./snapshot.js";

/** Fields of the table that the first query yields; the others each have a query of their own. */
type Facts = Pick<
  Table,
  | "schema"
  | "name"
  | "kind"
  | "persistence"
  | "accessMethod"
  | "owner"
  | "comment"
  | "isPartition"
  | "partitionKey"
  | "inheritsFrom"
  | "inheritedBy"
  | "ofType"
  | "rowSecurity"
  | "rowSecurityForced"
  | "replicaIdentity"
>;

type RelationRow = Omit<Facts, "kind"> & {
  readonly serverVersion: number;
  readonly deadlockTimeoutMs: number;
  readonly roleName: string;
  readonly superuser: boolean;
  readonly bypassesRowSecurity: boolean;
  readonly canCreateSchema: boolean;
  readonly ownsTable: boolean;
  readonly takenNames: readonly string[];
  readonly oid: number | null;
  readonly relkind: string | null;
};

export type RelationRead = Omit<Snapshot, "table"> & {
  readonly relation: { readonly oid: number; readonly facts: Facts } | null;
};

const KINDS: Readonly<Record<string, RelationKind>> = {
  r: "table",
  p: "partitioned",
  v: "view",
  m: "materialized view",
  f: "foreign table",
};

/** Runs inside the caller's transaction. */
export async function readRelation(session: Session, name: QualifiedName): Promise<RelationRead> {
  const row = await session.one<RelationRow>(query("relation"), [name.schema, name.name]);
  return {
    serverVersion: row.serverVersion,
    takenNames: [...row.takenNames].sort(),
    role: {
      name: row.roleName,
      superuser: row.superuser,
      ownsTable: row.ownsTable,
      canCreateSchema: row.canCreateSchema,
      canBypassTriggers: row.superuser || (await mayBypassTriggers(session, row.serverVersion)),
      bypassesRowSecurity: row.bypassesRowSecurity,
    },
    settings: { deadlockTimeoutMs: row.deadlockTimeoutMs },
    relation: row.oid === null ? null : { oid: row.oid, facts: factsOf(row) },
  };
}

/** Before 15 no privilege on a parameter can be granted, and the function that asks for one does not exist. */
async function mayBypassTriggers(session: Session, serverVersion: number): Promise<boolean> {
  if (serverVersion < 150_000) return false;
  return (await session.one<{ canBypassTriggers: boolean }>(query("bypass"))).canBypassTriggers;
}

function factsOf(row: RelationRow): Facts {
  return {
    schema: row.schema,
    name: row.name,
    kind: KINDS[row.relkind ?? ""] ?? "other",
    persistence: row.persistence,
    accessMethod: row.accessMethod,
    owner: row.owner,
    comment: row.comment,
    isPartition: row.isPartition,
    partitionKey: row.partitionKey,
    inheritsFrom: row.inheritsFrom,
    inheritedBy: row.inheritedBy,
    ofType: row.ofType,
    rowSecurity: row.rowSecurity,
    rowSecurityForced: row.rowSecurityForced,
    replicaIdentity: row.replicaIdentity,
  };
}
