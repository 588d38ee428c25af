/** Which side is right, and when nobody can know. */
import { describe, expect, test } from "vitest";
import { authorityOf, type RepairScene } from "../../../src/gates/authority.js";
import type { Evidence } from "../../../src/journal/state.js";
import { noEvidence } from "../../../src/status/gates.js";

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 12, minute));
const quiet = (side: "old" | "new", lastAt: Date | null = null) => ({ side, lastAt, writers: [], lastConnected: null });
const evidence = (more: Partial<Evidence> = {}): Evidence => ({
  ...noEvidence(at(50)),
  sightedSince: at(0),
  mirror: { table: "there", faults: [], stamps: { t: "1" }, trusted: { t: "1" } },
  ...more,
});
const seen = (old: Date | null, fresh: Date | null) => ({
  sightings: { old: quiet("old", old), new: quiet("new", fresh) },
});
const confirmation = { release: "v2", despite: [], reason: null, actor: "ann", at: at(30), mirror: {} };
const scene = (more: Partial<RepairScene> = {}): RepairScene => ({
  kind: "rename_column",
  columns: ["total"],
  added: "amount",
  notNull: null,
  switched: false,
  mirroredAt: at(1),
  fills: true,
  ...more,
});
const altered = { mirror: { table: "there", faults: [], stamps: { t: "2" }, trusted: { t: "1" } } } as const;

describe("of a type", () => {
  const type = (switched: boolean | null) => scene({ kind: "change_type", added: "changeover_total", switched });
  test.each([
    [false, { side: "old", by: "forth", sets: "changeover_total" }],
    [true, { side: "new", by: "back", sets: "changeover_total" }],
    [null, { side: null }],
  ])("by the switch alone (%s), whatever became of the triggers", (switched, side) => {
    expect(authorityOf(type(switched), evidence(), null)).toMatchObject(side);
    expect(authorityOf(type(switched), evidence({ ...altered, ...seen(at(40), at(40)) }), null)).toMatchObject(side);
  });
});

describe("of a name", () => {
  const old = { side: "old", by: "forth", sets: "amount" };
  const fresh = { side: "new", by: "back", sets: "total" };
  test.each<[string, Partial<Evidence>, object]>([
    ["the old side, while no release has written the new one", seen(at(40), null), old],
    ["nobody knows, once one has", seen(at(40), at(20)), { side: null }],
    ["nobody knows, where triggers were altered", { ...seen(at(40), null), ...altered }, { side: null }],
    ["nobody knows, where the record is not whole", { ...seen(null, null), sightedSince: at(10) }, { side: null }],
    ["nobody knows, where there is no record", { ...seen(null, null), sightedSince: null }, { side: null }],
    ["the new side, when confirmed and quiet", { ...seen(at(20), at(40)), confirmation }, fresh],
    [
      "nobody knows, when the old one was written after that",
      { ...seen(at(40), at(40)), confirmation },
      { side: null },
    ],
    [
      "nobody knows, when confirmed and then altered",
      { ...seen(at(20), at(40)), ...altered, confirmation },
      { side: null },
    ],
    [
      "nobody knows, when confirmed before the record began",
      { ...seen(null, at(40)), sightedSince: at(35), confirmation },
      { side: null },
    ],
  ])("%s", (_, more, side) => {
    expect(authorityOf(scene(), evidence(more), null)).toMatchObject(side);
  });

  test("a person's word is taken", () => {
    expect(authorityOf(scene(), evidence(altered), "old")).toMatchObject(old);
    expect(authorityOf(scene(), evidence(altered), "new")).toMatchObject(fresh);
  });
});

test("a NULL gets the declared fill, or nothing", () => {
  const bare = scene({ kind: "set_not_null", added: null, notNull: "total" });
  expect(authorityOf(bare, evidence(), null)).toMatchObject({ side: "fill", sets: "total", by: "forth" });
  expect(authorityOf({ ...bare, fills: false }, evidence(), null)).toMatchObject({ side: null });
});
