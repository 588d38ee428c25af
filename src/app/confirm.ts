/** `confirm`: a person's word that a release runs everywhere, and which conditions they open by hand. */

import { transaction } from "../db/transaction.js";
import { ChangeoverError } from "../errors.js";
import { ensureJournal } from "../journal/install.js";
import { addConfirmation, recordEvent } from "../journal/journal.js";
import { mirrorBroken, readMirror } from "../journal/mirror.js";
import { haveEnded, mayWriteUnnoted, readMoment } from "../journal/sightings.js";
import type { Confirmation } from "../journal/state.js";
import { GATE_KINDS, type GateCondition } from "../revisions/revision.js";
import { sleep } from "../sleep.js";
import { sql } from "../sql/text.js";
import type { PlanReport } from "../status/report.js";
import type { AppContext } from "./context.js";
import { statusUseCase } from "./status.js";

export type ConfirmOptions = {
  readonly plan: string;
  readonly release: string;
  readonly despite: readonly string[];
  readonly reason: string | null;
};

/** Throws `not-yet` while new code may not run at all: nobody can have released it; `usage` when it is all over. */
export async function confirmUseCase(app: AppContext, options: ConfirmOptions): Promise<Confirmation> {
  const despite = options.despite.map(knownCondition);
  if (despite.length > 0 && options.reason === null) {
    throw new ChangeoverError("usage", "A condition that is opened by hand needs a reason.", {
      hint: 'Add --reason "…"; it is kept in the journal.',
    });
  }
  const { report } = await statusUseCase(app, { plan: options.plan, require: null, strict: true });
  const [plan] = report.plans;
  if (plan !== undefined) assertOpen(plan);
  const pending = plan?.revisions.filter((r) => r.phase === "backfill" && r.state !== "done") ?? [];
  if (plan === undefined || plan.phase === null || (pending.length > 0 && !despite.includes("backfill"))) {
    throw new ChangeoverError("not-yet", `Plan ${options.plan} is not ready for a release that relies on it.`, {
      details: pending.map((r) => `${r.name} is ${r.state}`),
      hint: "Let the backfill finish (changeover worker --drain), release, then confirm.",
    });
  }
  const db = app.database();
  await ensureJournal(db, app.emit);
  // Before the moment from which it counts: whatever is altered later shows.
  const { faults, stamps } = await readMirror(db, plan.plan);
  if (faults.length > 0) throw mirrorBroken(plan.plan, faults);
  const at = await countsFrom(app, plan.plan);
  return db.borrow((session) =>
    transaction(session, {}, async () => {
      const confirmation = await addConfirmation(session, {
        plan: plan.plan,
        release: options.release,
        despite,
        reason: options.reason,
        actor: app.actor,
        at,
        mirror: stamps,
      });
      await recordEvent(session, {
        actor: app.actor,
        kind: "confirmed",
        plan: plan.plan,
        revision: null,
        data: { release: options.release, despite, reason: options.reason },
      });
      return confirmation;
    }),
  );
}

const LOOK_MS = 50;
/** A timer here may be a little ahead of the server's clock. */
const CLOCK_SLACK_MS = 20;

/**
 * The moment from which it counts: every later write of the old side is on record. That is now, once the transactions
 * that write the table now have ended and none has noted an old writer in this tick of the clock; else it is the tick's
 * end, at most ten seconds ahead, and is waited for, so that an `upgrade` right after it finds all the evidence there is.
 * Throws `interrupted`, with nothing confirmed.
 */
async function countsFrom(app: AppContext, slug: string): Promise<Date> {
  const db = app.database();
  const moment = await db.borrow((session) => readMoment(session, slug));
  const { end } = moment.tick;
  const left = end.getTime() - moment.at.getTime();
  for (let waited = 0; waited < left && !app.signal.aborted; waited += LOOK_MS) {
    if (await haveEnded(db, moment)) break;
    await sleep(LOOK_MS, app.signal);
  }
  if ((await haveEnded(db, moment)) && !(await mayWriteUnnoted(db, slug, moment))) return moment.at;
  const { now } = await db.one<{ now: Date }>(sql`select clock_timestamp() as now`);
  const waitMs = end.getTime() - now.getTime();
  if (waitMs > 0) {
    app.emit({ kind: "confirm-waiting", plan: slug, waitMs });
    await sleep(waitMs + CLOCK_SLACK_MS, app.signal);
  }
  if (!app.signal.aborted) return end;
  throw new ChangeoverError("interrupted", "Interrupted: nothing is confirmed.", {
    hint: "Run the same command again.",
  });
}

/** A word about a plan that stands at no gate, nor on the way to one, would be kept and never be read. */
function assertOpen({ plan, state }: PlanReport): void {
  if (state === "done")
    throw new ChangeoverError("usage", `Plan ${plan} is finished: it has no gate left that a confirm could open.`, {
      hint: `Nothing was changed, and there is nothing left to do. See when it ended: changeover status ${plan}`,
    });
  if (state !== "planned" && state !== "undone") return;
  const why = state === "planned" ? "has not begun in this database" : "was taken back in this database";
  throw new ChangeoverError("not-yet", `Plan ${plan} ${why}: there is nothing that a release could rely on.`, {
    hint: "Nothing was changed. Begin with changeover upgrade head, let the backfill finish (changeover worker --drain), release, then confirm.",
  });
}

function knownCondition(name: string): GateCondition["kind"] {
  const kind = GATE_KINDS.find((known) => known === name);
  if (kind !== undefined) return kind;
  throw new ChangeoverError("usage", `There is no gate condition ${name}.`, {
    hint: `Conditions: ${GATE_KINDS.join(", ")}.`,
  });
}
