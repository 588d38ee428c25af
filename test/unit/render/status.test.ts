/** Golden texts: what a person sees, to the character. */
import { describe, expect, test } from "vitest";
import { renderHeads, renderHistory, renderShow } from "../../../src/cli/render/history.js";
import { renderStatus, revisionLines } from "../../../src/cli/render/status.js";
import { displayWidth, type RenderOptions } from "../../../src/cli/render/text.js";
import { ChangeoverError } from "../../../src/errors.js";
import type { Evidence } from "../../../src/journal/state.js";
import { headsOf, historyOf } from "../../../src/status/history.js";
import { buildReport } from "../../../src/status/report.js";
import { at, COMPLETE, fillOf, PLAN, revision, row, type Scene, scene } from "../status/fixture.js";

const plain: RenderOptions = { width: 80, color: false, unicode: true };
const ascii: RenderOptions = { ...plain, unicode: false };
const show = (given: Scene, options = plain) => `\n${renderStatus(buildReport(scene(given)), options)}\n`;

const failed = { key: "id=42", sqlstate: "22003", message: "integer out of range" };
const filling: Scene = {
  states: ["done", "done", "running"],
  fills: [
    fillOf({
      failures: [failed],
      slow: "pid 7 (role app), idle in transaction",
      throttle: "replica r1 lags 12 s >= 5 s",
      samples: [0, 5, 10, 15, 20, 25].map((at) => ({ at, rows: 5000 * at, pages: 5 * at, held: at > 20 })),
    }),
  ],
  evidence: COMPLETE,
};
const atGate: Scene = {
  states: ["done", "done", "done", "done"],
  evidence: {
    ...COMPLETE,
    verification: null,
    sightedSince: at("08:01"),
    confirmation: {
      release: "v2",
      despite: ["verified"],
      reason: "compared by hand",
      actor: "ann",
      at: at("10:00"),
      mirror: {},
    },
  },
};

test("a fill under way", () => {
  expect(show(filling)).toBe(`
orders-total  running, in phase backfill
  rename_column app.orders.total to amount
  ✓ aaaaaaaaaaaa  expand      expand      done 2026-03-04 08:00
  ✓ bbbbbbbbbbbb  dual-write  dual-write  done 2026-03-04 08:01
  ▸ cccccccccccc  backfill    fill        running since 2026-03-04 08:02
  · dddddddddddd  backfill    validate    pending
  · eeeeeeeeeeee  contract    drop        pending
  backfill  [████████████░░░░░░░░] 62.5 % of the table, 625,000 rows written
            5,000 rows/s, about 1 min 15 s left without pauses (it stood still
            for 5 s of the last 25 s), 2 workers
            86 % HOT, 540 B of WAL a row
  slow      dead rows are kept for pid 7 (role app), idle in transaction
  throttled replica r1 lags 12 s >= 5 s
  failed    id=42: 22003 integer out of range
  gate of drop: shut (backfill, verified and confirmed); it is judged once the
    backfill is done
  old code  may run: its writes are mirrored
  new code  must not run: rows are not filled yet
  undo      changeover downgrade orders-total@base
            Takes back fill, dual-write and expand: 3 statements, the strongest
            lock ACCESS EXCLUSIVE on app.orders, each queueing 1500 ms at most.
            The 625,000 rows filled so far would have to be filled again.
            No way back from drop on: the old column is gone.
  why       Throttled: replica r1 lags 12 s >= 5 s

trunk  up to date
  head      bbbbbbbbbbbb orders-total/dual-write (done)
`);
});

test("a fill that will not end, and the look for rows that are due again", () => {
  const again = { times: 2, rows: 72_000, seconds: 60, filled: 9_000, fillingSeconds: 10, noted: 0, notedSeconds: 10 };
  const fills = [fillOf({ pagesDone: 1000, sweeping: 0.25, again })];
  const shown = show({ ...filling, fills });
  expect(shown).toContain(`
            looks for rows that are due again, 25.0 %
            86 % HOT, 540 B of WAL a row
  endless   Rows come anew faster than they are filled: arrivals 1,200/s,
            drained 900/s: it will not finish at this pace (72,000 rows were due
            again after the whole table had been filled).
            Find who writes rows past the sync triggers`);
  expect(Math.max(...shown.split("\n").map(displayWidth))).toBeLessThanOrEqual(80);
});

