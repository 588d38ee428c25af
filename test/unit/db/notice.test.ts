import fc from "fast-check";
import { expect, test } from "vitest";
import { look, type NoticePolicy, type Vigil } from "../../../src/db/notice.js";

const policy: NoticePolicy = { firstMs: 3_000, gapMs: 5_000, mostMs: 60_000 };

/** What is said, as `second: words`, over looks at a second's distance. */
function said(inTheWay: (second: number) => string[], seconds: number, of = policy): string[] {
  let vigil: Vigil | null = null;
  const lines: string[] = [];
  for (let second = 0; second <= seconds; second += 1) {
    const seen = look(of, vigil, inTheWay(second), second * 1000);
    vigil = seen.vigil;
    if (seen.say !== null) lines.push(`${second}: ${seen.say} ${seen.waitedMs / 1000}`);
  }
  return lines;
}

test("a wait is told after some seconds, then ever more rarely, and when it is over", () => {
  expect(said((second) => (second < 200 ? ["a"] : []), 210)).toEqual([
    "3: waiting 3",
    "8: waiting 8",
    "18: waiting 18",
    "38: waiting 38",
    "78: waiting 78",
    "138: waiting 138",
    "198: waiting 198",
    "200: over 200",
  ]);
});

test("a short wait is not worth a word, neither when it begins nor when it ends", () => {
  expect(said((second) => (second % 4 === 3 ? [] : ["a"]), 100)).toEqual([]);
});

test("with no patience the first word comes at once", () => {
  expect(said(() => ["a"], 12, { ...policy, firstMs: 0 })).toEqual(["0: waiting 0", "5: waiting 5"]);
});

test("whoever takes the place of the one that was named is named too, once it has been there for as long", () => {
  const lines = said((second) => (second < 80 ? ["a"] : second < 100 ? ["b"] : []), 110);
  expect(lines.slice(-3)).toEqual(["78: waiting 78", "83: waiting 83", "100: over 100"]);
});

test("where there is another at each look, each is not named", () => {
  expect(said((second) => [`${second}`], 80)).toEqual([
    "3: waiting 3",
    "8: waiting 8",
    "18: waiting 18",
    "38: waiting 38",
    "78: waiting 78",
  ]);
});

test("nothing is said of what does not wait, and `over` only after `waiting`", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("", "a", "b"), { maxLength: 100 }), (looks) => {
      const words = said((second) => [looks[second] ?? ""].filter((one) => one !== ""), looks.length);
      const kinds = words.map((line) => line.split(" ")[1]);
      return kinds.every((kind, n) => kind !== "over" || kinds[n - 1] === "waiting");
    }),
  );
});
