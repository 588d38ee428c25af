/**
 * The reviewed artefact: one unit of work as it will run. A revision carries all that its runner and its gates need,
 * so that what runs is the reviewed text and never a re-plan. `format.ts` prints and reads it.
 */
import type { QualifiedName } from "../sql/identifier.js";
import type { SqlText } from "../sql/text.js";

export type Phase = "expand" | "dual-write" | "backfill" | "contract";
/** In the order that is safe: a row written between a backfill and its trigger would be lost. */
export const PHASES: readonly Phase[] = ["expand", "dual-write", "backfill", "contract"];

export type Lane = "trunk" | "tail";
export type RunnerKind = "transactional" | "autocommit" | "backfill";

export type LockMode =
  | "ACCESS SHARE"
  | "ROW SHARE"
  | "ROW EXCLUSIVE"
  | "SHARE UPDATE EXCLUSIVE"
  | "SHARE"
  | "SHARE ROW EXCLUSIVE"
  | "EXCLUSIVE"
  | "ACCESS EXCLUSIVE";

export type StepLock = { readonly mode: LockMode; readonly table: QualifiedName };

/** What a statement costs: catalog only, reads the whole table, builds an index, or writes rows. */
export type StepWork = "catalog" | "scan" | "build" | "rows";

/** One statement (several in a transactional revision, where they belong together), with all that it takes. */
export type Step = {
  /** unique in its direction; [a-z0-9-] */
  readonly name: string;
  /** one line for people; "" for none */
  readonly title: string;
  readonly sql: SqlText;
  readonly locks: readonly StepLock[];
  /** milliseconds; 0: none */
  readonly lockTimeoutMs: number;
  readonly statementTimeoutMs: number;
  readonly work: StepWork;
  /** run only on these majors: `{ from: 18 }` is ≥ 18, `{ below: 18 }` is < 18 */
  readonly server: { readonly from?: number; readonly below?: number };
  /**
   * One line of SQL that yields one boolean: is this done? Required in autocommit revisions, which can die between the
   * statement and its journal row.
   */
  readonly done: SqlText | null;
  /** autocommit: an index to drop CONCURRENTLY when it was left INVALID, before the statement runs (again) */
  readonly heals: QualifiedName | null;
  /**
   * Autocommit: the partitioned table of which this is run for each leaf first, whose name stands in the table's place then. An
   * index gets a name of its own on each, and is attached to the one whose name the text has (that one is there already); what
   * is dropped takes along what was not attached. The rest is then run as it stands. Absent: it is run once, as it stands.
   */
  readonly each?: QualifiedName;
};

/** windows: SQL over windows of pages. cursor: such windows read with a cursor, their values computed by a module. */
export const STRATEGIES = ["windows", "cursor"] as const;
export type Strategy = (typeof STRATEGIES)[number];

/** Where the values come from that SQL cannot compute, and the two statements between which they are computed. */
export type FillTransform = {
  /** the file in the plan's folder that exports the change */
  readonly module: string;
  /** sha256 of the code in the plan's folder, as `code.ts` takes it */
  readonly checksum: string;
  /** what a row is read for */
  readonly columns: readonly string[];
  /** the type that the values are given as: the column's own, without a length */
  readonly type: string;
  /** the window's due rows: a text[] of key values, ctid, xmin, and the columns; one in `$3 + 1`, as in `batch` */
  readonly cursor: SqlText;
  /** `$1` tid[], `$2` their xmin as text[], `$3` the values as text[]: writes to those that are as they were read */
  readonly write: SqlText;
};

/** How a table's rows are walked and written; its statements take `$1`, `$2`: the window's first and last-plus-one tid. */
export type Fill = {
  readonly table: QualifiedName;
  readonly strategy: Strategy;
  /** why this one, for people */
  readonly reason: string;
  /** of the strategy cursor; its `batch` and `one` are null */
  readonly transform: FillTransform | null;
  /** bypass: session_replication_role = replica for the batch alone */
  readonly userTriggers: "none" | "fire" | "bypass";
  /** columns that name a row to people: the primary key, or a unique key; empty: its ctid */
  readonly key: readonly string[];
  /** fills the window's due rows that nobody has locked; null without a transform: rows are only looked for, and each one found is an error */
  readonly batch: SqlText | null;
  /** one bigint: the window's rows that are still due */
  readonly left: SqlText;
  /** the window's due rows: a text[] of key values, and ctid; for naming a row that fails */
  readonly due: SqlText;
  /** fills one row: `$1` is its ctid; null like batch */
  readonly one: SqlText | null;
  /** two bigints: the window's rows, and those of them not in step */
  readonly verify: SqlText;
  /** the window's rows not in step: a text[] of key values; where there are other states, these as well, with `state` */
  readonly mismatches: SqlText;
  /** one value: what the side that follows should hold in the row at `$1`, a ctid, from the old side (or the declared fill) */
  readonly forth: SqlText | null;
  /** the same from the new side */
  readonly back: SqlText | null;
};

