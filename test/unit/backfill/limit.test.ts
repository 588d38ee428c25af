import { describe, expect, test } from "vitest";
import { restAfter } from "../../../src/backfill/pace/limit.js";
import { NO_LIMITS } from "../../../src/journal/limits.js";

const MB = 1024 * 1024;
const batch = { rows: 1000, ms: 100, wal: MB, workers: 2 };

describe("the rest after a batch", () => {
  test.each([
    ["without limits", {}, 0],
    ["is what two workers together may fill", { rowsPerSecond: 4000 }, 400],
    ["is nothing while they fill less than they may", { rowsPerSecond: 1_000_000 }, 0],
    ["is what the server may write", { walMbPerSecond: 2 }, 400],
    ["is the other half of the time", { duty: 0.5 }, 100],
    ["is the longest that any asks for", { duty: 0.5, rowsPerSecond: 4000, walMbPerSecond: 2 }, 400],
  ])("%s", (_, limits, rest) => {
    expect(restAfter(batch, { ...NO_LIMITS, ...limits })).toBeCloseTo(rest);
  });
});
