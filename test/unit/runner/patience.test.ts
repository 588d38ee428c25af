import fc from "fast-check";
import { expect, test } from "vitest";
import { DEFAULT_DDL_POLICY } from "../../../src/runner/context.js";
import { backoff, lockTimeout, stepsTimeout } from "../../../src/runner/patience.js";
import { runsOn } from "../../../src/runner/steps.js";

const policy = DEFAULT_DDL_POLICY;
const one = { tables: 1, stepMs: 1500, deadlockTimeoutMs: 1000, pushAutovacuum: false };

test("one table: the step's own; above deadlock_timeout only to push an autovacuum out", () => {
  expect(lockTimeout(policy, one)).toBe(1500);
  expect(lockTimeout(policy, { ...one, stepMs: 300 })).toBe(300);
  expect(lockTimeout(policy, { ...one, stepMs: 300, pushAutovacuum: true })).toBe(1500);
  expect(lockTimeout(policy, { ...one, stepMs: 0 })).toBe(policy.lockTimeoutMs);
});

test("several tables: below deadlock_timeout whatever is asked; and never no timeout", () => {
  fc.assert(
    fc.property(
      fc.nat(100_000),
      fc.integer({ min: 1, max: 60_000 }),
      fc.boolean(),
      (stepMs, deadlockTimeoutMs, pushAutovacuum) => {
        const several = lockTimeout(policy, { tables: 2, stepMs, deadlockTimeoutMs, pushAutovacuum });
        expect(several).toBeLessThanOrEqual(Math.max(1, Math.min(400, 0.8 * deadlockTimeoutMs)));
        expect(several).toBeGreaterThan(0);
        expect(lockTimeout(policy, { tables: 1, stepMs, deadlockTimeoutMs, pushAutovacuum })).toBeGreaterThan(0);
      },
    ),
  );
});

test("a pause is several timeouts long, plus a random part that doubles up to its cap", () => {
  const at = (random: number, attempt: number) => backoff({ ...policy, random: () => random }, attempt, 400);
  expect([at(0, 1), at(0, 9)]).toEqual([2000, 2000]);
  expect([at(0.5, 1), at(0.5, 2), at(0.5, 3), at(0.5, 50)]).toEqual([3000, 4000, 6000, 32_000]);
});

test("the smallest timeout that a step asks for", () => {
  expect(stepsTimeout([0, 1500, 400])).toBe(400);
  expect(stepsTimeout([0])).toBe(0);
});

test("a step runs on the versions that it names", () => {
  const on = (server: { from?: number; below?: number }) => [14, 17, 18].filter((major) => runsOn({ server }, major));
  expect([on({}), on({ from: 18 }), on({ below: 18 })]).toEqual([[14, 17, 18], [18], [14, 17]]);
});
