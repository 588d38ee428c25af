/**
 * Everything that happens, as one union. A log line, a progress bar and the journal's event log are sinks of it.
 */
export type Event =
  | { readonly kind: "journal-installed" }
  | {
      readonly kind: "lock-waiting";
      readonly lock: string;
      readonly holder: string | null;
      /** what the holder runs, in words; null: no statement at this moment, or not known here */
      readonly doing: string | null;
      readonly waitedMs: number;
    }
  | { readonly kind: "lock-obtained"; readonly lock: string; readonly waitedMs: number }
  | {
      readonly kind: "revision-started";
      readonly revision: string;
      readonly plan: string | null;
      readonly title: string;
    }
  | {
      readonly kind: "revision-done";
      readonly revision: string;
      readonly plan: string | null;
      readonly title: string;
      readonly ms: number;
    }
  | {
      readonly kind: "revision-undone";
      readonly revision: string;
      readonly plan: string | null;
      readonly title: string;
      readonly ms: number;
    }
  | {
      readonly kind: "revision-blocked";
      readonly revision: string;
      readonly plan: string | null;
      readonly reason: string;
    }
  | { readonly kind: "step-started"; readonly revision: string; readonly step: string; readonly sql: string }
  | { readonly kind: "step-done"; readonly revision: string; readonly step: string; readonly ms: number }
  | {
      readonly kind: "step-retry";
      readonly revision: string;
      readonly step: string;
      readonly attempt: number;
      readonly reason: string;
      readonly waitMs: number;
    }
  /** said after some seconds, then ever more rarely; a blocker's first words name it */
  | {
      readonly kind: "step-waiting";
      readonly revision: string;
      readonly step: string;
      readonly waitedMs: number;
      /** of an index build, as the server names it */
      readonly phase: string | null;
      readonly pids: readonly number[];
      readonly blockers: readonly string[];
      /** what a person can do, if they so decide */
      readonly remedy: string | null;
    }
  | { readonly kind: "step-resumed"; readonly revision: string; readonly step: string; readonly waitedMs: number }
  | {
      readonly kind: "step-progress";
      readonly revision: string;
      readonly step: string;
      /** of an index build, as the server names it; each phase counts from 0. `running`: the server does not measure it */
      readonly phase: string;
      /** null: there is nothing to count */
      readonly fraction: number | null;
      /** of this phase: blocks or tuples, or the transactions that it waits for; null: nothing to count */
      readonly counts: {
        readonly of: "blocks" | "tuples" | "lockers";
        readonly done: number;
        readonly total: number;
      } | null;
      /** how long the statement has been running; null: not shown to this role */
      readonly runningMs: number | null;
      /** of the table that it goes over; null: not known */
      readonly tableBytes: number | null;
    }
  | { readonly kind: "index-healed"; readonly revision: string; readonly index: string }
  | {
      readonly kind: "fill-started";
      readonly revision: string;
      readonly plan: string | null;
      readonly pages: number;
      readonly slices: number;
    }
  /** the connection was lost at a COMMIT: what the server said became of it */
  | {
      readonly kind: "commit-settled";
      readonly revision: string;
      readonly plan: string | null;
      readonly slice: number;
      readonly xid: string;
      readonly fate: "committed" | "aborted" | "unknown";
    }
  | {
      readonly kind: "fill-restarted";
      readonly revision: string;
      readonly plan: string | null;
      readonly reason: string;
    }
  | {
      readonly kind: "fill-progress";
      readonly revision: string;
      readonly plan: string | null;
      /** rows written */
      readonly rowsDone: number;
      /** rows that will have been written in the end, at as many a page as so far */
      readonly rowsEstimated: number;
      /** of the table's pages */
      readonly fraction: number;
      readonly rowsPerSecond: number | null;
      /** null: not known (yet), or done */
      readonly eta: {
        readonly lowSeconds: number;
        readonly highSeconds: number;
        /** of the time that it was measured over, so much does not count: paused, held back, nobody at work */
        readonly heldSeconds: number;
        readonly overSeconds: number;
      } | null;
      /** of its updates, those that stayed on their page and touched no index; null: none yet */
      readonly hotShare: number | null;
      /** that the server wrote while its batches ran, whoever did; null: no row yet */
      readonly walBytesPerRow: number | null;
      /** slices that are worked on, wherever */
      readonly workers: number;
      /** failed rows that wait for someone */
      readonly quarantined: number;
      /** whose old snapshot makes it write more; null: nobody's */
      readonly slow: string | null;
      /** why its workers hold back; null: they do not */
      readonly throttle: string | null;
      /** it will not finish as things stand; null: nothing says so */
      readonly endless: { readonly why: string; readonly remedy: string } | null;
    }
  /** said when it is first seen, again when the reason is another one, and now and then */
  | {
      readonly kind: "fill-endless";
      readonly revision: string;
      readonly plan: string | null;
      readonly why: string;
      readonly remedy: string;
    }
  /** the look for rows that are due again, once all slices are done */
  | {
      readonly kind: "sweep-progress";
      readonly revision: string;
      readonly plan: string | null;
      readonly fraction: number;
      /** found so far */
      readonly rows: number;
    }
  | {
      readonly kind: "fill-plain";
      readonly revision: string;
      readonly plan: string | null;
      /** of the updates just now, those that stayed on their page */
      readonly share: number;
      /** whose snapshot keeps dead row versions, in words; null: nobody's */
      readonly holder: string | null;
    }
  /** the row failed alone, and its slice goes on behind it */
  | {
      readonly kind: "row-quarantined";
      readonly revision: string;
      readonly plan: string | null;
      readonly key: string;
      readonly sqlstate: string;
      readonly message: string;
    }
  | {
      readonly kind: "fill-throttled";
      readonly revision: string;
      readonly plan: string | null;
      readonly grade: "go" | "slower" | "wait";
      /** the signal, what it showed, from where on, and what clears it; null: go */
      readonly reason: string | null;
    }
  /** one committed transaction of a fill: several a second */
  | {
      readonly kind: "batch-done";
      readonly revision: string;
      readonly plan: string | null;
      readonly rows: number;
      /** of its updates, those that stayed on their page */
      readonly hot: number;
      /** that the server wrote meanwhile, by this worker's share */
      readonly walBytes: number;
      /** of its statements, without what surrounds them */
      readonly ms: number;
    }
  /** what the throttle has read of the server: once a second while it is asked */
  | {
      readonly kind: "signals-read";
      readonly revision: string;
      readonly plan: string | null;
      readonly signals: readonly {
        readonly signal: string;
        readonly grade: "go" | "slower" | "wait";
        /** null: it could not be read, which counts as too much */
        readonly value: number | null;
        readonly slow: number;
        readonly stop: number;
      }[];
    }
  /** somebody else has the slice: its lease ran out, or its fill was begun again */
  | { readonly kind: "lease-lost"; readonly revision: string; readonly plan: string | null; readonly slice: number }
  | {
      readonly kind: "slice-blocked";
      readonly revision: string;
      readonly slice: number;
      readonly key: string;
      readonly sqlstate: string;
      readonly message: string;
    }
  | {
      readonly kind: "slice-retry";
      readonly revision: string;
      readonly plan: string | null;
      readonly slice: number;
      readonly sqlstate: string;
      readonly message: string;
      readonly waitMs: number;
    }
  | {
      readonly kind: "verify-progress";
      readonly plan: string;
      readonly rows: number;
      readonly mismatches: number;
      readonly fraction: number;
    }
  | { readonly kind: "verify-done"; readonly plan: string; readonly rows: number; readonly mismatches: number }
  | { readonly kind: "confirm-waiting"; readonly plan: string; readonly waitMs: number }
  | { readonly kind: "metrics-served"; readonly url: string }
  | { readonly kind: "queue-trouble"; readonly message: string }
  | { readonly kind: "notice"; readonly message: string };

/** Where events go. Must not throw. */
export type Emit = (event: Event) => void;

export const silent: Emit = () => undefined;
