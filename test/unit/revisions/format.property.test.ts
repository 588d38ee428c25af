import fc from "fast-check";
import { expect, test } from "vitest";
import { isChangeoverError } from "../../../src/errors.js";
import { checksumOf, finishRevision, parseRevision, printRevision } from "../../../src/revisions/format.js";
import type { Revision, RevisionBody } from "../../../src/revisions/revision.js";
import { body, links } from "./arbitraries.js";

const FILE = "plans/0001-x/1-expand.expand.sql";

test("every field survives printing and reading, byte for byte", () => {
  fc.assert(
    fc.property(body, links, (fields, linked) => {
      const made = finishRevision(fields, linked);
      expect(parseRevision(made.text, FILE)).toEqual({ ...made, file: FILE });
      expect(printRevision(parseRevision(made.text, FILE))).toBe(made.text);
      for (const field of Object.keys(fields) as (keyof RevisionBody)[])
        if (!["upgrade", "downgrade", "fill"].includes(field)) expect(made[field]).toEqual(fields[field]);
    }),
    { numRuns: 300 },
  );
});

test("Windows line ends and a byte order mark change nothing", () => {
  fc.assert(
    fc.property(body, links, (fields, linked) => {
      const { text, checksum } = finishRevision(fields, linked);
      const windows = `\ufeff${text.replaceAll("\n", "\r\n")}\r\n`;
      expect(parseRevision(windows, FILE)).toEqual(parseRevision(text, FILE));
      expect(checksumOf(windows)).toBe(checksum);
    }),
  );
});

test("id and checksum cover the body and nothing of the links", () => {
  fc.assert(
    fc.property(body, links, links, (fields, one, other) => {
      const [a, b] = [finishRevision(fields, one), finishRevision(fields, other)];
      expect([a.id, a.checksum]).toEqual([b.id, b.checksum]);
    }),
  );
});

test("whatever is made of a file's text by an edit, it is read or refused with its line, never a crash", () => {
  fc.assert(
    fc.property(
      body,
      links,
      fc.nat(),
      fc.nat(),
      fc.constantFrom("'", "$$", "/*", ";", "\n-- step a: b\n", "\n-- downgrade\n", "\n--   lock x\n"),
      (fields, linked, from, length, insert) => {
        const { text } = finishRevision(fields, linked);
        const at = from % text.length;
        const edited = text.slice(0, at) + insert + text.slice(at + (length % 40));
        let read: Revision | null = null;
        try {
          read = parseRevision(edited, FILE);
        } catch (error) {
          if (!isChangeoverError(error, "revision-invalid")) throw error;
          expect(error.where).toContain(FILE);
        }
        expect(read === null || read.text.length > 0).toBe(true);
      },
    ),
    { numRuns: 300 },
  );
});
