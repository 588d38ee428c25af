/** What a worker may do for each plan, from the files and the journal alone. */
import { alteredSince } from "../gates/mirror.js";
import { backfillDoneAt, gateProgress } from "../gates/progress.js";
import { tickEnd } from "../gates/reversible.js";
import { type Paused, pausedOf } from "../journal/paused.js";
import type { Stirring } from "../journal/sightings.js";
import type { JournalState, Mirror, Verification } from "../journal/state.js";
import type { Revision } from "../revisions/revision.js";

export type Todo =
  /** a revision of the backfill phase is to be run, or gone on with */
  | { readonly kind: "run" }
  /** the backfill phase is done, and nothing has compared the two sides since */
  | { readonly kind: "verify" }
  /** rows may have come to be due since the fill was done: it is to be taken up again */
  | { readonly kind: "refill" }
  /** there would be something to do, but someone has paused the plan, or it is outside of its windows */
  | ({ readonly kind: "paused" } & Paused)
  /** an undo has begun and not ended: what it takes away is not brought back behind its back */
  | { readonly kind: "undoing"; readonly title: string }
  /** what is left is contract, which no worker runs */
  | { readonly kind: "gate"; readonly before: string }
  | { readonly kind: "finished" };

export type Outlook = {
  readonly folder: readonly Revision[];
  readonly journal: Pick<JournalState, "plans" | "revisions">;
  /** the newest of each fill revision */
  readonly verified: ReadonlyMap<string, Verification>;
  /** by plan, of those that have begun: their triggers as they stand */
  readonly mirrors: ReadonlyMap<string, Mirror>;
  /** by plan, of those that fill by code */
  readonly stirrings: ReadonlyMap<string, Stirring>;
};

/** By slug, in the folder's order: every plan whose trunk revisions are all applied. The files have to be here. */
export function todosOf(outlook: Outlook): Map<string, Todo> {
  const slugs = new Set(outlook.folder.flatMap((revision) => revision.plan ?? []));
  const todos = [...slugs].map((slug) => [slug, todoOf(slug, outlook)] as const);
  return new Map(todos.flatMap(([slug, todo]) => (todo === null ? [] : [[slug, todo]])));
}

function todoOf(slug: string, { folder, journal, verified, mirrors, stirrings }: Outlook): Todo | null {
  const own = folder.filter((revision) => revision.plan === slug);
  const states = new Map(journal.revisions.map((row) => [row.id, row.state]));
  const isDone = (revision: Revision) => states.get(revision.id) === "done";
  if (!own.filter((revision) => revision.lane === "trunk").every(isDone)) return null;
  const undone = own.find((revision) => states.get(revision.id) === "undoing");
  if (undone !== undefined) return { kind: "undoing", title: undone.title };
  const contract = own.filter((revision) => revision.phase === "contract");
  const progress = gateProgress(slug, own, journal.revisions);
  const doneAt = backfillDoneAt(progress);
  const fill = own.find((revision) => revision.fill !== null);
  // Once contract has begun the two sides may not both be there.
  const begun = contract.some((revision) => states.has(revision.id));
  const verification = fill === undefined ? undefined : verified.get(fill.id);
  const due =
    doneAt === null
      ? "run"
      : fill === undefined || begun
        ? null
        : isVerified(verification, doneAt, mirrors.get(slug))
          ? again(verification, stirrings.get(slug))
          : "verify";
  if (due !== null) {
    const plan = journal.plans.find((one) => one.slug === slug);
    const paused = plan === undefined ? null : pausedOf(plan);
    return paused === null ? { kind: due } : { kind: "paused", ...paused };
  }
  const next = contract.find((revision) => !isDone(revision));
  return next === undefined ? { kind: "finished" } : { kind: "gate", before: next.title };
}

/** Between two looks at a table into which NULLs are written all the time: ten times as long as a look takes, and no less. */
const REST_MS = 60_000;

/**
 * Of a fill by code that is done and verified. Until a confirm, NULLs come in and are filled now and then; from the confirm
 * on none comes in any more, so that a verify which finds some is followed by the last look for them, and one that finds
 * none ends it. Null: nothing is known that asks for more.
 */
function again(verification: Verification | undefined, stirring: Stirring | undefined): "refill" | "verify" | null {
  if (stirring === undefined || verification === undefined || verification.finishedAt === null) return null;
  const { startedAt, finishedAt, mismatches } = verification;
  const { now, lastAt, sightedSince, confirmedAt } = stirring;
  const took = finishedAt.getTime() - startedAt.getTime();
  const rested = now.getTime() - finishedAt.getTime() >= Math.max(REST_MS, 10 * took);
  const confirmed = confirmedAt !== null && (lastAt === null || lastAt < confirmedAt);
  if (mismatches > 0) return confirmed || rested ? "refill" : null;
  const gap = sightedSince === null || sightedSince > startedAt;
  if (lastAt === null && !gap) return null;
  if (confirmedAt !== null && confirmedAt > startedAt) return "verify";
  return rested && lastAt !== null && tickEnd(lastAt) > startedAt ? "refill" : null;
}

/** What it found is the gate's to judge, and a person's to mend. */
function isVerified(verification: Verification | undefined, doneAt: Date, mirror: Mirror | undefined): boolean {
  if (verification === undefined || verification.finishedAt === null || verification.startedAt < doneAt) return false;
  if (verification.mismatches === 0 && (verification.unseen ?? []).length > 0) return false;
  return mirror === undefined || alteredSince(verification.mirror, mirror).length === 0;
}

/** Plans that this database has begun and not brought to contract, of which the folder has no file. */
export function plansElsewhere({ folder, journal }: Pick<Outlook, "folder" | "journal">): string[] {
  const here = new Set(folder.flatMap((revision) => revision.plan ?? []));
  const rows = journal.revisions.filter((row) => row.plan !== null && !here.has(row.plan));
  const contracted = new Set(rows.filter((row) => row.phase === "contract").map((row) => row.plan));
  return [...new Set(rows.flatMap((row) => row.plan ?? []))].filter((slug) => !contracted.has(slug));
}
