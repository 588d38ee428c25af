/** What a worker does of a fill by code that is done, from what was seen and said since. */
import { expect, test } from "vitest";
import { todosOf } from "../../../src/app/worker-todo.js";
import type { Stirring } from "../../../src/journal/sightings.js";
import type { Verification } from "../../../src/journal/state.js";
import { at, COMPLETE, NOT_NULL, opened, row } from "../status/fixture.js";

const FILL = "c".repeat(12);
/** The fill was done at 08:02, verified from 08:10 to 08:20; nobody has written a NULL, nobody has confirmed. */
const QUIET: Stirring = { now: at("12:00"), lastAt: null, sightedSince: at("07:00"), confirmedAt: null };

function todo(stirring: Partial<Stirring> | null, verification: Partial<Verification> = {}, contract = 0) {
  const verified = { ...(COMPLETE.verification as Verification), ...verification };
  const outlook = {
    folder: NOT_NULL,
    journal: { plans: [opened], revisions: NOT_NULL.slice(0, 4 + contract).map((one, n) => row(one, "done", n)) },
    verified: new Map([[FILL, verified]]),
    mirrors: new Map(),
    stirrings: new Map(stirring === null ? [] : [["orders-total", { ...QUIET, ...stirring }]]),
  };
  return todosOf(outlook).get("orders-total")?.kind;
}

const soon = at("08:20:30");

test.each<[string, Partial<Stirring> | null, Partial<Verification>, string]>([
  ["of a fill that is no code's, nothing", null, { mismatches: 3 }, "gate"],
  ["where nobody has written a NULL, nothing", {}, {}, "gate"],
  ["nor after a confirm", { confirmedAt: at("10:00") }, {}, "gate"],
  ["NULLs before the verify began are none of its business", { lastAt: at("08:00") }, {}, "gate"],
  ["NULLs since: it fills again, after a rest", { lastAt: at("09:00") }, {}, "refill"],
  ["but not at once", { lastAt: at("08:20:10"), now: soon }, {}, "gate"],
  ["one in whose tick the verify began, too", { lastAt: at("08:09:59") }, {}, "gate"],
  ["which ends later", { lastAt: at("08:10:01") }, {}, "refill"],
  [
    "after a confirm it verifies at once",
    { lastAt: at("08:00"), confirmedAt: at("08:20:10"), now: soon },
    {},
    "verify",
  ],
  ["and where the record was lost", { sightedSince: null, confirmedAt: at("10:00") }, {}, "verify"],
  ["or begins later", { sightedSince: at("09:00"), confirmedAt: at("10:00") }, {}, "verify"],
  ["a verify since the confirm ends it", { lastAt: at("08:00"), confirmedAt: at("08:09") }, {}, "gate"],
  [
    "unless it has found some",
    { lastAt: at("08:00"), confirmedAt: at("08:09"), now: soon },
    { mismatches: 1 },
    "refill",
  ],
  ["NULLs found without a confirm wait for a rest", { lastAt: at("08:15"), now: soon }, { mismatches: 1 }, "gate"],
  ["which ends", { lastAt: at("08:15") }, { mismatches: 1 }, "refill"],
  [
    "somebody who writes them after the confirm does not make it busy",
    { lastAt: at("08:15"), confirmedAt: at("08:09"), now: soon },
    { mismatches: 1 },
    "gate",
  ],
])("%s", (_, stirring, verification, kind) => {
  expect(todo(stirring, verification)).toBe(kind);
});

test("once the constraint is there, none comes in, and nothing is filled again", () => {
  expect(todo({ lastAt: at("09:00") }, { mismatches: 1 }, 1)).toBe("finished");
});
