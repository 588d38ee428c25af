import { expect, test } from "vitest";
import type { QuarantineEntry } from "../../../src/app/quarantine.js";
import { renderQuarantine } from "../../../src/cli/render/quarantine.js";

const plain = { width: 100, color: false, unicode: false };
function entry(row: string, state: QuarantineEntry["state"], over: Partial<QuarantineEntry> = {}): QuarantineEntry {
  const since = new Date("2026-03-04T10:00:59Z");
  return {
    plan: "orders-total",
    row,
    since,
    sqlstate: "22012",
    message: "division by zero",
    state,
    skipped: null,
    ...over,
  };
}

test("rows in quarantine line up, and end in what to do about those that wait", () => {
  const skipped = { by: "ann", at: new Date(), reason: "a test order" };
  const entries = [
    entry("tenant=o'neil\u001b, id=42", "waiting"),
    entry("id=7", "mended", { sqlstate: "22P02", message: 'invalid "\u001b[2Jabout\n7"' }),
    entry("id=8", "skipped", { plan: "p", skipped }),
  ];
  expect(`\n${renderQuarantine(entries, plain)}\n`).toBe(`
PLAN          ROW                    SINCE             SQLSTATE  STATE    MESSAGE
orders-total  tenant=o'neil?, id=42  2026-03-04 10:00  22012     waiting  division by zero
orders-total  id=7                   2026-03-04 10:00  22P02     mended   invalid "?[2Jabout 7"
p             id=8                   2026-03-04 10:00  22012     skipped  division by zero (by ann:
                                                                          a test order)

1 row waits: mend or delete it, then changeover worker --drain.
One may stay as it is: changeover backfill quarantine skip orders-total --row 'tenant=o'\\''neil?, id=42' --reason "…"
`);
});

test("nothing waits: nothing to do", () => {
  expect(renderQuarantine([], plain)).toBe("no row is in quarantine");
  expect(renderQuarantine([entry("id=7", "mended")], plain).split("\n")).toHaveLength(2);
});
