/** Taking a transaction's table locks up front, before it has done any work that a retry would repeat. */
import type { Session } from "../db/session.js";
import { ServerError, SQLSTATE } from "../db/sqlstate.js";
import type { Step, StepLock } from "../revisions/revision.js";
import { qualified } from "../sql/identifier.js";
import { type SqlText, sql, trusted } from "../sql/text.js";

export function lockTable({ table, mode }: StepLock): SqlText {
  return sql`lock table ${qualified(table)} in ${trusted(mode, "constant")} mode`;
}

/**
 * Locks each table in the order given, all of them within `budgetMs` together: whoever waits for the first has been waiting
 * for as long as we have waited for the rest. Leaves the session's lock_timeout (local) at what is left for the steps.
 * A table that does not exist yet, or that this role may alter but not LOCK, is left to the step itself: then the answer is
 * false.
 */
export async function lockAll(
  session: Session,
  locks: readonly StepLock[],
  budgetMs: number,
  now: () => number,
): Promise<boolean> {
  const began = now();
  const wanted = await lockable(session, locks);
  for (const lock of wanted) {
    const left = budgetMs - (now() - began);
    await setLockTimeout(session, left);
    if (lock.partitioned) await lockTree(session, lock, left);
    else await session.run(lockTable(lock));
  }
  await setLockTimeout(session, budgetMs - (now() - began));
  return wanted.length === locks.length;
}

/** The server locks a table's partitions along, one after another, and waits for each as long as it may for one. */
async function lockTree(session: Session, lock: StepLock, budgetMs: number): Promise<void> {
  const { was } = await session.one<{ was: string }>(sql`select current_setting('statement_timeout') as was`);
  const set = (value: string) => session.query(sql`select set_config('statement_timeout', $1, true)`, [value]);
  await set(String(Math.max(10, Math.floor(budgetMs))));
  const began = performance.now();
  try {
    await session.run(lockTable(lock));
  } catch (error) {
    const late = performance.now() - began >= budgetMs * 0.9;
    if (!(error instanceof ServerError) || error.sqlstate !== SQLSTATE.queryCanceled || !late) throw error;
    const message = `the locks on ${qualified(lock.table)} and its partitions were not free in time`;
    throw new ServerError(message, SQLSTATE.lockNotAvailable, {}, error.statement, error);
  }
  await set(was);
}

/**
 * How many of the first steps lock views alone. Those run before the tables are locked: whoever reads a view locks it before
 * its tables, and with the tables locked first every such reader would stand in a circle with us.
 */
export async function leadingOverViews(session: Session, steps: readonly Step[]): Promise<number> {
  const locks = steps.flatMap((step, at) => step.locks.map(({ table }) => ({ at, table })));
  const found = await session.query<{ at: number }>(
    sql`select w.at::int as at
          from unnest($1::text[], $2::text[], $3::int[]) w (schema, name, at)
          left join pg_namespace n on n.nspname = w.schema
          left join pg_class c on c.relnamespace = n.oid and c.relname = w.name
         where c.relkind is distinct from 'v'`,
    [locks.map(({ table }) => table.schema), locks.map(({ table }) => table.name), locks.map(({ at }) => at)],
  );
  const others = new Set(found.map(({ at }) => at));
  const end = steps.findIndex((step, at) => step.locks.length === 0 || others.has(at));
  return end < 0 ? steps.length : end;
}

// 0 would mean no timeout at all.
export async function setLockTimeout(session: Session, ms: number): Promise<void> {
  await session.query(sql`select set_config('lock_timeout', $1, true)`, [String(Math.max(10, Math.floor(ms)))]);
}

type Lockable = StepLock & { readonly partitioned: boolean };

async function lockable(session: Session, locks: readonly StepLock[]): Promise<Lockable[]> {
  if (locks.length === 0) return [];
  const found = await session.query<{ at: number; partitioned: boolean }>(
    sql`select w.at::int as at, c.relkind = 'p' as partitioned
          from unnest($1::text[], $2::text[]) with ordinality w (schema, name, at)
          join pg_namespace n on n.nspname = w.schema
          join pg_class c on c.relnamespace = n.oid and c.relname = w.name
         where c.relkind in ('r', 'p') and has_table_privilege(c.oid, 'UPDATE, DELETE, TRUNCATE')`,
    [locks.map((lock) => lock.table.schema), locks.map((lock) => lock.table.name)],
  );
  const present = new Map(found.map((row) => [row.at - 1, row.partitioned]));
  return locks.flatMap((lock, index) => {
    const partitioned = present.get(index);
    return partitioned === undefined ? [] : [{ ...lock, partitioned }];
  });
}
