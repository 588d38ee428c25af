/** Who keeps the server from clearing away dead row versions of a table in this database, and since when. */
import { moment } from "../../db/blockers.js";
import type { Queryable } from "../../db/session.js";
import { sql } from "../../sql/text.js";

type Holder = {
  readonly kind: "session" | "standby" | "slot" | "prepared";
  readonly name: string;
  readonly doing: string | null;
  readonly since: Date | null;
};

/**
 * The oldest snapshot that still sees what transaction `xid` (as `pg_current_xact_id` prints it) has left dead, in words;
 * null: there is none. A role without pg_read_all_stats sees that a session of another role holds one, and not since when.
 */
export async function holderOf(db: Queryable, xid: string): Promise<string | null> {
  const holder = await db.maybeOne<Holder>(HOLDERS, [xid]);
  return holder === null ? null : describeHolder(holder);
}

export function describeHolder({ kind, name, doing, since }: Holder): string {
  const time = since === null ? "" : ` since ${moment(since)}`;
  const what = doing === null ? "" : `, ${doing}`;
  switch (kind) {
    case "session":
      return `${name}${what}, whose transaction is open${time}`;
    case "standby":
      return `standby ${name}, by hot_standby_feedback${what}`;
    case "slot":
      return `replication slot ${name}${what}`;
    case "prepared":
      return `prepared transaction ${name}${time}`;
  }
}

/**
 * Rows `kind`, `name`, `doing`, `since`, `xmin`, `here`: whoever keeps dead row versions of tables of this database. Who has
 * written holds them by his own transaction, and every snapshot that was taken since then is as old as that: the first of
 * them is to be named. So does a writer in another database of the server, whose snapshots alone would not: the server
 * computes its horizons anew only when the oldest running transaction has ended (seen on 14 and 18: no HOT update while one is
 * open there). VACUUM holds no one back (of an
 * autovacuum, not every role sees more than that it has none), a catalog_xmin the catalogs alone.
 */
export const HELD = sql`
    select 'session' as kind, format('pid %s (role %s%s)', a.pid, a.usename, ', ' || nullif(a.application_name, ''))
             || case when a.datname = current_database() then '' else ' in database ' || a.datname end as name,
           a.state as doing, a.xact_start as since, a.datname = current_database() as here,
           case when a.datname <> current_database() or a.backend_xmin is null or age(a.backend_xid) > age(a.backend_xmin)
                then a.backend_xid else a.backend_xmin end as xmin
      from pg_stat_activity a
     where a.datname is not null and a.pid <> pg_backend_pid() and a.backend_type is distinct from 'walsender'
       and a.query not ilike 'autovacuum:%' and a.query !~* '^\\s*vacuum' and (a.usename is not null or a.backend_type is not null)
    union all
    select 'standby', coalesce(nullif(r.application_name, ''), r.client_addr::text, r.pid::text), r.state, null, true, r.backend_xmin
      from pg_stat_replication r
    union all
    select 'slot', s.slot_name, case when s.active then 'active' else 'not active' end, null, true, s.xmin from pg_replication_slots s
    union all
    select 'prepared', p.gid || case when p.database = current_database() then '' else ' in database ' || p.database end,
           null, p.prepared, p.database = current_database(), p.transaction from pg_prepared_xacts p`;

// age() counts transactions back from now.
const HOLDERS = sql`
  select kind, name, doing, since from (${HELD}) held
   where xmin is not null and age(xmin) >= age($1::text::xid8::xid)
   order by here desc, age(xmin) desc, since nulls first limit 1`;
