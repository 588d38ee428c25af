/** `plans/` on disk: one folder a plan, hand-written revisions beside them. */
import { readdir, readFile } from "node:fs/promises";
import { posix } from "node:path";
import { ChangeoverError } from "../errors.js";
import { codeOf, compare, isRevision, numberOf } from "./files.js";
import { parseRevision, type Split } from "./format.js";
import { revisionInvalid, SLUG } from "./problems.js";
import type { Revision } from "./revision.js";

export { fileName, folderName } from "./files.js";
export { type WriteOptions, type Written, writeFiles, writeRevisions } from "./write.js";

export type PlanFolder = {
  /** `0004-orders-total` */
  readonly folder: string;
  readonly slug: string;
  readonly number: number;
  /** path of its change.yaml (or change.ts, change.js); null when it has none */
  readonly changeFile: string | null;
  /** in the order of their file numbers */
  readonly revisions: readonly Revision[];
};

export type Folder = {
  readonly directory: string;
  readonly plans: readonly PlanFolder[];
  /** all of them, those of plans by number, hand-written ones among them by theirs */
  readonly revisions: readonly Revision[];
  /** left out of the others; empty unless it was asked to go on over them */
  readonly unreadable: readonly Unreadable[];
};

/** A revision's file that is not one, or belongs elsewhere. */
export type Unreadable = {
  readonly file: string;
  /** the slug that its folder is named by; null: beside the plans */
  readonly plan: string | null;
  /** as far as its first line can be read; null: it cannot */
  readonly id: string | null;
  readonly error: ChangeoverError;
};

export type ReadOptions = {
  /** go on over files that cannot be read, and name them; not over what a folder contradicts itself in */
  readonly lenient?: boolean;
};

const NUMBERED = /^(\d+)-(.+)$/;
/** `3-backfill.fill.sql` */
const REVISION_FILE = /^\d+-[^.]+\.[^.]+\.sql$/;
const CHANGE_FILES = ["change.yaml", "change.ts", "change.js", "change.mjs"];

/**
 * Reads the folder; a missing one is empty. Everything that is no plan and no revision is passed over. Throws `usage`
 * when it cannot be read, `revision-invalid` for a file that does not parse or lies in another plan's folder,
 * `graph-invalid` for two plans of one slug. `split` is for hand-written SQL that runs outside a transaction.
 */
export async function readFolder(
  directory: string,
  split: Split | null = null,
  { lenient = false }: ReadOptions = {},
): Promise<Folder> {
  const unreadable: Unreadable[] = [];
  const reader: Reader = async (file, plan, isWanted) => {
    let text = "";
    try {
      text = await read(file);
      if (!isWanted(text)) return null;
      const revision = parseRevision(text, file, split);
      if (plan !== null) assertPlan(revision, plan);
      return revision;
    } catch (error) {
      if (!lenient || !(error instanceof ChangeoverError)) throw error;
      unreadable.push({ file, plan, id: idIn(text), error });
      return null;
    }
  };
  const base = directory.replaceAll("\\", "/");
  const entries = await list(base, true);
  const plans: PlanFolder[] = [];
  const loose: { readonly number: number; readonly revision: Revision }[] = [];
  for (const entry of entries) {
    const path = posix.join(base, entry.name);
    if (entry.isDirectory()) plans.push(...(await readPlan(path, entry.name, reader)));
    else if (entry.name.endsWith(".sql")) {
      const revision = await reader(path, null, () => true);
      if (revision !== null) loose.push({ number: numberOf(entry.name), revision });
    }
  }
  plans.sort((a, b) => a.number - b.number || compare(a.folder, b.folder));
  assertSlugs(plans, base);
  const numbered = [
    ...plans.map(({ number, revisions }) => ({ number, revisions })),
    ...loose.map((one) => ({ number: one.number, revisions: [one.revision] })),
  ];
  const revisions = numbered.sort((a, b) => a.number - b.number).flatMap((entry) => entry.revisions);
  return { directory: base, plans, revisions, unreadable };
}

