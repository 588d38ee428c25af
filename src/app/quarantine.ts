/** `backfill quarantine list | retry | skip`: rows that could not be filled, and what somebody says about them. */
import { mendedRows } from "../backfill/quarantine/recheck.js";
import type { Database } from "../db/pool.js";
import type { Session } from "../db/session.js";
import { ServerError } from "../db/sqlstate.js";
import { transaction } from "../db/transaction.js";
import { ChangeoverError } from "../errors.js";
import { tellWorkers } from "../journal/control.js";
import { ensureJournal, loadJournal } from "../journal/install.js";
import { readRevisionText, recordEvent } from "../journal/journal.js";
import { type QuarantinedRow, readQuarantine, retryRows, skipRows } from "../journal/quarantine.js";
import type { JournalRevision } from "../journal/state.js";
import { parseRevision } from "../revisions/format.js";
import { splitStatements } from "../sql/split.js";
import { begunPlan } from "./begun.js";
import type { AppContext } from "./context.js";
import { chosenRows, refuseNameless, skipNote } from "./quarantine-choice.js";

export type QuarantineEntry = {
  readonly plan: string;
  /** `id=42` */
  readonly row: string;
  readonly since: Date;
  readonly sqlstate: string;
  readonly message: string;
  /** mended: not due any more, which the next run of the fill finds as well; retrying: a worker is to try it again */
  readonly state: "waiting" | "retrying" | "mended" | "skipped";
  /** of a skipped row, as its skip gave them; null: it is none */
  readonly skipped: { readonly by: string; readonly at: Date; readonly reason: string } | null;
};

/** Every row in quarantine (or of one plan), as it stands now where its table may be read. Reads only. */
export async function listQuarantineUseCase(app: AppContext, plan: string | null): Promise<QuarantineEntry[]> {
  const db = app.database();
  const journal = await loadJournal(db);
  const slug = plan === null ? null : begunPlan(journal, plan);
  if (journal.meta === null) return [];
  const rows = (await readQuarantine(db)).filter((row) => slug === null || row.plan === slug);
  const mended = new Set<number>();
  for (const revision of new Set(rows.map((row) => row.revision))) {
    const waiting = rows.filter((row) => row.revision === revision && row.settled === null);
    for (const id of await mendedOf(db, revision, waiting)) mended.add(id);
  }
  return rows.map((row) => entryOf(row, mended.has(row.id)));
}

/** None where the table is not to be read now, or not by this role. */
async function mendedOf(db: Database, id: string, rows: readonly QuarantinedRow[]): Promise<number[]> {
  const text = await readRevisionText(db, id);
  if (text === null) return [];
  const revision = parseRevision(text, `journal:${id}`, splitStatements);
  if (revision.fill === null) return [];
  return mendedRows(db, { ...revision, fill: revision.fill }, rows).catch((error: unknown) => {
    if (error instanceof ServerError) return [];
    throw error;
  });
}

function entryOf(row: QuarantinedRow, mended: boolean): QuarantineEntry {
  const { plan, key, notedAt, sqlstate, message, settledBy: by, settledAt: at, reason } = row;
  const skipped = by === null || at === null || reason === null ? null : { by, at, reason };
  const state = skipped !== null ? "skipped" : mended ? "mended" : row.retrying ? "retrying" : "waiting";
  return { plan, row: key, since: notedAt, sqlstate, message, state, skipped };
}

/** `rows` null: all that wait. Throws `not-found` for a row that is not in quarantine, `usage` once the fill is done. */
export async function retryQuarantineUseCase(app: AppContext, plan: string, rows: readonly string[] | null) {
  return settle(app, plan, rows, async (session, chosen) => {
    let retried = 0;
    for (const id of new Set(chosen.map((row) => row.revision))) {
      const own = chosen.filter((row) => row.revision === id).map((row) => row.id);
      retried += await retryRows(session, id, own);
    }
    return { kind: "rows-retried", rows: retried, data: {}, note: null };
  });
}

/** `rows` null: all that wait. Throws as above, and `refused` for a row that has no key to be known by. */
export async function skipQuarantineUseCase(
  app: AppContext,
  plan: string,
  { rows, reason }: { readonly rows: readonly string[] | null; readonly reason: string },
) {
  return settle(app, plan, rows, async (session, chosen, { kind }) => {
    refuseNameless(chosen);
    const ids = chosen.map((row) => row.id);
    const skipped = await skipRows(session, ids, { actor: app.actor, reason });
    return { kind: "rows-skipped", rows: skipped, data: { reason }, note: skipNote(kind) };
  });
}

type Settled = {
  readonly kind: "rows-retried" | "rows-skipped";
  readonly rows: number;
  readonly data: object;
  readonly note: string | null;
};
type Choice = { readonly kind: string; readonly revisions: readonly JournalRevision[] };

async function settle(
  app: AppContext,
  name: string,
  rows: readonly string[] | null,
  work: (session: Session, chosen: readonly QuarantinedRow[], plan: Choice) => Promise<Settled>,
): Promise<{ readonly plan: string; readonly rows: number; readonly names: readonly string[]; note: string | null }> {
  const db = app.database();
  const journal = await loadJournal(db);
  const plan = begunPlan(journal, name);
  await ensureJournal(db, app.emit);
  const kind = journal.plans.find((one) => one.slug === plan)?.kind ?? "";
  const revisions = journal.revisions.filter((row) => row.plan === plan);
  return db.borrow((session) =>
    transaction(session, {}, async () => {
      const known = (await readQuarantine(session)).filter((row) => row.plan === plan);
      const chosen = chosenRows(plan, known, rows);
      for (const row of chosen) refuseDone(plan, revisions, row);
      const settled = await work(session, chosen, { kind, revisions });
      const names = chosen.map((row) => row.key);
      const data = { rows: names, ...settled.data };
      if (settled.rows > 0) await tellWorkers(session, plan);
      if (settled.rows > 0)
        await recordEvent(session, {
          actor: app.actor,
          kind: settled.kind,
          plan,
          revision: chosen[0]?.revision ?? null,
          data,
        });
      return { plan, rows: settled.rows, names, note: settled.note };
    }),
  );
}

/** Of a fill that is done no batch comes by any more. */
function refuseDone(plan: string, revisions: readonly JournalRevision[], row: QuarantinedRow): void {
  if (revisions.find((one) => one.id === row.revision)?.state !== "done") return;
  throw new ChangeoverError(
    "usage",
    `The rows of ${plan} are filled: ${row.key} was skipped, and is not tried again.`,
    {
      hint: "Update the row with a value that can be converted: the trigger fills it. Then verify.",
    },
  );
}
