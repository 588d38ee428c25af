/**
 * Who was seen writing which side. The rows are written by the sighting triggers of a plan (`changeover.sight()`), the
 * `epoch` row by its dual-write revision, in an UNLOGGED table that a server crash empties: without its epoch row a plan
 * has no evidence of silence, only silence.
 */
import type { Queryable, Session } from "../db/session.js";
import { type Side, TICK_SECONDS } from "../revisions/revision.js";
import { integer } from "../sql/literal.js";
import { sql } from "../sql/text.js";
import type { Evidence, Sightings, Unmirrored } from "./state.js";

/** How many writers are named; the gate needs only the newest. */
const WRITERS_NAMED = 5;

type SeenSession = { side: Side; role: string; app: string; pid: number; lastAt: Date; connected: boolean };

/**
 * Sightings of one plan. `connected` compares the start of the backend that has the pid now with the sighting, because
 * pids come round again; where this role may not see another's start, the session counts as still there.
 */
export async function readSightings(
  session: Session,
  plan: string,
): Promise<Pick<Evidence, "sightedSince" | "sightings">> {
  const { since } = await session.one<{ since: Date | null }>(
    sql`select min(at) as since from changeover.sighting where plan = $1 and side = 'epoch'`,
    [plan],
  );
  const seen = await session.query<SeenSession>(
    sql`select s.side, s.role, s.app, s.pid, max(s.at) as "lastAt",
               bool_or(a.pid is not null and coalesce(a.backend_start <= s.at, true)) as connected
        from changeover.sighting s left join pg_catalog.pg_stat_activity a on a.pid = s.pid
        where s.plan = $1 and s.side in ('old', 'new')
        group by s.side, s.role, s.app, s.pid
        order by max(s.at) desc, s.role, s.app, s.pid`,
    [plan],
  );
  return { sightedSince: since, sightings: { old: sightingsOf("old", seen), new: sightingsOf("new", seen) } };
}

/** The newest of each direction. */
export async function readUnmirrored(session: Session, plan: string): Promise<Evidence["unmirrored"]> {
  const found = await session.query<Unmirrored & { direction: "forth" | "back" }>(
    sql`select distinct on (direction) direction, at, key, sqlstate from changeover.unmirrored where plan = $1
        order by direction, at desc`,
    [plan],
  );
  const newest = (wanted: "forth" | "back") => found.find(({ direction }) => direction === wanted) ?? null;
  return { forth: newest("forth"), back: newest("back") };
}

/** `seen` is newest first. */
function sightingsOf(side: Side, seen: readonly SeenSession[]): Sightings {
  const sessions = seen.filter((session) => session.side === side);
  const writers = new Map<string, Sightings["writers"][number]>();
  for (const { role, app, lastAt, connected } of sessions) {
    const key = JSON.stringify([role, app]);
    const known = writers.get(key);
    writers.set(
      key,
      known === undefined ? { role, app, lastAt, connected } : { ...known, connected: known.connected || connected },
    );
  }
  const last = sessions.find((session) => session.connected);
  return {
    side,
    lastAt: sessions[0]?.lastAt ?? null,
    writers: [...writers.values()].slice(0, WRITERS_NAMED),
    lastConnected: last === undefined ? null : { role: last.role, app: last.app, pid: last.pid, lastAt: last.lastAt },
  };
}

/**
 * Starts a plan's record of sightings again where a crash or a failover has emptied it; the soak counts from there. For
 * commands that write (a read must not), once the plan's sighting triggers stand. True when there was none.
 */
export async function ensureEpoch(db: Queryable, plan: string): Promise<boolean> {
  const written = await db.run(
    sql`insert into changeover.sighting (plan, side, role, app, pid)
        select $1::text, 'epoch', session_user, current_setting('application_name'), pg_backend_pid()
        where not exists (select from changeover.sighting where plan = $1::text and side = 'epoch')`,
    [plan],
  );
  return written > 0;
}

/** A moment of the server's clock, and who was writing the table in it. */
export type Moment = {
  readonly at: Date;
  /** transactions that hold a lock to write the table */
  readonly writing: readonly string[];
  /** of the old side's tick in which it lies */
  readonly tick: { readonly begin: Date; readonly end: Date };
};

const WRITE_LOCKS = sql`('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')`;

