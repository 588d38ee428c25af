/** What people add to the server's own signals: queries of theirs, and a statement whose time is watched. */
import type { SqlText } from "../../sql/text.js";
import type { Bounds } from "./judge.js";

export type DeclaredQuery = {
  readonly name: string;
  readonly sql: SqlText;
  /** null: each row that it gives says its own threshold */
  readonly bounds: Bounds | null;
};

/** `bounds`: milliseconds, of the 95th percentile. */
export type DeclaredCanary = { readonly sql: SqlText; readonly bounds: Bounds };

export type Declared = { readonly queries: readonly DeclaredQuery[]; readonly canary: DeclaredCanary | null };

export const NOTHING_DECLARED: Declared = { queries: [], canary: null };

/** Where only one threshold is given, it is slower from half of it on. */
export const boundsFrom = (stop: number, slow: number | null): Bounds => ({ slow: slow ?? stop / 2, stop });
