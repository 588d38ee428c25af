/** The journal as values, all of it read at one moment. */
import type { Database } from "../db/pool.js";
import type { Queryable, Session } from "../db/session.js";
import { transaction } from "../db/transaction.js";
import { sql } from "../sql/text.js";
import { readFills } from "./fills.js";
import { checkIdentity, checkMayUse } from "./identity.js";
import { limitsFrom, type Stored } from "./limits.js";
import { type Probe, probeJournal, readMeta } from "./probe.js";
import type { JournalMeta, JournalPlan, JournalRevision, JournalState } from "./state.js";
import { opensText } from "./windows.js";

const EMPTY: JournalState = { meta: null, plans: [], revisions: [], fills: [] };

/** Reads the journal in one snapshot; empty when it is not installed. Throws `privilege` without the right to read it. */
export function readJournal(db: Database): Promise<JournalState> {
  return db.borrow((session) =>
    transaction(session, { isolation: "repeatable read", readOnly: true }, async () => {
      const probe = await probeJournal(session);
      if (!probe.installed) return EMPTY;
      return {
        meta: await readableMeta(session, probe),
        plans: await readPlans(session),
        revisions: await readRevisions(session),
        fills: await readFills(session),
      };
    }),
  );
}

/** Throws `privilege` without the right to read the journal, `identity` for a format that cannot be read. */
export async function readableMeta(db: Queryable, probe: Probe): Promise<JournalMeta> {
  checkMayUse(probe, "read");
  const meta = await readMeta(db);
  checkIdentity({ ...meta, database: probe.database }, { ...probe, systemIdentifier: null });
  return meta;
}

type PlanRow = Omit<JournalPlan, "table" | "limits"> & {
  readonly limits: Stored;
  readonly now: Date;
  readonly tableSchema: string;
  readonly tableName: string;
};

async function readPlans(session: Session): Promise<JournalPlan[]> {
  const rows = await session.query<PlanRow>(sql`
    select slug, change, kind, table_schema as "tableSchema", table_name as "tableName", columns,
           opened_at as "openedAt", paused_at as "pausedAt", paused_by as "pausedBy", ${opensText(sql`limits`)} as opens, limits, clock_timestamp() as now
      from changeover.plan order by opened_at, slug`);
  return rows.map(({ tableSchema, tableName, limits, now, ...plan }) => ({
    ...plan,
    limits: limitsFrom(limits, now),
    table: { schema: tableSchema, name: tableName },
  }));
}

function readRevisions(session: Session): Promise<JournalRevision[]> {
  return session.query<JournalRevision>(sql`
    select id, plan, name, title, parents, depends_on as "dependsOn", lane, phase, runner, checksum, text, state,
           started_at as "startedAt", finished_at as "finishedAt", actor, error
      from changeover.revision order by sequence`);
}

/**
 * Another text whenever a revision, a pause, a window or a verification has begun, moved or ended. For those who look every second:
 * the journal itself, with the text of every revision, is read only when this has changed.
 */
export async function readPulse(db: Database): Promise<string> {
  const { pulse } = await db.one<{ pulse: string }>(sql`
    select concat_ws(' ',
      (select md5(string_agg(concat_ws(' ', id, sequence, state, checksum, finished_at), ',' order by sequence)) from changeover.revision),
      (select md5(string_agg(concat_ws(' ', slug, opened_at, paused_at, ${opensText(sql`limits`)}), ',' order by slug)) from changeover.plan),
      (select concat_ws(' ', count(*), max(id), count(finished_at)) from changeover.verification)) as pulse`);
  return pulse;
}

export type RevisionStanding = Pick<JournalRevision, "id" | "name" | "lane" | "phase" | "state">;

/** Where the revisions of one plan stand, without their texts: for an application that only wants to know whether to start. */
export function readStandings(db: Queryable, plan: string): Promise<RevisionStanding[]> {
  return db.query<RevisionStanding>(
    sql`select id, name, lane, phase, state from changeover.revision where plan = $1 order by sequence`,
    [plan],
  );
}

/** A revision's text as it ran (or runs); null: the journal does not know it. */
export async function readRevisionText(db: Database, id: string): Promise<string | null> {
  const row = await db.maybeOne<{ text: string }>(sql`select text from changeover.revision where id = $1`, [id]);
  return row?.text ?? null;
}