/** Under READ COMMITTED: the clock is read before the locks, so who writes later than `at` is noted later, too. */
export async function readMoment(session: Session, plan: string): Promise<Moment> {
  const seconds = integer(TICK_SECONDS.old);
  const { at, begin, end } = await session.one<{ at: Date; begin: Date; end: Date }>(
    sql`select at, to_timestamp(tick * ${seconds}) as begin, to_timestamp((tick + 1) * ${seconds}) as end
        from (select clock.at, floor(date_part('epoch', clock.at) / ${seconds}) as tick
              from (select clock_timestamp() as at offset 0) clock) ticking`,
  );
  const writing = await session.query<{ transaction: string }>(
    sql`select distinct l.virtualtransaction as transaction from pg_catalog.pg_locks l join changeover.plan p on p.slug = $1
        where l.locktype = 'relation' and l.granted and l.mode in ${WRITE_LOCKS} and l.pid is distinct from pg_backend_pid()
          and l.database = (select oid from pg_catalog.pg_database where datname = current_database())
          and l.relation = to_regclass(format('%I.%I', p.table_schema, p.table_name))`,
    [plan],
  );
  return { at, writing: writing.map((row) => row.transaction), tick: { begin, end } };
}

/** What of a plan says that rows may have come to be due again: who wrote the old side, and what people have said since. */
export type Stirring = {
  /** by the server's clock, when this was read */
  readonly now: Date;
  /** the newest sighting of the old side; null: none is on record */
  readonly lastAt: Date | null;
  /** since when sightings are complete; null: a crash has emptied them */
  readonly sightedSince: Date | null;
  readonly confirmedAt: Date | null;
};

/** By plan, of those that fill by code: their rows may be written without a value for as long as old code runs. */
export async function readStirrings(db: Queryable, plans: readonly string[]): Promise<Map<string, Stirring>> {
  if (plans.length === 0) return new Map();
  const rows = await db.query<Stirring & { plan: string }>(
    sql`select p.plan, clock_timestamp() as now,
               (select max(at) from changeover.sighting where plan = p.plan and side = 'old') as "lastAt",
               (select min(at) from changeover.sighting where plan = p.plan and side = 'epoch') as "sightedSince",
               (select max(at) from changeover.confirmation where plan = p.plan) as "confirmedAt"
          from unnest($1::text[]) as p (plan)`,
    [plans],
  );
  return new Map(rows.map(({ plan, ...stirring }) => [plan, stirring]));
}

/** Has the old side been written within so many seconds, or may it have been, as nothing is on record? */
export async function wroteLately(db: Queryable, plan: string, seconds: number): Promise<boolean> {
  const { wrote } = await db.one<{ wrote: boolean }>(
    sql`select exists (select from changeover.sighting
                        where plan = $1 and side = 'old' and at > clock_timestamp() - $2::float8 * interval '1 second') as wrote`,
    [plan, seconds],
  );
  return wrote;
}

/** Has each of the transactions that were writing ended? What they noted can then be seen. */
export async function haveEnded(db: Queryable, { writing }: Moment): Promise<boolean> {
  if (writing.length === 0) return true;
  const { left } = await db.one<{ left: boolean }>(
    sql`select exists (select from pg_catalog.pg_locks where virtualtransaction = any($1) and mode in ${WRITE_LOCKS}) as left`,
    [writing],
  );
  return !left;
}

/**
 * May a session write on in this tick without being noted? One that was noted in it may, and one that was noted in it
 * before an undo dropped the record: its setting is still there.
 */
export async function mayWriteUnnoted(db: Queryable, plan: string, { tick }: Moment): Promise<boolean> {
  const { may } = await db.one<{ may: boolean }>(
    sql`select exists (select from changeover.sighting where plan = $1 and side = 'old' and at >= $2)
            or exists (select from changeover.event where plan = $1 and kind = 'revision-undone' and at >= $2) as may`,
    [plan, tick.begin],
  );
  return may;
}

/**
 * Drops sightings that no gate will ask for again. Kept: the last hour, the newest of each plan, side, role and
 * application, the newest of each session that is still there, and every epoch row. Returns how many went.
 */
export function pruneSightings(db: Queryable): Promise<number> {
  return db.run(
    sql`with ranked as (
          select ctid as place, at, pid,
                 row_number() over (partition by plan, side, role, app order by at desc) as newest,
                 row_number() over (partition by plan, side, role, app, pid order by at desc) as newest_of_session
          from changeover.sighting where side <> 'epoch'
        )
        delete from changeover.sighting s using ranked r
        where s.ctid = r.place and r.at < clock_timestamp() - interval '1 hour' and r.newest > 1
          and not (r.newest_of_session = 1 and exists (select from pg_catalog.pg_stat_activity a where a.pid = r.pid))`,
  );
}
