import { expect, test } from "vitest";
import { isWorthAWord } from "../../../src/backfill/pace/patience.js";

test("a slice that comes back to the same lock says so ever more rarely", () => {
  const said = Array.from({ length: 200 }, (_, attempts) => attempts).filter(isWorthAWord);
  expect(said).toEqual([8, 16, 32, 64, 128]);
});
