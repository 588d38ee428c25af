/** The commands as functions: the same use cases as the command line's, with values for words and errors for exit codes. */
import { type ConfirmOptions, confirmUseCase } from "../app/confirm.js";
import { downgradeUseCase } from "../app/downgrade.js";
import { checkPlan as checkPlanUseCase, type PlanResult, planUseCase } from "../app/plan.js";
import { type StatusResult, statusUseCase } from "../app/status.js";
import { type RunResult, upgradeUseCase } from "../app/upgrade.js";
import { type VerifyResult, verifyUseCase } from "../app/verify.js";
import type { Confirmation as JournalConfirmation } from "../journal/state.js";
import type { GateCondition, Phase } from "../revisions/revision.js";
import { call } from "./call.js";
import type { Options, Throttling, Waiting } from "./options.js";

/** What a verify found: rows compared, how many of them are not in step, and the keys of the first of these. */
export type Verification = VerifyResult;
/** A confirm as the journal keeps it; it counts from `at`, by the server's clock. */
export type Confirmation = Omit<JournalConfirmation, "mirror">;

export type PlanOptions = Options & {
  /** its name or folder: `orders-total` or `0001-orders-total` */
  readonly plan: string;
  /** write the revisions beside the change; default: nothing is written */
  readonly write?: boolean;
  /** with `write`: over revisions that were edited */
  readonly force?: boolean;
};

/**
 * What a declared change becomes on this database; `changeover plan`.
 *
 * @returns `kind: "plan"` with the revisions and what they cost, or `kind: "nothing"` with the reason
 * @throws ChangeoverError `change-invalid` for what is wrong in the file; `refused`, `hazard`, `privilege` or `not-found` with
 *   every reason why it cannot be carried out safely
 */
export function plan(options: PlanOptions): Promise<PlanResult> {
  const { write = false, force = false } = options;
  return call(options, (app) => planUseCase(app, options.plan, { write, force }));
}

/**
 * Do the written revisions fit this database? `changeover plan --check`. `begun`: they run here already, and each further one
 * asks before it begins.
 *
 * @throws ChangeoverError `drift` with the objects that differ, `not-found` without revisions, or what `plan` throws
 */
export function checkPlan(
  options: Options & { readonly plan: string },
): Promise<{ readonly slug: string; readonly revisions: number; readonly begun: boolean }> {
  return call(options, (app) => checkPlanUseCase(app, options.plan));
}

export type UpgradeOptions = Options &
  Waiting &
  Throttling & {
    /** `head` (default), `heads`, `<plan>@head`, `<plan>@<phase>`, a revision's id, `+N` */
    readonly target?: string;
    /** run plans to their end at once where their tables are empty and in nobody's use */
    readonly fresh?: boolean;
    /** say in `sql` what would run, and run nothing */
    readonly sqlOnly?: boolean;
    /** slices at once where a backfill is run; default: the smaller of 4 and the cores */
    readonly concurrency?: number;
  };

/**
 * Applies revisions as far as the target and the gates allow; `changeover upgrade`. Safe to call again, and from several
 * processes at once.
 *
 * @throws ChangeoverError why the target was not reached: `gate`, `not-yet`, `paused`, `lock`, `blocked`, `drift`,
 *   `interrupted`, … What had run before is in `details`, and stays.
 */
export function upgrade(options: UpgradeOptions): Promise<RunResult> {
  const { target = "head", fresh = false, sqlOnly = false, concurrency = null } = options;
  return call(options, (app) => upgradeUseCase(app, { target, fresh, sqlOnly, concurrency, ...patience(options) }));
}

export type DowngradeOptions = Options &
  Waiting & {
    /** `<plan>@base`, `<plan>@<phase>` (back to just after it), a revision's id, `base`, `-N` */
    readonly target: string;
    /** say in `sql` what would run, and run nothing */
    readonly sqlOnly?: boolean;
  };

/**
 * Undoes revisions, newest first; `changeover downgrade`.
 *
 * @throws ChangeoverError `irreversible` past the point of no return, `gate` while somebody writes what would go, and what
 *   `upgrade` throws
 */
export function downgrade(options: DowngradeOptions): Promise<RunResult> {
  const { target, sqlOnly = false } = options;
  return call(options, (app) => downgradeUseCase(app, { target, sqlOnly, ...patience(options) }));
}

function patience({ lockWaitMs = 600_000, deadlineMs = null }: { lockWaitMs?: number; deadlineMs?: number | null }) {
  return { lockWaitMs, deadlineMs };
}

export type StatusOptions = Options & {
  /** this plan alone, by its name or folder */
  readonly plan?: string;
  /** also say in `requirement` whether every revision of this phase, and of those before it, is done */
  readonly require?: Phase;
};

/**
 * Where each plan stands, why, and what next; `changeover status`. Reads only; SELECT on the schema `changeover` is enough.
 *
 * @returns `report`, the value that `status --json` prints; `requirement`, null unless it was asked for
 * @throws ChangeoverError `not-found` for a plan that nobody knows; with `require`, `revision-invalid` for files that cannot
 *   be read. A requirement that is not met is an answer, and not an error.
 */
export function status(options: StatusOptions): Promise<StatusResult> {
  return call(options, (app) => statusUseCase(app, { plan: options.plan ?? null, require: options.require ?? null }));
}

/**
 * Compares the two sides of every row of a plan; `changeover verify`. Look at `mismatches`: rows that are not in step are an
 * answer, and not an error.
 *
 * @throws ChangeoverError `not-yet` before the rows are filled; `drift` with the statements that restore our triggers, where
 *   these do not stand as they were installed; `interrupted`
 */
export async function verify(options: Options & Throttling & { readonly plan: string }): Promise<Verification> {
  return call(options, (app) => verifyUseCase(app, { plan: options.plan }));
}

export type ConfirmRelease = Options & {
  readonly plan: string;
  /** of which old side's last process is gone, in your own words: `v2` */
  readonly release: string;
  /** gate conditions that you open by hand; needs a reason */
  readonly despite?: readonly GateCondition["kind"][];
  /** kept in the journal */
  readonly reason?: string;
};

/**
 * Says that a release runs everywhere, and the one before it nowhere; `changeover confirm`. May take up to ten seconds: it
 * counts from a moment after which every write of the old side is on record.
 *
 * @throws ChangeoverError `not-yet` while new code may not run at all, `usage` for a plan that is finished, `interrupted`
 *   with nothing confirmed
 */
export async function confirm(options: ConfirmRelease): Promise<Confirmation> {
  const { plan: slug, release, despite = [], reason = null } = options;
  const word: ConfirmOptions = { plan: slug, release, despite, reason };
  const { mirror: _, ...confirmation } = await call(options, (app) => confirmUseCase(app, word));
  return confirmation;
}
