import { describe, expect, test } from "vitest";
import { knownGraph } from "../../../src/executor/known.js";
import { decideDowngrade } from "../../../src/executor/next.js";
import { chain, idFor, revision } from "../revisions/make.js";
import { down, errorOf, folder, gate, journal, say, TRUNK } from "./cases.js";

describe("downgrade undoes the newest first", () => {
  const all = `${TRUNK} p1.fill p1.index p1.switch p1.drop`;
  test.each([
    [all, "p1@backfill", "run p1.drop"],
    [`${TRUNK} p1.fill p1.index`, "p1@dual-write", "run p1.index"],
    [`${TRUNK} p1.fill:running`, "p1@dual-write", "run p1.fill"],
    [`${TRUNK} p1.fill:undoing p1.index`, "p1@dual-write", "run p1.index"],
    [`${TRUNK} p1.fill p1.index:undoing`, "p1@dual-write", "run p1.index again"],
    [TRUNK, "p1@dual-write", "done"],
    [all, "p1@head", "done"],
    [TRUNK, "p1@expand", "run p1.dual"],
    [TRUNK, "p1@base", "run p1.dual"],
    ["a b p1.expand", "p1@base", "run p1.expand"],
    [TRUNK, idFor("p1.dual"), "run b"],
    [`${TRUNK} p1.fill`, idFor("a"), "run p1.fill"],
    [`${TRUNK} p1.fill`, "base", "run p1.fill"],
    ["a:blocked", "base", "run a"],
    ["", "base", "done"],
    ["a", "-1", "run a"],
    ["a", "head", "refuse usage"],
    ["a", idFor("b"), "refuse not-found"],
  ])("with %j applied, %s: %s", (applied, target, answer) => expect(say(down({ applied, target }))).toBe(answer));

  test("and refuses at once over what is irreversible, however far down it lies", () => {
    const files = folder.map((one) =>
      one.title === "p1.drop"
        ? {
            ...one,
            irreversible: "column c was dropped",
            text: one.text.replace("\n-- lane", "\n-- irreversible column c was dropped\n-- lane"),
          }
        : one,
    );
    const applied = `a p1.expand p1.dual p1.fill p1.index p1.switch p1.drop b`;
    expect(errorOf(down({ files, applied, target: idFor("p1.switch") }))).toMatchObject({
      code: "irreversible",
      exitCode: 7,
      message: '"p1.drop" cannot be undone: column c was dropped.',
    });
    expect(say(down({ files, applied, target: "base" }))).toBe("refuse irreversible");
    expect(say(down({ files, applied: applied.replace("p1.drop", "p1.drop:blocked"), target: "p1@backfill" }))).toBe(
      "run p1.drop",
    );
  });

  test("and asks all undo gates before the first statement", () => {
    const files = folder.map((one) => {
      const gated = { ...one, undoGate: [{ kind: "idle" as const, side: "new" as const, soakSeconds: 0 }] };
      return one.title === "p1.dual"
        ? { ...gated, text: one.text.replace("\n-- lane", "\n-- undo gate idle new for 0s\n-- lane") }
        : one;
    });
    const applied = `${TRUNK} p1.fill p1.index`;
    expect(say(down({ files, applied, target: "p1@expand", open: false }))).toBe("wait p1.dual");
    expect(say(down({ files, applied, target: "p1@dual-write", open: false }))).toBe("run p1.index");
    expect(say(down({ files, applied, target: "p1@expand", open: true }))).toBe("run p1.index");
    // It was rolled back: there is nothing that an open gate could protect.
    const parked = "a p1.expand p1.dual:blocked";
    expect(say(down({ files, applied: parked, target: "p1@expand", open: false }))).toBe("run p1.dual");
  });

  test("and works from the journal's texts where the files are gone", () => {
    const rows = journal(`${TRUNK} p1.fill`, folder);
    const graph = knownGraph([], rows);
    expect(
      say(
        decideDowngrade({
          graph,
          applied: rows,
          plans: [],
          target: { kind: "plan", slug: "p1", at: "dual-write" },
          gateOf: gate(true),
        }),
      ),
    ).toBe("run p1.fill");
  });

  test("with the journal's text, not the file's", () => {
    const rows = journal("a", folder);
    const edited = folder.map((one) => (one.title === "a" ? { ...one, text: "-- other" } : one));
    const decision = decideDowngrade({
      graph: knownGraph(edited, rows),
      applied: rows,
      plans: [],
      target: { kind: "base" },
      gateOf: gate(true),
    });
    expect(decision).toMatchObject({ kind: "run", revision: { text: rows[0]?.text, file: "plans/a.sql" } });
  });
});

describe("what was applied later and stands on it", () => {
  const later = (spec: Parameters<typeof revision>[1]) => [
    ...chain("a p1.expand p1.dual"),
    revision("z", { after: "p1.dual", ...spec }),
  ];

  test.each([
    { what: "names another table: it only ran later", files: later({}), answer: "run p1.dual" },
    {
      what: "names the plan's table",
      files: later({ title: "z", change: "a view over App.T_P1" }),
      answer: "refuse refused",
    },
    { what: "depends on it", files: later({ needs: "p1.dual" }), answer: "refuse refused" },
    {
      what: "is another table's plan",
      files: chain("a p1.expand p1.dual p2.expand p2.dual | p2.fill"),
      answer: "run p1.dual",
    },
  ])("$what", ({ files, answer }) => {
    const applied = files.map((one) => one.title).join(" ");
    const decision = down({ files, applied, target: "p1@base" });
    expect(say(decision)).toBe(answer);
    if (answer !== "run p1.dual")
      expect(errorOf(decision)).toMatchObject({
        exitCode: 7,
        where: "plans/z.sql",
        hint: expect.stringContaining("Undo it first"),
      });
  });

  test("does not stop an undo that takes it along", () => {
    const files = later({ needs: "p1.dual" });
    expect(say(down({ files, applied: "a p1.expand p1.dual z", target: idFor("a") }))).toBe("run z");
  });
});