/** What must be true before a contract revision starts, or before an undo that takes the new side away. */
export type GateCondition =
  /** every revision of the backfill phase is done */
  | { readonly kind: "backfill" }
  /**
   * A verify that began after the backfill was done saw every row in step. `since`: where rows that are not in step were
   * written at all, it began after the confirm, as from then on nobody writes one.
   */
  | { readonly kind: "verified"; readonly since?: "confirm" }
  /** no failed row waits for someone to settle it */
  | { readonly kind: "settled" }
  /** someone has said that the release that is ready for it runs everywhere */
  | { readonly kind: "confirmed" }
  /** for the drop: nobody has been seen writing the old side since the confirm, and for the soak */
  | { readonly kind: "quiet"; readonly side: "old"; readonly soakSeconds: number }
  /**
   * For an undo that takes the new side away: nobody writes it now, that is within the soak or two minutes, whichever is
   * less. It asks for no confirm, and one made `--despite quiet` does not open it: that spoke for the other side.
   */
  | { readonly kind: "idle"; readonly side: "new"; readonly soakSeconds: number }
  /** for an undo of the switch: the old side has every row's value */
  | { readonly kind: "reversible" }
  /** no trigger function on the table still names the column, which would fail every write once it is gone */
  | { readonly kind: "functions"; readonly table: QualifiedName; readonly column: string };

/** Every condition's name, as `confirm --despite` takes them. */
export const GATE_KINDS: readonly GateCondition["kind"][] = [
  "backfill",
  "verified",
  "settled",
  "confirmed",
  "quiet",
  "idle",
  "reversible",
  "functions",
];

export type Side = "old" | "new";

/**
 * A session is noted at most once in so many seconds of the server's clock, in ticks counted from 1970. The old side's
 * is short, because a confirm waits for its end; the new one's long, because it is written for as long as the soak lasts.
 */
export const TICK_SECONDS: Readonly<Record<Side, number>> = { old: 10, new: 60 };

/** One object that the plan read, with the hash of its definition; `null`: it must not exist. */
export type Expectation = { readonly kind: string; readonly name: string; readonly hash: string | null };

/** What of the catalog the plan depends on; see catalog/fingerprint. */
export type Scope = {
  readonly table: QualifiedName;
  /** columns whose surroundings matter */
  readonly columns: readonly string[];
  /** the column that this plan adds, which is not held against the catalog */
  readonly added: string | null;
  /** the column whose NOT NULL is this plan's own work */
  readonly notNull: string | null;
};

/** Which application code may run once this revision is applied. */
export type Deploy = {
  readonly oldCode: { readonly allowed: boolean; readonly reason: string };
  readonly newCode: { readonly allowed: boolean; readonly reason: string };
};

/** Everything but the links and the id, which are made from it. */
export type RevisionBody = {
  /** slug of its plan; null for a hand-written revision */
  readonly plan: string | null;
  /** file name without number and ending: `expand`, `fill`, … */
  readonly name: string;
  readonly title: string;
  /** the change in one line: `rename_column app.orders.total to amount`; null for a hand-written revision */
  readonly change: string | null;
  readonly lane: Lane;
  readonly phase: Phase | null;
  readonly runner: RunnerKind;
  readonly scope: Scope | null;
  readonly expects: readonly Expectation[];
  readonly gate: readonly GateCondition[];
  readonly undoGate: readonly GateCondition[];
  readonly deploy: Deploy | null;
  /** why there is no way back from here; null: there is one */
  readonly irreversible: string | null;
  readonly upgrade: readonly Step[];
  readonly downgrade: readonly Step[];
  readonly fill: Fill | null;
};

export type Revision = RevisionBody & {
  /** 12 hex digits: a hash of slug, phase and body */
  readonly id: string;
  readonly parents: readonly string[];
  readonly dependsOn: readonly string[];
  /** sha256 of the body as printed, the links apart */
  readonly checksum: string;
  /** the file's text */
  readonly text: string;
  /** path relative to the working directory, or null when it is known from the journal alone */
  readonly file: string | null;
};
