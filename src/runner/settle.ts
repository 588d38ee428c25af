/** A connection that was lost at COMMIT: the server alone knows whether it committed. */
import { isConnectionError, sqlstateOf } from "../db/sqlstate.js";
import { ChangeoverError } from "../errors.js";
import type { Direction } from "../journal/journal.js";
import { sleep } from "../sleep.js";
import { sql } from "../sql/text.js";
import type { RunnerContext } from "./context.js";

/**
 * Waits until the transaction is over on the server, then looks whether the journal shows its end: `done` after an upgrade,
 * no row after a downgrade. The journal and not the transaction's own status answers, because after a failover a
 * transaction number may belong to someone else. Throws the connection error when the server cannot be asked in time.
 */
export async function hasCommitted(
  ctx: RunnerContext,
  transactionId: string,
  revision: string,
  direction: Direction,
): Promise<boolean> {
  const deadline = ctx.ddl.now() + ctx.ddl.settleMs;
  for (;;) {
    try {
      const { over } = await ctx.db.one<{ over: boolean }>(
        sql`select pg_xact_status($1::xid8) is distinct from 'in progress' as over`,
        [transactionId],
      );
      if (over) {
        const row = await ctx.db.maybeOne<{ state: string }>(sql`select state from changeover.revision where id = $1`, [
          revision,
        ]);
        return direction === "upgrade" ? row?.state === "done" : row === null;
      }
    } catch (error) {
      // 22023: a server that came back from a crash, or took over, has not given out the number: it was never committed there.
      if (sqlstateOf(error) === "22023") return false;
      if (!isConnectionError(error) || ctx.ddl.now() >= deadline) throw error;
    }
    // Not cut short by the user or by a lost lock: what has happened has to be known either way.
    await sleep(Math.min(ctx.ddl.pollMs, 250), new AbortController().signal);
    if (ctx.ddl.now() >= deadline) {
      throw new ChangeoverError("connection", "The connection was lost at COMMIT, and the transaction is still open.", {
        hint: "Run the same command again: it looks first what has happened.",
      });
    }
  }
}
