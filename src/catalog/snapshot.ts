/**
 * What the database looks like, as far as a change can care: one table with everything that hangs on its columns,
 * read in one snapshot (`read.ts`). Columns are named, never numbered: attnums differ between databases.
 */
import type { QualifiedName } from "../sql/identifier.js";
import type { Partitions } from "./partitions.js";
import type { View } from "./view.js";

export type { Partitions } from "./partitions.js";
export type { View, ViewColumn, ViewGrant } from "./view.js";

export type Snapshot = {
  /** `server_version_num`, e.g. 180004 */
  readonly serverVersion: number;
  /** null: no relation of that name */
  readonly table: Table | null;
  /** names of relations in the table's schema and of the table's constraints, which new ones must not take (ours excepted) */
  readonly takenNames: readonly string[];
  readonly role: Role;
  readonly settings: { readonly deadlockTimeoutMs: number };
};

/** What the connected role may do. */
export type Role = {
  readonly name: string;
  readonly superuser: boolean;
  /** member of the table's owner (or superuser) */
  readonly ownsTable: boolean;
  /** may create our schema in this database */
  readonly canCreateSchema: boolean;
  /** may set session_replication_role (superuser, or GRANT SET ON PARAMETER from PostgreSQL 15 on) */
  readonly canBypassTriggers: boolean;
  /** superuser or BYPASSRLS */
  readonly bypassesRowSecurity: boolean;
};

export type RelationKind = "table" | "partitioned" | "view" | "materialized view" | "foreign table" | "other";

export type Table = QualifiedName & {
  readonly kind: RelationKind;
  readonly persistence: "permanent" | "unlogged" | "temporary";
  /** pg_am.amname; null for relations without storage */
  readonly accessMethod: string | null;
  readonly owner: string;
  readonly comment: string | null;
  readonly isPartition: boolean;
  readonly partitionKey: string | null;
  /** of a partitioned table; no part of a fingerprint: partitions come and go */
  readonly partitions: Partitions | null;
  /** legacy inheritance, partitions apart */
  readonly inheritsFrom: readonly QualifiedName[];
  readonly inheritedBy: readonly QualifiedName[];
  readonly ofType: boolean;
  readonly rowSecurity: boolean;
  /** row security binds the owner too */
  readonly rowSecurityForced: boolean;
  readonly replicaIdentity: { readonly kind: "default" | "nothing" | "full" | "index"; readonly index: string | null };
  /** estimates, never part of a fingerprint */
  readonly size: {
    readonly rows: number;
    readonly pages: number;
    readonly heapBytes: number;
    readonly indexBytes: number;
  };
  readonly columns: readonly Column[];
  readonly indexes: readonly Index[];
  readonly constraints: readonly Constraint[];
  /** foreign keys of other tables (or of this one) that reference this table */
  readonly incomingForeignKeys: readonly IncomingForeignKey[];
  /** in the order in which they fire: byte order of their names */
  readonly triggers: readonly Trigger[];
  /** of this table, and those of others that read it (`name on schema.table`) */
  readonly policies: readonly Policy[];
  /** like policies */
  readonly rules: readonly { readonly name: string; readonly columns: readonly string[] }[];
  /** views and materialized views that read this table, or one another: the whole tree above it */
  readonly dependentViews: readonly View[];
  readonly publications: readonly Publication[];
  readonly statistics: readonly {
    readonly name: QualifiedName;
    /** every column that it mentions */
    readonly columns: readonly string[];
    /** the columns of its list, by name; an order it has none */
    readonly keys: readonly string[];
    readonly expressions: readonly string[];
    /** `ndistinct`, `dependencies`, `mcv`; empty: over a single expression */
    readonly kinds: readonly string[];
    /** ALTER STATISTICS … SET STATISTICS; null: the default */
    readonly target: number | null;
    readonly comment: string | null;
  }[];
  /** functions in plpgsql or SQL that name the table, and those of its triggers in any language (ours apart) */
  readonly functions: readonly FunctionSource[];
};

export type Column = {
  readonly name: string;
  /** position among the live columns, from 1 */
  readonly position: number;
  /** `format_type`, e.g. `numeric(10,2)`, `app.mood` */
  readonly type: string;
  /** the type that a text is read as before it is assigned: without a length, of a domain what it is over */
  readonly inputType: string;
  /** pg_type.typtype of the column's own type (domains may carry constraints); a domain over a composite is a composite */
  readonly typeKind: "base" | "domain" | "enum" | "composite" | "range" | "other";
  /** the domain (or one beneath it) has a constraint, NOT NULL or a default */
  readonly domainConstrained: boolean;
  /** quoted and qualified; null when it is the type's own */
  readonly collation: string | null;
  /** `IS DISTINCT FROM` tells identical images apart: false for numeric, json, floats, nondeterministic collations, types without `=`, … */
  readonly equalityIsImage: boolean;
  readonly notNull: boolean;
  /** PostgreSQL 18: the NOT NULL constraint's own row */
  readonly notNullConstraint: {
    readonly name: string;
    readonly validated: boolean;
    readonly noInherit: boolean;
  } | null;
  /** its default; of a generated column, the expression */
  readonly default: string | null;
  readonly identity: "always" | "by default" | null;
  readonly identitySequence: IdentitySequence | null;
  readonly generated: "stored" | "virtual" | null;
  /** the columns that a generated column's expression reads */
  readonly generatedFrom: readonly string[];
  /** sequences owned by the column (serial) */
  readonly ownedSequences: readonly QualifiedName[];
  readonly comment: string | null;
  /** null: the default */
  readonly statisticsTarget: number | null;
  /** null: the type's own */
  readonly storage: "plain" | "external" | "extended" | "main" | null;
  readonly compression: "pglz" | "lz4" | null;
  /** attoptions, e.g. `n_distinct=5` */
  readonly options: readonly string[];
  readonly grants: readonly Grant[];
  readonly securityLabels: number;
};

