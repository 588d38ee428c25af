/** What a killed predecessor left behind: a statement that the server still runs, or an index that never became valid. */

import { ChangeoverError } from "../errors.js";
import type { QualifiedName } from "../sql/identifier.js";
import { qualified } from "../sql/identifier.js";
import { sql } from "../sql/text.js";
import { pause, type RunnerContext } from "./context.js";
import { tellingWaits, waitTeller } from "./waits.js";
import { watched } from "./watch.js";

/**
 * Waits while a session of an earlier runner still works on this revision: the server does not notice that a client is gone
 * before it has something to send. Its work is not lost by waiting. Throws `blocked` at the deadline.
 */
export function waitForPredecessor(ctx: RunnerContext, revision: string): Promise<void> {
  return waitWhile(ctx, revision, `a statement of an earlier run of ${revision}`, async () => {
    const rows = await ctx.db.query<{ pid: number }>(
      sql`select pid from pg_stat_activity
           where datname = current_database() and application_name like '% ddl ' || $1 and state is distinct from 'idle'`,
      [revision],
    );
    return rows.map((row) => row.pid);
  });
}

/**
 * Drops an index that was left INVALID (it would slow down writes, enforce its uniqueness, and satisfy IF NOT EXISTS), unless
 * someone is building it now: that is waited for. Does nothing for an index that is valid or not there.
 */
export async function healIndex(ctx: RunnerContext, revision: string, index: QualifiedName): Promise<void> {
  await waitWhile(ctx, revision, `the build of index ${qualified(index)}`, () => builders(ctx, index));
  const invalid = await ctx.db.maybeOne(
    sql`select 1 as one from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = $1 and c.relname = $2 and c.relkind = 'i' and not i.indisvalid`,
    [index.schema, index.name],
  );
  if (invalid === null) return;
  const session = await ctx.db.open(`ddl ${revision}`);
  try {
    await session.run(sql`set lock_timeout = 0; set statement_timeout = 0`);
    const at = { revision, step: `drop of the invalid index ${qualified(index)}`, tables: [] };
    await tellingWaits(ctx, at, session.pid, () =>
      watched(ctx, { pid: session.pid, maxQueued: null }, () =>
        session.run(sql`drop index concurrently if exists ${qualified(index)}`),
      ),
    );
  } finally {
    await session.close();
  }
  ctx.emit({ kind: "index-healed", revision, index: qualified(index) });
}

/** Processes that are building the index. To a role that may not see whose build it is, any on its table counts. */
async function builders(ctx: RunnerContext, index: QualifiedName): Promise<number[]> {
  const rows = await ctx.db.query<{ pid: number }>(
    sql`select p.pid
          from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
          join pg_stat_progress_create_index p on p.datname = current_database()
         where n.nspname = $1 and c.relname = $2 and not i.indisvalid
           and (p.index_relid = i.indexrelid
                or p.relid is null and exists (select from pg_locks l
                     where l.pid = p.pid and l.relation = i.indrelid and l.granted and l.mode = 'ShareUpdateExclusiveLock'))`,
    [index.schema, index.name],
  );
  return rows.map((row) => row.pid);
}

async function waitWhile(
  ctx: RunnerContext,
  revision: string,
  what: string,
  busy: () => Promise<readonly number[]>,
): Promise<void> {
  // It may itself be waiting: then that is who is in the way.
  const teller = waitTeller(ctx, { revision, step: what });
  const deadline = ctx.ddl.now() + ctx.ddl.deadlineMs;
  for (let told = false; ; told = true) {
    const pids = await busy();
    if (pids.length === 0) return teller.see([], null);
    if (!told) ctx.emit({ kind: "notice", message: `waiting for ${what} (pid ${pids.join(", ")})` });
    await teller.look(pids);
    if (ctx.ddl.now() >= deadline) {
      throw new ChangeoverError("blocked", `Still running: ${what}.`, {
        hint: `Wait for it, or end it (${pids.map((pid) => `select pg_cancel_backend(${pid})`).join("; ")}); then run again.`,
        details: pids.map((pid) => `pid ${pid}`),
      });
    }
    await pause(ctx, ctx.ddl.pollMs);
  }
}
