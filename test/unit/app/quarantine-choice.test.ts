import { describe, expect, test } from "vitest";
import { chosenRows, refuseNameless, skipNote } from "../../../src/app/quarantine-choice.js";
import type { QuarantinedRow } from "../../../src/journal/quarantine.js";

const at = new Date("2026-03-04T10:00:00Z");
function row(key: string, settled: "skipped" | null = null, id = 1): QuarantinedRow {
  const by = settled === null ? null : "ann";
  const failure = { key, values: [key], page: 0, sqlstate: "22012", message: "division by zero" };
  const word = { settled, settledBy: by, settledAt: by === null ? null : at, reason: by };
  return { id, relation: 1, revision: "cccccccccccc", plan: "p", notedAt: at, retrying: false, ...failure, ...word };
}
const known = [row("id=1"), row("id=2", "skipped"), row("tenant=a, id=3")];

describe("the rows that somebody means", () => {
  test("are all that wait, or those named, skipped ones and commas included", () => {
    expect(chosenRows("p", known, null).map(({ key }) => key)).toEqual(["id=1", "tenant=a, id=3"]);
    expect(chosenRows("p", known, ["id=2", "tenant=a, id=3"]).map(({ key }) => key)).toEqual([
      "id=2",
      "tenant=a, id=3",
    ]);
    expect(chosenRows("p", [], null)).toEqual([]);
  });

  test("have to be there, each of them", () => {
    expect(() => chosenRows("p", known, ["id=1", "id=11"])).toThrow(
      expect.objectContaining({
        code: "not-found",
        message: "No row id=11 of p is in quarantine.",
        hint: "Did you mean id=1 or id=2?",
      }),
    );
    expect(() => chosenRows("p", [], ["pk=9"])).toThrow(
      expect.objectContaining({ hint: "See them: changeover backfill quarantine list p" }),
    );
  });

  test("need a key to be skipped", () => {
    expect(() => refuseNameless(known)).not.toThrow();
    expect(() => refuseNameless([row("ctid=(0,1)")])).toThrow(
      expect.objectContaining({ code: "refused", details: ["ctid=(0,1): division by zero (SQLSTATE 22012)"] }),
    );
  });
});

test("what becomes of a skipped row is said for each kind of change", () => {
  expect(skipNote("set_not_null")).toMatch(/validation .* fails on such a row/);
  expect(skipNote("change_type")).toMatch(/stays NULL there/);
});
