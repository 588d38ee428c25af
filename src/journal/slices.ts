/**
 * Slices: who may work on which pages, and how far they have come. Every lease bumps the slice's fence; all that a
 * worker writes afterwards is guarded by it, so that a worker whose lease was taken over can change nothing. Leases,
 * pauses and backing off go by the server's clock.
 */
import type { Database } from "../db/pool.js";
import type { Queryable } from "../db/session.js";
import { transaction } from "../db/transaction.js";
import type { QualifiedName } from "../sql/identifier.js";
import { qualified } from "../sql/identifier.js";
import { integer, literal } from "../sql/literal.js";
import { type SqlText, sql } from "../sql/text.js";
import type { PartName } from "./fill-parts.js";
import { limitsOf, type Stored, workersOf } from "./limits.js";
import type { RowFailure } from "./state.js";
import { opensText } from "./windows.js";

/** Heap pages [lo, hi). */
export type PageRange = readonly [lo: number, hi: number];

/** A slice, as the worker that leased it knows it. */
export type Lease = {
  readonly revision: string;
  readonly slice: number;
  readonly fence: number;
  /** whose pages they are: the table, or a leaf of it; null: it is gone */
  readonly part: PartName | null;
  readonly lo: number;
  readonly hi: number;
  readonly next: number;
  /** pages before `next` that still have due rows, because somebody had locked them */
  readonly aside: readonly PageRange[];
  /** failures in a row before this lease */
  readonly attempts: number;
  /** whose lock it waited for last */
  readonly waiting: string | null;
  /** as `Advance` has it */
  readonly ahead: number;
  /** that have been committed: whoever knows of another number has missed something */
  readonly batches: number;
  /** as estimated when the fill began */
  readonly rowsPerPage: number;
};

export type LeaseRequest = {
  /** null: of any fill that runs */
  readonly revision: string | null;
  /** this slice if it can be had, else any */
  readonly prefer?: number | undefined;
  readonly worker: string;
  readonly leaseMs: number;
  /** the session that is to work on it; null: not known, and its lease has to run out when the worker dies */
  readonly holder?: Holder | null;
};

/** A server process, which its number alone does not tell from a later one. */
export type Holder = { readonly pid: number; readonly started: string };

/**
 * The first slice that is due, whose worker has let its lease run out, or whose session is gone; null: none now. Plans that are paused, or outside of their
 * windows, give none, nor do plans of which as many slices as they may have are worked on.
 */
export function leaseSlice(db: Database, request: LeaseRequest): Promise<Lease | null> {
  return db.borrow((session) =>
    transaction(session, {}, async () => {
      // One at a time, and the next statement sees what the one before has taken: or the plan would have one too many.
      await session.run(
        sql`select from changeover.fill where $1::text is null or revision = $1 order by revision for no key update`,
        [request.revision],
      );
      return session.maybeOne<Lease>(LEASE, [
        request.revision,
        request.prefer ?? null,
        request.worker,
        request.leaseMs,
        request.holder?.pid ?? null,
        request.holder?.started ?? null,
      ]);
    }),
  );
}

/**
 * The session that held the slice `c` is gone, and with it whatever it had not committed; a worker that lives may have got
 * another since, and the fence tells it. Every role sees which processes there are. Of another role's it does not see when
 * one began: that one is taken for the same.
 */
const gone = (c: SqlText) => sql`${c}.pid is not null and not exists (
  select from pg_stat_activity a where a.pid = ${c}.pid and (a.backend_start is null or a.backend_start = ${c}.backend_start))`;

/** A slice `c` is to be taken over. */
const LEFT = sql`c.state = 'leased' and (c.lease_until < clock_timestamp() or ${gone(sql`c`)})`;

/** A slice `c` can be had: its plan `p` is not paused nor outside of its windows, and has a worker to spare. */
const MAY_WORK = sql`p.paused_at is null and ${opensText(sql`p.limits`)} is null
  and (select count(*) from changeover.slice l
        where l.revision = c.revision and l.state = 'leased' and l.lease_until >= clock_timestamp()
          and not (${gone(sql`l`)})) < ${workersOf(sql`p`)}`;

/** Of slices `c`: those that wait for somebody's locks are due again while others of their like are looked at, and would keep all hands from the rest. */
const FRESH_FIRST = sql`c.attempts > 0, c.revision, c.number`;

/** A lease, of the slice `s` of the fill `f`. */
const LEASED = sql`s.revision, s.number as slice, s.fence, s.lo, s.hi, s.next, s.aside, s.attempts, s.waiting, 0 as ahead, s.batches,
               coalesce((select f.rows_estimated::float8 / greatest(f.pages, 1) from changeover.fill_part f
                 where f.revision = s.revision and f.relation = s.relation), 0) as "rowsPerPage",
       (select jsonb_build_object('relation', c.oid::int8, 'schema', n.nspname, 'name', c.relname)
          from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = s.relation) as part`;

