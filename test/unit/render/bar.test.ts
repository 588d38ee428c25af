/** The progress bar's line at several widths: the most important first, and never wider than the terminal. */
import { describe, expect, test } from "vitest";
import { type BarView, barLine, viewOf } from "../../../src/cli/render/bar.js";
import { displayWidth } from "../../../src/cli/render/text.js";
import type { Event } from "../../../src/events.js";

const fill: Event = {
  kind: "fill-progress",
  revision: "aaaaaaaaaaaa",
  plan: "orders-total",
  rowsDone: 1_032_053,
  rowsEstimated: 2_500_000,
  fraction: 0.4128,
  rowsPerSecond: 21_504,
  eta: { lowSeconds: 360, highSeconds: 545, heldSeconds: 0, overSeconds: 600 },
  hotShare: 0.86,
  walBytesPerRow: 540,
  workers: 2,
  quarantined: 0,
  slow: null,
  throttle: null,
  endless: null,
};
const view = (event: Event): BarView => {
  const found = viewOf(event);
  if (found === null) throw new Error("no bar for it");
  return found;
};
const line = (event: Event, width: number, unicode = true) => barLine(view(event), { width, color: false, unicode });

describe("a fill", () => {
  test.each([
    [40, "  fill orders-total ███░░░░░░  41.2 %"],
    [60, "  fill orders-total ██░░░░  41.2 %  6 min to 9 min 5 s left"],
    [80, "  fill orders-total ████░░░░░░  41.2 %  6 min to 9 min 5 s left · 21,504 rows/s"],
    [
      130,
      "  fill orders-total ███░░░░░  41.2 %  6 min to 9 min 5 s left · 21,504 rows/s · 1,032,053 rows written · 86 % HOT · 540 B WAL/row",
    ],
  ])("in %i columns", (width, shown) => {
    expect(line(fill, width)).toBe(shown);
  });

  test("without Unicode", () => {
    expect(line(fill, 80, false)).toBe(
      "  fill orders-total ####------  41.2 %  6 min to 9 min 5 s left | 21,504 rows/s",
    );
  });

  test("that stands in trouble says so first", () => {
    const held = { lowSeconds: 360, highSeconds: 545, heldSeconds: 120, overSeconds: 600 };
    const trouble = { throttle: "replica-lag: 9 s", endless: { why: "…", remedy: "…" }, slow: "pid 4", quarantined: 3 };
    expect(view({ ...fill, eta: held, ...trouble }).notes).toEqual([
      "will not finish",
      "throttled: replica-lag",
      "6 min to 9 min 5 s left",
      "21,504 rows/s",
      "1,032,053 rows written",
      "86 % HOT",
      "540 B WAL/row",
      "3 in quarantine",
      "slow: an old snapshot",
      "stood still 2 min",
    ]);
  });

  test("of which nothing is known yet says no more than that", () => {
    const young = {
      ...fill,
      fraction: 0,
      rowsDone: 0,
      rowsPerSecond: null,
      eta: null,
      hotShare: null,
      walBytesPerRow: null,
    };
    expect(view(young).notes).toEqual(["0 rows written"]);
  });
});

const build: Event = {
  kind: "step-progress",
  revision: "aaaaaaaaaaaa",
  step: "index-orders-total-key",
  phase: "building index: scanning table",
  fraction: 0.25,
  counts: { of: "blocks", done: 1024, total: 4096 },
  runningMs: 9_000,
  tableBytes: null,
};
const validate: Event = {
  ...build,
  step: "validate",
  phase: "running",
  fraction: null,
  counts: null,
  tableBytes: 3.2e9,
};

test("a build, by its blocks; and a statement that the server does not measure, by its time and its table", () => {
  expect(line(build, 120)).toBe(
    "  index-orders-total-key ███████░░░░░░░░░░░░░░░░░░░░░  25.0 %  building index: scanning table · 1,024 of 4,096 blocks",
  );
  expect(line(validate, 80)).toBe("  validate  running 9 s · over 3.2 GB");
});

test("the look for rows that are due again, and a verify", () => {
  const sweep: Event = { kind: "sweep-progress", revision: "a", plan: "p", fraction: 0.5, rows: 3 };
  expect(view(sweep)).toEqual({ title: "look again p", fraction: 0.5, notes: ["3 rows due again"] });
  const verify: Event = { kind: "verify-progress", plan: "p", rows: 1200, mismatches: 1, fraction: 0.5 };
  expect(view(verify)).toEqual({ title: "verify p", fraction: 0.5, notes: ["1,200 rows", "1 not in step"] });
  expect(viewOf({ kind: "verify-done", plan: "p", rows: 1, mismatches: 0 })).toBeNull();
});

test("no line is as wide as the terminal, and no name of others steers it", () => {
  const names = [
    "p",
    "a-plan-with-a-name-that-is-longer-than-any-terminal-should-have-to-show",
    "表の計画",
    "x\u001b[31m",
  ];
  for (const plan of names)
    for (let width = 40; width < 200; width += 7)
      for (const event of [
        { ...fill, plan },
        { ...validate, step: plan },
      ]) {
        expect(displayWidth(line(event, width))).toBeLessThan(width);
        expect(line(event, width)).not.toContain("\u001b");
      }
});
