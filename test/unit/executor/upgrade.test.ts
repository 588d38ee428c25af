import { describe, expect, test } from "vitest";
import { chain, idFor, revision } from "../revisions/make.js";
import { errorOf, folder, say, TRUNK, up } from "./cases.js";

describe("upgrade head runs the trunk alone", () => {
  test.each([
    ["", "run a"],
    ["a", "run p1.expand"],
    ["a p1.expand p1.dual", "run b"],
    [TRUNK, "done"],
    ["a p1.expand:running", "run p1.expand again"],
    ["a p1.expand:blocked", "run p1.expand again"],
    ["a p1.expand:undoing", "run p1.expand again"],
    ["a p1.expand p1.dual p1.fill:running", "run b"],
  ])("with %j applied: %s", (applied, answer) => expect(say(up({ applied, target: "head" }))).toBe(answer));
});

describe("upgrade <plan>@<phase> runs what the plan stands on, then the plan as far as that phase", () => {
  test.each([
    ["", "p1@expand", "run a"],
    ["a p1.expand", "p1@expand", "done"],
    ["a p1.expand p1.dual", "p1@backfill", "run p1.fill"],
    ["a p1.expand p1.dual p1.fill:blocked", "p1@backfill", "run p1.fill again"],
    ["a p1.expand p1.dual p1.fill p1.index", "p1@backfill", "done"],
    ["a p1.expand p1.dual p1.fill p1.index", "0001-p1@head", "wait p1.switch"],
    ["a p1.expand p1.dual p1.fill p1.index p1.switch p1.drop", "p1@head", "done"],
    ["a p1.expand p1.dual", idFor("p1.index"), "run p1.fill"],
  ])("with %j applied, %s: %s", (applied, target, answer) => expect(say(up({ applied, target }))).toBe(answer));

  test("through its gate once that is open", () => {
    expect(say(up({ applied: "a p1.expand p1.dual p1.fill p1.index", target: "p1@head", open: true }))).toBe(
      "run p1.switch",
    );
  });

  test("also a revision that was begun waits for its gate", () => {
    expect(say(up({ applied: "a p1.expand p1.dual p1.fill p1.index p1.switch:blocked", target: "p1@head" }))).toBe(
      "wait p1.switch",
    );
  });

  test("a shut gate is exit 7, with what is missing", () => {
    const error = errorOf(up({ applied: "a p1.expand p1.dual p1.fill p1.index", target: "p1@head" }));
    expect(error).toMatchObject({
      code: "gate",
      exitCode: 7,
      details: ["nobody has confirmed"],
      hint: "See what is missing: changeover status p1",
    });
  });

  test("not while the plan is paused: exit 3; its trunk revisions are not held up", () => {
    expect(say(up({ applied: "a p1.expand p1.dual", target: "p1@head", paused: "p1" }))).toBe(
      "blocked p1.fill by paused of p1",
    );
    expect(errorOf(up({ applied: "a p1.expand p1.dual", target: "p1@head", paused: "p1" }))).toMatchObject({
      code: "paused",
      exitCode: 3,
      message: "p1 is paused by ann.",
    });
    expect(say(up({ applied: "a", target: "head", paused: "p1" }))).toBe("run p1.expand");
  });

  test("a plan that was undone can be upgraded again", () => {
    expect(say(up({ applied: "a b", target: "p1@head" }))).toBe("run p1.expand");
  });

  test("base is where a downgrade goes", () => {
    expect(say(up({ applied: "a", target: "p1@base" }))).toBe("refuse usage");
    expect(say(up({ applied: "a", target: "base" }))).toBe("refuse usage");
  });
});

describe("upgrade heads goes as far as it can", () => {
  const two = [...folder, ...chain("p2.expand p2.dual | p2.fill p2.drop", "b")];
  const trunk = `${TRUNK} p2.expand p2.dual`;
  test.each([
    ["a", "run p1.expand"],
    [trunk, "run p1.fill"],
    [`${TRUNK} p1.fill:running`, "run p1.fill again"],
    [`${trunk} p1.fill p1.index`, "run p2.fill"],
    [`${trunk} p1.fill p1.index p2.fill p2.drop`, "wait p1.switch"],
  ])("with %j applied: %s", (applied, answer) =>
    expect(say(up({ files: two, applied, target: "heads" }))).toBe(answer),
  );

  test("past a paused plan", () => {
    expect(say(up({ files: two, applied: trunk, target: "heads", paused: "p1" }))).toBe("run p2.fill");
  });

  test("and tells all that stands still", () => {
    const gated = two.map((one) => (one.title === "p2.drop" ? { ...one, gate: [{ kind: "backfill" as const }] } : one));
    expect(say(up({ files: gated, applied: `${trunk} p1.fill p1.index p2.fill`, target: "heads" }))).toBe(
      "wait p1.switch, p2.drop",
    );
  });
});

describe("a trunk revision that depends on a tail", () => {
  const files = [...folder, revision("c", { after: "b", needs: "p1.drop" })];

  test("stops upgrade head before it: exit 3, with the plan", () => {
    const decision = up({ files, applied: TRUNK, target: "head" });
    expect(say(decision)).toBe("blocked c by depends of p1");
    expect(errorOf(decision)).toMatchObject({
      code: "not-yet",
      exitCode: 3,
      hint: expect.stringContaining("changeover upgrade p1@head"),
    });
  });

  test("runs when the tail is done", () => {
    expect(say(up({ files, applied: `${TRUNK} p1.fill p1.index p1.switch p1.drop`, target: "head" }))).toBe("run c");
  });

  test("is reached by heads through the tail", () => {
    expect(say(up({ files, applied: TRUNK, target: "heads" }))).toBe("run p1.fill");
  });
});

test("several heads of the folder's trunk: exit 4, with the command that joins them", () => {
  const files = [...chain("a b"), revision("c", { after: "a" })];
  expect(errorOf(up({ files, applied: "a", target: "head" }))).toMatchObject({
    code: "several-heads",
    exitCode: 4,
    hint: `Join them: changeover merge ${idFor("b")} ${idFor("c")}`,
  });
  expect(say(up({ files, applied: "a b", target: "heads" }))).toBe("run c");
});
