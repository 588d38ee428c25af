/** Tries the views over a changed column on an empty copy of its table, and takes the server's word for them. */
import { PRINTING } from "../catalog/read.js";
import type { Column, Table } from "../catalog/snapshot.js";
import type { ChangeType, RenameColumn } from "../change/change.js";
import type { Database } from "../db/pool.js";
import type { Session } from "../db/session.js";
import { transaction } from "../db/transaction.js";
import { type ImpossibleView, type ViewQuestion, viewCopy, viewQuestions } from "../planner/view-trial.js";
import { qualified } from "../sql/identifier.js";
import { ParseError } from "../sql/parser.js";
import { sql } from "../sql/text.js";
import { attempt, noCopy } from "./rehearse.js";

/** Thrown to roll the transaction back with its answer. */
class Done {
  readonly found: readonly ImpossibleView[];
  constructor(found: readonly ImpossibleView[]) {
    this.found = found;
  }
}

/** Leaves nothing. Needs TEMPORARY on the database where there are such views, and throws `privilege` without it. */
export async function rehearseViews(
  db: Database,
  change: RenameColumn | ChangeType,
  { table, column }: { readonly table: Table; readonly column: Column },
): Promise<readonly ImpossibleView[]> {
  const questions = viewQuestions(change, table);
  if (questions.length === 0) return [];
  try {
    return await db.borrow((session) =>
      transaction(session, { lockTimeoutMs: 2_000, settings: PRINTING }, async () => {
        for (const statement of viewCopy(change, table, column)) {
          const refused = await attempt(session, statement);
          if (refused !== null) throw noCopy(refused);
        }
        throw new Done(await answers(session, questions));
      }),
    );
  } catch (error) {
    if (error instanceof Done) return error.found;
    throw error;
  }
}

/** A view over one that cannot be made is not asked: the cause is told. */
async function answers(session: Session, questions: readonly ViewQuestion[]): Promise<ImpossibleView[]> {
  const found: ImpossibleView[] = [];
  for (const question of questions) {
    if (question.over.some((view) => found.some(({ name }) => name === qualified(view)))) continue;
    const message = await tried(session, question);
    if (message !== null) found.push({ name: qualified(question.view.view), message });
  }
  return found;
}

async function tried(session: Session, question: ViewQuestion): Promise<string | null> {
  try {
    for (const statement of question.make()) {
      const refused = await attempt(session, statement);
      if (refused !== null) return refused.message;
    }
  } catch (error) {
    if (error instanceof ParseError) return `its text cannot be read (${error.message})`;
    throw error;
  }
  const { view, trial, alike } = question;
  const given = await session.query<{ name: string; type: string }>(
    sql`select a.attname::text as name, format_type(a.atttypid, a.atttypmod) as type from pg_attribute a
         where a.attrelid = to_regclass('pg_temp.' || quote_ident($1)) and a.attnum > 0 order by a.attnum`,
    [trial],
  );
  const shown = (columns: typeof given) =>
    columns.map(({ name, type }) => (alike ? `${name} ${type}` : name)).join(", ");
  return shown(given) === shown([...view.outputs]) ? null : `it would give ${shown(given)}`;
}