test("a verify under way", () => {
  const verification = { ...COMPLETE.verification, rows: 250_000, mismatches: 0, fraction: 0.25, finishedAt: null };
  const evidence = { ...COMPLETE, verification: verification as Evidence["verification"] };
  expect(show({ states: ["done", "done", "done", "done"], evidence })).toContain(`
  verify    [█████░░░░░░░░░░░░░░░] 25.0 % of the table, 250,000 rows compared
`);
});

test("at a gate, in ASCII", () => {
  expect(show(atGate, ascii)).toBe(`
orders-total  waiting (gate), in phase backfill
  rename_column app.orders.total to amount
  + aaaaaaaaaaaa  expand      expand      done 2026-03-04 08:00
  + bbbbbbbbbbbb  dual-write  dual-write  done 2026-03-04 08:01
  + cccccccccccc  backfill    fill        done 2026-03-04 08:02
  + dddddddddddd  backfill    validate    done 2026-03-04 08:03
  . eeeeeeeeeeee  contract    drop        pending
  gate of drop: shut
    + backfill   The backfill phase (fill and validate) was done at 2026-03-04
                 08:03:00 UTC.
    ! verified   No verify has compared the two sides.
                 Opened by ann at 2026-03-04 10:00: compared by hand.
    + settled    No failed row waits for someone to settle it.
    + confirmed  ann confirmed at 2026-03-04 10:00:00 UTC that release v2 runs
                 everywhere.
    - quiet      The old side has been silent for 3 h 59 min of 1 d, since
                 2026-03-04 08:01:00 UTC, when the record of sightings began
                 (last seen: nobody).
                 Wait: it opens at 2026-03-05 08:01:00 UTC if nobody writes the
                 old side.
    + functions  No trigger function on the table names total.
  old code  may run: its writes are mirrored
  new code  may run: the column is complete
  undo      changeover downgrade orders-total@base
            Takes back validate, fill, dual-write and expand: 3 statements, the
            strongest lock ACCESS EXCLUSIVE on app.orders, each queueing 1500 ms
            at most.
            No way back from drop on: the old column is gone.
  why       The gate of drop is shut: quiet is not met. Wait: it opens at
            2026-03-05 08:01:00 UTC if nobody writes the old side.
  next      changeover upgrade orders-total@head   # once quiet is met

trunk  up to date
  head      bbbbbbbbbbbb orders-total/dual-write (done)
`);
});

test("finished, and planned", () => {
  expect(show({ states: ["done", "done", "done", "done", "done"] })).toBe(`
orders-total  done
  rename_column app.orders.total to amount
  ✓ aaaaaaaaaaaa  expand      expand      done 2026-03-04 08:00
  ✓ bbbbbbbbbbbb  dual-write  dual-write  done 2026-03-04 08:01
  ✓ cccccccccccc  backfill    fill        done 2026-03-04 08:02
  ✓ dddddddddddd  backfill    validate    done 2026-03-04 08:03
  ✓ eeeeeeeeeeee  contract    drop        done 2026-03-04 08:04
  old code  must not run: its column is gone
  new code  may run: the column is complete
  undo      No way back: the old column is gone.

trunk  up to date
  head      bbbbbbbbbbbb orders-total/dual-write (done)
`);
  expect(show({})).toBe(`
orders-total  planned
  rename_column app.orders.total to amount
  · aaaaaaaaaaaa  expand      expand      pending
  · bbbbbbbbbbbb  dual-write  dual-write  pending
  · cccccccccccc  backfill    fill        pending
  · dddddddddddd  backfill    validate    pending
  · eeeeeeeeeeee  contract    drop        pending
  gate of drop: shut (backfill, verified, confirmed, quiet and functions); it
    is judged once the backfill is done
  old code  may run: nothing has been changed
  new code  must not run: there is no column amount
  undo      No way back from drop on: the old column is gone.
  why       Nothing of it has run in this database.
  next      changeover upgrade head

trunk  2 revisions pending
  head      bbbbbbbbbbbb orders-total/dual-write (pending)
  pending   aaaaaaaaaaaa orders-total/expand (pending)
            bbbbbbbbbbbb orders-total/dual-write (pending)
  next      changeover upgrade head
`);
});