/** The number for the next plan or hand-written revision: one more than the largest that there is. */
export function nextNumber(folder: Folder): number {
  const loose = folder.revisions.flatMap(({ plan, file }) =>
    plan === null && file !== null ? numberOf(posix.basename(file)) : [],
  );
  return Math.max(0, ...folder.plans.map((plan) => plan.number), ...loose.filter(Number.isFinite)) + 1;
}

/** null: passed over */
type Reader = (file: string, plan: string | null, isWanted: (text: string) => boolean) => Promise<Revision | null>;

/** The id that a file's first line claims. */
function idIn(text: string): string | null {
  return /^\s*--\s*changeover revision\s+([0-9a-f]{12})\b/.exec(text.replace(/^\ufeff/, ""))?.[1] ?? null;
}

async function readPlan(path: string, folder: string, reader: Reader): Promise<PlanFolder[]> {
  const names = (await list(path, false)).filter((entry) => entry.isFile()).map((entry) => entry.name);
  const [, digits, slug] = NUMBERED.exec(folder) ?? [];
  const [changeFile = null, second] = CHANGE_FILES.filter((name) => names.includes(name)).map((name) =>
    posix.join(path, name),
  );
  const revisions: { number: number; revision: Revision }[] = [];
  for (const name of names.filter((candidate) => candidate.endsWith(".sql"))) {
    const wanted = (text: string) => REVISION_FILE.test(name) || isRevision(text);
    const revision = await reader(posix.join(path, name), slug ?? null, wanted);
    if (revision !== null) revisions.push({ number: numberOf(name), revision });
  }
  if (changeFile === null && revisions.length === 0) return [];
  if (second !== undefined)
    throw new ChangeoverError("graph-invalid", `${changeFile} is not the only one that declares this plan's change.`, {
      where: second,
      hint: "Remove one of them.",
    });
  if (digits === undefined || slug === undefined || !SLUG.test(slug))
    throw new ChangeoverError("usage", `A plan's folder is named by a number and a slug, as in 0004-orders-total.`, {
      where: path,
      hint: "A slug is lower-case letters and digits joined by - or _.",
    });
  revisions.sort((a, b) => a.number - b.number);
  return [{ folder, slug, number: Number(digits), changeFile, revisions: revisions.map(({ revision }) => revision) }];
}

function assertPlan(revision: Revision, slug: string): void {
  if (revision.plan === slug) return;
  const plan = revision.plan === null ? "no plan" : `the plan ${revision.plan}`;
  throw revisionInvalid(
    revision.file,
    null,
    `It belongs to ${plan}, but lies in the folder of ${slug}.`,
    "Move the file, or name the folder after its plan.",
  );
}

function assertSlugs(plans: readonly PlanFolder[], base: string): void {
  const bySlug = new Map<string, PlanFolder>();
  for (const plan of plans) {
    const twin = bySlug.get(plan.slug);
    if (twin !== undefined)
      throw new ChangeoverError(
        "graph-invalid",
        `Two folders hold a plan ${plan.slug}: ${twin.folder} and ${plan.folder}.`,
        {
          where: posix.join(base, plan.folder),
          hint: "Rename one of the folders (and plan it again): a plan is named by its slug everywhere.",
        },
      );
    bySlug.set(plan.slug, plan);
  }
}

async function list(directory: string, mayBeMissing: boolean) {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    return entries.sort((a, b) => compare(a.name, b.name));
  } catch (error) {
    if (mayBeMissing && codeOf(error) === "ENOENT") return [];
    throw cannotRead(directory, error);
  }
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw cannotRead(file, error);
  }
}

function cannotRead(path: string, error: unknown): ChangeoverError {
  const code = codeOf(error);
  const why =
    code === "ENOTDIR" ? "it is not a folder" : code === "EACCES" ? "permission denied" : (code ?? String(error));
  return new ChangeoverError("usage", `${path} cannot be read: ${why}.`, {
    where: path,
    hint: "Check the path (--plans names another folder) and its permissions.",
    cause: error,
  });
}
