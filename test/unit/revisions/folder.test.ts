import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  fileName,
  folderName,
  nextNumber,
  readFolder,
  writeFiles,
  writeRevisions,
} from "../../../src/revisions/folder.js";
import { buildGraph } from "../../../src/revisions/graph.js";
import type { Revision } from "../../../src/revisions/revision.js";
import { chain, idFor, revision, titles } from "./make.js";

let plans: string;
beforeEach(async () => {
  plans = join(await mkdtemp(join(tmpdir(), "changeover-")), "plans");
});
afterEach(() => rm(join(plans, ".."), { recursive: true }));

const file = async (path: string, text: string) => {
  await mkdir(join(plans, path, ".."), { recursive: true });
  await writeFile(join(plans, path), text);
};
const P1 = chain("p1.expand p1.dual | p1.fill");
const text = (one: Revision | undefined) => one?.text ?? "";

describe("a folder", () => {
  test("that is missing is empty", async () => {
    expect(await readFolder(plans)).toEqual({ directory: plans, plans: [], revisions: [], unreadable: [] });
    expect(nextNumber(await readFolder(plans))).toBe(1);
  });

  test("is read in the order of its numbers, plans and hand-written revisions together", async () => {
    await file("10-last.sql", text(revision("z", { after: "p1.dual" })));
    await file("0001-first.sql", text(revision("a")));
    await file("0002-p1/change.yaml", "change: rename_column");
    await file("0002-p1/2-dual-write.dual.sql", text(P1[1]));
    await file("0002-p1/10-backfill.fill.sql", text(P1[2]));
    await file(
      "0002-p1/1-expand.expand.sql",
      text(P1[0]).replace("-- parent              none", `-- parent ${idFor("a")}`),
    );
    const folder = await readFolder(plans);
    expect(titles(folder.revisions)).toEqual(["a", "p1.expand", "p1.dual", "p1.fill", "z"]);
    expect(folder.plans).toMatchObject([
      { folder: "0002-p1", slug: "p1", number: 2, changeFile: `${plans}/0002-p1/change.yaml` },
    ]);
    expect(folder.plans[0]?.revisions.map((one) => one.file)).toEqual(
      ["1-expand.expand", "2-dual-write.dual", "10-backfill.fill"].map((name) => `${plans}/0002-p1/${name}.sql`),
    );
    expect(nextNumber(folder)).toBe(11);
    expect(titles(buildGraph(folder.revisions).trunk)).toEqual(["a", "p1.expand", "p1.dual", "z"]);
  });

  test("may hold other things", async () => {
    await file("README.md", "words");
    await file("notes/a.sql", "select 1;");
    await file("0003-p3/notes.sql", "select 1;");
    await file("0003-p3/change.yaml", "change: set_not_null");
    const folder = await readFolder(plans);
    expect(folder.plans).toEqual([
      { folder: "0003-p3", slug: "p3", number: 3, changeFile: `${plans}/0003-p3/change.yaml`, revisions: [] },
    ]);
    expect(folder.revisions).toEqual([]);
  });

  test("does not lose a revision over its file's name", async () => {
    await file("0002-p1/renamed.sql", text(P1[0]));
    expect(titles((await readFolder(plans)).revisions)).toEqual(["p1.expand"]);
  });

  test.each([
    [
      "two plans of one slug",
      { "0001-p1/change.yaml": "", "0002-p1/change.yaml": "" },
      "graph-invalid",
      "Two folders hold a plan p1: 0001-p1 and 0002-p1.",
    ],
    [
      "a revision in another plan's folder",
      { "0001-p2/1-expand.expand.sql": text(P1[0]) },
      "revision-invalid",
      "It belongs to the plan p1, but lies in the folder of p2.",
    ],
    [
      "a plan without a number",
      { "p1/change.yaml": "" },
      "usage",
      "A plan's folder is named by a number and a slug, as in 0004-orders-total.",
    ],
    [
      "a plan of a bad name",
      { "0001-Orders total/change.yaml": "" },
      "usage",
      "A plan's folder is named by a number and a slug, as in 0004-orders-total.",
    ],
    [
      "a file that does not parse",
      { "0001-p1/1-expand.expand.sql": "select 1;" },
      "revision-invalid",
      "A revision's file begins with its id.",
    ],
    [
      "a hand-written file that does not parse",
      { "0001-x.sql": "select 1;" },
      "revision-invalid",
      "A revision's file begins with its id.",
    ],
  ])("with %s is refused", async (_, files, code, message) => {
    for (const [path, content] of Object.entries(files)) await file(path, content);
    await expect(readFolder(plans)).rejects.toMatchObject({ code, message, where: expect.stringContaining(plans) });
  });

  test("is gone on over, where it is asked for: files that cannot be read are left out and named", async () => {
    await file("0001-a.sql", text(revision("a")));
    await file("0002-b.sql", "select 1;");
    await file("0003-p1/1-expand.expand.sql", text(P1[0]));
    await file("0003-p1/2-dual-write.dual.sql", `-- changeover revision ${idFor("p1.dual")}\nnonsense`);
    await file("0004-p2/1-expand.expand.sql", text(P1[2]));
    const folder = await readFolder(plans, null, { lenient: true });
    expect(titles(folder.revisions)).toEqual(["a", "p1.expand"]);
    expect(folder.plans.map((one) => one.slug)).toEqual(["p1"]);
    expect(folder.unreadable).toMatchObject([
      { file: `${plans}/0002-b.sql`, plan: null, id: null, error: { code: "revision-invalid" } },
      { file: `${plans}/0003-p1/2-dual-write.dual.sql`, plan: "p1", id: idFor("p1.dual") },
      {
        file: `${plans}/0004-p2/1-expand.expand.sql`,
        plan: "p2",
        id: idFor("p1.fill"),
        error: { message: "It belongs to the plan p1, but lies in the folder of p2." },
      },
    ]);
    // What the folder contradicts itself in is no one file's mistake.
    await file("0009-p1/change.yaml", "");
    await expect(readFolder(plans, null, { lenient: true })).rejects.toMatchObject({ code: "graph-invalid" });
  });

  test("that is a file is told as such", async () => {
    await mkdir(join(plans, ".."), { recursive: true });
    await writeFile(plans, "");
    await expect(readFolder(plans)).rejects.toMatchObject({
      code: "usage",
      message: `${plans} cannot be read: it is not a folder.`,
    });
  });

  test.skipIf(process.getuid?.() === 0)("that may not be read is told as such", async () => {
    await mkdir(plans, { recursive: true });
    await chmod(plans, 0);
    await expect(readFolder(plans)).rejects.toMatchObject({ message: `${plans} cannot be read: permission denied.` });
    await chmod(plans, 0o700);
  });
});

