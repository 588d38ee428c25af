/**
 * Who was seen writing which side. The rows are written by the sighting triggers of a plan (`changeover.sight()`), the
 * `epoch` row by its dual-write revision, in an UNLOGGED table that a server crash empties: without its epoch row a plan
 * has no evidence of silence, only silence.
 */
import type { Queryable, Session } from "../db/session.js";
import type { Side } from "../revisions/revision.js";
import { sql } from "../sql/text.js";
import type { Evidence, Sightings } from "./state.js";

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