test("nothing at all", () => {
  expect(show({ folder: [] })).toBe(`
There are no plans.

trunk  no revisions here
`);
});

test("declared, and with files that are not right", () => {
  const edited = PLAN.map((one) => (one.name === "expand" ? { ...one, checksum: "other" } : one));
  const error = new ChangeoverError("revision-invalid", "There is no section upgrade.", {
    where: "plans/0007-notes/1-x.sql:9",
    hint: "Add a line.",
  });
  const unreadable = [{ file: "plans/0007-notes/1-x.sql", plan: "notes", id: null, error }];
  const declared = [
    { plan: "users-email", file: "plans/0009-users-email/change.yaml" },
    { plan: "notes", file: "plans/0007-notes/change.yaml" },
  ];
  const shown = show({ states: ["done", "done"], folder: edited, declared, unreadable });
  expect(shown.slice(shown.indexOf("\nusers-email"))).toBe(`
users-email  declared
  file      plans/0009-users-email/change.yaml
  why       It has no revisions yet.
  next      changeover plan users-email --write

2 files not right: no upgrade runs
  file      plans/0007-notes/1-x.sql:9
            There is no section upgrade.
  do        Add a line.
  file      plans/0004-orders-total/1-expand.sql
            It is not what was applied here (does a).
  do        Put the file back as it was, and write a further revision for the
            difference.
            changeover show aaaaaaaaaaaa --applied > plans/0004-orders-total/1-expand.sql

trunk  up to date
  head      bbbbbbbbbbbb orders-total/dual-write (done)
`);
});

test("a database ahead of the folder says so", () => {
  expect(show({ states: ["done", "done"], folder: [] })).toContain(`  unknown   aaaaaaaaaaaa orders-total/expand (done)
            bbbbbbbbbbbb orders-total/dual-write (done)
            None of what is applied here is in this folder: this may be the
            wrong database (--database-url, DATABASE_URL) or the wrong folder
            (--plans).`);
  expect(
    show({ states: ["done", "done"], folder: PLAN.slice(0, 1) }),
  ).toContain(`  unknown   bbbbbbbbbbbb orders-total/dual-write (done)
            Applied here and not in this folder: the folder is older than the
            database.`);
});

