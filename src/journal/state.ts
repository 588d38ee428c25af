/**
 * What the journal says, as values. Read by `journal.ts` in one snapshot; everything that decides works on these.
 */
import type { GateCondition, Lane, Phase, RunnerKind, Side } from "../revisions/revision.js";
import type { QualifiedName } from "../sql/identifier.js";
import type { Limits } from "./limits.js";

export type JournalState = {
  /** null: no journal in this database yet */
  readonly meta: JournalMeta | null;
  /** in the order in which they were opened; undone plans stay, without revisions */
  readonly plans: readonly JournalPlan[];
  /** in the order in which they were started */
  readonly revisions: readonly JournalRevision[];
  readonly fills: readonly FillProgress[];
};

export type JournalMeta = {
  readonly format: number;
  readonly uuid: string;
  readonly systemIdentifier: string;
  readonly database: string;
};

export type JournalPlan = {
  readonly slug: string;
  /** the change in one line */
  readonly change: string;
  readonly kind: string;
  readonly table: QualifiedName;
  readonly columns: readonly string[];
  readonly openedAt: Date;
  readonly pausedAt: Date | null;
  readonly pausedBy: string | null;
  /** when the next window of its backfill opens: `Mon 22:00 Europe/Zurich`; null: one is open, or none is set */
  readonly opens: string | null;
  /** of its backfill, those that were set */
  readonly limits: Limits;
};

/**
 * running: a runner has it (or died with it: the next one takes it up again). blocked: it stopped for a reason that
 * someone has to see, and the next run tries again. done: applied. undoing: its downgrade has begun.
 */
export type RevisionState = "running" | "blocked" | "done" | "undoing";

export type JournalRevision = {
  readonly id: string;
  readonly plan: string | null;
  readonly name: string;
  readonly title: string;
  readonly parents: readonly string[];
  readonly dependsOn: readonly string[];
  readonly lane: Lane;
  readonly phase: Phase | null;
  readonly runner: RunnerKind;
  readonly checksum: string;
  readonly text: string;
  readonly state: RevisionState;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  readonly actor: string;
  readonly error: Blocked | null;
};

/** Why a revision stands still: the fields of the error that stopped it. */
export type Blocked = {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
  readonly details: readonly string[];
};

export type FillProgress = {
  readonly revision: string;
  readonly pages: number;
  readonly pagesDone: number;
  readonly rowsEstimated: number;
  readonly rowsDone: number;
  readonly slices: { readonly due: number; readonly leased: number; readonly blocked: number; readonly done: number };
  /** live leases */
  readonly workers: readonly string[];
  /** the first rows that wait for someone to settle them; before them, what has stopped slices */
  readonly failures: readonly RowFailure[];
  /** how many there are */
  readonly quarantined: number;
  /** rows that someone has said may stay unfilled */
  readonly skipped: number;
  /** whose locks slices wait for, in words; absent: nobody's */
  readonly waiting?: readonly string[];
  /** whose snapshot keeps its dead row versions, so that it writes more than it could, in words; absent: nobody's */
  readonly slow?: string;
  /** why its workers hold back, in words; absent: they do not */
  readonly throttle?: string;
  /** of its updates, those that stayed on their page and touched no index; null: none yet */
  readonly hotShare: number | null;
  readonly startedAt: Date;
  /** rows a second over the last minute of samples; null while too few */
  readonly rowsPerSecond: number | null;
  /** bytes that the server wrote while its batches ran, whoever did */
  readonly walBytes: number;
  /** how far it was every few seconds of the last ten minutes, oldest first; none unless it runs */
  readonly samples: readonly Sample[];
  /** part of the table that has been looked through for rows that are due again; absent: nobody looks */
  readonly sweeping?: number;
  /** rows that were due again after all slices were done; absent: none were */
  readonly again?: FoundAgain;
};

/** How far a fill was at one moment. */
export type Sample = {
  /** in seconds; only differences count */
  readonly at: number;
  readonly rows: number;
  readonly pages: number;
  /** nothing was done, because it was paused or held back */
  readonly held: boolean;
};

