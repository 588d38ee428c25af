/** People's word to workers: a NOTIFY in the transaction that writes it into the journal. What is lost is found by their sweeps. */
import type { Session } from "../db/session.js";
import { ServerError, SQLSTATE } from "../db/sqlstate.js";
import { transaction } from "../db/transaction.js";
import { ChangeoverError } from "../errors.js";
import { ident } from "../sql/identifier.js";
import { sql } from "../sql/text.js";

/** Changes of a plan's row are told by a trigger, so that psql's are, too (`schema.sql`). */
export const CONTROL_CHANNEL = "changeover";

/** All workers look at the journal once this transaction has committed. */
export async function tellWorkers(session: Session, about: string): Promise<void> {
  await session.query(sql`select pg_notify($1, $2)`, [CONTROL_CHANNEL, about]);
}

/**
 * Changes a plan's row as `actor`, who stands in the event log beside the session's role. Who may is who may update the
 * table: throws `privilege`, with the GRANT, for others.
 */
export async function steer<T>(session: Session, actor: string, work: () => Promise<T>): Promise<T> {
  try {
    return await transaction(session, { settings: { "changeover.actor": actor } }, work);
  } catch (error) {
    if (!(error instanceof ServerError) || error.sqlstate !== SQLSTATE.insufficientPrivilege) throw error;
    const { role } = await session.one<{ role: string }>(sql`select current_user::text as role`);
    throw new ChangeoverError("privilege", `The role ${role} may not steer backfills.`, {
      where: "table changeover.plan",
      hint: `Ask for: GRANT UPDATE ON changeover.plan TO ${ident(role)};`,
      cause: error,
    });
  }
}
