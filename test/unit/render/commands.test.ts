/** Whatever we tell a person to run can be run: the source against the commands that there are. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const src = new URL("../../../src/", import.meta.url);
const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
const text = (file: string) => readFileSync(new URL(file, src), "utf8");

/** Words that follow our name in what is no command: a file's first line, a lock's name, a sentence. */
const OTHERS = new Set(["revision", "install", "in", "into", "knows", "that"]);

test("every command that is named in a text exists, with its subcommand", () => {
  const commands = files.filter((file) => /^cli[\\/]commands[\\/]/.test(file));
  const registered = commands.flatMap((file) =>
    [...text(file).matchAll(/\.command\("([a-z]+)"\)/g)].map(([, one]) => one),
  );
  expect(registered).toContain("status");
  const told = files.flatMap((file) =>
    text(file)
      .split("\n")
      .filter((line) => !/^\s*(?:\/\/|\/?\*)/.test(line))
      .flatMap((line) => [...line.matchAll(/\bchangeover (backfill (?:quarantine )?)?([a-z]+)/g)])
      .map(([, backfill, word]) => `${backfill ?? ""}${word}`),
  );
  const quarantine = ["list", "retry", "skip"].map((word) => `backfill quarantine ${word}`);
  const known = new Set([...registered, "backfill pause", "backfill resume", "backfill set", ...quarantine, ...OTHERS]);
  expect(told.length).toBeGreaterThan(50);
  expect([...new Set(told)].filter((one) => !known.has(one))).toEqual([]);
});
