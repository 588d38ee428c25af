import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { folderGraph, knownGraph } from "../../../src/executor/known.js";
import { decideDowngrade, decideUpgrade } from "../../../src/executor/next.js";
import type { JournalRevision, RevisionState } from "../../../src/journal/state.js";
import { linksOf } from "../../../src/revisions/graph.js";
import type { Revision } from "../../../src/revisions/revision.js";
import type { Resolved } from "../../../src/revisions/targets.js";
import { idFor, revision } from "../revisions/make.js";
import { row } from "./journal.js";

/** A trunk of hand-written revisions and plans, tails of one to four, some of which wait for another plan's tail. */
const project: fc.Arbitrary<Revision[]> = fc
  .array(fc.record({ plan: fc.boolean(), tail: fc.integer({ min: 1, max: 4 }), waits: fc.boolean() }), {
    minLength: 1,
    maxLength: 6,
  })
  .map((parts) => {
    const all: Revision[] = [];
    let head: string | null = null;
    let ended: string | null = null;
    const add = (name: string, after: string | null, needs: string | null = null) =>
      all.push(revision(name, { ...(after === null ? {} : { after }), ...(needs === null ? {} : { needs }) }));
    parts.forEach(({ plan, tail, waits }, n) => {
      const needs: string | null = waits ? ended : null;
      if (!plan) {
        add(`h${n}`, head, needs);
        head = `h${n}`;
        return;
      }
      add(`p${n}.expand`, head, needs);
      add(`p${n}.dual`, `p${n}.expand`);
      head = `p${n}.dual`;
      let after: string = head;
      for (const word of ["fill", "index", "switch", "drop"].slice(0, tail)) {
        add(`p${n}.${word}`, after);
        after = `p${n}.${word}`;
      }
      ended = after;
    });
    return all;
  });

const points = ["expand", "dual-write", "backfill", "contract", "head"] as const;
function targetsOf(all: readonly Revision[]): Resolved[] {
  const slugs = [...new Set(all.flatMap((one) => one.plan ?? []))];
  return [
    { kind: "head" },
    { kind: "heads" },
    ...all.map((one): Resolved => ({ kind: "revision", id: one.id })),
    ...slugs.flatMap((slug) => points.map((at): Resolved => ({ kind: "plan", slug, at }))),
  ];
}

type Run = { readonly journal: JournalRevision[]; readonly end: string; readonly ran: readonly Revision[] };
const open = () => ({ open: true, unmet: [] });

/** Carries decisions out until there is none. `stops` makes some runs die half-way; the next decision finds them so. */
function upgrade(
  all: readonly Revision[],
  start: readonly JournalRevision[],
  target: Resolved,
  stops: RevisionState[] = [],
): Run {
  let journal = [...start];
  const ran: Revision[] = [];
  const most = all.length + stops.length;
  for (let n = 0; n <= most; n += 1) {
    const decision = decideUpgrade({
      graph: folderGraph(all, journal),
      applied: journal,
      plans: [],
      target,
      gateOf: open,
    });
    if (decision.kind !== "run") return { journal, end: decision.kind, ran };
    const done = new Set(journal.filter((one) => one.state === "done").map((one) => one.id));
    for (const link of linksOf(decision.revision))
      expect(done.has(link), `${decision.revision.title} before its time`).toBe(true);
    expect(done.has(decision.revision.id)).toBe(false);
    const state = stops.pop() ?? "done";
    if (state === "done") ran.push(decision.revision);
    journal = [...journal.filter((one) => one.id !== decision.revision.id), row(decision.revision, state)];
  }
  throw new Error("it does not end");
}

function downgrade(all: readonly Revision[], start: readonly JournalRevision[], target: Resolved): Run {
  let journal = [...start];
  const ran: Revision[] = [];
  for (let n = 0; n <= start.length + 1; n += 1) {
    const decision = decideDowngrade({
      graph: knownGraph(all, journal),
      applied: journal,
      plans: [],
      target,
      gateOf: open,
    });
    if (decision.kind !== "run") return { journal, end: decision.kind, ran };
    const { id } = decision.revision;
    // A plan may go from under a later one on another table; nothing else may.
    const standing = journal.filter(
      (one) => linksOf(one).includes(id) && (target.kind !== "plan" || one.plan === decision.revision.plan),
    );
    expect(
      standing.map((one) => one.title),
      `${decision.revision.title} goes first`,
    ).toEqual([]);
    ran.push(decision.revision);
    journal = journal.filter((one) => one.id !== id);
  }
  throw new Error("it does not end");
}

