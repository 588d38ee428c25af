import fc from "fast-check";
import { expect, test } from "vitest";
import type { LockMode } from "../../../src/revisions/revision.js";
import { CONFLICTS, combineModes, isGentle, locksOf, pgLocksMode } from "../../../src/runner/modes.js";

const modes = Object.keys(CONFLICTS) as LockMode[];
const table = (name: string, schema = "app") => ({ schema, name });

test("the table of conflicts is symmetric, and its extremes are the manual's", () => {
  for (const a of modes) for (const b of modes) expect(CONFLICTS[a].includes(b)).toBe(CONFLICTS[b].includes(a));
  expect(CONFLICTS["ACCESS EXCLUSIVE"]).toEqual(modes);
  expect(CONFLICTS.SHARE).not.toContain("SHARE");
  expect(CONFLICTS["SHARE UPDATE EXCLUSIVE"]).toContain("SHARE UPDATE EXCLUSIVE");
  expect(CONFLICTS["ROW EXCLUSIVE"]).not.toContain("ROW EXCLUSIVE");
});

test("two modes combine to one that keeps out all that either does", () => {
  fc.assert(
    fc.property(fc.constantFrom(...modes), fc.constantFrom(...modes), (a, b) => {
      expect(CONFLICTS[combineModes(a, b)]).toEqual(expect.arrayContaining([...CONFLICTS[a], ...CONFLICTS[b]]));
      expect(combineModes(a, a)).toBe(a);
    }),
  );
  expect(combineModes("SHARE", "SHARE UPDATE EXCLUSIVE")).toBe("SHARE ROW EXCLUSIVE");
});

test("locks come one a table, in one order", () => {
  const step = (...locks: [string, LockMode][]) => ({
    locks: locks.map(([name, mode]) => ({ table: table(name), mode })),
  });
  expect(locksOf([step(["t", "SHARE ROW EXCLUSIVE"], ["s", "ROW SHARE"]), step(["t", "ACCESS EXCLUSIVE"])])).toEqual([
    { table: table("s"), mode: "ROW SHARE" },
    { table: table("t"), mode: "ACCESS EXCLUSIVE" },
  ]);
});

test("gentle is what lets readers and writers pass; no known lock is not", () => {
  const lock = (mode: LockMode) => ({ locks: [{ table: table("t"), mode }] });
  expect(modes.filter((mode) => isGentle(lock(mode)))).toEqual(modes.slice(0, 4));
  expect(isGentle({ locks: [] })).toBe(false);
});

test("pg_locks spells modes its own way", () => {
  expect(pgLocksMode("SHARE ROW EXCLUSIVE")).toBe("ShareRowExclusiveLock");
});