export type FoundAgain = {
  /** looks through the whole table that found some */
  readonly times: number;
  /** found by the last one, */
  readonly rows: number;
  /** which came within so long */
  readonly seconds: number;
  /** filled since then, */
  readonly filled: number;
  /** which is so long ago */
  readonly fillingSeconds: number;
  /** rows that came to quarantine since the first look, and wait there */
  readonly noted: number;
  readonly notedSeconds: number;
};

/** A row that could not be filled, or the first of those that stopped a slice. */
export type RowFailure = {
  /** the row's key (`id=42`), or its ctid where the table has none */
  readonly key: string;
  readonly sqlstate: string;
  readonly message: string;
};

export type Verification = {
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  readonly rows: number;
  readonly mismatches: number;
  /** further rows not in step, which someone has skipped */
  readonly skipped: number;
  readonly keys: readonly string[];
  /** rows in step whose value the old side cannot hold: an undo would lose it */
  readonly lost: number;
  /** of the first of those */
  readonly lostKeys: readonly string[];
  /** the plan's triggers as they stood when it began */
  readonly mirror: Stamps;
  /** part of the table's pages, 0 to 1 */
  readonly fraction: number;
  /** leaves with rows that it has not gone over, because they came later; absent: none */
  readonly unseen?: readonly string[];
};

/** By trigger: a text that any change to the trigger or to its function changes. */
export type Stamps = Readonly<Record<string, string>>;

/** The triggers that a plan has installed, as they stand now. */
export type Mirror = {
  /** of the plan */
  readonly table: "there" | "renamed" | "gone";
  /** what is not as it was installed */
  readonly faults: readonly MirrorFault[];
  /** of every trigger that should stand */
  readonly stamps: Stamps;
  /** as the plan's last revision of the dual-write or contract left them, or as the last verify that found all in step met them */
  readonly trusted: Stamps;
};

export type MirrorFault = {
  /** one sentence */
  readonly what: string;
  /** the statements that put it right, without their semicolons */
  readonly restore: readonly string[];
};

export type Confirmation = {
  readonly release: string;
  readonly despite: readonly GateCondition["kind"][];
  readonly reason: string | null;
  readonly actor: string;
  /** from when on it counts: every later write of the old side is noted */
  readonly at: Date;
  /** the plan's triggers as they stood then */
  readonly mirror: Stamps;
};

export type Unmirrored = {
  /** noted at most once a session in a tick of the old side's */
  readonly at: Date;
  /** of the row; "" where the table has no key */
  readonly key: string;
  readonly sqlstate: string;
};

/** Sightings of one side of one plan. */
export type Sightings = {
  readonly side: Side;
  /** the newest, whoever it was; null: none */
  readonly lastAt: Date | null;
  /** who was seen most recently, newest first, a few */
  readonly writers: readonly {
    readonly role: string;
    readonly app: string;
    readonly lastAt: Date;
    /** a session of theirs that was seen is still there */
    readonly connected: boolean;
  }[];
  /**
   * Of the sessions that were seen and are still there, the one seen last. A session is noted at most once a minute, so
   * it may have written since; one that is gone has not.
   */
  readonly lastConnected: {
    readonly role: string;
    readonly app: string;
    readonly pid: number;
    readonly lastAt: Date;
  } | null;
};

/** All that a plan's gates are answered from, read at one moment by the server's clock. */
export type Evidence = {
  readonly now: Date;
  readonly verification: Verification | null;
  readonly confirmation: Confirmation | null;
  /** rows that wait for someone to settle them, and what has stopped slices */
  readonly failures: readonly RowFailure[];
  /** rows that someone has said may stay unfilled */
  readonly skipped: number;
  /** since when sightings have been recorded without a gap (a server crash empties them); null: no epoch row, so no evidence */
  readonly sightedSince: Date | null;
  readonly sightings: { readonly old: Sightings; readonly new: Sightings };
  /** the newest value that could not be converted, forth to the new side and back to the old one */
  readonly unmirrored: { readonly forth: Unmirrored | null; readonly back: Unmirrored | null };
  /** by column that may go: functions of triggers on the table that name it; a column that is not here was not looked for */
  readonly mirror: Mirror;
  readonly functionsNaming: ReadonlyMap<string, readonly string[]>;
};