describe("whatever the plan", () => {
  test.each([filling, atGate, {}])("no line is wider than 80 columns", (given) => {
    for (const line of show(given).split("\n")) expect(displayWidth(line)).toBeLessThanOrEqual(80);
  });

  test("names that are wide or long still line up", () => {
    const names = ["注文", "größe", "a-very-long-name-of-a-revision-that-does-not-fit-in-here-at-all", "🚀"];
    const folder = names.map((name, n) => revision(String(n + 1), { name, phase: "expand" }));
    const [plan] = buildReport(scene({ folder })).plans;
    const lines = revisionLines(plan?.revisions ?? [], plain);
    expect(lines).toEqual([
      "  · 111111111111  expand  注文                                           pending",
      "  · 222222222222  expand  größe                                          pending",
      "  · 333333333333  expand  a-very-long-name-of-a-revision-that-does-not…  pending",
      "  · 444444444444  expand  🚀                                             pending",
    ]);
    expect(new Set(lines.map((line) => displayWidth(line.slice(0, line.indexOf("pending"))))).size).toBe(1);
  });

  test("colour paints and changes nothing else", () => {
    const painted = show(filling, { ...plain, color: true });
    expect(painted).not.toBe(show(filling));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    expect(painted.replace(/\u001b\[\d+m/g, "")).toBe(show(filling));
  });

  test("of many failed rows the first are named, and where the others are; skipped ones are counted", () => {
    const failures = [1, 2, 3, 4, 5, 6, 7].map((id) => ({ ...failed, key: `id=${id}` }));
    const told = show({ ...filling, fills: [fillOf({ failures, quarantined: 812, skipped: 2 })] });
    expect(told.match(/^ {2}failed .*$/gm)).toHaveLength(5);
    expect(told).toContain(`
            changeover backfill quarantine list   # 807 more
  skipped   2 rows, by hand
`);
  });

  test("a name from the database cannot steer the terminal", () => {
    const key = { ...failed, key: "id=\u001b[2J" };
    expect(show({ ...filling, fills: [fillOf({ failures: [key] })] })).not.toContain("\u001b");
  });
});

const sources = scene({ states: ["done", "done", "running"] });

test("history is newest first, as Alembic prints it, with when and by whom", () => {
  expect(`\n${renderHistory(historyOf(sources), plain)}\n`).toBe(`
dddddddddddd -> eeeeeeeeeeee (orders-total) (head), does e  [pending]
cccccccccccc -> dddddddddddd (orders-total), does d  [pending]
bbbbbbbbbbbb -> cccccccccccc (orders-total), does c  [running]
aaaaaaaaaaaa -> bbbbbbbbbbbb (orders-total) (head), does b  [done 2026-03-04 08:01:00 UTC by ann]
<base> -> aaaaaaaaaaaa (orders-total), does a  [done 2026-03-04 08:00:00 UTC by ann]
`);
});

test("merges, dependencies and branch points are marked", () => {
  const folder = [
    revision("1", { lane: "trunk", plan: null }),
    revision("2", { lane: "trunk", plan: null, parents: ["1".repeat(12)] }),
    revision("3", { lane: "trunk", plan: null, parents: ["1".repeat(12)], dependsOn: ["2".repeat(12)] }),
    revision("4", { lane: "trunk", plan: null, parents: ["2".repeat(12), "3".repeat(12)] }),
  ];
  expect(`\n${renderHistory(historyOf(scene({ folder })), plain)}\n`).toBe(`
222222222222, 333333333333 -> 444444444444 (head) (mergepoint), does 4  [pending]
111111111111 (222222222222) -> 333333333333, does 3  [pending]
111111111111 -> 222222222222, does 2  [pending]
<base> -> 111111111111 (branchpoint), does 1  [pending]
`);
});

test("heads are the trunk's, and those of tails that are not finished", () => {
  expect(`\n${renderHeads(headsOf(sources), plain)}\n`).toBe(`
bbbbbbbbbbbb (orders-total) (head)  [done 2026-03-04 08:01:00 UTC by ann]
eeeeeeeeeeee (orders-total) (head)  [pending]
`);
  const finished = headsOf(scene({ states: ["done", "done", "done", "done", "done"] }));
  expect(finished.map((one) => one.id)).toEqual(["bbbbbbbbbbbb"]);
});

test("show is a head of facts and the text as it is", () => {
  const one = { ...(PLAN[1] ?? revision("b")), text: "-- a\tb\nselect 1;\n" };
  expect(`\n${renderShow(one, row(one), plain)}`).toBe(`
revision    bbbbbbbbbbbb
parent      aaaaaaaaaaaa
plan        orders-total
change      rename_column app.orders.total to amount
title       does b
lane        trunk
phase       dual-write
runner      transactional
file        plans/0004-orders-total/2-dual-write.sql
checksum    c
state       done
started     2026-03-04 08:00:00 UTC by ann
finished    2026-03-04 08:00:00 UTC

-- a	b
select 1;
`);
  expect(renderShow({ ...one, file: null }, null, plain)).toContain("file        none: as recorded in the journal\n");
});
