/**
 * The golden cases: `test/cases/<kind>/<name>/` holds
 *
 * - `before.sql`     makes the table. Lines of its own say: `-- server >= 15`, only from that major on; `-- as app_owner`,
 *                    changeover connects as that role (its password is its name);
 * - `change.yaml`    is the change; or `change.ts`;
 * - `expected/`      what is planned for it, byte for byte, on every major; UPDATE_GOLDEN=1 writes it;
 * - `meanwhile.sql`  (where there is one) is what old code writes between dual-write and the backfill;
 * - `between.sql`    (where there is one) is what a person has to do before the plan can be finished;
 * - `after.sql`      the same change as one would make it on a quiet database.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { CHANGE_KINDS, type ChangeKind } from "../../src/change/change.js";

export type GoldenCase = {
  readonly kind: ChangeKind;
  /** the folder's name, and the plan's slug */
  readonly name: string;
  /** whom changeover connects as; null: the superuser */
  readonly role: string | null;
  readonly before: string;
  readonly change: string;
  /** the name of the file that holds it */
  readonly changeFile: string;
  readonly meanwhile: string | null;
  readonly between: string | null;
  readonly after: string;
};

const CASES = "test/cases";

/** The cases that can be made on this major. */
export function goldenCases(major: number): GoldenCase[] {
  return CHANGE_KINDS.flatMap((kind) =>
    readdirSync(join(CASES, kind))
      .sort()
      .map((name) => readCase(kind, name)),
  ).filter(({ before }) => major >= Number(/^-- server >= (\d+)$/m.exec(before)?.[1] ?? 0));
}

function readCase(kind: ChangeKind, name: string): GoldenCase {
  const path = (file: string) => join(CASES, kind, name, file);
  const text = (file: string) => readFileSync(path(file), "utf8");
  const optional = (file: string) => (existsSync(path(file)) ? text(file) : null);
  const before = text("before.sql");
  const changeFile = existsSync(path("change.ts")) ? "change.ts" : "change.yaml";
  return {
    kind,
    name,
    role: /^-- as (\w+)$/m.exec(before)?.[1] ?? null,
    before,
    change: text(changeFile),
    changeFile,
    meanwhile: optional("meanwhile.sql"),
    between: optional("between.sql"),
    after: text("after.sql"),
  };
}

/** File → text of every revision in a folder; empty where there is none. */
export function revisionFiles(directory: string): Record<string, string> {
  if (!existsSync(directory)) return {};
  const names = readdirSync(directory).filter((name) => name.endsWith(".sql"));
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(join(directory, name), "utf8")]));
}

/** The reviewed files of a case. With UPDATE_GOLDEN=1 they become what was planned just now. */
export async function expectedFiles(
  { kind, name }: GoldenCase,
  planned: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const directory = resolve(CASES, kind, name, "expected");
  if (process.env.UPDATE_GOLDEN === "1") {
    await rm(directory, { recursive: true, force: true });
    await mkdir(directory, { recursive: true });
    for (const [file, text] of Object.entries(planned)) await writeFile(join(directory, file), text);
  }
  return revisionFiles(directory);
}