const idsOf = (journal: readonly JournalRevision[]) => new Set(journal.map((one) => one.id));

describe("decisions carried out one after the other", () => {
  test("end, and run nothing before what it stands on, also when runs die half-way", () => {
    fc.assert(
      fc.property(
        project,
        fc.nat(),
        fc.nat(),
        fc.array(fc.constantFrom<RevisionState>("running", "blocked", "undoing", "done"), { maxLength: 6 }),
        (all, a, b, stops) => {
          const targets = targetsOf(all);
          const pick = (n: number) => targets[n % targets.length] ?? { kind: "head" as const };
          const first = upgrade(all, [], pick(a), [...stops]);
          const second = upgrade(all, first.journal, pick(b));
          expect(["done", "blocked"]).toContain(second.end);
          expect(upgrade(all, second.journal, pick(b)).ran).toEqual([]);
        },
      ),
    );
  });

  test("reach everything with heads, whatever ran before", () => {
    fc.assert(
      fc.property(project, fc.nat(), (all, n) => {
        const targets = targetsOf(all);
        const start = upgrade(all, [], targets[n % targets.length] ?? { kind: "head" });
        const { journal, end } = upgrade(all, start.journal, { kind: "heads" });
        expect(end).toBe("done");
        expect(idsOf(journal)).toEqual(new Set(all.map((one) => one.id)));
      }),
    );
  });

  test("head never runs a tail", () => {
    fc.assert(
      fc.property(project, (all) => {
        const { ran } = upgrade(all, [], { kind: "head" });
        expect(ran.filter((one) => one.lane === "tail")).toEqual([]);
      }),
    );
  });

  test("there and back to base: nothing is left", () => {
    fc.assert(
      fc.property(project, fc.nat(), (all, n) => {
        const targets = targetsOf(all);
        const { journal, ran } = upgrade(all, [], targets[n % targets.length] ?? { kind: "head" });
        const back = downgrade(all, journal, { kind: "base" });
        expect(back.end).toBe("done");
        expect(back.journal).toEqual([]);
        expect(new Set(back.ran.map((one) => one.id))).toEqual(new Set(ran.map((one) => one.id)));
      }),
    );
  });

  test("a plan there and back to where it was: the journal is as before", () => {
    fc.assert(
      fc.property(project, fc.nat(), fc.constantFrom(...points), (all, n, at) => {
        const slugs = [...new Set(all.flatMap((one) => one.plan ?? []))];
        const slug = slugs[n % Math.max(slugs.length, 1)];
        fc.pre(slug !== undefined);
        const before = upgrade(all, upgrade(all, [], { kind: "plan", slug, at: "expand" }).journal, { kind: "head" });
        const undone = downgrade(all, before.journal, { kind: "plan", slug, at: "dual-write" });
        const there = upgrade(all, undone.journal, { kind: "plan", slug, at });
        const back = downgrade(all, there.journal, { kind: "plan", slug, at: "dual-write" });
        // A later revision that depends on the tail keeps it where it is.
        if (back.end === "done") expect(idsOf(back.journal)).toEqual(idsOf(undone.journal));
        else expect(all.some((one) => one.plan !== slug && one.dependsOn.length > 0)).toBe(true);
      }),
    );
  });

  test("back to a revision leaves what it stands on, and can be upgraded again to the same", () => {
    fc.assert(
      fc.property(project, fc.nat(), (all, n) => {
        const full = upgrade(all, [], { kind: "heads" });
        const point = all[n % all.length];
        fc.pre(point !== undefined);
        const back = downgrade(all, full.journal, { kind: "revision", id: point?.id ?? idFor("a") });
        expect(back.end).toBe("done");
        const left = idsOf(back.journal);
        for (const one of back.journal) for (const link of linksOf(one)) expect(left.has(link)).toBe(true);
        expect(left.has(point?.id ?? "")).toBe(true);
        expect(idsOf(upgrade(all, back.journal, { kind: "heads" }).journal)).toEqual(idsOf(full.journal));
      }),
    );
  });
});
