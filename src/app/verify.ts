import type { FillRevision } from "../backfill/statements.js";
import { verifyFill } from "../backfill/verify/verify.js";
import { ChangeoverError } from "../errors.js";
import { type FoundRow, foundRows } from "../journal/findings.js";
import { ensureJournal } from "../journal/install.js";
import { checkMirror } from "../journal/mirror.js";
import type { Verification } from "../journal/state.js";
import type { VerificationRow } from "../journal/verifications.js";
import { findPlan } from "../revisions/targets.js";
import type { AppContext } from "./context.js";
import { defaultConcurrency } from "./executor.js";
import { readProject } from "./project.js";

export type VerifyInput = {
  readonly plan: string;
  /** windows at once in this process, as far as the plan's workers allow; null: the default */
  readonly concurrency?: number | null;
  /** of rows that are found so many are told by key */
  readonly limit?: number;
};

/** What a verify found. `found`: the first of the rows not in step; `lostRows`: of those whose value the old side cannot hold. */
export type VerifyResult = Omit<Verification, "mirror" | "lostKeys"> & {
  readonly found: readonly FoundRow[];
  readonly lostRows: readonly FoundRow[];
};

export const DEFAULT_LIMIT = 20;

/**
 * Compares the two sides of every row of a plan whose fill is done, together with whoever else is at it. Throws `not-yet`
 * before that, `usage` for a plan that has nothing to compare any more.
 */
export async function verifyUseCase(app: AppContext, input: VerifyInput): Promise<VerifyResult> {
  const { revision } = await verifiable(app, input.plan);
  return resultOf(app, await verifyWhole(app, revision, input), input.limit ?? DEFAULT_LIMIT);
}

/** To its end, or throws. */
export async function verifyWhole(
  app: AppContext,
  revision: FillRevision,
  { concurrency = null }: Omit<VerifyInput, "plan">,
) {
  const { throttle: declared } = app.config;
  const options = { signal: app.signal, emit: app.emit, declared, concurrency: concurrency ?? defaultConcurrency() };
  const pass = await verifyFill(app.database(), revision, options);
  if (pass.finishedAt !== null) return pass;
  throw new ChangeoverError("interrupted", "The verify has not come to its end.", {
    hint: "Run the same command again: it goes on from where it stood.",
  });
}

export async function resultOf(app: AppContext, pass: VerificationRow, limit: number): Promise<VerifyResult> {
  const { startedAt, finishedAt, rows, mismatches, skipped, keys, lost, fraction } = pass;
  const [found, lostRows] = await Promise.all([
    foundRows(app.database(), pass.id, 0, limit),
    foundRows(app.database(), pass.id, 2, limit),
  ]);
  return { startedAt, finishedAt, rows, mismatches, skipped, keys, found, lost, lostRows, fraction };
}

/** The plan's fill, where there is something to compare. */
export async function verifiable(app: AppContext, name: string) {
  const project = await readProject(app);
  const slug = findPlan(project.known, name);
  const revisions = project.known.plans.get(slug)?.revisions ?? [];
  const fill = revisions.find((revision) => revision.fill !== null);
  if (fill === undefined || fill.fill === null) {
    throw new ChangeoverError("not-found", `Plan ${slug} has no rows to verify.`, {
      hint: `changeover status ${slug}`,
    });
  }
  const last = revisions.findLast((revision) => revision.irreversible !== null);
  const dropped = project.journal.revisions.some((row) => row.id === last?.id && row.state === "done");
  if (dropped) {
    throw new ChangeoverError("usage", `Plan ${slug} is finished: there is no second side left to compare.`, {
      hint: `Nothing was changed, and there is nothing left to do. See when it ended: changeover status ${slug}`,
    });
  }
  const db = app.database();
  // Before anything else: it is what everybody is sent here for.
  await checkMirror(db, slug);
  const state = project.journal.revisions.find((row) => row.id === fill.id)?.state;
  if (state !== "done") {
    throw new ChangeoverError("not-yet", `The rows of ${slug} are not filled yet.`, {
      hint: "changeover worker --drain, then verify.",
    });
  }
  await ensureJournal(db, app.emit);
  const revision: FillRevision = { id: fill.id, plan: slug, scope: fill.scope, fill: fill.fill };
  return { slug, revision, revisions, journal: project.journal };
}
