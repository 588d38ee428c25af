/** A view above a table, with all that hangs on it. */
import type { QualifiedName } from "../sql/identifier.js";

export type View = {
  readonly view: QualifiedName;
  readonly kind: "view" | "materialized view";
  /** the table's columns that it reads directly; none: it reads other views of the tree alone */
  readonly columns: readonly string[];
  /** the views of the tree that it reads */
  readonly over: readonly QualifiedName[];
  /** its SELECT, without a semicolon; alike on every major */
  readonly definition: string;
  readonly owner: string;
  readonly options: readonly string[];
  readonly comment: string | null;
  readonly temporary: boolean;
  /** the extension that it belongs to */
  readonly extension: string | null;
  /** it, or a column of it, has a security label */
  readonly labelled: boolean;
  /** rewrite rules of its own, apart from its SELECT */
  readonly rules: readonly string[];
  readonly triggers: readonly string[];
  /** what else depends on it, as the server describes it */
  readonly dependents: readonly string[];
  /** the role may replace it where it stands */
  readonly replaceable: boolean;
  /** what the role makes there can be given to its owner */
  readonly givable: boolean;
  /** privileges that an owner has by default and this one has not */
  readonly ownerLacks: readonly string[];
  /** to others than its owner; all that there are are `ALL`, which an older server gives as well */
  readonly grants: readonly ViewGrant[];
  readonly outputs: readonly ViewColumn[];
};

export type ViewColumn = {
  readonly name: string;
  readonly type: string;
  readonly collation: string | null;
  readonly default: string | null;
  readonly comment: string | null;
  readonly grants: readonly ViewGrant[];
};

export type ViewGrant = {
  /** null: PUBLIC */
  readonly grantee: string | null;
  readonly grantor: string;
  readonly privilege: string;
  readonly grantable: boolean;
};