const LEASE = sql`with pick as materialized (
          select c.revision, c.number
            from changeover.slice c
            join changeover.revision r on r.id = c.revision
            left join changeover.plan p on p.slug = r.plan
           where ($1::text is null or c.revision = $1) and r.state = 'running' and ${MAY_WORK}
             and (c.state = 'due' and (c.not_before is null or c.not_before <= clock_timestamp())
                  or ${LEFT})
           order by (c.number = $2::int) desc nulls last, ${FRESH_FIRST}
           limit 1 for update of c skip locked)
        update changeover.slice s
           set state = 'leased', ahead = 0, fence = s.fence + 1, worker = $3, not_before = null,
               lease_until = clock_timestamp() + $4::int * interval '1 ms',
               pid = $5, backend_start = $6::timestamptz
          from pick
         where s.revision = pick.revision and s.number = pick.number
     returning ${LEASED}`;

/** As the journal has it by now; done: its last batch is committed; null: it is somebody else's, or nobody's. */
export async function readLease(db: Queryable, lease: Lease): Promise<Lease | "done" | null> {
  const row = await db.maybeOne<Lease & { state: string }>(
    sql`select ${LEASED}, s.state from changeover.slice s
         where s.revision = $1 and s.number = $2 and s.fence = $3 and s.state in ('leased', 'done')`,
    idOf(lease),
  );
  if (row === null) return null;
  const { state, ...found } = row;
  return state === "done" ? "done" : found;
}

const HELD = sql`revision = $1 and number = $2 and fence = $3 and state = 'leased'`;
const idOf = (lease: Lease) => [lease.revision, lease.slice, lease.fence];

/** False: the lease is somebody else's by now. */
export async function renewLease(db: Queryable, lease: Lease, leaseMs: number): Promise<boolean> {
  const text = sql`update changeover.slice set lease_until = clock_timestamp() + $4::int * interval '1 ms' where ${HELD}`;
  return (await db.run(text, [...idOf(lease), leaseMs])) === 1;
}

/** Names the session that works on it; nothing where the lease is somebody else's by now. */
export async function noteHolder(db: Queryable, lease: Lease, { pid, started }: Holder): Promise<void> {
  const text = sql`update changeover.slice set pid = $4, backend_start = $5::timestamptz where ${HELD}`;
  await db.run(text, [...idOf(lease), pid, started]);
}

/** Ends the lease at once, so that anyone can go on from where it stands. */
export async function giveBack(db: Queryable, lease: Lease): Promise<boolean> {
  const text = sql`update changeover.slice set state = 'due', worker = null, lease_until = null where ${HELD}`;
  return (await db.run(text, idOf(lease))) === 1;
}

/** Gives the slice back and keeps everyone from it for `waitMs`; `waiting` says whose lock stands in the way. */
export async function backOff(db: Queryable, lease: Lease, waitMs: number, waiting: string | null): Promise<boolean> {
  const text = sql`update changeover.slice
       set state = 'due', worker = null, lease_until = null, attempts = attempts + 1, waiting = $5,
           not_before = clock_timestamp() + $4::int * interval '1 ms'
     where ${HELD}`;
  return (await db.run(text, [...idOf(lease), waitMs, waiting])) === 1;
}

/** Stops the slice for what no row is to blame for, and somebody has to mend; see `retryBlocked`. */
export async function blockSlice(db: Queryable, lease: Lease, failure: RowFailure): Promise<boolean> {
  const text = sql`update changeover.slice
       set state = 'blocked', worker = null, lease_until = null, waiting = null, error = $4::jsonb
     where ${HELD}`;
  const error = JSON.stringify({ key: failure.key, sqlstate: failure.sqlstate, message: failure.message });
  return (await db.run(text, [...idOf(lease), error])) === 1;
}

/**
 * Blocked slices become due again, and none backs off any more: for a person who has mended the rows and starts a run
 * anew. Returns how many were blocked.
 */
export async function retryBlocked(db: Queryable, revision: string): Promise<number> {
  const { blocked } = await db.one<{ blocked: number }>(
    sql`with mended as (
          update changeover.slice s set state = 'due', error = null, attempts = 0, not_before = null
            from changeover.slice was
           where s.revision = $1 and s.state in ('due', 'blocked')
             and was.revision = s.revision and was.number = s.number
       returning was.state)
        select count(*) filter (where state = 'blocked') as blocked from mended`,
    [revision],
  );
  return blocked;
}

/**
 * To be sent first in a batch's transaction, after its lock on the table: holds the slice's row to the transaction's
 * end. No row: the lease is lost, or the revision does not run any more. `parent`: what the table is to be a leaf of.
 */
