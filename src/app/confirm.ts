/** `confirm`: a person's word that a release runs everywhere, and which conditions they open by hand. */

import { transaction } from "../db/transaction.js";
import { ChangeoverError } from "../errors.js";
import { ensureJournal } from "../journal/install.js";
import { addConfirmation, recordEvent } from "../journal/journal.js";
import type { Confirmation } from "../journal/state.js";
import { GATE_KINDS, type GateCondition } from "../revisions/revision.js";
import type { AppContext } from "./context.js";
import { statusUseCase } from "./status.js";

export type ConfirmOptions = {
  readonly plan: string;
  readonly release: string;
  readonly despite: readonly string[];
  readonly reason: string | null;
};

/** Throws `not-yet` while new code may not run at all: nobody can have released it. */
export async function confirmUseCase(app: AppContext, options: ConfirmOptions): Promise<Confirmation> {
  const despite = options.despite.map(knownCondition);
  if (despite.length > 0 && options.reason === null) {
    throw new ChangeoverError("usage", "A condition that is opened by hand needs a reason.", {
      hint: 'Add --reason "…"; it is kept in the journal.',
    });
  }
  const { report } = await statusUseCase(app, { plan: options.plan, require: null });
  const [plan] = report.plans;
  const pending = plan?.revisions.filter((r) => r.phase === "backfill" && r.state !== "done") ?? [];
  if (plan === undefined || plan.phase === null || (pending.length > 0 && !despite.includes("backfill"))) {
    throw new ChangeoverError("not-yet", `Plan ${options.plan} is not ready for a release that relies on it.`, {
      details: pending.map((r) => `${r.name} is ${r.state}`),
      hint: "Let the backfill finish (changeover worker --drain), release, then confirm.",
    });
  }
  const db = app.database();
  await ensureJournal(db, app.emit);
  return db.borrow((session) =>
    transaction(session, {}, async () => {
      const confirmation = await addConfirmation(session, {
        plan: plan.plan,
        release: options.release,
        despite,
        reason: options.reason,
        actor: app.actor,
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

function knownCondition(name: string): GateCondition["kind"] {
  const kind = GATE_KINDS.find((known) => known === name);
  if (kind !== undefined) return kind;
  throw new ChangeoverError("usage", `There is no gate condition ${name}.`, {
    hint: `Conditions: ${GATE_KINDS.join(", ")}.`,
  });
}