/** The sequence of an identity column, which can be given to no other: it is made again where the identity moves. */
export type IdentitySequence = QualifiedName & {
  readonly type: string;
  /** these five in digits: they go beyond what a number holds */
  readonly start: string;
  readonly increment: string;
  readonly min: string;
  readonly max: string;
  readonly cache: string;
  readonly cycle: boolean;
  /** null: what the server makes it by itself */
  readonly persistence: "logged" | "unlogged" | null;
  readonly comment: string | null;
  /** but the owner's, who is the table's */
  readonly grants: readonly SequenceGrant[];
  readonly securityLabels: number;
  /** what else depends on it (another column's default, a view), as `pg_identify_object` names it */
  readonly dependents: readonly string[];
};

export type SequenceGrant = Omit<Grant, "privilege"> & { readonly privilege: "SELECT" | "UPDATE" | "USAGE" };

export type Grant = {
  /** null: PUBLIC */
  readonly grantee: string | null;
  readonly grantor: string;
  readonly privilege: "SELECT" | "INSERT" | "UPDATE" | "REFERENCES";
  readonly grantable: boolean;
};

export type Index = {
  readonly name: string;
  readonly method: string;
  readonly unique: boolean;
  readonly primary: boolean;
  /** EXCLUDE constraint's */
  readonly exclusion: boolean;
  readonly immediate: boolean;
  readonly valid: boolean;
  readonly nullsNotDistinct: boolean;
  readonly clustered: boolean;
  /** the constraint that owns it */
  readonly constraint: string | null;
  readonly keys: readonly IndexKey[];
  readonly include: readonly string[];
  /** `pg_get_expr(indpred)` */
  readonly predicate: string | null;
  readonly options: readonly string[];
  readonly tablespace: string | null;
  readonly comment: string | null;
  /** statistics targets set on expression columns, by 1-based position */
  readonly statisticsTargets: readonly { readonly position: number; readonly target: number }[];
  /** every column of the table that it mentions, expressions and predicate included */
  readonly columns: readonly string[];
  readonly definition: string;
};

export type IndexKey = {
  /** a column's name, or null for an expression */
  readonly column: string | null;
  /** the expression as `pg_get_indexdef` prints it (in parentheses where it needs them); null for a plain column */
  readonly expression: string | null;
  /** quoted, qualified; null: the column's own */
  readonly collation: string | null;
  /** quoted, qualified, with its options in parentheses; null: the type's default */
  readonly opclass: string | null;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
};

export type Constraint = {
  readonly name: string;
  readonly kind: "check" | "primary key" | "unique" | "foreign key" | "exclusion" | "not null" | "trigger" | "other";
  readonly validated: boolean;
  /** PostgreSQL 18: NOT ENFORCED */
  readonly enforced: boolean;
  readonly deferrable: boolean;
  readonly deferred: boolean;
  readonly noInherit: boolean;
  readonly comment: string | null;
  /** every column of this table that it mentions, in key order for keys */
  readonly columns: readonly string[];
  /** check: `pg_get_expr(conbin)` */
  readonly expression: string | null;
  readonly index: string | null;
  readonly foreign: ForeignKey | null;
  /** PostgreSQL 18: WITHOUT OVERLAPS / PERIOD */
  readonly temporal: boolean;
  /** `pg_get_constraintdef` */
  readonly definition: string;
};

export type ForeignKeyAction = "NO ACTION" | "RESTRICT" | "CASCADE" | "SET NULL" | "SET DEFAULT";

export type ForeignKey = {
  readonly table: QualifiedName;
  readonly columns: readonly string[];
  readonly onUpdate: ForeignKeyAction;
  readonly onDelete: ForeignKeyAction;
  /** ON DELETE SET NULL (these alone); empty: all */
  readonly onDeleteColumns: readonly string[];
  readonly match: "SIMPLE" | "FULL" | "PARTIAL";
};

export type IncomingForeignKey = {
  readonly name: string;
  readonly from: QualifiedName;
  readonly fromColumns: readonly string[];
  /** this table's columns that it references */
  readonly columns: readonly string[];
};

export type Trigger = {
  readonly name: string;
  readonly timing: "before" | "after" | "instead of";
  readonly level: "row" | "statement";
  readonly events: readonly ("insert" | "update" | "delete" | "truncate")[];
  readonly enabled: "origin" | "always" | "replica" | "disabled";
  /** UPDATE OF list */
  readonly updateOf: readonly string[];
  /** columns mentioned by UPDATE OF or WHEN */
  readonly columns: readonly string[];
  readonly function: QualifiedName;
  readonly constraint: boolean;
  readonly definition: string;
  /** made by changeover: its name starts with `~~changeover` */
  readonly ours: boolean;
};

export type Policy = { readonly name: string; readonly columns: readonly string[]; readonly definition: string };

export type Publication = {
  readonly name: string;
  readonly allTables: boolean;
  /** column list, or null for all columns */
  readonly columns: readonly string[] | null;
  /** columns mentioned by its row filter */
  readonly filterColumns: readonly string[];
};

export type FunctionSource = {
  readonly function: QualifiedName;
  readonly arguments: string;
  readonly owner: string;
  readonly language: string;
  /** it is the function of a trigger on this table */
  readonly onTrigger: boolean;
  /** its source names the table as an identifier, or it depends on the table or its row type */
  readonly namesTable: boolean;
  /** identifiers in its source that are also columns of this table */
  readonly columns: readonly string[];
};