export function holdText(lease: Lease, table: QualifiedName, parent: QualifiedName | null): SqlText {
  const self = sql`${literal(qualified(table))}::regclass`;
  const attached =
    parent === null
      ? sql``
      : sql` and coalesce(pg_partition_root(${self}) = to_regclass(${literal(qualified(parent))}), false)`;
  return sql`select coalesce(f.relation = ${self} and f.filenode = pg_relation_filenode(${self})${attached}, false) as same_file, s.batches, p.paused_at is not null or ${opensText(sql`p.limits`)} is not null as paused,
         ${hotUpdates(table)} as hot, pg_current_xact_id()::text as xid, ${walPosition} as wal, ${limitsOf(sql`p`)} as limits, clock_timestamp() as now,
         (select count(*) from changeover.slice l where l.revision = s.revision and l.state = 'leased') as workers
    from changeover.slice s
    left join changeover.fill_part f on f.revision = s.revision and f.relation = s.relation
    join changeover.revision r on r.id = s.revision and r.state = 'running'
    left join changeover.plan p on p.slug = r.plan
   where s.revision = ${literal(lease.revision)} and s.number = ${integer(lease.slice)}
     and s.fence = ${integer(lease.fence)} and s.state = 'leased'
     for no key update of s`;
}

export type Held = {
  readonly same_file: boolean;
  /** of the slice, that are committed */
  readonly batches: number;
  /** by somebody, or outside of its windows */
  readonly paused: boolean;
  /** by this session so far, since the server last added them up (which it never does inside of a transaction) */
  readonly hot: number;
  readonly xid: string;
  /** bytes of WAL that the server has ever written */
  readonly wal: number;
  readonly limits: Stored;
  readonly now: Date;
  /** slices of the fill that are worked on now */
  readonly workers: number;
};

export const walPosition = sql`pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8`;

/** This session's updates of the table that stayed on their page, those of its open transaction included. */
export const hotUpdates = (table: QualifiedName): SqlText =>
  sql`pg_stat_get_xact_tuples_hot_updated(${literal(qualified(table))}::regclass)`;

export type Advance = {
  readonly next: number;
  readonly aside: readonly PageRange[];
  readonly rows: number;
  /** of those, the ones that stayed on their page */
  readonly hot: number;
  /** bytes that the server wrote meanwhile, by this worker's share */
  readonly wal: number;
  /** something was done: the failures before it are over */
  readonly progress: boolean;
  /** pages from `next` on that passes have gone over, in part; for those who look on */
  readonly ahead: number;
  readonly leaseMs: number;
  /** absent: as the lease has it */
  readonly holder?: Holder | null | undefined;
};

/** Moves the slice that `holdText` holds, and with its last page ends it; renews the lease on the way. */
export function advanceText(lease: Lease, to: Advance): SqlText {
  const done = isDone(lease, to);
  const state = done
    ? sql`state = 'done', worker = null, lease_until = null`
    : sql`lease_until = clock_timestamp() + ${integer(to.leaseMs)} * interval '1 ms'`;
  return sql`update changeover.slice
     set next = ${integer(to.next)}, ahead = ${integer(Math.floor(to.ahead))}, aside = ${literal(JSON.stringify(to.aside))}, rows = rows + ${integer(to.rows)}, hot = hot + ${integer(to.hot)}, wal = wal + ${integer(Math.max(0, Math.round(to.wal)))},
         batches = batches + 1, ${holderText(to.holder)}${to.progress ? sql`attempts = 0, waiting = null, ` : sql``}${state}
   where revision = ${literal(lease.revision)} and number = ${integer(lease.slice)}
     and fence = ${integer(lease.fence)} and state = 'leased'`;
}

/** A pooler may give each transaction another server process: then it names none. */
function holderText(holder: Holder | null | undefined): SqlText {
  if (holder === undefined) return sql``;
  if (holder === null) return sql`pid = null, `;
  const pid = integer(holder.pid);
  return sql`pid = case when pg_backend_pid() = ${pid} then ${pid} end, backend_start = ${literal(holder.started)}, `;
}

export function isDone(lease: Lease, to: Pick<Advance, "next" | "aside">): boolean {
  return to.next >= lease.hi && to.aside.length === 0;
}

/** Slices that a worker could lease now, of every fill that runs. */
export async function dueSlices(db: Queryable): Promise<{ revision: string; slice: number; fence: number }[]> {
  return db.query(
    sql`select c.revision, c.number as slice, c.fence
          from changeover.slice c
          join changeover.revision r on r.id = c.revision
          left join changeover.plan p on p.slug = r.plan
         where r.state = 'running' and ${MAY_WORK}
           and (c.state = 'due' and (c.not_before is null or c.not_before <= clock_timestamp())
                or ${LEFT})
         order by ${FRESH_FIRST} limit 1000`,
  );
}
