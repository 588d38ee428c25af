import { expect, test } from "vitest";
import { codeChecksum, foreignImport } from "../../../src/revisions/code.js";

const files = (texts: Readonly<Record<string, string>>) => new Map(Object.entries(texts));

test("any edit of any file changes the checksum, and a checkout of another platform does not", () => {
  const sum = codeChecksum(files({ "change.ts": "a\nb\n", "names.ts": "c" }));
  expect(codeChecksum(files({ "names.ts": "c\n", "change.ts": "\ufeffa\r\nb\r\n" }))).toBe(sum);
  for (const other of [
    { "change.ts": "a\nb\n", "names.ts": "d" },
    { "change.ts": "a\nb\n" },
    { "change.ts": "a\nb\n", "name.ts": "c" },
    { "change.ts": "a\n", "names.ts": "b\nc" },
  ])
    expect(codeChecksum(files(other))).not.toBe(sum);
});

test.each([
  ['import { a } from "./names.js";', null],
  ['import a from "lodash/fp";\nimport b from "@org/pkg";', null],
  ["// from here on\nconst path = './x/y';", null],
  ['import { a } from "../../src/names.js";', "../../src/names.js"],
  ["import a from './lib/names';", "./lib/names"],
  ['const a = await import("/srv/app/names.js");', "/srv/app/names.js"],
  ["const a = require('../names');", "../names"],
  ['export * from "file:///srv/names.js";', "file:///srv/names.js"],
  ['import "../side-effect.js";', "../side-effect.js"],
])("%j imports of what lies elsewhere: %j", (text, specifier) => {
  const found = foreignImport(files({ "change.ts": text }));
  expect(found).toEqual(specifier === null ? null : { file: "change.ts", specifier });
});
