// biome-ignore-all lint/suspicious/noTemplateCurlyInString: pieces of compiled modules, in which templates stand
/** Ways in which the engine can be wrong: each in one place of it, with the trial that has to find it. */
import type { Change } from "../../support/engines.js";
import type { TrialName } from "./trials.js";

export type Mutant = {
  readonly name: string;
  readonly changes: readonly Change[];
  readonly found: TrialName;
  /** in the short run, too */
  readonly telling?: true;
};

const batch = (from: string, to: string): Change => ({ file: "backfill/batch.js", from, to });
const slice = (from: string, to: string): Change => ({ file: "backfill/slice.js", from, to });
const sweep = (from: string, to: string): Change => ({ file: "backfill/sweep.js", from, to });
const fill = (from: string, to: string): Change => ({ file: "backfill/fill.js", from, to });
const slices = (from: string, to: string): Change => ({ file: "journal/slices.js", from, to });

const PARAMS = "[tid(window[0]), tid(window[1]), of - 1, at]";
const FENCED = "and fence = ${integer(lease.fence)} and state = 'leased'`;";

export const MUTANTS: readonly Mutant[] = [
  {
    name: "a batch is skipped, and its pages are passed",
    changes: [
      batch(
        "fill.batch === null ? Promise.resolve(0) : session.run(",
        "fill.batch === null || step.window[0] === 16 ? Promise.resolve(0) : session.run(",
      ),
      batch("if (n === 0)", "if (n >= 0)"),
    ],
    found: "nobody in the way",
    telling: true,
  },
  {
    name: "a window begins a page too late",
    changes: [batch(PARAMS, "[tid(window[0] + 1), tid(window[1]), of - 1, at]"), batch("if (n === 0)", "if (n >= 0)")],
    found: "nobody in the way",
  },
  {
    name: "a window ends a page too early",
    changes: [batch(PARAMS, "[tid(window[0]), tid(window[1] - 1), of - 1, at]"), batch("if (n === 0)", "if (n >= 0)")],
    found: "nobody in the way",
  },
  {
    name: "the same, where what is left is looked for",
    changes: [batch(PARAMS, "[tid(window[0]), tid(window[1] - 1), of - 1, at]")],
    found: "nobody in the way",
  },
  {
    name: "the last slice ends a page too early",
    changes: [{ file: "backfill/range.js", from: "Math.min(lo + size, pages)", to: "Math.min(lo + size, pages - 1)" }],
    found: "nobody in the way",
    telling: true,
  },
  {
    name: "slices leave a page between them",
    changes: [{ file: "backfill/range.js", from: "lo < pages; lo += size", to: "lo < pages; lo += size + 1" }],
    found: "nobody in the way",
  },
  {
    name: "one pass of a stride is left out",
    changes: [
      { file: "backfill/pace/stride.js", from: "return steps.map(", to: "return steps.slice(1).map(" },
      { file: "backfill/pace/stride.js", from: "n === steps.length - 1", to: "n === steps.length - 2" },
    ],
    found: "nobody in the way",
    telling: true,
  },
  {
    name: "pages that were put aside are forgotten",
    changes: [batch("replaceIn(lease.aside, step.closes, left)", "replaceIn(lease.aside, step.closes, [])")],
    found: "a row that is locked",
    telling: true,
  },
  {
    name: "a row is counted again with each batch",
    changes: [slices("rows = rows + ${integer(to.rows)}", "rows = rows + rows + ${integer(to.rows)}")],
    found: "nobody in the way",
  },
  {
    name: "the cursor moves in another transaction than the rows",
    changes: [
      batch(
        'stage = "around";\n        const failing',
        'stage = "around";\n        await session.run(sql `commit`);\n        const failing',
      ),
    ],
    found: "a batch whose cursor cannot move",
    telling: true,
  },
  {
    name: "the cursor goes past pages that failed",
    changes: [
      slice(
        "this.lease = { ...this.lease, ahead: 0 };",
        "this.lease = { ...this.lease, next: Math.max(this.lease.next, step.window[1]), ahead: 0 };",
      ),
    ],
    found: "rows whose expression fails",
    telling: true,
  },
  {
    name: "the page of a row that fails is left with what was not tried yet",
    changes: [
      {
        file: "backfill/quarantine/try-page.js",
        from: "for (const row of rows.filter(({ tid }) => mine.has(tid))) {",
        to: "for (const row of rows.filter(({ tid }) => mine.has(tid)).slice(0, 5)) {",
      },
    ],
    found: "rows whose expression fails",
  },
  {
    name: "rows in quarantine count as done",
    changes: [fill("+ counts.quarantined === 0", "=== 0")],
    found: "rows whose expression fails",
    telling: true,
  },
  {
    name: "a row that fails counts as filled",
    changes: [
      { file: "backfill/quarantine/page.js", from: "rows: verdict.filled", to: "rows: verdict.filled + noted.length" },
    ],
    found: "rows whose expression fails",
  },
  {
    name: "the last sweep is left out",
    changes: [fill("last ? NO_SWEEP : await sweepFill(db, revision, options);", "NO_SWEEP;")],
    found: "rows past the bounds that no trigger has seen",
    telling: true,
  },
  {
    name: "the last sweep leaves out the last page",
    changes: [
      sweep("while (next < file.pages)", "while (next < file.pages - 1)"),
      sweep("next + pace.pages, file.pages)", "next + pace.pages, file.pages - 1)"),
    ],
    found: "rows past the bounds that no trigger has seen",
  },
  {
    name: "the table's file is not looked at",
    changes: [batch('return held.same_file ? null : { kind: "moved-away" };', "return null;")],
    found: "another file of the table",
    telling: true,
  },
  {
    name: "a batch does not ask for its fence",
    changes: [slices("and s.fence = ${integer(lease.fence)} and s.state = 'leased'", "and s.state = 'leased'")],
    found: "a lease that was taken over",
    telling: true,
  },
  {
    name: "the cursor does not ask for its fence",
    changes: [slices(FENCED, "and state = 'leased'`;")],
    found: "a lease that was taken over",
  },
  {
    name: "what else is written under a lease does not ask for its fence",
    changes: [
      slices(
        "and number = $2 and fence = $3 and state = 'leased'",
        "and number = $2 and $3::bigint is not null and state = 'leased'",
      ),
    ],
    found: "a lease that was taken over",
  },
  {
    name: "a lease does not bump the fence",
    changes: [slices("fence = s.fence + 1", "fence = s.fence")],
    found: "a lease that was taken over",
  },
  {
    name: "a slice that a crash has put back is gone on with as if nothing were missing",
    changes: [batch("if (held.batches !== lease.batches)", "if (held.batches < 0)")],
    found: "a lease that was taken over",
  },
  {
    name: "slices that wait come first",
    changes: [slices("c.attempts > 0, c.revision, c.number", "c.revision, c.number")],
    found: "slices that wait, and one that nobody has tried",
    telling: true,
  },
  {
    name: "who leases waits for a slice that is held",
    changes: [slices("for update of c skip locked", "for update of c")],
    found: "a stale worker in the middle of a batch",
    telling: true,
  },
  {
    name: "more slices are leased than the plan allows",
    changes: [slices("and not (${gone(sql `l`)})) < ${workersOf(sql `p`)}", "and not (${gone(sql `l`)})) < 64")],
    found: "as many slices at once as the plan allows",
  },
  {
    name: "a paused plan's slices are leased",
    changes: [slices("const MAY_WORK = sql `p.paused_at is null and ", "const MAY_WORK = sql `")],
    found: "as many slices at once as the plan allows",
  },
];
