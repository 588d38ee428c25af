import type { Database } from "../db/pool.js";
import { type GoneColumn, readEvidence } from "../journal/evidence.js";
import { foundOfPlan } from "../journal/findings.js";
import type { Evidence, JournalState } from "../journal/state.js";
import { readUndoTargets } from "../journal/undo.js";
import type { Unreadable } from "../revisions/folder.js";
import type { Revision } from "../revisions/revision.js";
import { sql } from "../sql/text.js";
import { type Declared, type StatusInput, trackRevisions } from "./input.js";
import { readLive } from "./live.js";
import { NOBODY } from "./runners.js";
import type { Found } from "./verification.js";

export type StatusSources = {
  readonly folder: readonly Revision[];
  readonly journal: JournalState;
  /** the journal's revisions, parsed from the text that ran */
  readonly applied: readonly Revision[];
  /** by plan: why its workers hold back */
  readonly declared?: readonly Declared[];
  readonly unreadable?: readonly Unreadable[];
};

/** Adds to the journal the evidence of every plan that has begun, and who is at work now. Reads only. */
export async function collectStatus(db: Database, sources: StatusSources): Promise<StatusInput> {
  const { now } = await db.one<{ now: Date }>(sql`select statement_timestamp() as now`);
  const begun = new Set(sources.journal.revisions.flatMap((row) => row.plan ?? []));
  const evidence = new Map<string, Evidence>();
  for (const slug of begun) evidence.set(slug, await readEvidence(db, slug, goneColumns(slug, sources)));
  const found = new Map<string, Found>();
  for (const slug of begun) {
    if (evidence.get(slug)?.verification == null) continue;
    found.set(slug, { apart: await foundOfPlan(db, slug, 0), lost: await foundOfPlan(db, slug, 2) });
  }
  const live = sources.journal.meta === null ? NOBODY : await readLive(db, trackRevisions(sources));
  const undoTargets = begun.size === 0 ? new Map<string, string>() : await readUndoTargets(db);
  const { declared = [], unreadable = [] } = sources;
  return { ...sources, declared, unreadable, undoTargets, evidence, found, live, now };
}

/** The columns that the plan's contract or its undo takes away, which the user's trigger functions must not name then. */
export function goneColumns(
  slug: string,
  { folder, applied }: Pick<StatusSources, "folder" | "applied">,
): readonly GoneColumn[] {
  const own = [...applied, ...folder].filter((revision) => revision.plan === slug);
  return own
    .flatMap((revision) => [...revision.gate, ...revision.undoGate])
    .filter((condition) => condition.kind === "functions");
}
