import { expect, it } from "vitest";
import { readOptions, SECTIONS } from "../../../bench/options.js";

const FULL = {
  sections: SECTIONS,
  pg: 18,
  rows: 1_000_000,
  runs: 5,
  tables: 1_000,
  settings: {},
  only: null,
  json: null,
};

it("measures everything where nothing is said", () => {
  expect(readOptions([])).toEqual(FULL);
});

it("takes what is named, in its own order", () => {
  expect(
    readOptions([
      "catalog",
      "engines",
      "--pg",
      "14",
      "--json",
      "x.json",
      "--only",
      "update,touch",
      "--set",
      "fsync=off",
      "--set",
      "a=b=c",
    ]),
  ).toEqual({
    ...FULL,
    sections: ["engines", "catalog"],
    pg: 14,
    json: "x.json",
    only: ["update", "touch"],
    settings: { fsync: "off", a: "b=c" },
  });
});

it("lets --quick and --large change only what was not given", () => {
  expect(readOptions(["--quick"])).toEqual({ ...FULL, rows: 100_000, runs: 1, tables: 200 });
  expect(readOptions(["--quick", "--rows", "5000", "--runs", "3"])).toEqual({
    ...FULL,
    rows: 5000,
    runs: 3,
    tables: 200,
  });
  expect(readOptions(["--large"])).toEqual({ ...FULL, rows: 10_000_000, only: ["update", "changeover-2"] });
});
