/** Who holds locks that a statement would wait for, seen without joining the queue. */
import { type Blocker, blockerColumns } from "../db/blockers.js";
import type { Queryable } from "../db/session.js";
import type { StepLock } from "../revisions/revision.js";
import { sql } from "../sql/text.js";
import { CONFLICTS, pgLocksMode } from "./modes.js";

/** Holders of locks that conflict with `locks` (partitions and children included), the oldest transaction first. */
export function findBlockers(
  db: Queryable,
  locks: readonly StepLock[],
  ourPids: readonly number[],
): Promise<Blocker[]> {
  const wanted = locks.flatMap(({ table, mode }) =>
    CONFLICTS[mode].map((other) => ({ schema: table.schema, name: table.name, mode: pgLocksMode(other) })),
  );
  if (wanted.length === 0) return Promise.resolve([]);
  return db.query<Blocker>(BLOCKERS, [
    wanted.map((row) => row.schema),
    wanted.map((row) => row.name),
    wanted.map((row) => row.mode),
    ourPids,
  ]);
}

// A prepared transaction's locks lead to its name by the one that it holds on its own transaction number.
const BLOCKERS = sql`
  with recursive target (relation, mode) as (
    select c.oid, w.mode
      from unnest($1::text[], $2::text[], $3::text[]) w (schema, name, mode)
      join pg_namespace n on n.nspname = w.schema
      join pg_class c on c.relnamespace = n.oid and c.relname = w.name
    union
    select i.inhrelid, t.mode from target t join pg_inherits i on i.inhparent = t.relation
  )
  select ${blockerColumns(sql`l.pid`)},
         array_agg(distinct l.mode) as modes,
         array_agg(distinct l.relation::regclass::text) as tables
    from pg_locks l
    join target t on t.relation = l.relation and t.mode = l.mode
    left join pg_stat_activity a on a.pid = l.pid
    left join pg_locks x on l.pid is null and x.pid is null and x.locktype = 'transactionid' and x.virtualtransaction = l.virtualtransaction
    left join pg_prepared_xacts p on p.transaction = x.transactionid
   where l.locktype = 'relation' and l.granted
     and l.database = (select oid from pg_database where datname = current_database())
     and (l.pid is null or l.pid <> all ($4::int[]))
   group by l.pid, p.gid, p.owner, p.prepared, a.usename, a.usesysid, a.application_name, a.state, a.query, a.backend_type,
            a.xact_start
   order by "startedAt" nulls last`;
