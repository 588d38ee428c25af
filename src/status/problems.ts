/** Files of the folder that stand in the way of an upgrade: what is wrong with each, and what to do. */
import { once } from "../gates/answer.js";
import { changedAdvice, changedFiles, showCommand } from "../journal/changed.js";
import type { JournalRevision } from "../journal/state.js";
import type { Unreadable } from "../revisions/folder.js";
import type { StatusInput } from "./input.js";
import { type Standing, standing } from "./move.js";
import type { StatusReport } from "./schema.js";

type Input = Pick<StatusInput, "folder" | "journal" | "unreadable">;

export function reportProblems({ folder, journal, unreadable }: Input): StatusReport["problems"] {
  const changed = changedFiles(folder, journal.revisions).map((one) => ({
    file: one.file.file ?? one.row.id,
    plan: one.row.plan,
    revision: one.row.id,
    message: `It is not what was applied here (${one.row.title}).`,
    ...changedAdvice(one),
  }));
  const unread = unreadable.map((one) => ({
    file: one.error.where ?? one.file,
    plan: one.plan,
    revision: one.id ?? rowOf(one, journal)?.id ?? null,
    message: one.error.message,
    ...unreadAdvice(one, journal),
  }));
  return [...unread, ...changed];
}

function unreadAdvice(one: Unreadable, journal: StatusInput["journal"]) {
  const row = rowOf(one, journal);
  if (row !== undefined) return { hint: "Put it back as it was applied.", command: showCommand(row.id, one.file) };
  return { hint: one.error.hint ?? "Mend the file, or put it back (git checkout).", command: null };
}

/** A plan's next command with what the folder's problems ask for first: a file that cannot be read stops all, one edited only upgrades. */
export function onceRight(next: string | null, input: Input): string | null {
  const stops = input.unreadable.length > 0 || /^changeover (?:upgrade|worker)\b/.test(next ?? "");
  if (next === null || !stops || reportProblems(input).length === 0) return next;
  return next.includes("#") ? `${next} and the files are right` : once(next, "the files are right");
}

/** What was applied from this file: by the id that it claims, or else by its name. */
export function rowOf(one: Unreadable, { revisions }: StatusInput["journal"]): JournalRevision | undefined {
  const [, phase, name] = /(?:^|[\\/])\d+-([^.\\/]+)\.([^.]+)\.sql$/.exec(one.file) ?? [];
  return (
    revisions.find((row) => row.id === one.id) ??
    revisions.find((row) => row.plan !== null && row.plan === one.plan && row.phase === phase && row.name === name)
  );
}

/** Of a plan with a file that cannot be read it is not known what is left of it; null: all of it is known. */
export function unreadableStanding(slug: string, { unreadable, journal }: Input): Standing | null {
  const broken = unreadable.find((one) => one.plan === slug && rowOf(one, journal) === undefined);
  if (broken === undefined) return null;
  const { error, file, hint } = { ...broken, ...unreadAdvice(broken, journal) };
  return standing("blocked", `${error.where ?? file} cannot be read: ${error.message} ${hint}`, null);
}
