import { expect, test } from "vitest";
import { type Measured, project } from "../../../src/app/probe-projection.js";

const seen: Measured = {
  rows: 1_000,
  batches: 4,
  ms: 500,
  walBytes: 200_000,
  heapGrowth: 80_000,
  indexGrowth: 8_000,
  sampledPages: 10,
  pages: 1_000,
  heapBytes: 8_192_000,
  logged: true,
  fullPages: true,
  databaseBytes: 1e9,
  triggers: true,
  userTriggers: false,
  skipped: null,
};

test("a hundredth of the pages stands for all of them", () => {
  expect(project(seen)).toMatchObject({
    sample: { pages: 10, rows: 1_000, batches: 4, ms: 500 },
    rows: 100_000,
    rowsPerSecond: 2_000,
    walBytesPerRow: 200,
    walBytes: { from: 6_000_000, to: 20_000_000 + 2 * 8_192_000 },
    heapGrowthBytes: { from: 1_200_000, to: 8_000_000 },
    indexGrowthBytes: { from: 0, to: 800_000 },
    seconds: { 1: { from: 30, to: 125 }, 2: { from: 15, to: expect.closeTo(113.6, 1) } },
  });
});

test("what could not be measured is not known, and an empty table takes nothing", () => {
  expect(project({ ...seen, logged: false })).toMatchObject({ walBytes: null, walBytesPerRow: null });
  expect(project({ ...seen, fullPages: false }).walBytes).toEqual({ from: 6_000_000, to: 20_000_000 });
  const empty = { ...seen, rows: 0, batches: 0, walBytes: 0, heapGrowth: 0, indexGrowth: 0, sampledPages: 0, pages: 0 };
  expect(project(empty)).toMatchObject({ rows: 0, rowsPerSecond: null, seconds: null, walBytes: { from: 0, to: 0 } });
});

test("what was left out is said", () => {
  const said = project({ ...seen, triggers: false, skipped: "no schema", userTriggers: true, logged: false });
  expect(said.assumptions.join("\n")).toMatch(/no schema[\s\S]*Triggers of your own/);
  expect(said.assumptions.join("\n")).toContain("WAL is not known");
});