test("files and folders are named for people", () => {
  expect(folderName(4, "orders-total")).toBe("0004-orders-total");
  expect(P1.map((one, index) => fileName(index + 1, one))).toEqual([
    "1-expand.expand.sql",
    "2-dual-write.dual.sql",
    "3-backfill.fill.sql",
  ]);
  expect(fileName(7, { phase: null, name: "add-note" })).toBe("0007-add-note.sql");
});

describe("writing a plan", () => {
  const NAMES = ["1-expand.expand.sql", "2-dual-write.dual.sql", "3-backfill.fill.sql"];
  const at = () => join(plans, "0001-p1");

  test("reads back to what was written, and writes nothing twice", async () => {
    const first = await writeRevisions(at(), P1);
    expect(first).toEqual({ written: NAMES.map((name) => join(at(), name)), unchanged: [], removed: [] });
    const [read] = (await readFolder(plans)).plans;
    expect(read?.revisions.map(({ id, checksum, text: own }) => ({ id, checksum, text: own }))).toEqual(
      P1.map(({ id, checksum, text: own }) => ({ id, checksum, text: own })),
    );
    expect(await writeRevisions(at(), P1)).toEqual({
      written: [],
      unchanged: NAMES.map((name) => join(at(), name)),
      removed: [],
    });
    expect((await readdir(at())).sort()).toEqual(NAMES);
  });

  test("leaves an edited file alone, and everything else with it, unless forced", async () => {
    await file("0001-p1/2-dual-write.dual.sql", `${text(P1[1])}-- edited\n`);
    await expect(writeRevisions(at(), P1)).rejects.toMatchObject({
      code: "refused",
      where: join(at(), NAMES[1] ?? ""),
    });
    expect(await readdir(at())).toEqual([NAMES[1]]);
    await writeRevisions(at(), P1, { force: true });
    expect(await readFile(join(at(), NAMES[1] ?? ""), "utf8")).toBe(text(P1[1]));
  });

  test("does not mind how a checkout ends its lines", async () => {
    await file("0001-p1/1-expand.expand.sql", text(P1[0]).replaceAll("\n", "\r\n"));
    expect((await writeRevisions(at(), P1)).unchanged).toEqual([join(at(), NAMES[0] ?? "")]);
  });

  test("removes what an earlier planning left only when nobody can have applied it", async () => {
    await writeRevisions(at(), [...P1, revision("p1.drop", { after: "p1.fill" })]);
    await file("0001-p1/notes.sql", "select 1;");
    await expect(writeRevisions(at(), P1)).rejects.toMatchObject({
      code: "refused",
      details: [join(at(), "4-contract.drop.sql")],
    });
    expect((await writeRevisions(at(), P1, { unapplied: true })).removed).toEqual([join(at(), "4-contract.drop.sql")]);
    expect((await readdir(at())).sort()).toEqual([...NAMES, "notes.sql"]);
  });

  test("leaves nothing half written when a file cannot take its place", async () => {
    await mkdir(join(at(), NAMES[1] ?? ""), { recursive: true });
    await expect(writeRevisions(at(), P1, { force: true })).rejects.toThrow();
    expect(await readdir(at())).toEqual([NAMES[1]]);
  });

  test("a hand-written file as well", async () => {
    const path = join(plans, "0007-x.sql");
    expect(await writeFiles(new Map([[path, text(revision("x"))]]))).toMatchObject({ written: [path] });
    expect(titles((await readFolder(plans)).revisions)).toEqual(["x"]);
  });
});
