import { describe, expect, test } from "vitest";
import { folderGraph } from "../../../src/executor/known.js";
import { decideUpgrade } from "../../../src/executor/next.js";
import type { Revision } from "../../../src/revisions/revision.js";
import { chain, idFor, revision } from "../revisions/make.js";
import { errorOf, folder, gate, journal, say, up } from "./cases.js";
import { row } from "./journal.js";

describe("a file that was changed after it was applied", () => {
  const changed = (title: string) => folder.map((one) => (one.title === title ? { ...one, checksum: "other" } : one));

  test.each([
    ["a done one", "a", "a", "refuse checksum"],
    ["one that was rolled back", "a", "a:blocked", "run a again"],
    ["one that has not run", "b", "a", "run p1.expand"],
  ])("%s (%s)", (_, title, applied, answer) => {
    expect(say(up({ files: changed(title), ran: folder, applied, target: "head" }))).toBe(answer);
  });

  test("one that has run in part, outside a transaction", () => {
    const autocommit = (one: Revision) => (one.title === "p1.index" ? { ...one, runner: "autocommit" as const } : one);
    const [files, ran] = [changed("p1.index").map(autocommit), folder.map(autocommit)];
    const decision = up({ files, ran, applied: "a p1.expand p1.dual p1.fill p1.index:blocked", target: "head" });
    expect(say(decision)).toBe("refuse checksum");
    expect(errorOf(decision)?.hint).toContain("undo it before you change it");
  });

  test("is exit 5, names the file and what to do", () => {
    expect(errorOf(up({ files: changed("a"), ran: folder, applied: "a", target: "head" }))).toMatchObject({
      code: "checksum",
      exitCode: 5,
      where: "plans/a.sql",
      hint: expect.stringContaining(`changeover show ${idFor("a")}`),
    });
  });
});

describe("a database ahead of its folder", () => {
  const known = chain("a b");
  const newer = chain("a b c d p9.expand p9.dual | p9.fill");

  test("is done, with a notice, when all local trunk revisions are applied", () => {
    const decision = decideUpgrade({
      graph: folderGraph(
        known,
        newer.map((one) => row(one)),
      ),
      applied: newer.map((one) => row(one)),
      plans: [],
      target: { kind: "head" },
      gateOf: gate(true),
    });
    expect(decision).toEqual({
      kind: "done",
      notices: [
        `This database is ahead of this folder: it holds 5 revisions that have no file here (the last: ${idFor("p9.fill")}, p9.fill).`,
      ],
    });
  });

  test.each([
    { what: "a local revision in the place of an unknown one", files: chain("a b x"), applied: "a b c", refused: "x" },
    {
      what: "a plan in the place of an unknown revision",
      files: chain("a b p2.expand p2.dual"),
      applied: "a b c",
      refused: "p2.expand",
    },
    { what: "another first revision", files: chain("x"), applied: "a", refused: "x" },
    {
      what: "a local revision on top of an unknown one",
      files: [...chain("a b"), revision("y", { after: "c" })],
      applied: "a b c",
      refused: "y",
    },
    {
      what: "a local revision that depends on an unknown one",
      files: [...chain("a b"), revision("y", { after: "b", needs: "c" })],
      applied: "a b c",
      refused: "y",
    },
  ])("$what: exit 5", ({ files, applied, refused }) => {
    const rows = journal(applied, [...newer, ...files]);
    const decision = decideUpgrade({
      graph: folderGraph(files, rows),
      applied: rows,
      plans: [],
      target: { kind: "head" },
      gateOf: gate(true),
    });
    expect(say(decision)).toBe("refuse unknown-revision");
    const file = files.find((one) => one.title === refused)?.file;
    expect(errorOf(decision)).toMatchObject({
      exitCode: 5,
      where: file,
      hint: expect.stringMatching(/fetch its file|Fetch the file/),
    });
  });

  test("two plans racing for one place: the other one is to be rebased", () => {
    const files = chain("a b p2.expand p2.dual");
    const rows = journal("a b c", newer);
    const decision = decideUpgrade({
      graph: folderGraph(files, rows),
      applied: rows,
      plans: [],
      target: { kind: "head" },
      gateOf: gate(true),
    });
    expect(errorOf(decision)?.hint).toContain("changeover rebase p2");
  });

  test("a rebased plan that this database has from before goes on: its rival has a file here", () => {
    const files = [...chain("a b p2.expand p2.dual | p2.fill")];
    const before = chain("p2.expand p2.dual", "a");
    const rows = [row(revision("a")), ...before.map((one) => row(one))];
    const decision = decideUpgrade({
      graph: folderGraph(files, rows),
      applied: rows,
      plans: [],
      target: { kind: "head" },
      gateOf: gate(true),
    });
    expect(say(decision)).toBe("run b");
  });

  test("another plan's tail at the same place is no rival", () => {
    const files = [...chain("a p1.fill")];
    const rows = [row(revision("a")), row(revision("p9.fill", { after: "a" }))];
    const target = { kind: "plan", slug: "p1", at: "head" } as const;
    expect(
      say(decideUpgrade({ graph: folderGraph(files, rows), applied: rows, plans: [], target, gateOf: gate(true) })),
    ).toBe("run p1.fill");
  });

  test("a tail that another release has amended", () => {
    const amended = [...chain("a p1.expand p1.dual | p1.fill"), revision("p1.index", { after: "p1.fill" })];
    const files = [...chain("a p1.expand p1.dual | p1.fill"), revision("p1.drop", { after: "p1.fill" })];
    const rows = journal("a p1.expand p1.dual p1.fill p1.index", amended);
    expect(
      say(
        decideUpgrade({
          graph: folderGraph(files, rows),
          applied: rows,
          plans: [],
          target: { kind: "plan", slug: "p1", at: "head" },
          gateOf: gate(true),
        }),
      ),
    ).toBe("refuse unknown-revision");
  });
});
